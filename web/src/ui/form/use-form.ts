import { type FormEvent, useState } from "react";
import { fieldErrorsOf } from "@/lib/api/problem";
import { useDraft } from "@/ui/form/draft";

export type Errors<V> = Partial<Record<keyof V & string, string | undefined>>;

interface Plan<V extends Readonly<Record<string, string>>> {
  /** Names the draft; another thing being edited has another key. */
  draftKey: string;
  initial: V;
  /** What can be said without asking the server. */
  check: (values: V) => Errors<V>;
  /** Sends; throws what the server answered. The draft is dropped when it returns. */
  send: (values: V) => Promise<void>;
  /** A sentence of its own for some failures (a conflict, no network), or null. */
  explain?: (error: unknown) => string | null;
}

/** A form with errors at the field and in a summary, and a draft that survives. */
export function useForm<V extends Readonly<Record<string, string>>>(plan: Plan<V>) {
  const draft = useDraft(plan.draftKey, plan.initial);
  const [errors, setErrors] = useState<Errors<V>>({});
  const [others, setOthers] = useState<string[]>([]);
  const [pending, setPending] = useState(false);
  const [refusals, setRefusals] = useState(0);

  function refuse(fields: Errors<V>, rest: string[]): void {
    setErrors(fields);
    setOthers(rest);
    setRefusals((count) => count + 1);
  }

  async function attempt(): Promise<void> {
    const found = plan.check(draft.values);
    if (Object.values(found).some(Boolean)) return refuse(found, []);
    setPending(true);
    try {
      await plan.send(draft.values);
      setErrors({});
      setOthers([]);
      draft.discard();
    } catch (error) {
      const said = plan.explain?.(error);
      const { fields, others: rest } = fieldErrorsOf(error, Object.keys(plan.initial));
      refuse(fields as Errors<V>, said ? [said] : rest);
    } finally {
      setPending(false);
    }
    return undefined;
  }

  return {
    values: draft.values,
    restored: draft.restored,
    discard: draft.discard,
    errors,
    others,
    pending,
    /** How often it was refused: the summary takes the focus each time. */
    refusals,
    /** Props of one field. */
    field: (name: keyof V & string) => ({
      id: `field-${name}`,
      name,
      value: draft.values[name] ?? "",
      error: errors[name],
      onChange: (value: string) => {
        draft.change(name, value);
        setErrors((current) => ({ ...current, [name]: undefined }));
      },
      onBlur: () => {
        const found = draft.values[name] ? plan.check(draft.values)[name] : undefined;
        setErrors((current) => ({ ...current, [name]: found }));
      },
    }),
    submit: (event: FormEvent) => {
      event.preventDefault();
      if (!pending) void attempt();
    },
  };
}
