import { Trans, useLingui } from "@lingui/react/macro";
import { Link } from "@tanstack/react-router";
import { LogOut } from "lucide-react";
import { SECTIONS } from "@/app/sections";
import { ThemeChoice } from "@/features/accounts/theme-choice";
import { useSignOut } from "@/features/accounts/use-sign-out";
import { can, useMe } from "@/lib/session";
import { buttonClass } from "@/ui/button";
import { Drawer } from "@/ui/drawer";

/** Everything the phone's bar has no room for. */
export function MoreSheet({ onClose }: { onClose: () => void }) {
  const { t, i18n } = useLingui();
  const me = useMe();
  const signOut = useSignOut();
  return (
    <Drawer title={t`More`} isOpen onClose={onClose}>
      <div className="flex flex-col gap-6 p-4">
        <div>
          <p className="font-semibold">{me.person?.name}</p>
          <p className="text-quiet">
            {me.person?.email} · {me.tenant.name}
          </p>
        </div>
        <ul className="flex flex-col gap-1">
          {SECTIONS.filter((section) => !section.permission || can(me, section.permission)).map((section) => (
            <li key={section.to}>
              <Link
                to={section.to}
                onClick={onClose}
                className="flex min-h-13 items-center gap-4 rounded-lg px-3 hover:bg-raised aria-[current=page]:bg-accent-tint aria-[current=page]:text-accent"
                activeProps={{ "aria-current": "page" }}
              >
                <section.icon size={22} aria-hidden="true" />
                <span>
                  <span className="block font-medium">{i18n._(section.label)}</span>
                  <span className="block text-sm">{i18n._(section.about)}</span>
                </span>
              </Link>
            </li>
          ))}
        </ul>
        <ThemeChoice />
        <button type="button" onClick={signOut} className={buttonClass("plain")}>
          <LogOut size={18} aria-hidden="true" />
          <Trans>Sign out</Trans>
        </button>
      </div>
    </Drawer>
  );
}
