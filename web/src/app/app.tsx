import { i18n } from "@lingui/core";
import { I18nProvider } from "@lingui/react";
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { StrictMode } from "react";
import { createAppRouter } from "@/app/router";
import { ApiContext } from "@/lib/api/api-context";
import { createApi } from "@/lib/api/client";
import { RequestFailed } from "@/lib/api/problem";
import { ME_KEY } from "@/lib/session";

const queries = new QueryClient({
  defaultOptions: {
    queries: {
      // What the server has decided does not change by asking again; a network that failed may come back.
      retry: (count, error) =>
        count < 2 && !(error instanceof RequestFailed && error.status >= 400 && error.status < 500),
      staleTime: 10_000,
    },
  },
});

const api = createApi((request) => fetch(request), {
  onSignedOut: () => {
    queries.setQueryData(ME_KEY, null);
    void router.invalidate();
  },
});

const router = createAppRouter({ api, queries });

export function App() {
  return (
    <StrictMode>
      <I18nProvider i18n={i18n}>
        <ApiContext value={api}>
          <QueryClientProvider client={queries}>
            <RouterProvider router={router} />
          </QueryClientProvider>
        </ApiContext>
      </I18nProvider>
    </StrictMode>
  );
}
