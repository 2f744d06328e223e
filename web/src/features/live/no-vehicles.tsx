import { Trans, useLingui } from "@lingui/react/macro";
import { Link } from "@tanstack/react-router";
import { Truck } from "lucide-react";
import { buttonClass } from "@/ui/button";
import { Empty } from "@/ui/states";

/** A fleet without vehicles: what to do first. */
export function NoVehicles() {
  const { t } = useLingui();
  return (
    <Empty
      icon={<Truck size={26} aria-hidden="true" />}
      title={t`No vehicles yet`}
      actions={
        <Link to="/vehicles" className={buttonClass("primary")}>
          <Trans>Add a vehicle</Trans>
        </Link>
      }
    >
      <Trans>
        Add your first vehicle, then connect its tracker under Devices. It shows here with its first fix.
      </Trans>
    </Empty>
  );
}
