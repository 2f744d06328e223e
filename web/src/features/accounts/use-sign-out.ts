import { useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useApi } from "@/lib/api/api-context";
import { ME_KEY } from "@/lib/session";

/** Ends the session here and on the server, and forgets everything this tenant's pages had loaded. */
export function useSignOut(): () => void {
  const api = useApi();
  const queries = useQueryClient();
  const navigate = useNavigate();
  return () => {
    void (async () => {
      // When the server cannot be told, its session ends by itself; this browser forgets it now.
      await api.post("/auth/logout").catch(() => undefined);
      queries.clear();
      queries.setQueryData(ME_KEY, null);
      await navigate({ to: "/sign-in", search: {} });
    })();
  };
}
