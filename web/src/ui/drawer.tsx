import { useLingui } from "@lingui/react/macro";
import { X } from "lucide-react";
import type { ReactNode } from "react";
import { Dialog } from "react-aria-components/Dialog";
import { Heading } from "react-aria-components/Heading";
import { Modal, ModalOverlay } from "react-aria-components/Modal";
import { Button } from "@/ui/button";

interface DrawerProps {
  title: string;
  isOpen: boolean;
  onClose: () => void;
  children: ReactNode;
}

/** The thing being looked at or worked on, from the right; on a phone the whole screen. */
export function Drawer({ title, isOpen, onClose, children }: DrawerProps) {
  const { t } = useLingui();
  return (
    <ModalOverlay
      isOpen={isOpen}
      onOpenChange={(open) => !open && onClose()}
      isDismissable
      className="veil fixed inset-0 z-40 flex justify-end bg-veil"
    >
      <Modal className="slide-in h-full w-full max-w-full border-l border-line bg-surface shadow-float sm:w-(--drawer)">
        <Dialog className="flex h-full flex-col outline-none">
          <header className="flex items-center gap-2 border-b border-line py-2 pr-2 pl-5">
            <Heading slot="title" className="flex-1 text-lg font-semibold">
              {title}
            </Heading>
            <Button look="quiet" iconOnly aria-label={t`Close`} onClick={onClose}>
              <X size={20} aria-hidden="true" />
            </Button>
          </header>
          <div className="min-h-0 flex-1 overflow-y-auto overscroll-contain">{children}</div>
        </Dialog>
      </Modal>
    </ModalOverlay>
  );
}
