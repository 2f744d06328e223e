import { i18n } from "@lingui/core";
import { I18nProvider } from "@lingui/react";
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { render } from "@testing-library/react";
import type { ReactNode } from "react";
import { ApiContext } from "@/lib/api/api-context";
import type { Api } from "@/lib/api/client";
import type { Me } from "@/lib/api/types";
import { SessionContext } from "@/lib/session";
import { ADA } from "@/testing/fake-server";

/** A part of the app with everything that stands above it; failures are shown at once, without retries. */
export function renderPage(page: ReactNode, api: Api, me: Me = ADA) {
  const queries = new QueryClient({ defaultOptions: { queries: { retry: false } } });
  return render(
    <I18nProvider i18n={i18n}>
      <ApiContext value={api}>
        <QueryClientProvider client={queries}>
          <SessionContext value={me}>{page}</SessionContext>
        </QueryClientProvider>
      </ApiContext>
    </I18nProvider>,
  );
}
