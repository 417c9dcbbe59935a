// Why a connection did not come about: who acts, and with which status its page is sent. Pages have the sentences.
import type { BeginReason } from "./authorization.ts";
import type { FinishReason } from "./callback.ts";
import type { ManifestReason } from "./manifest.ts";

export type ConnectReason = BeginReason | FinishReason | ManifestReason | "signed-out";

/** Who can do something about it. */
export type Who = "you" | "backpack" | "administrator" | "nobody";

export interface Refused {
  readonly who: Who;
  /** Of the page that says so. */
  readonly status: 400 | 403 | 404 | 409 | 502 | 503;
}

export const REFUSED: Readonly<Record<ConnectReason, Refused>> = {
  // Before the browser goes to the backpack
  "backpack-gone": { who: "nobody", status: 404 },
  "backpack-disabled": { who: "administrator", status: 409 },
  "backpack-without-oauth": { who: "administrator", status: 409 },
  "scopes-not-offered": { who: "administrator", status: 502 },
  "client-needed": { who: "administrator", status: 409 },
  "registration-busy": { who: "you", status: 503 },
  "registration-refused": { who: "administrator", status: 502 },
  "registration-limited": { who: "you", status: 503 },
  "registration-unavailable": { who: "backpack", status: 503 },
  "registration-unreachable": { who: "backpack", status: 503 },
  "registration-malformed": { who: "backpack", status: 502 },
  "registration-changed": { who: "backpack", status: 502 },
  // Its manifest
  "address-malformed": { who: "you", status: 400 },
  "address-refused": { who: "you", status: 400 },
  "manifest-unreachable": { who: "you", status: 502 },
  "manifest-missing": { who: "you", status: 502 },
  "manifest-unavailable": { who: "backpack", status: 502 },
  "manifest-not-json": { who: "you", status: 502 },
  "manifest-malformed": { who: "backpack", status: 502 },
  "manifest-member": { who: "backpack", status: 502 },
  "manifest-address": { who: "backpack", status: 502 },
  "manifest-version": { who: "backpack", status: 502 },
  // When the browser comes back
  "signed-out": { who: "you", status: 403 },
  "callback-malformed": { who: "you", status: 400 },
  "state-missing": { who: "you", status: 400 },
  "state-unknown": { who: "you", status: 400 },
  "state-expired": { who: "you", status: 400 },
  "state-used": { who: "you", status: 400 },
  "state-foreign": { who: "you", status: 403 },
  "state-swapped": { who: "administrator", status: 400 },
  "issuer-missing": { who: "backpack", status: 400 },
  "issuer-wrong": { who: "administrator", status: 400 },
  denied: { who: "you", status: 403 },
  "authorization-refused": { who: "administrator", status: 502 },
  "code-missing": { who: "you", status: 400 },
  "code-refused": { who: "you", status: 502 },
  "client-forgotten": { who: "you", status: 502 },
  "token-refused": { who: "administrator", status: 502 },
  "token-unavailable": { who: "backpack", status: 503 },
  "token-unreachable": { who: "you", status: 503 },
  "token-malformed": { who: "backpack", status: 502 },
  "scopes-none": { who: "you", status: 403 },
};
