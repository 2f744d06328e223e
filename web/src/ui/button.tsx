import type { ComponentProps } from "react";
import { cx } from "@/ui/class-names";

export type ButtonLook = "primary" | "plain" | "quiet" | "danger";

const LOOKS: Record<ButtonLook, string> = {
  primary: "bg-accent text-on-accent border-accent hover:brightness-110 active:brightness-95",
  plain: "bg-surface text-text border-line-strong hover:bg-raised",
  quiet: "bg-transparent text-text border-transparent hover:bg-raised",
  danger: "bg-surface text-alarm border-alarm hover:bg-alarm-tint",
};

/** The look of a button, for everything that acts like one (links, React Aria's triggers). */
export function buttonClass(look: ButtonLook = "plain", iconOnly = false): string {
  return cx(
    "inline-flex min-h-11 min-w-11 items-center justify-center gap-2 rounded-lg border text-base font-medium select-none",
    "whitespace-nowrap transition-colors duration-(--quick) disabled:opacity-60 disabled:cursor-default",
    "data-[disabled]:opacity-60 aria-disabled:opacity-60",
    iconOnly ? "px-0" : "px-4",
    LOOKS[look],
  );
}

interface ButtonProps extends ComponentProps<"button"> {
  look?: ButtonLook;
  /** Only an icon inside: `aria-label` is then required by the lint of accessibility. */
  iconOnly?: boolean;
  /** Work is under way: stays focusable, does nothing. */
  pending?: boolean;
}

/** A verb. Submits nothing unless `type="submit"`. */
export function Button({
  look,
  iconOnly,
  pending,
  className,
  onClick,
  type = "button",
  ...rest
}: ButtonProps) {
  return (
    <button
      {...rest}
      type={type === "submit" ? "submit" : "button"}
      aria-disabled={pending || undefined}
      onClick={pending ? (event) => event.preventDefault() : onClick}
      className={cx(buttonClass(look, iconOnly), className)}
    />
  );
}
