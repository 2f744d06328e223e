import { useQueryClient } from "@tanstack/react-query";
import { getRouteApi, useRouter } from "@tanstack/react-router";

import { SignInPage } from "@/features/accounts/sign-in-page";
import { ME_KEY, safeReturn } from "@/lib/session";

const route = getRouteApi("/sign-in");

/** Signs in and goes on to where the reader wanted to be. */
export function SignIn() {
  const { to } = route.useSearch();
  const router = useRouter();
  const queries = useQueryClient();
  return (
    <SignInPage
      returning={Boolean(to)}
      onSignedIn={(me) => {
        // Whatever another account had loaded here is not this one's to see.
        queries.removeQueries({ predicate: (query) => query.queryKey[0] !== "instance" });
        queries.setQueryData(ME_KEY, me);
        router.history.replace(safeReturn(to));
      }}
    />
  );
}
