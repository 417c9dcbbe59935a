// Claim codes: who has one may claim the badge for themselves.

import { sql } from "drizzle-orm";
import {
  check,
  index,
  integer,
  primaryKey,
  sqliteTable,
  text,
  uniqueIndex,
} from "drizzle-orm/sqlite-core";
import { awards } from "./awards.ts";
import { badges } from "./badges.ts";
import { createdAt, id, time } from "./columns.ts";
import { organizations, users } from "./organizations.ts";

export const claimCodes = sqliteTable(
  "claim_codes",
  {
    id: id(),
    organization_id: text()
      .notNull()
      .references(() => organizations.id),
    badge_id: text()
      .notNull()
      .references(() => badges.id),
    /** SHA-256 of the code, which is shown once. */
    code_hash: text().notNull(),
    /** Its last characters, so that a person can tell codes apart. */
    hint: text().notNull(),
    label: text().notNull().default(""),
    /** Null means without limit. */
    max_claims: integer(),
    claims: integer().notNull().default(0),
    expires_at: time(),
    revoked_at: time(),
    created_by_id: text().references(() => users.id),
    created_at: createdAt(),
  },
  (t) => [
    uniqueIndex("idx_claim_codes_hash").on(t.code_hash),
    index("idx_claim_codes_organization").on(t.organization_id, t.id),
    // What no statement may overrun, however many claim at once.
    check("claims_within_limit", sql`max_claims is null or claims <= max_claims`),
  ],
);

export const claims = sqliteTable(
  "claims",
  {
    claim_code_id: text()
      .notNull()
      .references(() => claimCodes.id),
    user_id: text()
      .notNull()
      .references(() => users.id),
    award_id: text()
      .notNull()
      .references(() => awards.id),
    claimed_at: time().notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.claim_code_id, t.user_id] }),
    index("idx_claims_award").on(t.award_id),
  ],
);

export type ClaimCode = typeof claimCodes.$inferSelect;
