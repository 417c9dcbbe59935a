// RevocationList: every award of an issuer that was revoked, and why.
import type { Award } from "../db/awards.ts";
import type { Urls } from "../urls.ts";
import { OPEN_BADGES_V2 } from "./context.ts";

export interface RevocationEntry {
  readonly id: string;
  readonly revocationReason?: string;
}

export interface RevocationList {
  readonly "@context": typeof OPEN_BADGES_V2;
  readonly type: "RevocationList";
  readonly id: string;
  readonly issuer: string;
  readonly revokedAssertions: readonly RevocationEntry[];
}

/**
 * An entry that is always there and revokes nothing: a list of one is read as no list by a validator
 * that collapses it, and the one badge on it would pass (OB20-RL-06). Its address is a fragment of
 * the list itself: an IRI of ours that can never become an award's, and that leads whoever follows
 * it back to the list instead of to something that looks like a badge.
 */
export function tombstone(organizationId: string, urls: Urls): RevocationEntry {
  return {
    id: `${urls.revocationList(organizationId)}#never-issued`,
    revocationReason: "Not a badge: it keeps this list longer than one entry.",
  };
}

/** The list of an organization (Open Badges 2.0, section RevocationList). */
export function revocationListDocument(
  organizationId: string,
  revoked: readonly Pick<Award, "unique_hash" | "revocation_reason">[],
  urls: Urls,
): RevocationList {
  return {
    "@context": OPEN_BADGES_V2,
    type: "RevocationList",
    id: urls.revocationList(organizationId),
    issuer: urls.issuer(organizationId),
    revokedAssertions: [
      tombstone(organizationId, urls),
      ...revoked.map((award) => ({
        id: urls.assertion(award.unique_hash),
        ...(award.revocation_reason ? { revocationReason: award.revocation_reason } : {}),
      })),
    ],
  };
}
