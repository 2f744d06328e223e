import { Trans } from "@lingui/react/macro";
import type { ReactNode } from "react";
import { Dialog } from "react-aria-components/Dialog";
import { Heading } from "react-aria-components/Heading";
import { Modal, ModalOverlay } from "react-aria-components/Modal";
import { Button } from "@/ui/button";

interface ConfirmProps {
  title: string;
  verb: string;
  isOpen: boolean;
  pending?: boolean;
  onConfirm: () => void;
  onCancel: () => void;
  children: ReactNode;
}

/** Asks before what cannot be undone, and only then. */
export function Confirm({ title, verb, isOpen, pending, onConfirm, onCancel, children }: ConfirmProps) {
  return (
    <ModalOverlay
      isOpen={isOpen}
      onOpenChange={(open) => !open && onCancel()}
      className="veil fixed inset-0 z-50 grid place-items-center bg-veil p-4"
    >
      <Modal className="w-full max-w-md rounded-lg border border-line bg-surface shadow-float">
        <Dialog role="alertdialog" className="flex flex-col gap-3 p-6 outline-none">
          <Heading slot="title" className="text-lg font-semibold">
            {title}
          </Heading>
          <div className="text-quiet">{children}</div>
          <div className="mt-3 flex justify-end gap-2">
            <Button onClick={onCancel}>
              <Trans>Keep it</Trans>
            </Button>
            <Button look="danger" pending={pending ?? false} onClick={onConfirm}>
              {verb}
            </Button>
          </div>
        </Dialog>
      </Modal>
    </ModalOverlay>
  );
}
