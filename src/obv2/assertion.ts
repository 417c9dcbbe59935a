// Assertion: one award as Open Badges 2.0 publishes it, valid or revoked.
import type { Award, EvidenceItem } from "../db/awards.ts";
import type { Urls } from "../urls.ts";
import { OPEN_BADGES_V2 } from "./context.ts";
import { dateTime } from "./date-time.ts";
import { type IdentityObject, type RecipientFields, recipientDocument } from "./identity.ts";

/** Which baked file the Assertion names as its image; null where the badge has no picture. */
export type BakedImage = "png" | "svg" | null;

export interface Evidence extends EvidenceItem {
  readonly type: "Evidence";
}

export interface Assertion {
  readonly "@context": typeof OPEN_BADGES_V2;
  /** A plain string: the reference validator cannot classify a root with several (OB20-A-03). */
  readonly type: "Assertion";
  readonly id: string;
  readonly recipient: IdentityObject;
  readonly badge: string;
  readonly verification: { readonly type: "HostedBadge" };
  readonly issuedOn: string;
  readonly expires?: string;
  readonly image?: string;
  readonly narrative?: string;
  readonly evidence?: readonly Evidence[];
}

/** What of an award its Assertion says. */
export type AssertionFields = RecipientFields &
  Pick<Award, "unique_hash" | "badge_id" | "awarded_at" | "date_expire" | "evidence" | "narrative">;

export interface AssertionOptions {
  readonly urls: Urls;
  readonly bakedImage: BakedImage;
}

/** The Assertion of an award that is not revoked (Open Badges 2.0, section Assertion). */
export async function assertionDocument(
  award: AssertionFields,
  { urls, bakedImage }: AssertionOptions,
): Promise<Assertion> {
  const hash = award.unique_hash;
  const evidence = (award.evidence ?? []).map(evidenceDocument);
  return {
    "@context": OPEN_BADGES_V2,
    type: "Assertion",
    id: urls.assertion(hash),
    recipient: await recipientDocument(award),
    badge: urls.badgeClass(award.badge_id),
    verification: { type: "HostedBadge" },
    issuedOn: dateTime(award.awarded_at),
    ...(award.date_expire === null ? {} : { expires: dateTime(award.date_expire) }),
    ...(bakedImage === null ? {} : { image: bakedUrl(urls, hash, bakedImage) }),
    ...(award.narrative ? { narrative: award.narrative } : {}),
    ...(evidence.length > 0 ? { evidence } : {}),
  };
}

function bakedUrl(urls: Urls, hash: string, kind: "png" | "svg"): string {
  return kind === "png" ? urls.bakedPng(hash) : urls.bakedSvg(hash);
}

/** Only the members the standard names, and only those that say something (OB20-E-01). */
function evidenceDocument(item: EvidenceItem): Evidence {
  return {
    type: "Evidence",
    ...(item.id ? { id: item.id } : {}),
    ...(item.name ? { name: item.name } : {}),
    ...(item.description ? { description: item.description } : {}),
    ...(item.narrative ? { narrative: item.narrative } : {}),
    ...(item.genre ? { genre: item.genre } : {}),
    ...(item.audience ? { audience: item.audience } : {}),
  };
}

export interface RevokedAssertion {
  readonly "@context": typeof OPEN_BADGES_V2;
  readonly type: "Assertion";
  readonly id: string;
  readonly revoked: true;
  readonly revocationReason?: string;
}

/** Why an award was revoked that was purged along with its badge. Public. */
export const REMOVED = "Removed by its issuer.";

/**
 * What is left of an Assertion once it is revoked, sent with 410. It holds nothing else: a body
 * that still reads like an award is taken for one by verifiers that ignore the status (OB20-H-07).
 */
export function revokedAssertionDocument(
  award: Pick<Award, "unique_hash" | "revocation_reason">,
  urls: Urls,
): RevokedAssertion {
  return {
    "@context": OPEN_BADGES_V2,
    type: "Assertion",
    id: urls.assertion(award.unique_hash),
    revoked: true,
    ...(award.revocation_reason ? { revocationReason: award.revocation_reason } : {}),
  };
}
