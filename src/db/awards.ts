// Awards: a badge awarded to a person, and the serialised assertion that is served for it.
import { and, asc, desc, eq, gt, isNotNull, isNull, lte, or, type SQL, sql } from "drizzle-orm";
import {
  type AnySQLiteColumn,
  check,
  index,
  integer,
  sqliteTable,
  text,
  uniqueIndex,
} from "drizzle-orm/sqlite-core";
import { badges } from "./badges.ts";
import { createdAt, flag, id, json, time } from "./columns.ts";
import type { Database } from "./database.ts";
import type { FormPieces } from "./hosted-form.ts";
import { type IdentityType, identities, organizations, users } from "./organizations.ts";
import { prepared } from "./prepared.ts";

export const AWARDED_BY = ["system", "coordinator", "admin"] as const;
export type AwardedBy = (typeof AWARDED_BY)[number];

export type ClaimState = "unclaimed" | "claimed" | "declined";

/** OB 2.0 Evidence; every member optional, at least `id` or `narrative` present. */
export interface EvidenceItem {
  readonly id?: string;
  readonly name?: string;
  readonly description?: string;
  readonly narrative?: string;
  readonly genre?: string;
  readonly audience?: string;
}

export const awards = sqliteTable(
  "badge_issues",
  {
    id: id(),
    /** 40 hex characters from a secure source: the award's public id, for ever. */
    unique_hash: text().notNull(),
    badge_id: text()
      .notNull()
      .references(() => badges.id),
    user_id: text()
      .notNull()
      .references(() => users.id),
    organization_id: text()
      .notNull()
      .references(() => organizations.id),
    /** `once`, `t<tier>` or `r<ordinal>`: what makes a second award of the same a duplicate. */
    award_slot: text().notNull(),
    awarded_at: time().notNull(),
    date_issued: time().generatedAlwaysAs(sql`awarded_at`, { mode: "virtual" }),
    date_expire: time(),
    awarded_by: text().$type<AwardedBy>().notNull(),
    awarded_by_user_id: text().references(() => users.id),
    tier_level: integer(),
    progress_snapshot: json<Record<string, unknown>>(),
    evidence: json<EvidenceItem[]>(),
    narrative: text(),
    visible: flag().notNull().default(true),
    is_visible: flag().generatedAlwaysAs(sql`visible`, { mode: "virtual" }),
    claim_state: text().$type<ClaimState>().notNull().default("unclaimed"),
    claimed_at: time(),
    revoked_at: time(),
    revocation_reason: text(),
    /** Revoked, and not to come back by a rule: only by somebody who awards or vouches anew. */
    is_withheld: flag().notNull().default(false),
    /** The award that replaced this one. */
    superseded_by: text().references((): AnySQLiteColumn => awards.id),
    notification_sent: flag().notNull().default(false),
    issuer_notified: time(),
    /** The identity it was made out to, as it was then. */
    recipient_identity_id: text()
      .notNull()
      .references(() => identities.id),
    recipient_type: text().$type<IdentityType>().notNull(),
    recipient_identity: text().notNull(),
    recipient_salt: text().notNull(),
    recipient_name: text(),
    /** Goes up by one with every change: a writer that read an older one can tell. */
    revision: integer().notNull().default(1),
    created_at: createdAt(),
    updated_at: time().notNull(),
  },
  (t) => [
    uniqueIndex("idx_user_badges_unique_hash").on(t.unique_hash),
    uniqueIndex("idx_user_badges_award_slot")
      .on(t.user_id, t.badge_id, t.organization_id, t.award_slot)
      .where(sql`revoked_at is null`),
    index("idx_user_badges_user_id").on(t.user_id),
    index("idx_user_badges_badge_id").on(t.badge_id),
    index("idx_user_badges_user_badge_org").on(t.user_id, t.badge_id, t.organization_id),
    index("idx_user_badges_org_id").on(t.organization_id),
    index("idx_user_badges_awarded_at").on(t.awarded_at),
    index("idx_user_badges_notification_sent").on(t.notification_sent),
    index("idx_user_badges_date_expire")
      .on(t.date_expire, t.id)
      .where(sql`date_expire is not null and revoked_at is null`),
    index("idx_user_badges_revoked")
      .on(t.organization_id, t.revoked_at, t.id)
      .where(sql`revoked_at is not null`),
    // What an organization has to renew, the next first.
    index("idx_user_badges_to_renew")
      .on(t.organization_id, t.date_expire, t.id)
      .where(sql`date_expire is not null and revoked_at is null and superseded_by is null`),
    index("idx_user_badges_badge_revoked").on(t.badge_id).where(sql`revoked_at is not null`),
    index("idx_user_badges_superseded_by")
      .on(t.superseded_by)
      .where(sql`superseded_by is not null`),
    // What somebody must look at: declined by its recipient, and not dealt with yet.
    index("idx_user_badges_declined")
      .on(t.organization_id, t.id)
      .where(sql`claim_state = 'declined' and revoked_at is null`),
    check("tier_level_positive_integer", sql`tier_level is null or tier_level >= 1`),
    check("awarded_by_valid_enum", sql`awarded_by in ('system', 'coordinator', 'admin')`),
    check(
      "progress_snapshot_valid_json",
      sql`progress_snapshot is null or json_valid(progress_snapshot)`,
    ),
  ],
);

/**
 * What the Assertions of a badge have in common, written down once: their text with holes. Triggers
 * see to it that a form is neither changed nor removed, so whoever has read one may keep it for ever.
 */
export const assertionForms = sqliteTable(
  "assertion_forms",
  {
    id: integer().primaryKey(),
    /** The public address it was written for; another one makes what has this form unusable. */
    base: text().notNull(),
    pieces: json<FormPieces>().notNull(),
  },
  (t) => [uniqueIndex("idx_assertion_forms_text").on(t.base, t.pieces)],
);

/**
 * The Assertion of a valid award as it is sent, so that serving it is one look-up of a short row.
 * A trigger drops the row with any change to its award: what is here is never older than the award.
 */
export const hostedAssertions = sqliteTable("hosted_assertions", {
  /**
   * `hostedKey` of the hash: one short walk where a text key takes two long ones. Two hashes of one
   * key, which a million awards have a chance of one in ten thousand to hold, cost the second one
   * its place here and nothing else: it is built each time.
   */
  key: integer().primaryKey(),
  unique_hash: text().notNull(),
  form_id: integer()
    .notNull()
    .references(() => assertionForms.id),
  /** A strong entity tag, quotes included. */
  etag: text().notNull(),
  /** What fills the holes of the form, one after the other. */
  own: text().notNull(),
});

export type Award = typeof awards.$inferSelect;

/** The Assertion of an award as it is sent. */
export interface HostedAssertion {
  readonly unique_hash: string;
  /** The public address it was written for; another one makes it unusable. */
  readonly base: string;
  /** A strong entity tag, quotes included. */
  readonly etag: string;
  readonly body: string;
}

/** By its id or by its hash, whichever the caller has. */
export async function findAward(
  db: Database,
  organizationId: string,
  idOrHash: string,
): Promise<Award | null> {
  const rows = await db.orm
    .select()
    .from(awards)
    .where(
      and(
        eq(awards.organization_id, organizationId),
        or(eq(awards.id, idOrHash), eq(awards.unique_hash, idOrHash)),
      ),
    )
    .limit(1);
  return rows[0] ?? null;
}

/** By its id, of whatever organization: for who shows that they were given it. */
export async function findAwardById(db: Database, awardId: string): Promise<Award | null> {
  const rows = await db.orm.select().from(awards).where(eq(awards.id, awardId)).limit(1);
  return rows[0] ?? null;
}

const held = prepared((db) =>
  db.orm
    .select()
    .from(awards)
    .where(
      and(
        eq(awards.user_id, sql.placeholder("userId")),
        eq(awards.badge_id, sql.placeholder("badgeId")),
        eq(awards.organization_id, sql.placeholder("organizationId")),
        isNull(awards.revoked_at),
      ),
    )
    .orderBy(desc(awards.tier_level), asc(awards.id))
    .prepare(),
);

/** What a person holds of a badge: not what was revoked. Highest tier first, then the oldest. */
export function heldAwards(
  db: Database,
  organizationId: string,
  badgeId: string,
  userId: string,
): Promise<Award[]> {
  return held(db).all({ organizationId, badgeId, userId });
}

/**
 * Whose award it is, as a check of rows that another column finds. The plus sign keeps the planner
 * off the index on the organization, which it else takes, and reads a million rows, whatever the
 * other column is.
 */
function ownedBy(organizationId: string): SQL {
  return sql`+${awards.organization_id} = ${organizationId}`;
}

/** Whether anyone was ever awarded the badge, revoked awards included. */
export async function wasAwarded(
  db: Database,
  organizationId: string,
  badgeId: string,
): Promise<boolean> {
  const rows = await db.orm
    .select({ id: awards.id })
    .from(awards)
    .where(and(ownedBy(organizationId), eq(awards.badge_id, badgeId)))
    .limit(1);
  return rows.length > 0;
}

export const AWARD_STATUSES = ["valid", "expired", "revoked"] as const;
export type AwardStatus = (typeof AWARD_STATUSES)[number];

function hasStatus(status: AwardStatus, now: number): SQL | undefined {
  if (status === "revoked") return isNotNull(awards.revoked_at);
  const dated =
    status === "expired"
      ? lte(awards.date_expire, now)
      : or(isNull(awards.date_expire), gt(awards.date_expire, now));
  return and(isNull(awards.revoked_at), dated);
}

export interface AwardFilter {
  readonly badge?: string;
  readonly user?: string;
  readonly status?: AwardStatus;
}

/** Rows lie in the order they were written in, in every index too: a page is read, not sorted. */
const WRITTEN = sql`${awards}.rowid`;

/**
 * One row more than a page holds, the last written first, from before the one with the id `cursor`.
 * `now` tells valid from expired.
 */
export function listAwards(
  db: Database,
  organizationId: string,
  filter: AwardFilter,
  page: { readonly limit: number; readonly cursor?: string | undefined },
  now: number,
): Promise<Award[]> {
  const isNarrow = filter.badge !== undefined || filter.user !== undefined;
  return db.orm
    .select()
    .from(awards)
    .where(
      and(
        isNarrow ? ownedBy(organizationId) : eq(awards.organization_id, organizationId),
        filter.badge === undefined ? undefined : eq(awards.badge_id, filter.badge),
        filter.user === undefined ? undefined : eq(awards.user_id, filter.user),
        filter.status === undefined ? undefined : hasStatus(filter.status, now),
        page.cursor === undefined ? undefined : writtenBefore(page.cursor),
      ),
    )
    .orderBy(desc(WRITTEN))
    .limit(page.limit + 1);
}

function writtenBefore(id: string): SQL {
  return sql`${WRITTEN} < (select cursor.rowid from ${awards} cursor where cursor.id = ${id})`;
}
