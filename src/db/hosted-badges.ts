// Rosette as a backpack: badges other issuers put here for a person, and the authorization server's records.
import { and, desc, eq, sql } from "drizzle-orm";
import { index, primaryKey, sqliteTable, text, uniqueIndex } from "drizzle-orm/sqlite-core";
import { createdAt, flag, id, json, time } from "./columns.ts";
import type { Database, Writable } from "./database.ts";
import { isBreach } from "./errors.ts";
import { identities, users } from "./organizations.ts";

/** A badge kept for a person: verified before it was kept, one row a person and assertion id. */
export const hostedBadges = sqliteTable(
  "hosted_badges",
  {
    id: id(),
    user_id: text()
      .notNull()
      .references(() => users.id),
    /** The assertion's id; with its issuer's after a blank where the id is only that one's word. */
    assertion_id: text().notNull(),
    /** As the issuer serves it, or as signed; with its badge class and issuer where these were loaded. */
    document: json<Record<string, unknown>>().notNull(),
    /** The compact JWS of a signed badge; null for a hosted one. */
    jws: text(),
    name: text(),
    issuer_name: text(),
    verdict: text().notNull(),
    verdict_detail: text(),
    /** The verified identity it is made out to. */
    identity_id: text()
      .notNull()
      .references(() => identities.id),
    /** Which client put it here. */
    client_id: text().notNull(),
    checked_at: time().notNull(),
    created_at: createdAt(),
    /** Newest first is the order of a list (OB 2.1, GET /assertions). */
    updated_at: time().notNull(),
  },
  (t) => [
    uniqueIndex("idx_hosted_badges_user_assertion").on(t.user_id, t.assertion_id),
    index("idx_hosted_badges_order").on(t.user_id, t.updated_at, t.id),
  ],
);

/** What the authorization server remembers: clients, codes, grants, tokens; ids as SHA-256 where they are secrets. */
export const authorizationRecords = sqliteTable(
  "authorization_records",
  {
    kind: text().notNull(),
    id: text().notNull(),
    payload: json<Record<string, unknown>>().notNull(),
    /** Sealed parts of the payload, a client's secret among them. */
    sealed: text(),
    grant_id: text(),
    uid: text(),
    user_id: text(),
    client_id: text(),
    consumed_at: time(),
    /** Set when a record was taken out of use before its end. */
    revoked: flag().notNull().default(false),
    expires_at: time(),
    created_at: createdAt(),
  },
  (t) => [
    primaryKey({ columns: [t.kind, t.id] }),
    index("idx_authorization_records_grant").on(t.grant_id),
    index("idx_authorization_records_uid").on(t.kind, t.uid),
    index("idx_authorization_records_user").on(t.user_id, t.kind),
    index("idx_authorization_records_expires").on(t.expires_at),
  ],
);

export type HostedBadge = typeof hostedBadges.$inferSelect;
export type AuthorizationRecord = typeof authorizationRecords.$inferSelect;

/** One badge kept for a person; null where there is none under that id. */
export async function findHostedBadge(
  db: Database,
  userId: string,
  assertionId: string,
): Promise<HostedBadge | null> {
  const rows = await db.orm
    .select()
    .from(hostedBadges)
    .where(and(eq(hostedBadges.user_id, userId), eq(hostedBadges.assertion_id, assertionId)))
    .limit(1);
  return rows[0] ?? null;
}

/** Where a list goes on: after the badge with these two. */
export interface HostedPage {
  readonly limit: number;
  readonly after?: Pick<HostedBadge, "updated_at" | "id"> | undefined;
}

/**
 * One row more than a page holds, the last updated first; revoked ones too. What was made out to an
 * address that the person has given up is nobody's until it is proven again.
 */
export function listHostedBadges(
  db: Database,
  userId: string,
  { limit, after }: HostedPage,
): Promise<HostedBadge[]> {
  const place = sql`(${hostedBadges.updated_at}, ${hostedBadges.id})`;
  const proven = sql`${hostedBadges.identity_id} in (select ${identities.id} from ${identities}
    where ${identities.user_id} = ${userId} and ${identities.verified_at} is not null)`;
  return db.orm
    .select()
    .from(hostedBadges)
    .where(
      and(
        eq(hostedBadges.user_id, userId),
        proven,
        after === undefined ? undefined : sql`${place} < (${after.updated_at}, ${after.id})`,
      ),
    )
    .orderBy(desc(hostedBadges.updated_at), desc(hostedBadges.id))
    .limit(limit + 1);
}

/**
 * Keeps a badge, or what is known of it now: one row a person and assertion id, however often and
 * by whomever it is sent. Each write is later than all before it of that person, so that the list
 * has one order. What was checked earlier never replaces what was checked later. One badge more than
 * `most` of a person refuses the batch (`isOverBadgeLimit`); what is kept already is never one more.
 */
export function keepHostedBadge(
  db: Database,
  badge: Omit<HostedBadge, "created_at">,
  most: number,
): Writable {
  const { updated_at: now, ...row } = badge;
  const later = sql`(select case
      when count(*) < ${most} or exists (select 1 from hosted_badges own
        where own.user_id = ${badge.user_id} and own.assertion_id = ${badge.assertion_id})
      then max(${now}, 1 + coalesce(max(kept.updated_at), 0)) end
    from hosted_badges kept where kept.user_id = ${badge.user_id})`;
  return db.orm
    .insert(hostedBadges)
    .values({ ...row, updated_at: later })
    .onConflictDoUpdate({
      target: [hostedBadges.user_id, hostedBadges.assertion_id],
      set: {
        document: sql`excluded.document`,
        jws: sql`excluded.jws`,
        name: sql`excluded.name`,
        issuer_name: sql`excluded.issuer_name`,
        verdict: sql`excluded.verdict`,
        verdict_detail: sql`excluded.verdict_detail`,
        identity_id: sql`excluded.identity_id`,
        client_id: sql`excluded.client_id`,
        checked_at: sql`excluded.checked_at`,
        updated_at: sql`excluded.updated_at`,
      },
      setWhere: sql`excluded.checked_at >= ${hostedBadges.checked_at}`,
    });
}

/** Whether a batch was undone because as many badges are kept for a person as may be. */
export function isOverBadgeLimit(error: unknown): boolean {
  return isBreach(error, "not_null", "hosted_badges.updated_at");
}
