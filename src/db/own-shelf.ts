// What a person holds and could still earn, for their own page and for the one they show to others.
import { and, desc, eq, isNotNull, type SQL, sql } from "drizzle-orm";
import { type Award, awards } from "./awards.ts";
import type { PictureRef } from "./badge-page.ts";
import { BADGE_CATEGORIES, type Badge, type BadgeCategory, badges, badgeTiers } from "./badges.ts";
import type { Database } from "./database.ts";
import { evaluations } from "./evaluations.ts";
import { images } from "./images.ts";
import { memberships, type Organization, organizations } from "./organizations.ts";
import { theirAwardRows } from "./theirs.ts";

/** A badge that a person holds, be it once or often. */
export interface OwnBadge {
  /** The highest tier, else the latest. */
  readonly award: Award;
  readonly badge: Badge;
  readonly organization: Organization;
  readonly picture: PictureRef | null;
  readonly tierName: string | null;
  /** Awards of it that stand. */
  readonly times: number;
  /** How many of them others see. */
  readonly shown: number;
}

export interface OwnFilter {
  /** Part of the badge's name, without regard to ASCII case. */
  readonly namePart?: string | undefined;
  readonly category?: BadgeCategory | undefined;
  /** `others` leaves out what the person hides; `hidden` is nothing but that. */
  readonly seen: "owner" | "others" | "hidden";
}

interface Page {
  readonly limit: number;
  readonly offset: number;
}

/** Categories in the order of their list. */
const RANK = sql<number>`case ${badges.category} ${sql.join(
  BADGE_CATEGORIES.map((category, i) => sql`when ${category} then ${i}`),
  sql` `,
)} else ${BADGE_CATEGORIES.length} end`;

const ORDER = sql`${RANK}, ${organizations.name}, ${badges.sort_order}, ${badges.id}`;

/** What stands of a person's awards: not what was revoked, replaced or declined. */
function standing(userId: string): SQL {
  return sql`rowid in ${theirAwardRows(userId)} and revoked_at is null and superseded_by is null
    and claim_state <> 'declined'`;
}

function named({ namePart, category }: Pick<OwnFilter, "namePart" | "category">): SQL | undefined {
  const pattern = `%${(namePart ?? "").replace(/[\\%_]/g, (sign) => `\\${sign}`)}%`;
  return and(
    sql`1`,
    namePart === undefined ? undefined : sql`${badges.name} like ${pattern} escape '\\'`,
    category === undefined ? undefined : eq(badges.category, category),
  );
}

const SEEN = {
  owner: sql`1`,
  others: sql`visible = 1`,
  hidden: sql`visible = 0`,
} as const;

/** Which award stands for each badge that is held, and of how many. */
function heldBadges(userId: string, seen: OwnFilter["seen"]): SQL {
  return sql`(select id, badge_id, organization_id, count(*) over held_badge as times,
      sum(visible) over held_badge as shown,
      row_number() over (partition by badge_id order by coalesce(tier_level, 0) desc, id desc) as place
    from badge_issues where ${standing(userId)} and ${SEEN[seen]}
    window held_badge as (partition by badge_id)) held`;
}

/**
 * One row more than a page holds, by category, then in each organization's own order. Of everything
 * that is held the order alone is made; what a page shows is read for its own rows.
 */
export async function listOwnBadges(
  db: Database,
  userId: string,
  filter: OwnFilter,
  { limit, offset }: Page,
): Promise<OwnBadge[]> {
  const page = sql`(select held.id, held.times, held.shown from ${heldBadges(userId, filter.seen)}
    join ${badges} on ${badges.id} = held.badge_id
    join ${organizations} on ${organizations.id} = held.organization_id
    where held.place = 1 and ${named(filter)} order by ${ORDER}
    limit ${limit + 1} offset ${offset}) held`;
  const rows = await db.orm
    .select({
      award: awards,
      badge: badges,
      organization: organizations,
      sha256: images.sha256,
      media_type: images.media_type,
      tierName: badgeTiers.name,
      times: sql<number>`held.times`,
      shown: sql<number>`held.shown`,
    })
    .from(page)
    .innerJoin(awards, sql`${awards.id} = held.id`)
    .innerJoin(badges, eq(badges.id, awards.badge_id))
    .innerJoin(organizations, eq(organizations.id, awards.organization_id))
    .leftJoin(images, eq(images.id, badges.image_id))
    .leftJoin(
      badgeTiers,
      and(eq(badgeTiers.badge_id, badges.id), eq(badgeTiers.level, awards.tier_level)),
    )
    .orderBy(ORDER);
  return rows.map(({ sha256, media_type, ...row }) => ({
    ...row,
    picture: sha256 === null || media_type === null ? null : { sha256, media_type },
  }));
}

/** How many badges a person holds, each counted once, and what waits for a word of theirs. */
export async function countOwn(
  db: Database,
  userId: string,
): Promise<{ readonly badges: number; readonly hidden: number; readonly unaccepted: number }> {
  const [row] = await db.orm
    .select({
      badges: sql<number>`count(distinct badge_id)`,
      hidden: sql<number>`coalesce(sum(visible = 0), 0)`,
      unaccepted: sql<number>`coalesce(sum(claim_state = 'unclaimed'), 0)`,
    })
    .from(sql`badge_issues`)
    .where(standing(userId));
  return row ?? { badges: 0, hidden: 0, unaccepted: 0 };
}

/** How many badges of a person others see, each counted once. */
export async function countOwnShown(db: Database, userId: string): Promise<number> {
  const [row] = await db.orm
    .select({ count: sql<number>`count(distinct badge_id)` })
    .from(sql`badge_issues`)
    .where(sql`${standing(userId)} and ${SEEN.others}`);
  return row?.count ?? 0;
}

export type OwnAward = Pick<OwnBadge, "award" | "badge" | "organization" | "picture">;

/** Awards that stand and that the person has not accepted yet, the last made first. */
export async function listUnaccepted(
  db: Database,
  userId: string,
  limit: number,
): Promise<OwnAward[]> {
  const rows = await db.orm
    .select({
      award: awards,
      badge: badges,
      organization: organizations,
      sha256: images.sha256,
      media_type: images.media_type,
    })
    .from(awards)
    .innerJoin(badges, eq(badges.id, awards.badge_id))
    .innerJoin(organizations, eq(organizations.id, awards.organization_id))
    .leftJoin(images, eq(images.id, badges.image_id))
    .where(
      sql`${awards.id} in (select id from badge_issues
        where ${standing(userId)} and claim_state = 'unclaimed')`,
    )
    .orderBy(desc(awards.id))
    .limit(limit);
  return rows.map(({ sha256, media_type, ...row }) => ({
    ...row,
    picture: sha256 === null || media_type === null ? null : { sha256, media_type },
  }));
}

/** Awards of one badge that stand and are the person's; `limit` at most. */
export function listOwnAwardsOf(
  db: Database,
  userId: string,
  badgeId: string,
  { visible }: Pick<Award, "visible">,
  limit: number,
): Promise<Award[]> {
  return db.orm
    .select()
    .from(awards)
    .where(
      sql`${awards.id} in (select id from badge_issues
        where ${standing(userId)} and badge_id = ${badgeId}
          and visible = ${visible ? 1 : 0})`,
    )
    .orderBy(desc(awards.id))
    .limit(limit);
}

/** Whether the person holds the badge at all, shown or hidden. */
export async function holdsAny(db: Database, userId: string, badgeId: string): Promise<boolean> {
  const [found] = await db.orm
    .select({ id: awards.id })
    .from(awards)
    .where(
      sql`${awards.id} in (select id from badge_issues
        where ${standing(userId)} and badge_id = ${badgeId})`,
    )
    .limit(1);
  return found !== undefined;
}

/** Whose locked badges are asked for: the account, and the users rows an organization knows it by. */
export interface KnownAs {
  readonly userId: string;
  readonly memberIds: readonly string[];
}

/**
 * Active badges of the organization that the person does not hold, may see before they do, and may
 * receive with one of their roles: one more than `limit`. What hides until it is earned is not here.
 */
export function listLocked(
  db: Database,
  organizationId: string,
  { userId, memberIds }: KnownAs,
  filter: Pick<OwnFilter, "namePart" | "category">,
  limit: number,
): Promise<Badge[]> {
  return db.orm
    .select()
    .from(badges)
    .where(
      and(
        eq(badges.organization_id, organizationId),
        eq(badges.is_active, true),
        eq(badges.is_visible_when_locked, true),
        sql`exists (select 1 from ${memberships}
          join json_each(${memberships.roles}) held
          join json_each(${badges.eligibility_roles}) allowed on allowed.value = held.value
          where ${memberships.organization_id} = ${organizationId}
          and ${memberships.user_id} in (select value from json_each(${JSON.stringify(memberIds)})))`,
        sql`${badges.id} not in (select badge_id from badge_issues where ${standing(userId)})`,
        named(filter),
      ),
    )
    .orderBy(RANK, badges.sort_order, badges.id)
    .limit(limit + 1);
}

/** When everybody of an organization was last looked at by the rules, in milliseconds; null for never. */
export async function lastEvaluated(db: Database, organizationId: string): Promise<number | null> {
  const rows = await db.orm
    .select({ at: evaluations.finished_at })
    .from(evaluations)
    .where(
      and(
        eq(evaluations.organization_id, organizationId),
        eq(evaluations.dry_run, false),
        isNotNull(evaluations.finished_at),
      ),
    )
    .orderBy(desc(evaluations.id))
    .limit(1);
  return rows[0]?.at ?? null;
}
