// Verifies an award for whoever will keep it: the verdict, what it is called, and what was served.
import type { Env } from "../env.ts";
import { isHttpUrl } from "./documents/reader.ts";
import type { Found } from "./follow.ts";
import type { Verification } from "./result.ts";
import { type Examined, examine, type VerifyOptions } from "./verify.ts";

/** A document as its host served it, or as it stood in another or in a signature. */
export interface ServedDocument {
  /** Where it was read; of one inside another its own id, else where that one was read. */
  readonly url: string | null;
  /** Whether it came inside another document or a signature, so that nobody served it by itself. */
  readonly embedded: boolean;
  /** Shared by the badges of a batch: to be copied before it is changed. */
  readonly json: Readonly<Record<string, unknown>>;
}

export interface VerifiedAward {
  readonly verification: Verification;
  /**
   * What the award is called for ever: the id in the document that counts, which need not be the
   * address that was asked. Of one that is gone or could not be read the address that was asked;
   * null where there is neither.
   */
  readonly id: string | null;
  /** The compact JWS of a signed one; null for a hosted one, in whatever form it was given. */
  readonly jws: string | null;
  readonly documents: {
    readonly assertion: ServedDocument | null;
    readonly badge: ServedDocument | null;
    readonly issuer: ServedDocument | null;
  };
}

/**
 * Verifies what was posted or pulled: an Assertion as parsed JSON, a compact JWS, an address, or a
 * file. Never rejects. What its host serves counts, and not what was posted: of a hosted badge only
 * the id is taken from it (OB20-H-09).
 *
 * Keep it only if `verification.verdict` says so. With `recipient` given, `verification.matched`
 * is the identity that it was made out to, and one that was made out to nobody of them is invalid
 * for the reason `recipient-mismatch`, if nothing worse is the matter with it.
 */
export async function verifyAward(
  { publicFetch: fetchPublic, now, readRsaKey }: Pick<Env, "publicFetch" | "now" | "readRsaKey">,
  given: string | Uint8Array | object,
  options: Pick<VerifyOptions, "recipient" | "memory"> = {},
): Promise<VerifiedAward> {
  const raw = typeof given === "string" || given instanceof Uint8Array;
  const text = raw ? given : JSON.stringify(given);
  const examined = await examine(text, { fetchPublic, now, readRsaKey, ...options });
  const { verification, root, dossier } = examined;
  return {
    verification,
    id: idOf(examined),
    jws: root?.ok && root.signed ? root.signed.text : null,
    documents: {
      assertion: rootDocument(examined),
      badge: served(dossier?.badge),
      issuer: served(dossier?.issuer),
    },
  };
}

/**
 * Whose word a badge's id is: null where its host vouches for it, since nobody else can answer there;
 * else its issuer's id, and what another issuer signs under the same id is another badge. A signed
 * one may stand under an address of a site that its issuer merely says is its own.
 */
export function namedBy({ id, jws, verification }: VerifiedAward): string | null {
  const issuer = verification.badge?.issuer.id ?? "";
  const host = id === null ? null : hostIn(id);
  return host !== null && (jws === null || host === hostIn(issuer)) ? null : issuer;
}

function hostIn(id: string): string | null {
  return isHttpUrl(id) ? new URL(id).host : null;
}

function idOf({ root, dossier }: Examined): string | null {
  if (dossier?.assertion?.ok) return dossier.assertion.model.id;
  if (!root?.ok) return root?.address ?? null;
  return root.document.node.id ?? root.document.url;
}

/** Also one of 0.5, which is no document of its own kind. */
function rootDocument({ root, dossier }: Examined): ServedDocument | null {
  if (!root?.ok || (dossier !== null && !dossier.assertion?.ok)) return null;
  const { url, json } = root.document;
  return { url, embedded: root.signed !== null, json };
}

function served(found: Found<unknown> | undefined): ServedDocument | null {
  if (!found?.ok || found.node.source === null) return null;
  return { url: found.url, embedded: found.embedded, json: found.node.source };
}
