import { Trans, useLingui } from "@lingui/react/macro";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { KeyRound, Plus, Trash2 } from "lucide-react";
import { useState } from "react";
import { KEYS_KEY, keysQuery, revokeKey } from "@/features/accounts/key-queries";
import { NewKey } from "@/features/accounts/new-key";
import { useApi } from "@/lib/api/api-context";
import type { ApiKey } from "@/lib/api/types";
import { Button } from "@/ui/button";
import { Confirm } from "@/ui/confirm";
import { Card } from "@/ui/page";
import { RelativeTime } from "@/ui/relative-time";
import { Failure, Skeleton } from "@/ui/states";
import { toast } from "@/ui/toast";

interface ApiKeysProps {
  mayWrite: boolean;
  /** What the maker may do, and so at most the key. */
  permissions: readonly string[];
}

/** Keys of programs. A key is shown once, and ends when it is revoked. */
export function ApiKeys({ mayWrite, permissions }: ApiKeysProps) {
  const keys = useQuery(keysQuery(useApi()));
  const [making, setMaking] = useState(false);
  const valid = keys.data?.filter((key) => !key.revoked_at) ?? [];
  return (
    <Card
      title={<Trans>API keys</Trans>}
      actions={
        mayWrite && (
          <Button onClick={() => setMaking(true)}>
            <Plus size={18} aria-hidden="true" />
            <Trans>New key</Trans>
          </Button>
        )
      }
    >
      {keys.isPending && <Skeleton lines={3} />}
      {keys.isError && <Failure error={keys.error} onRetry={() => void keys.refetch()} />}
      {keys.isSuccess && valid.length === 0 && (
        <p className="p-4 text-quiet">
          <Trans>
            No keys yet. A key lets a program send positions or read vehicles; the API is described at{" "}
            <a href="/openapi.json" className="underline">
              /openapi.json
            </a>
            .
          </Trans>
        </p>
      )}
      <ul className="divide-y divide-line">
        {valid.map((key) => (
          <KeyLine key={key.id} apiKey={key} mayRevoke={mayWrite} />
        ))}
      </ul>
      <NewKey isOpen={making} permissions={permissions} onClose={() => setMaking(false)} />
    </Card>
  );
}

function KeyLine({ apiKey, mayRevoke }: { apiKey: ApiKey; mayRevoke: boolean }) {
  const { t } = useLingui();
  const api = useApi();
  const queries = useQueryClient();
  const [asking, setAsking] = useState(false);
  const revoking = useMutation({
    mutationFn: () => revokeKey(api, apiKey.id),
    onSuccess: async () => {
      setAsking(false);
      await queries.invalidateQueries({ queryKey: KEYS_KEY });
      toast("done", t`${apiKey.name} is revoked.`);
    },
    onError: (error) => toast("failed", error.message || t`This could not be done. Try again.`),
  });
  return (
    <li className="flex items-center gap-3 px-4 py-2">
      <KeyRound size={18} aria-hidden="true" className="text-quiet" />
      <div className="min-w-0 flex-1">
        <p className="truncate font-medium">{apiKey.name}</p>
        <p className="truncate text-sm text-quiet">{apiKey.permissions.join(", ")}</p>
      </div>
      <RelativeTime at={apiKey.created_at} className="text-sm whitespace-nowrap text-quiet" />
      {mayRevoke && (
        <Button look="danger" aria-label={t`Revoke ${apiKey.name}`} onClick={() => setAsking(true)}>
          <Trash2 size={18} aria-hidden="true" />
          <span className="hidden sm:inline">
            <Trans>Revoke</Trans>
          </span>
        </Button>
      )}
      <Confirm
        title={t`Revoke ${apiKey.name}?`}
        verb={t`Revoke key`}
        isOpen={asking}
        pending={revoking.isPending}
        onConfirm={() => revoking.mutate()}
        onCancel={() => setAsking(false)}
      >
        <Trans>Programs that use it are refused at once. This cannot be undone.</Trans>
      </Confirm>
    </li>
  );
}
