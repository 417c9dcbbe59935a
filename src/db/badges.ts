// Badges (the definitions an organization owns) with their tiers, alignments, relations, endorsements.
import { and, desc, eq, lt, ne, sql } from "drizzle-orm";
import {
  type AnySQLiteColumn,
  check,
  index,
  integer,
  primaryKey,
  sqliteTable,
  text,
  uniqueIndex,
} from "drizzle-orm/sqlite-core";
import { createdAt, flag, id, json, time } from "./columns.ts";
import type { Database } from "./database.ts";
import { type ImageMediaType, images, imageVariants } from "./images.ts";
import { organizations, users } from "./organizations.ts";
import { prepared } from "./prepared.ts";

/** In the order of the numbers 0 to 4 that other systems store. */
export const BADGE_STATUSES = [
  "inactive",
  "active",
  "active_locked",
  "inactive_locked",
  "archived",
] as const;
export type BadgeStatus = (typeof BADGE_STATUSES)[number];

export const BADGE_CATEGORIES = ["activity_milestone", "recognition", "certification"] as const;
export type BadgeCategory = (typeof BADGE_CATEGORIES)[number];

export const TRIGGER_TYPES = ["auto", "coordinator_nomination"] as const;
export type TriggerType = (typeof TRIGGER_TYPES)[number];

export const CRITERIA_TYPES = [
  "activity_count",
  "streak_length",
  "training_completion",
  "recruiting_milestone",
] as const;
export type CriteriaType = (typeof CRITERIA_TYPES)[number];

/** How a badge's picture is drawn, where somebody chose; null for what its name and category choose. */
export interface BadgeArt {
  readonly shape: string | null;
  /** `#rrggbb` */
  readonly colour: string | null;
}

export interface TriggerCondition {
  readonly metric: string;
  readonly threshold: number;
  readonly window: string | null;
}

export const badges = sqliteTable(
  "badges",
  {
    id: id(),
    organization_id: text()
      .notNull()
      .references(() => organizations.id),
    /** The member who made it; null when a key or the system did. */
    user_id: text().references(() => users.id),
    name: text().notNull(),
    description: text().notNull(),
    status: text().$type<BadgeStatus>().notNull().default("inactive"),
    is_active: flag().generatedAlwaysAs(sql`status in ('active', 'active_locked')`, {
      mode: "virtual",
    }),
    is_enabled: flag().generatedAlwaysAs(sql`status in ('active', 'active_locked')`, {
      mode: "virtual",
    }),
    /** 1 site, 2 course. */
    type: integer().$type<1 | 2>().notNull().default(1),
    course_id: text(),
    category: text().$type<BadgeCategory>().notNull().default("recognition"),
    sort_order: integer().notNull().default(0),
    is_visible_when_locked: flag().notNull().default(true),
    eligibility_roles: json<string[]>().notNull(),
    /** Null means without limit. */
    max_awards_per_user: integer(),
    trigger_type: text().$type<TriggerType>().notNull().default("coordinator_nomination"),
    trigger_condition_json: json<TriggerCondition>(),
    criteria_type: text().$type<CriteriaType>(),
    criteria_value: integer(),
    /** What must be done, in words; Markdown. Published as the Criteria's narrative. */
    criteria_narrative: text().notNull(),
    tags: json<string[]>().notNull(),
    /** BCP 47. */
    language: text().notNull().default("en"),
    version: text().notNull().default("1"),
    /** The version this one replaced. */
    previous_version_id: text().references((): AnySQLiteColumn => badges.id),
    /** Milliseconds since 1970; at most one of the two is set. */
    expire_date: time(),
    /** Seconds after the award. */
    expire_period: integer(),
    /** Whether who holds an expired award may be awarded it anew; that renews it. */
    is_renewable: flag().notNull().default(false),
    image_id: text().references(() => images.id),
    asset_url: text(),
    icon_key: text(),
    /** Null where its picture was not drawn to a design. */
    art: json<BadgeArt>(),
    image_author_name: text(),
    image_author_email: text(),
    image_author_url: text(),
    image_caption: text(),
    /** Who issues, where it is not the organization's own name. */
    issuer_name: text(),
    issuer_url: text(),
    issuer_contact: text(),
    message: text().notNull().default(""),
    message_subject: text().notNull().default(""),
    /** Attach the baked badge to the recipient's mail. */
    attachment: flag().notNull().default(true),
    /** How often the creator is told: 0 never, 1 each, 2 daily, 3 weekly, 4 monthly. */
    notification: integer().notNull().default(0),
    next_cron: time(),
    created_at: createdAt(),
    updated_at: time().notNull(),
  },
  (t) => [
    index("idx_badge_organization_id").on(t.organization_id),
    index("idx_badge_category").on(t.category),
    index("idx_badge_organization_category").on(t.organization_id, t.category),
    index("idx_badge_trigger_type").on(t.trigger_type),
    index("idx_badge_organization_active").on(t.organization_id, t.is_active),
    index("idx_badge_definition_org_id").on(t.organization_id),
    index("idx_badge_definition_org_enabled").on(t.organization_id, t.is_enabled),
    index("idx_badge_definition_org_criteria").on(t.organization_id, t.criteria_type),
    index("idx_badge_previous_version")
      .on(t.previous_version_id)
      .where(sql`previous_version_id is not null`),
    uniqueIndex("idx_badge_definition_org_name")
      .on(t.organization_id, t.name)
      .where(sql`status <> 'archived'`),
    index("idx_badge_next_cron").on(t.next_cron).where(sql`next_cron is not null`),
    check(
      "max_awards_positive_integer",
      sql`max_awards_per_user is null or max_awards_per_user >= 1`,
    ),
    check("sort_order_non_negative", sql`sort_order >= 0`),
    check("criteria_value_min_one", sql`criteria_value is null or criteria_value >= 1`),
  ],
);

export const badgeTiers = sqliteTable(
  "badge_tiers",
  {
    badge_id: text()
      .notNull()
      .references(() => badges.id),
    /** 1 is bronze. */
    level: integer().notNull(),
    name: text().notNull(),
    threshold: integer(),
  },
  (t) => [primaryKey({ columns: [t.badge_id, t.level] })],
);

export const badgeAlignments = sqliteTable(
  "badge_alignments",
  {
    id: id(),
    badge_id: text()
      .notNull()
      .references(() => badges.id),
    target_name: text().notNull(),
    target_url: text().notNull(),
    target_code: text(),
    target_description: text(),
    target_framework: text(),
  },
  (t) => [index("idx_badge_alignments_badge").on(t.badge_id)],
);

/** Read from both sides: a relation has no direction. */
export const badgeRelateds = sqliteTable(
  "badge_relateds",
  {
    id: id(),
    badge_id: text()
      .notNull()
      .references(() => badges.id),
    related_badge_id: text()
      .notNull()
      .references(() => badges.id),
  },
  (t) => [
    uniqueIndex("idx_badge_relateds_pair").on(t.badge_id, t.related_badge_id),
    index("idx_badge_relateds_related").on(t.related_badge_id),
  ],
);

/** Another organization's word for a badge; at most one a badge. */
export const badgeEndorsements = sqliteTable(
  "badge_endorsements",
  {
    id: id(),
    badge_id: text()
      .notNull()
      .references(() => badges.id),
    issuer_name: text().notNull(),
    issuer_url: text().notNull(),
    issuer_email: text().notNull(),
    /** The address of what is endorsed. */
    claim_id: text().notNull(),
    claim_comment: text().notNull().default(""),
    date_issued: time().notNull(),
    /** Withdrawn: the document answers 410 from then on. */
    revoked_at: time(),
  },
  (t) => [uniqueIndex("idx_badge_endorsements_badge").on(t.badge_id)],
);

export type Badge = typeof badges.$inferSelect;
export type BadgeTier = typeof badgeTiers.$inferSelect;
export type Alignment = typeof badgeAlignments.$inferSelect;
export type RelatedBadge = typeof badgeRelateds.$inferSelect;
export type Endorsement = typeof badgeEndorsements.$inferSelect;

export async function findBadge(
  db: Database,
  organizationId: string,
  id: string,
): Promise<Badge | null> {
  const rows = await db.orm
    .select()
    .from(badges)
    .where(and(eq(badges.organization_id, organizationId), eq(badges.id, id)))
    .limit(1);
  return rows[0] ?? null;
}

/** What awarding a badge depends on, in one read. */
export interface AwardableBadge {
  readonly badge: Badge;
  readonly tierLevels: readonly number[];
  /** Of the picture it refers to; null where it refers to none. */
  readonly picture: { readonly media_type: ImageMediaType; readonly hasPngTwin: boolean } | null;
}

const awardable = prepared((db) =>
  db.orm
    .select({
      badge: badges,
      media_type: images.media_type,
      hasPngTwin: sql<number>`exists (select 1 from ${imageVariants}
        where ${imageVariants.source_sha256} = ${images.sha256}
        and ${imageVariants.width} = ${sql.placeholder("twinWidth")})`,
      tierLevels: sql<string>`(select json_group_array(${badgeTiers.level}) from ${badgeTiers}
        where ${badgeTiers.badge_id} = ${badges.id})`,
    })
    .from(badges)
    .leftJoin(images, eq(images.id, badges.image_id))
    .where(
      and(
        eq(badges.organization_id, sql.placeholder("organizationId")),
        eq(badges.id, sql.placeholder("id")),
      ),
    )
    .limit(1)
    .prepare(),
);

/** `twinWidth` as PNGs made of a picture are stored with. */
export async function findAwardableBadge(
  db: Database,
  organizationId: string,
  id: string,
  twinWidth: number,
): Promise<AwardableBadge | null> {
  const [row] = await awardable(db).all({ organizationId, id, twinWidth });
  if (row === undefined) return null;
  const { badge, media_type, hasPngTwin, tierLevels } = row;
  return {
    badge,
    tierLevels: JSON.parse(tierLevels) as number[],
    picture: media_type === null ? null : { media_type, hasPngTwin: Number(hasPngTwin) === 1 },
  };
}

/** The one badge that holds a name: archived ones have given theirs up. */
export async function findBadgeByName(
  db: Database,
  organizationId: string,
  name: string,
): Promise<Badge | null> {
  const rows = await db.orm
    .select()
    .from(badges)
    .where(
      and(
        eq(badges.organization_id, organizationId),
        eq(badges.name, name),
        ne(badges.status, "archived"),
      ),
    )
    .limit(1);
  return rows[0] ?? null;
}

/** Whether a badge replaced this one. */
export async function hasLaterVersion(
  db: Database,
  organizationId: string,
  id: string,
): Promise<boolean> {
  const rows = await db.orm
    .select({ id: badges.id })
    .from(badges)
    .where(and(eq(badges.organization_id, organizationId), eq(badges.previous_version_id, id)))
    .limit(1);
  return rows.length > 0;
}

export interface BadgeFilter {
  readonly status?: BadgeStatus;
  readonly category?: BadgeCategory;
  /** The exact name. */
  readonly name?: string;
}

/** One row more than a page holds, newest first, below `cursor`. */
export function listBadges(
  db: Database,
  organizationId: string,
  filter: BadgeFilter,
  page: { readonly limit: number; readonly cursor?: string | undefined },
): Promise<Badge[]> {
  return db.orm
    .select()
    .from(badges)
    .where(
      and(
        eq(badges.organization_id, organizationId),
        filter.status === undefined ? undefined : eq(badges.status, filter.status),
        filter.category === undefined ? undefined : eq(badges.category, filter.category),
        filter.name === undefined ? undefined : eq(badges.name, filter.name),
        page.cursor === undefined ? undefined : lt(badges.id, page.cursor),
      ),
    )
    .orderBy(desc(badges.id))
    .limit(page.limit + 1);
}
