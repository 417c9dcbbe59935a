// How this room is handed the network: one function, which bounds and guards every request itself.

/** An answer with its body, whatever its status, or why there is none. */
export type Fetched =
  | {
      readonly ok: true;
      readonly status: number;
      /** Where the answer came from, after redirects. */
      readonly url: string;
      /** As sent; null where there is none. */
      readonly contentType: string | null;
      readonly bytes: Uint8Array;
    }
  | {
      readonly ok: false;
      /** `address-not-public`, `deadline`, `too-large` and others: decided by code, never by words. */
      readonly reason: string;
      readonly detail: string;
    };

/** Fetches an address a stranger wrote. Never rejects. */
export type FetchPublic = (url: string, accept: string) => Promise<Fetched>;
