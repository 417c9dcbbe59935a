// Endorsement: a third party's word for something, in that party's own name.
import type { Node } from "../contexts/expand.ts";
import { isRevoked } from "./assertion.ts";
import { isHttpUrl, type Reader, show } from "./reader.ts";
import { CLASS } from "./vocabulary.ts";

export interface Endorsement {
  readonly id: string | null;
  /** Id of what is endorsed. */
  readonly claim: string | null;
  readonly comment: string | null;
  readonly issuer: Node | null;
  readonly issuedOn: number | null;
  readonly verification: "hosted" | "signed" | null;
  /** Address of the key that signed, where one is named. */
  readonly creator: string | null;
  readonly revoked: boolean;
}

/** Reads an Endorsement (Open Badges 2.0, section Endorsement; OB20-N-01 and N-02). */
export function readEndorsement(reader: Reader): Endorsement {
  const revoked = isRevoked(reader);
  reader.type([CLASS.Endorsement], "Endorsement");
  const claim = reader.reference("claim", !revoked);
  if (claim !== null && claim.id === null) reader.inside(claim, "claim").missing("id");
  const verification = reader.object("verification", !revoked);
  const types = verification?.types ?? [];
  const hosted = types.includes(CLASS.HostedBadge);
  const signed = types.includes(CLASS.SignedBadge);
  if (verification !== null && hosted === signed) {
    const words = "The endorsement does not say whether it is hosted or signed.";
    reader.fault("verification-type-unknown", "verification.type", words);
  }
  const creator = verification && reader.inside(verification, "verification").reference("creator");
  if (creator && (creator.properties.size > 0 || !isHttpUrl(creator.id ?? ""))) {
    const words = "The key must be named by its web address; one that comes along proves nothing.";
    reader.fault("property-invalid", "verification.creator", words, show(creator), "a web address");
  }
  return {
    id: reader.id(),
    claim: claim?.id ?? null,
    comment: claim && reader.inside(claim, "claim").text("endorsementComment"),
    issuer: reader.reference("issuer", true),
    issuedOn: reader.dateTime("issuedOn", !revoked),
    verification: hosted === signed ? null : hosted ? "hosted" : "signed",
    creator: creator?.id ?? null,
    revoked,
  };
}
