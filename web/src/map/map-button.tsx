import type { ReactNode } from "react";

interface MapButtonProps {
  label: string;
  onPress: () => void;
  children: ReactNode;
}

/** A round-cornered button that floats on a map. */
export function MapButton({ label, onPress, children }: MapButtonProps) {
  return (
    <button
      type="button"
      aria-label={label}
      title={label}
      onClick={onPress}
      className="grid size-11 place-items-center rounded border border-line-strong bg-surface text-text shadow-float hover:bg-raised"
    >
      {children}
    </button>
  );
}
