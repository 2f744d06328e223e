import { Trans, useLingui } from "@lingui/react/macro";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { Car, Search } from "lucide-react";
import { type ReactNode, useState } from "react";
import { Autocomplete } from "react-aria-components/Autocomplete";
import { Dialog } from "react-aria-components/Dialog";
import { Header } from "react-aria-components/Header";
import { Input } from "react-aria-components/Input";
import { ListBox, ListBoxItem, ListBoxSection } from "react-aria-components/ListBox";
import { Modal, ModalOverlay } from "react-aria-components/Modal";
import { TextField } from "react-aria-components/TextField";
import { pagesFor } from "@/app/frame/palette-matches";
import { SECTIONS } from "@/app/sections";
import { useApi } from "@/lib/api/api-context";
import type { Vehicle } from "@/lib/api/types";
import { vehicleSearchQuery } from "@/lib/api/vehicle-queries";
import { can, useMe } from "@/lib/session";
import { vehicleState } from "@/lib/vehicle-state";
import { useNow } from "@/ui/now";
import { StateBadge } from "@/ui/state-badge";
import { useSettled } from "@/ui/use-settled";

const ITEM =
  "flex min-h-11 cursor-pointer items-center gap-3 rounded-lg px-3 py-1 outline-none data-[focused]:bg-accent-tint";

/** Ctrl-K: every page and every vehicle, a few letters away. */
export function Palette({ onClose }: { onClose: () => void }) {
  const { t, i18n } = useLingui();
  const me = useMe();
  const navigate = useNavigate();
  const now = useNow();
  const [typed, setTyped] = useState("");
  const word = useSettled(typed.trim(), 120);
  const found = useQuery({ ...vehicleSearchQuery(useApi(), word), placeholderData: keepPreviousData });
  const pages = pagesFor(
    SECTIONS.filter((section) => !section.permission || can(me, section.permission)),
    (section) => `${i18n._(section.label)} ${i18n._(section.about)}`,
    typed,
  );
  const vehicles = found.data ?? [];

  function go(key: string): void {
    onClose();
    const page = SECTIONS.find((section) => section.to === key);
    if (page) void navigate({ to: page.to });
    else void navigate({ to: "/vehicles/$vehicleId", params: { vehicleId: key } });
  }

  return (
    <ModalOverlay
      isOpen
      isDismissable
      onOpenChange={(open) => !open && onClose()}
      className="veil fixed inset-0 z-50 flex justify-center bg-veil p-2 sm:items-start sm:pt-[12vh]"
    >
      <Modal className="h-fit w-full max-w-xl overflow-hidden rounded-lg border border-line bg-surface shadow-float">
        <Dialog aria-label={t`Find`} className="flex max-h-[72dvh] flex-col outline-none">
          <Autocomplete inputValue={typed} onInputChange={setTyped}>
            {/* oxlint-disable-next-line jsx-a11y/no-autofocus -- it was opened to type in */}
            <TextField aria-label={t`Find a vehicle or a page`} autoFocus className="border-b border-line">
              <div className="flex items-center gap-3 px-4">
                <Search size={20} aria-hidden="true" className="text-quiet" />
                <Input
                  placeholder={t`Vehicle, plate or page`}
                  className="min-h-14 flex-1 bg-transparent text-lg outline-none placeholder:text-quiet"
                />
              </div>
            </TextField>
            {/* The keys stay in the field; the list scrolls by itself, and by its own keys on low screens. */}
            {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls must be reachable */}
            <div tabIndex={0} role="group" aria-label={t`Found`} className="min-h-0 flex-1 overflow-y-auto">
              <ListBox
                aria-label={t`Found`}
                onAction={(key) => go(String(key))}
                className="p-2 outline-none"
                renderEmptyState={() => (
                  <p className="px-3 py-8 text-center text-quiet">
                    {found.isFetching ? (
                      <Trans>Looking …</Trans>
                    ) : (
                      <Trans>Nothing has that name or plate.</Trans>
                    )}
                  </p>
                )}
              >
                {vehicles.length > 0 && (
                  <Group title={t`Vehicles`}>
                    {vehicles.map((vehicle) => (
                      <ListBoxItem key={vehicle.id} id={vehicle.id} textValue={vehicle.name} className={ITEM}>
                        <VehicleLine vehicle={vehicle} now={now} />
                      </ListBoxItem>
                    ))}
                  </Group>
                )}
                {pages.length > 0 && (
                  <Group title={t`Pages`}>
                    {pages.map((page) => (
                      <ListBoxItem key={page.to} id={page.to} textValue={i18n._(page.label)} className={ITEM}>
                        <page.icon size={18} aria-hidden="true" />
                        <span className="font-medium">{i18n._(page.label)}</span>
                        <span className="truncate text-quiet">{i18n._(page.about)}</span>
                      </ListBoxItem>
                    ))}
                  </Group>
                )}
              </ListBox>
            </div>
          </Autocomplete>
        </Dialog>
      </Modal>
    </ModalOverlay>
  );
}

function Group({ title, children }: { title: string; children: ReactNode }) {
  return (
    <ListBoxSection>
      <Header className="px-3 pt-2 pb-1 text-sm font-medium text-quiet">{title}</Header>
      {children}
    </ListBoxSection>
  );
}

function VehicleLine({ vehicle, now }: { vehicle: Vehicle; now: number }) {
  const { latest } = vehicle;
  return (
    <>
      <Car size={18} aria-hidden="true" />
      <span className="font-medium">{vehicle.name}</span>
      <span className="flex-1 truncate text-quiet">{vehicle.plate}</span>
      <StateBadge state={vehicleState(latest?.motion ?? "unknown", latest?.at ?? null, now)} />
    </>
  );
}
