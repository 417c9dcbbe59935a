// Endorsement: another organization's word for a badge, in that organization's own name.
import type { Endorsement as EndorsementRow } from "../db/badges.ts";
import type { Urls } from "../urls.ts";
import { OPEN_BADGES_V2 } from "./context.ts";
import { dateTime } from "./date-time.ts";

export interface Endorsement {
  readonly "@context": typeof OPEN_BADGES_V2;
  readonly type: "Endorsement";
  readonly id: string;
  readonly claim: { readonly id: string; readonly endorsementComment?: string };
  readonly issuer: string;
  readonly issuedOn: string;
  readonly verification: { readonly type: "HostedBadge" };
}

/** An endorsement that stands (Open Badges 2.0, section Endorsement; OB20-N-01). */
export function endorsementDocument(endorsement: EndorsementRow, urls: Urls): Endorsement {
  return {
    "@context": OPEN_BADGES_V2,
    type: "Endorsement",
    id: urls.endorsement(endorsement.id),
    claim: {
      id: endorsement.claim_id,
      ...(endorsement.claim_comment ? { endorsementComment: endorsement.claim_comment } : {}),
    },
    issuer: urls.endorsementIssuer(endorsement.id),
    issuedOn: dateTime(endorsement.date_issued),
    verification: { type: "HostedBadge" },
  };
}

export interface WithdrawnEndorsement {
  readonly "@context": typeof OPEN_BADGES_V2;
  readonly type: "Endorsement";
  readonly id: string;
  readonly revoked: true;
  readonly issuer: string;
}

/** What is left of a withdrawn endorsement, sent with 410 (OB20-N-04). */
export function withdrawnEndorsementDocument(
  endorsement: Pick<EndorsementRow, "id">,
  urls: Urls,
): WithdrawnEndorsement {
  return {
    "@context": OPEN_BADGES_V2,
    type: "Endorsement",
    id: urls.endorsement(endorsement.id),
    revoked: true,
    issuer: urls.endorsementIssuer(endorsement.id),
  };
}

export interface EndorserProfile {
  readonly "@context": typeof OPEN_BADGES_V2;
  readonly type: "Issuer";
  readonly id: string;
  readonly name: string;
  readonly url: string;
  readonly email: string;
}

/**
 * The endorser as an issuer of its own, so that an endorsement is judged by who gave it and never
 * taken for the word of the organization that it praises. One Profile an endorsement: two that give
 * the same name need not be the same endorser.
 */
export function endorserDocument(
  endorsement: Pick<EndorsementRow, "id" | "issuer_name" | "issuer_url" | "issuer_email">,
  urls: Urls,
): EndorserProfile {
  return {
    "@context": OPEN_BADGES_V2,
    type: "Issuer",
    id: urls.endorsementIssuer(endorsement.id),
    name: endorsement.issuer_name,
    url: endorsement.issuer_url,
    email: endorsement.issuer_email,
  };
}
