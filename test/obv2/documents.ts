// Every document the room can make, full and bare, by a name that says which.
import { alignmentDocument, alignmentsDocument } from "../../src/obv2/alignment.ts";
import { assertionDocument, revokedAssertionDocument } from "../../src/obv2/assertion.ts";
import {
  badgeClassDocument,
  criteriaDocument,
  imageAuthorDocument,
} from "../../src/obv2/badge-class.ts";
import {
  endorsementDocument,
  endorserDocument,
  withdrawnEndorsementDocument,
} from "../../src/obv2/endorsement.ts";
import { profileDocument } from "../../src/obv2/profile.ts";
import { revocationListDocument } from "../../src/obv2/revocation-list.ts";
import {
  ALIGNMENT,
  AWARD,
  BADGE,
  BARE_ALIGNMENT,
  BARE_AWARD,
  BARE_BADGE,
  BARE_ORGANIZATION,
  ENDORSEMENT,
  NO_PARTS,
  ORGANIZATION,
  PARTS,
  URLS,
} from "./rows.ts";

const svg = { urls: URLS, bakedImage: "svg" } as const;

export const DOCUMENTS: Readonly<Record<string, object>> = {
  assertion: await assertionDocument(AWARD, { urls: URLS, bakedImage: "png" }),
  "assertion-bare": await assertionDocument(BARE_AWARD, svg),
  "assertion-revoked": revokedAssertionDocument(AWARD, URLS),
  "badge-class": badgeClassDocument(BADGE, PARTS, URLS),
  "badge-class-bare": badgeClassDocument(BARE_BADGE, NO_PARTS, URLS),
  criteria: criteriaDocument(BADGE, URLS),
  "image-author": imageAuthorDocument(BADGE, URLS) ?? {},
  issuer: profileDocument(ORGANIZATION, URLS),
  "issuer-bare": profileDocument(BARE_ORGANIZATION, URLS),
  alignment: alignmentDocument(ALIGNMENT, URLS),
  alignments: alignmentsDocument(BADGE, [ALIGNMENT, BARE_ALIGNMENT], URLS),
  endorsement: endorsementDocument(ENDORSEMENT, URLS),
  "endorsement-withdrawn": withdrawnEndorsementDocument(ENDORSEMENT, URLS),
  "endorsement-issuer": endorserDocument(ENDORSEMENT, URLS),
  "revocation-list": revocationListDocument(ORGANIZATION.id, [AWARD, BARE_AWARD], URLS),
};
