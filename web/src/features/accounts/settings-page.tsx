import { Trans, useLingui } from "@lingui/react/macro";
import { LogOut } from "lucide-react";
import type { ReactNode } from "react";
import { ApiKeys } from "@/features/accounts/api-keys";
import { PERMISSION_WORDS, ROLE_WORDS } from "@/features/accounts/permission-words";
import { ThemeChoice } from "@/features/accounts/theme-choice";
import { useSignOut } from "@/features/accounts/use-sign-out";
import { can, useMe } from "@/lib/session";
import { readersZone } from "@/lib/time";
import { Button } from "@/ui/button";
import { Card, Page } from "@/ui/page";
import { wordOf } from "@/lib/words";

/** The reader: who, what is allowed, keys, how it looks. */
export function SettingsPage() {
  const { t } = useLingui();
  const me = useMe();
  return (
    <Page title={t`Settings`}>
      <div className="grid max-w-6xl items-start gap-4 px-4 md:px-6 xl:grid-cols-2">
        <WhoAmI />
        <div className="flex flex-col gap-4">
          <Card title={<Trans>Appearance</Trans>}>
            <div className="p-4">
              <ThemeChoice />
            </div>
          </Card>
          <CompanyCard />
        </div>
        {can(me, "api_keys.read") && (
          <div className="xl:col-span-2">
            <ApiKeys mayWrite={can(me, "api_keys.write")} permissions={me.permissions} />
          </div>
        )}
      </div>
    </Page>
  );
}

function Facts({ facts }: { facts: readonly (readonly [string, ReactNode])[] }) {
  return (
    <dl className="grid grid-cols-[auto_1fr] gap-x-6 gap-y-2 p-4">
      {facts.map(([name, value]) => (
        <div key={name} className="col-span-full grid grid-cols-subgrid">
          <dt className="text-quiet">{name}</dt>
          <dd className="min-w-0 font-medium break-words">{value}</dd>
        </div>
      ))}
    </dl>
  );
}

function WhoAmI() {
  const { t, i18n } = useLingui();
  const me = useMe();
  const signOut = useSignOut();
  const role = me.role && wordOf(i18n, ROLE_WORDS, me.role);
  return (
    <Card
      title={<Trans>You</Trans>}
      actions={
        <Button look="quiet" onClick={signOut}>
          <LogOut size={18} aria-hidden="true" />
          <Trans>Sign out</Trans>
        </Button>
      }
    >
      <Facts
        facts={[
          [t`Name`, me.person?.name],
          [t`E-mail`, me.person?.email],
          [t`Role`, role],
          [t`Sees`, me.scope === "all" ? t`All vehicles` : t`Own vehicles`],
        ]}
      />
      <div className="border-t border-line p-4">
        <h3 className="mb-2 text-quiet">
          <Trans>Permissions</Trans>
        </h3>
        <ul className="gap-x-6 sm:columns-2 [&>li]:break-inside-avoid [&>li]:pb-1">
          {me.permissions.map((permission) => (
            <li key={permission}>{wordOf(i18n, PERMISSION_WORDS, permission)}</li>
          ))}
        </ul>
      </div>
    </Card>
  );
}

function CompanyCard() {
  const { t } = useLingui();
  const { tenant, settings } = useMe();
  const here = readersZone();
  return (
    <Card title={<Trans>Company</Trans>}>
      <Facts
        facts={[
          [t`Name`, tenant.name],
          [
            t`Time zone`,
            settings.timezone === here ? settings.timezone : t`${settings.timezone} (you are in ${here})`,
          ],
          [t`Distances`, settings.distance_unit === "mi" ? t`Miles` : t`Kilometres`],
          [t`Fuel`, settings.fuel_unit === "gal" ? t`Gallons` : t`Litres`],
          [t`Temperatures`, settings.temperature_unit === "F" ? t`Fahrenheit` : t`Celsius`],
          [t`Dates`, settings.date_format],
          [t`Currency`, settings.currency],
        ]}
      />
    </Card>
  );
}
