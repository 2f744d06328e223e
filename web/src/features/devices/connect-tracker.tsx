import { Trans, useLingui } from "@lingui/react/macro";
import { useQuery } from "@tanstack/react-query";
import { Code, RadioTower, Smartphone, TriangleAlert } from "lucide-react";
import { type ReactNode, useState } from "react";
import {
  apiCall,
  isOnlyHere,
  phoneAddress,
  phoneTest,
  teltonikaMessage,
} from "@/features/devices/tracker-texts";
import { useApi } from "@/lib/api/api-context";
import { instanceQuery } from "@/lib/api/instance-query";
import { CopyLine } from "@/ui/copy-line";

interface ConnectTrackerProps {
  /** What the device calls itself; without one an example stands there. */
  identifier?: string | undefined;
  host?: string;
  origin?: string;
}

/** What to type into a phone, a tracker or a program, exactly. */
export function ConnectTracker({
  identifier,
  host = window.location.hostname,
  origin = window.location.origin,
}: ConnectTrackerProps) {
  const { t } = useLingui();
  const id = identifier ?? "123456789012345";
  // The ports this instance listens on; one that is switched off is not offered.
  const { osmand, teltonika } = useQuery(instanceQuery(useApi())).data?.device_ports ?? {};
  const [opened] = useState(() => new Date());
  return (
    <div className="flex flex-col gap-3">
      {isOnlyHere(host) && (
        <p className="flex gap-2 rounded-lg bg-idling-tint px-3 py-2 text-idling">
          <TriangleAlert size={18} aria-hidden="true" className="mt-0.5 shrink-0" />
          <Trans>
            You are on the computer Motorpool runs on. A tracker elsewhere needs the name or address other
            computers reach it by, and the server has to listen there (setting MOTORPOOL_DEVICE_HOST).
          </Trans>
        </p>
      )}
      {osmand !== undefined && <PhoneWay host={host} port={osmand} identifier={id} />}
      {teltonika !== undefined && <TeltonikaWay host={host} port={teltonika} />}
      <Way icon={<Code size={18} aria-hidden="true" />} title={t`A program`}>
        <p>
          <Trans>Make an API key under Settings, then send positions as they come:</Trans>
        </p>
        <CopyLine label={t`Call`} text={apiCall(origin, id, opened)} />
      </Way>
    </div>
  );
}

function PhoneWay({ host, port, identifier }: { host: string; port: number; identifier: string }) {
  const { t } = useLingui();
  return (
    <Way icon={<Smartphone size={18} aria-hidden="true" />} title={t`A phone`} open>
      <p>
        <Trans>Install Traccar Client (Android, iOS), open its settings and enter:</Trans>
      </p>
      <CopyLine label={t`Server URL`} text={phoneAddress(host, port)} />
      <CopyLine label={t`Device identifier`} text={identifier} />
      <p className="text-quiet">
        <Trans>
          Everything that speaks OsmAnd's protocol works the same, on port {port}. A first fix by hand:
        </Trans>
      </p>
      <CopyLine label={t`Open this address`} text={phoneTest(host, port, identifier)} />
    </Way>
  );
}

function TeltonikaWay({ host, port }: { host: string; port: number }) {
  const { t } = useLingui();
  return (
    <Way icon={<RadioTower size={18} aria-hidden="true" />} title={t`A Teltonika tracker`}>
      <p>
        <Trans>In Teltonika's Configurator, under GPRS, Server settings:</Trans>
      </p>
      <CopyLine label={t`Domain`} text={host} />
      <CopyLine label={t`Port (protocol TCP)`} text={String(port)} />
      <p>
        <Trans>Or send the tracker this text message, with both blanks in front:</Trans>
      </p>
      <CopyLine label={t`Text message`} text={teltonikaMessage(host, port)} />
      <p className="text-quiet">
        <Trans>The tracker names itself by its IMEI, the 15 digits on its label.</Trans>
      </p>
    </Way>
  );
}

interface WayProps {
  icon: ReactNode;
  title: string;
  open?: boolean;
  children: ReactNode;
}

function Way({ icon, title, open, children }: WayProps) {
  return (
    <details open={open} className="rounded-lg border border-line">
      <summary className="flex min-h-11 items-center gap-3 px-3 font-semibold">
        {icon}
        {title}
      </summary>
      <div className="flex flex-col gap-3 px-3 pb-3">{children}</div>
    </details>
  );
}
