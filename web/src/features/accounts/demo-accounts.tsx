import { Trans } from "@lingui/react/macro";
import { ArrowRight } from "lucide-react";
import type { Credentials } from "@/features/accounts/sign-in";
import type { Instance } from "@/lib/api/types";
import { Button } from "@/ui/button";

interface DemoAccountsProps {
  accounts: Instance["demo_accounts"];
  pending: boolean;
  onChoose: (credentials: Credentials) => void;
}

/** On a demo: both companies, one tap away, with what to type for whoever wants to type. */
export function DemoAccounts({ accounts, pending, onChoose }: DemoAccountsProps) {
  return (
    <section className="rounded-lg border border-line bg-accent-tint p-5">
      <h2 className="font-semibold">
        <Trans>This is a demo</Trans>
      </h2>
      <p className="mt-1">
        <Trans>Two companies share it and never see each other. Take a look as either:</Trans>
      </p>
      <ul className="mt-3 flex flex-col gap-2">
        {accounts.map((account) => (
          <li key={account.email}>
            <Button
              pending={pending}
              className="w-full py-2 text-left whitespace-normal!"
              onClick={() => onChoose({ email: account.email, password: account.password })}
            >
              <span className="min-w-0 flex-1">
                <span className="block">
                  <Trans>Sign in to {account.tenant}</Trans>
                </span>
                <span className="block text-sm font-normal text-quiet">
                  {account.email} · {account.password}
                </span>
              </span>
              <ArrowRight size={18} aria-hidden="true" className="shrink-0" />
            </Button>
          </li>
        ))}
      </ul>
    </section>
  );
}
