// Nominations: somebody with a role asks that a badge be awarded to somebody, and somebody decides.
import { and, desc, eq, inArray, lt, or, sql } from "drizzle-orm";
import { index, sqliteTable, text, uniqueIndex } from "drizzle-orm/sqlite-core";
import { awards, type EvidenceItem } from "./awards.ts";
import { badges } from "./badges.ts";
import { createdAt, id, json, time } from "./columns.ts";
import type { Database } from "./database.ts";
import { organizations, users } from "./organizations.ts";

export const NOMINATION_STATES = ["pending", "approved", "declined", "withdrawn"] as const;
export type NominationState = (typeof NOMINATION_STATES)[number];

export const nominations = sqliteTable(
  "nominations",
  {
    id: id(),
    organization_id: text()
      .notNull()
      .references(() => organizations.id),
    badge_id: text()
      .notNull()
      .references(() => badges.id),
    /** Who is to get it. */
    nominee_id: text()
      .notNull()
      .references(() => users.id),
    /** Null where a program asked for nobody in particular. */
    nominator_id: text().references(() => users.id),
    /** Why, in the nominator's words. */
    reason: text().notNull(),
    evidence: json<EvidenceItem[]>(),
    state: text().$type<NominationState>().notNull().default("pending"),
    decided_by_id: text().references(() => users.id),
    decided_at: time(),
    /** What is said to the nominator. */
    decision_note: text(),
    /** What an approved one led to. */
    award_id: text().references(() => awards.id),
    created_at: createdAt(),
    updated_at: time().notNull(),
  },
  (t) => [
    uniqueIndex("idx_nominations_pending")
      .on(t.badge_id, t.nominee_id)
      .where(sql`state = 'pending'`),
    index("idx_nominations_organization").on(t.organization_id, t.state, t.id),
    index("idx_nominations_nominee").on(t.nominee_id),
    index("idx_nominations_award").on(t.award_id).where(sql`award_id is not null`),
  ],
);

export type Nomination = typeof nominations.$inferSelect;

/** Null for another organization's nomination, as for none. */
export async function findNomination(
  db: Database,
  organizationId: string,
  nominationId: string,
): Promise<Nomination | null> {
  const rows = await db.orm
    .select()
    .from(nominations)
    .where(and(eq(nominations.organization_id, organizationId), eq(nominations.id, nominationId)))
    .limit(1);
  return rows[0] ?? null;
}

/** The one that waits for a decision: there is no second one. */
export async function findPendingNomination(
  db: Database,
  badgeId: string,
  nomineeId: string,
): Promise<Nomination | null> {
  const rows = await db.orm
    .select()
    .from(nominations)
    .where(
      and(
        eq(nominations.badge_id, badgeId),
        eq(nominations.nominee_id, nomineeId),
        eq(nominations.state, "pending"),
      ),
    )
    .limit(1);
  return rows[0] ?? null;
}

export interface NominationFilter {
  readonly state?: NominationState | undefined;
  readonly badge?: string | undefined;
  /** The nominee's user id. */
  readonly user?: string | undefined;
  /** The nominator's user id. */
  readonly nominator?: string | undefined;
  /** Users rows of one person: only what they made, or are nominated in. */
  readonly of?: readonly string[] | undefined;
}

/** One row more than a page holds, newest first, below `cursor`. */
export function listNominations(
  db: Database,
  organizationId: string,
  { state, badge, user, nominator, of }: NominationFilter,
  page: { readonly limit: number; readonly cursor?: string | undefined },
): Promise<Nomination[]> {
  return db.orm
    .select()
    .from(nominations)
    .where(
      and(
        eq(nominations.organization_id, organizationId),
        state === undefined ? undefined : eq(nominations.state, state),
        badge === undefined ? undefined : eq(nominations.badge_id, badge),
        user === undefined ? undefined : eq(nominations.nominee_id, user),
        nominator === undefined ? undefined : eq(nominations.nominator_id, nominator),
        of === undefined
          ? undefined
          : or(
              inArray(nominations.nominee_id, [...of]),
              inArray(nominations.nominator_id, [...of]),
            ),
        page.cursor === undefined ? undefined : lt(nominations.id, page.cursor),
      ),
    )
    .orderBy(desc(nominations.id))
    .limit(page.limit + 1);
}
