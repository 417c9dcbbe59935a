// Fixed rows, every field set that a document can say something of: what the golden documents are made from.

import type { Endorsement } from "../../src/db/badges.ts";
import type { AlignmentFields } from "../../src/obv2/alignment.ts";
import type { AssertionFields } from "../../src/obv2/assertion.ts";
import type { BadgeClassParts, BadgeFields } from "../../src/obv2/badge-class.ts";
import type { ProfileFields } from "../../src/obv2/profile.ts";
import { urls } from "../../src/urls.ts";

export const URLS = urls("https://badges.example.org");

const id = (n: number) => `01a10738-b7c0-7000-8000-${String(n).padStart(12, "0")}`;
export const HASH = "00112233445566778899aabbccddeeff00112233";

export const ORGANIZATION: ProfileFields = {
  id: id(1),
  name: "Northside Peer Mentors",
  url: "https://northside.example",
  email: "badges@northside.example",
  language: "en",
  description: "Students who mentor students, in four cities.",
  telephone: "+16175551212",
  image_id: id(2),
  verification_starts_with: "https://badges.example.org/ob/v2/assertions/",
  verification_allowed_origins: ["assertions.example.net"],
};

/** Nothing set that may be left out. */
export const BARE_ORGANIZATION: ProfileFields = {
  ...ORGANIZATION,
  description: null,
  telephone: null,
  image_id: null,
  verification_starts_with: null,
  verification_allowed_origins: null,
};

export const BADGE: BadgeFields = {
  id: id(3),
  organization_id: id(1),
  name: "Streak Champion",
  description: "Ran mentoring sessions in twelve consecutive weeks.",
  language: "en-US",
  version: "2",
  criteria_narrative: "Run a session in each of **twelve** weeks.",
  tags: ["mentoring", "streak"],
  image_caption: "A flame in a circle",
  image_author_name: "Ada Ellis",
  image_author_email: "ada@example.net",
  image_author_url: "https://ada.example.net",
};

export const BARE_BADGE: BadgeFields = {
  ...BADGE,
  criteria_narrative: "",
  tags: [],
  image_caption: null,
  image_author_name: null,
  image_author_email: null,
  image_author_url: null,
};

export const ALIGNMENT: AlignmentFields = {
  id: id(4),
  target_name: "Leads and supports others",
  target_url: "https://skills.example/v2/leads",
  target_description: "Takes responsibility for how others learn.",
  target_framework: "Volunteer Skills Framework",
  target_code: "V2.1",
};

export const BARE_ALIGNMENT: AlignmentFields = {
  id: id(5),
  target_name: "Keeps at it",
  target_url: "https://skills.example/v2/keeps",
  target_description: null,
  target_framework: null,
  target_code: null,
};

export const PARTS: BadgeClassParts = {
  alignments: [ALIGNMENT, BARE_ALIGNMENT],
  related: [{ id: id(6), version: "1", language: "de" }],
  endorsements: [id(7)],
};

export const NO_PARTS: BadgeClassParts = { alignments: [], related: [], endorsements: [] };

export const ENDORSEMENT: Endorsement = {
  id: id(7),
  badge_id: id(3),
  issuer_name: "City Youth Council",
  issuer_url: "https://council.example",
  issuer_email: "badges@council.example",
  claim_id: URLS.badgeClass(id(3)),
  claim_comment: "We know how much work this is.",
  date_issued: Date.UTC(2026, 7, 25),
  revoked_at: null,
};

export const AWARD: AssertionFields & { readonly revocation_reason: string | null } = {
  unique_hash: HASH,
  badge_id: id(3),
  awarded_at: Date.UTC(2026, 9, 4, 14, 2, 0),
  date_expire: Date.UTC(2027, 9, 4, 14, 2, 0, 250),
  recipient_type: "email",
  recipient_identity: "nobody@example.org",
  recipient_salt: "00112233445566778899aabbccddeeff",
  narrative: "Ran a session *every* week.",
  evidence: [
    {
      id: "https://northside.example/notes/kim",
      name: "Coordinator’s note",
      description: "A page on the twelve sessions.",
      narrative: "Planned each session.",
      genre: "Report",
      audience: "members",
    },
    { narrative: "Seen by two coordinators." },
  ],
  revocation_reason: "Awarded by mistake",
};

export const BARE_AWARD: typeof AWARD = {
  ...AWARD,
  date_expire: null,
  narrative: null,
  evidence: null,
  revocation_reason: null,
};

/** A key that signs nothing here: what its documents say of it. */
export const KEY = {
  id: "01a10738-b7c0-7000-8000-0000000000c1",
  organization_id: ORGANIZATION.id,
  public_pem: "-----BEGIN PUBLIC KEY-----\nMIIBIjAN\n-----END PUBLIC KEY-----\n",
  revocation_reason: null,
};
export const RETIRED_KEY_ID = "01a10738-b7c0-7000-8000-0000000000c0";
