import { useLingui } from "@lingui/react/macro";
import { RequestFailed } from "@/lib/api/problem";

/** Why signing in failed, in a sentence that says what to do; null while nothing failed. */
export function useSignInWords(error: unknown): string | null {
  const { t } = useLingui();
  if (!error) return null;
  if (!(error instanceof RequestFailed)) return t`Something went wrong here. Load the page again.`;
  if (error.status === 0) return t`The server does not answer. Check the network, then try again.`;
  if (error.status === 401) return t`E-mail and password do not fit together. Check both, then try again.`;
  if (error.status === 429) return t`Too many attempts. Wait a minute, then try again.`;
  if (error.status === 422) return t`This is not an e-mail address.`;
  return error.message || t`The server could not sign you in. Try again.`;
}
