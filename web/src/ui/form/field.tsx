import { CircleAlert } from "lucide-react";
import { type ComponentProps, type ReactNode, useId } from "react";
import { cx } from "@/ui/class-names";

interface FieldShape {
  label: string;
  /** Unit, example or why it is asked; under the label. */
  hint?: ReactNode;
  error?: string | undefined;
  required?: boolean;
}

export const controlClass =
  "min-h-11 w-full rounded-lg border border-line-strong bg-surface px-3 text-base text-text placeholder:text-quiet aria-invalid:border-alarm aria-invalid:border-2";

function Frame({
  id,
  label,
  hint,
  error,
  required,
  children,
}: FieldShape & { id: string; children: ReactNode }) {
  return (
    <div className="flex flex-col gap-1">
      <label htmlFor={id} className="font-medium">
        {label}
        {required && (
          <span aria-hidden="true" className="text-alarm">
            {" *"}
          </span>
        )}
      </label>
      {hint && (
        <div id={`${id}-hint`} className="text-sm text-quiet">
          {hint}
        </div>
      )}
      {children}
      {error && (
        <p id={`${id}-error`} className="flex items-start gap-1.5 text-sm font-medium text-alarm">
          <CircleAlert size={16} aria-hidden="true" className="mt-0.5 shrink-0" />
          {error}
        </p>
      )}
    </div>
  );
}

function describedBy(id: string, hint: ReactNode, error: string | undefined): string | undefined {
  return cx(Boolean(hint) && `${id}-hint`, Boolean(error) && `${id}-error`) || undefined;
}

type TextFieldProps = FieldShape &
  Omit<ComponentProps<"input">, "onChange"> & {
    name: string;
    value: string;
    onChange: (value: string) => void;
  };

/** One line of text with its label above and its error below. */
export function TextField({ label, hint, error, required, onChange, className, ...rest }: TextFieldProps) {
  const own = useId();
  const id = rest.id ?? own;
  return (
    <Frame id={id} label={label} hint={hint} error={error} required={required ?? false}>
      <input
        autoComplete="off"
        {...rest}
        id={id}
        aria-required={required}
        aria-invalid={error ? true : undefined}
        aria-describedby={describedBy(id, hint, error)}
        onChange={(event) => onChange(event.target.value)}
        className={cx(controlClass, className)}
      />
    </Frame>
  );
}

type SelectFieldProps = FieldShape & {
  name: string;
  id?: string;
  value: string;
  onChange: (value: string) => void;
  children: ReactNode;
};

/** One of a few: the browser's own list, which every phone and reader knows. */
export function SelectField({ label, hint, error, required, onChange, children, ...rest }: SelectFieldProps) {
  const own = useId();
  const id = rest.id ?? own;
  return (
    <Frame id={id} label={label} hint={hint} error={error} required={required ?? false}>
      <select
        {...rest}
        id={id}
        aria-invalid={error ? true : undefined}
        aria-describedby={describedBy(id, hint, error)}
        onChange={(event) => onChange(event.target.value)}
        className={cx(controlClass, "select-arrow pr-9")}
      >
        {children}
      </select>
    </Frame>
  );
}
