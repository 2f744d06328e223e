import { Trans, useLingui } from "@lingui/react/macro";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { TriangleAlert } from "lucide-react";
import { type FormEvent, useState } from "react";
import { KEYS_KEY, makeKey } from "@/features/accounts/key-queries";
import { PERMISSION_WORDS } from "@/features/accounts/permission-words";
import { useApi } from "@/lib/api/api-context";
import { Button } from "@/ui/button";
import { CopyLine } from "@/ui/copy-line";
import { Drawer } from "@/ui/drawer";
import { TextField } from "@/ui/form/field";
import { wordOf } from "@/lib/words";

interface NewKeyProps {
  isOpen: boolean;
  permissions: readonly string[];
  onClose: () => void;
}

/** Name it, say what it may do, copy it: it is shown this once. */
export function NewKey({ isOpen, permissions, onClose }: NewKeyProps) {
  const { t } = useLingui();
  return (
    <Drawer title={t`New API key`} isOpen={isOpen} onClose={onClose}>
      <Steps permissions={permissions} onClose={onClose} />
    </Drawer>
  );
}

function Steps({ permissions, onClose }: Omit<NewKeyProps, "isOpen">) {
  const { t, i18n } = useLingui();
  const api = useApi();
  const queries = useQueryClient();
  const [name, setName] = useState("");
  const [tried, setTried] = useState(false);
  const [chosen, setChosen] = useState<readonly string[]>(permissions);
  const making = useMutation({
    mutationFn: () => makeKey(api, name.trim(), chosen.length === permissions.length ? null : chosen),
    onSuccess: () => queries.invalidateQueries({ queryKey: KEYS_KEY }),
  });

  if (making.data) {
    return (
      <div className="flex flex-col gap-4 p-5">
        <p className="flex gap-2 rounded-lg bg-idling-tint px-3 py-2 font-medium text-idling">
          <TriangleAlert size={18} aria-hidden="true" className="mt-0.5 shrink-0" />
          <Trans>Copy it now. It is not shown again; whoever has it can do what it may.</Trans>
        </p>
        <CopyLine label={making.data.name} text={making.data.secret} />
        <Button look="primary" onClick={onClose}>
          <Trans>I have copied it</Trans>
        </Button>
      </div>
    );
  }

  function submit(event: FormEvent): void {
    event.preventDefault();
    setTried(true);
    if (name.trim() && chosen.length && !making.isPending) making.mutate();
  }

  return (
    <form noValidate onSubmit={submit} className="flex flex-col gap-4 p-5">
      <TextField
        label={t`Name`}
        name="key-name"
        required
        hint={t`What uses it: yard gate, data warehouse`}
        value={name}
        onChange={setName}
        error={
          tried && !name.trim()
            ? t`Name what uses it, so that it can be found when it has to go.`
            : making.error?.message
        }
      />
      <fieldset>
        <legend className="mb-1 font-medium">
          <Trans>It may</Trans>
        </legend>
        {permissions.map((permission) => (
          <label
            key={permission}
            className="flex min-h-11 cursor-pointer items-center gap-3 rounded-lg px-2 hover:bg-raised"
          >
            <input
              type="checkbox"
              className="size-5 accent-(--accent)"
              checked={chosen.includes(permission)}
              onChange={(event) =>
                setChosen(
                  event.target.checked ? [...chosen, permission] : chosen.filter((one) => one !== permission),
                )
              }
            />
            <span className="flex-1">{wordOf(i18n, PERMISSION_WORDS, permission)}</span>
            <code className="text-sm text-quiet">{permission}</code>
          </label>
        ))}
        {tried && chosen.length === 0 && (
          <p className="font-medium text-alarm">
            <Trans>A key that may do nothing is of no use: choose something.</Trans>
          </p>
        )}
      </fieldset>
      <div className="flex justify-end gap-2">
        <Button onClick={onClose}>
          <Trans>Cancel</Trans>
        </Button>
        <Button type="submit" look="primary" pending={making.isPending}>
          {making.isPending ? <Trans>Making …</Trans> : <Trans>Make key</Trans>}
        </Button>
      </div>
    </form>
  );
}
