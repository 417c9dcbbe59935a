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
import { keyDocument, revokedKeyDocument } from "../../src/obv2/key.ts";
import { profileDocument } from "../../src/obv2/profile.ts";
import { revocationListDocument } from "../../src/obv2/revocation-list.ts";
import { signableAssertion } from "../../src/obv2/signed.ts";
import {
  ALIGNMENT,
  AWARD,
  BADGE,
  BARE_ALIGNMENT,
  BARE_AWARD,
  BARE_BADGE,
  BARE_ORGANIZATION,
  ENDORSEMENT,
  KEY,
  NO_PARTS,
  ORGANIZATION,
  PARTS,
  RETIRED_KEY_ID,
  URLS,
} from "./rows.ts";

const svg = { urls: URLS, bakedImage: "svg" } as const;

export const DOCUMENTS: Readonly<Record<string, object>> = {
  assertion: await assertionDocument(AWARD, { urls: URLS, bakedImage: "png" }),
  "assertion-bare": await assertionDocument(BARE_AWARD, svg),
  "assertion-revoked": revokedAssertionDocument(AWARD, URLS),
  "assertion-signed": await signableAssertion(AWARD, { urls: URLS, bakedImage: "png" }, KEY.id),
  "badge-class": badgeClassDocument(BADGE, PARTS, URLS),
  "badge-class-bare": badgeClassDocument(BARE_BADGE, NO_PARTS, URLS),
  criteria: criteriaDocument(BADGE, URLS),
  "image-author": imageAuthorDocument(BADGE, URLS) ?? {},
  issuer: profileDocument(ORGANIZATION, URLS),
  "issuer-bare": profileDocument(BARE_ORGANIZATION, URLS),
  "issuer-signing": profileDocument(ORGANIZATION, URLS, { current: KEY.id, retired: [] }),
  "issuer-rotated": profileDocument(ORGANIZATION, URLS, {
    current: KEY.id,
    retired: [RETIRED_KEY_ID],
  }),
  key: keyDocument(KEY, URLS),
  "key-revoked": revokedKeyDocument({ ...KEY, revocation_reason: "A backup was stolen." }, URLS),
  alignment: alignmentDocument(ALIGNMENT, URLS),
  alignments: alignmentsDocument(BADGE, [ALIGNMENT, BARE_ALIGNMENT], URLS),
  endorsement: endorsementDocument(ENDORSEMENT, URLS),
  "endorsement-withdrawn": withdrawnEndorsementDocument(ENDORSEMENT, URLS),
  "endorsement-issuer": endorserDocument(ENDORSEMENT, URLS),
  "revocation-list": revocationListDocument(ORGANIZATION.id, [AWARD, BARE_AWARD], URLS),
};
