// Claim codes: who has one may claim the badge for themselves.

import { and, desc, eq, lt, sql } from "drizzle-orm";
import {
  check,
  index,
  integer,
  primaryKey,
  sqliteTable,
  text,
  uniqueIndex,
} from "drizzle-orm/sqlite-core";
import { type Award, awards, findAward } from "./awards.ts";
import type { PictureRef } from "./badge-page.ts";
import { type Badge, badges } from "./badges.ts";
import { createdAt, id, time } from "./columns.ts";
import type { Database } from "./database.ts";
import { images } from "./images.ts";
import { type Organization, organizations, users } from "./organizations.ts";

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

/** A code, and what whoever has it may claim. */
export interface Claimable {
  readonly code: ClaimCode;
  readonly badge: Badge;
  readonly organization: Organization;
  /** Null where the badge has no picture in the registry. */
  readonly picture: PictureRef | null;
}

export async function findClaimable(db: Database, codeHash: string): Promise<Claimable | null> {
  const rows = await db.orm
    .select({
      code: claimCodes,
      badge: badges,
      organization: organizations,
      sha256: images.sha256,
      media_type: images.media_type,
    })
    .from(claimCodes)
    .innerJoin(badges, eq(badges.id, claimCodes.badge_id))
    .innerJoin(organizations, eq(organizations.id, claimCodes.organization_id))
    .leftJoin(images, eq(images.id, badges.image_id))
    .where(eq(claimCodes.code_hash, codeHash))
    .limit(1);
  const [row] = rows;
  if (row === undefined) return null;
  const { sha256, media_type, ...found } = row;
  return {
    ...found,
    picture: sha256 === null || media_type === null ? null : { sha256, media_type },
  };
}

/** As often as an award is corrected, and corrected again, before it is not followed any more. */
const MAX_CORRECTIONS = 20;

/** What a person claimed with a code, or what has replaced that since; null for nothing. */
export async function findClaimed(
  db: Database,
  codeId: string,
  userId: string,
): Promise<Award | null> {
  const rows = await db.orm
    .select({ award: awards })
    .from(claims)
    .innerJoin(awards, eq(awards.id, claims.award_id))
    .where(and(eq(claims.claim_code_id, codeId), eq(claims.user_id, userId)))
    .limit(1);
  let award = rows[0]?.award ?? null;
  for (let i = 0; award?.superseded_by && i < MAX_CORRECTIONS; i++) {
    award = (await findAward(db, award.organization_id, award.superseded_by)) ?? award;
  }
  return award;
}

export async function findClaimCode(
  db: Database,
  organizationId: string,
  badgeId: string,
  id: string,
): Promise<ClaimCode | null> {
  const rows = await db.orm
    .select()
    .from(claimCodes)
    .where(
      and(
        eq(claimCodes.organization_id, organizationId),
        eq(claimCodes.badge_id, badgeId),
        eq(claimCodes.id, id),
      ),
    )
    .limit(1);
  return rows[0] ?? null;
}

/** One row more than a page holds, newest first, below `cursor`. */
export function listClaimCodes(
  db: Database,
  organizationId: string,
  badgeId: string,
  page: { readonly limit: number; readonly cursor?: string | undefined },
): Promise<ClaimCode[]> {
  return db.orm
    .select()
    .from(claimCodes)
    .where(
      and(
        eq(claimCodes.organization_id, organizationId),
        eq(claimCodes.badge_id, badgeId),
        page.cursor === undefined ? undefined : lt(claimCodes.id, page.cursor),
      ),
    )
    .orderBy(desc(claimCodes.id))
    .limit(page.limit + 1);
}

export interface ListedCode {
  readonly code: ClaimCode;
  readonly badgeName: string;
  readonly badgeLanguage: string;
}

/** Of all badges, or of one: one row more than a page holds, newest first, below `cursor`. */
export function listCodesOf(
  db: Database,
  organizationId: string,
  badge: string | undefined,
  page: { readonly limit: number; readonly cursor?: string | undefined },
): Promise<ListedCode[]> {
  return db.orm
    .select({ code: claimCodes, badgeName: badges.name, badgeLanguage: badges.language })
    .from(claimCodes)
    .innerJoin(badges, eq(badges.id, claimCodes.badge_id))
    .where(
      and(
        eq(claimCodes.organization_id, organizationId),
        badge === undefined ? undefined : eq(claimCodes.badge_id, badge),
        page.cursor === undefined ? undefined : lt(claimCodes.id, page.cursor),
      ),
    )
    .orderBy(desc(claimCodes.id))
    .limit(page.limit + 1);
}
