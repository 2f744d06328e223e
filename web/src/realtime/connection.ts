/** What the page may truthfully say about its line to the server. */

export type ConnectionState =
  | { readonly kind: "connecting" }
  | { readonly kind: "connected" }
  /** The line broke at `lostAtMs`; the next try is at `retryAtMs` (both ms since 1970). */
  | {
      readonly kind: "reconnecting";
      readonly lostAtMs: number;
      readonly retryAtMs: number;
      readonly attempt: number;
    }
  /** The browser says there is no network. */
  | { readonly kind: "offline"; readonly lostAtMs: number }
  /** The server does not accept the sign-in: no further tries. */
  | { readonly kind: "refused" }
  | { readonly kind: "closed" };
