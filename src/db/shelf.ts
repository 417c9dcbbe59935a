// What a person has and could have, as lists: the shelf, and what they achieved.
import { and, desc, eq, inArray, isNull, ne, or, type SQL, sql } from "drizzle-orm";
import { type Award, awards } from "./awards.ts";
import type { PictureRef } from "./badge-page.ts";
import { BADGE_CATEGORIES, type Badge, badges } from "./badges.ts";
import type { Database } from "./database.ts";
import { images } from "./images.ts";
import { memberships } from "./organizations.ts";

/** Who looks: the person, or anybody else, who sees what is shown and earned and nothing besides. */
export interface ShelfView {
  readonly userId: string;
  readonly others: boolean;
}

interface Page {
  readonly limit: number;
  /** An id, to go on after it: of a badge for the shelf, of an award for achievements. */
  readonly cursor?: string | undefined;
}

/** A badge on a shelf. */
export interface ShelfEntry {
  readonly badge: Badge;
  readonly picture: PictureRef | null;
  /** Of those the person holds the highest tier, else the latest; null while it is locked. */
  readonly award: Award | null;
}

/** An award with its badge. */
export interface Achievement extends ShelfEntry {
  readonly award: Award;
}

/** Categories in the order of their list. */
const RANK = sql<number>`case ${badges.category} ${sql.join(
  BADGE_CATEGORIES.map((category, i) => sql`when ${category} then ${i}`),
  sql` `,
)} else ${BADGE_CATEGORIES.length} end`;

const pictureOf = { sha256: images.sha256, media_type: images.media_type };

type PictureColumns = { sha256: string | null; media_type: PictureRef["media_type"] | null };

function pictured({ sha256, media_type }: PictureColumns): PictureRef | null {
  return sha256 === null || media_type === null ? null : { sha256, media_type };
}

/** What a person has of a badge: not what was revoked, replaced or declined; others see what is shown only. */
function theirs({ userId, others }: ShelfView): SQL | undefined {
  return and(
    eq(awards.user_id, userId),
    isNull(awards.revoked_at),
    isNull(awards.superseded_by),
    ne(awards.claim_state, "declined"),
    others ? eq(awards.visible, true) : undefined,
  );
}

/**
 * Active badges: those the person has earned and, for the person alone, those that may be seen while
 * locked and that one of their roles may receive. One row more than a page holds.
 */
export async function listShelf(
  db: Database,
  organizationId: string,
  view: ShelfView,
  { limit, cursor }: Page,
): Promise<ShelfEntry[]> {
  const earned = sql<string | null>`(select ${awards.id} from ${awards}
    where ${awards.badge_id} = ${badges.id} and ${theirs(view)}
    order by ${awards.tier_level} desc, ${awards.id} desc limit 1)`;
  const open = sql`${badges.is_visible_when_locked} and exists (select 1 from ${memberships}
    join json_each(${memberships.roles}) held
    join json_each(${badges.eligibility_roles}) allowed on allowed.value = held.value
    where ${memberships.organization_id} = ${organizationId}
    and ${memberships.user_id} = ${view.userId})`;
  // By category, then by the organization's own order; an id makes it one order for all.
  const here = sql`(${RANK}, ${badges.sort_order}, ${badges.id})`;
  const last = sql`(select ${RANK}, ${badges.sort_order}, ${badges.id} from ${badges}
    where ${badges.id} = ${cursor})`;
  const rows = await db.orm
    .select({ badge: badges, ...pictureOf, award: earned })
    .from(badges)
    .leftJoin(images, eq(images.id, badges.image_id))
    .where(
      and(
        eq(badges.organization_id, organizationId),
        eq(badges.is_active, true),
        view.others ? sql`${earned} is not null` : or(sql`${earned} is not null`, open),
        cursor === undefined ? undefined : sql`${here} > ${last}`,
      ),
    )
    .orderBy(RANK, badges.sort_order, badges.id)
    .limit(limit + 1);
  const held = await awardsById(
    db,
    rows.flatMap(({ award }) => award ?? []),
  );
  return rows.map(({ badge, award, ...picture }) => ({
    badge,
    picture: pictured(picture),
    award: award === null ? null : (held.get(award) ?? null),
  }));
}

async function awardsById(db: Database, ids: readonly string[]): Promise<Map<string, Award>> {
  if (ids.length === 0) return new Map();
  const rows = await db.orm
    .select()
    .from(awards)
    .where(inArray(awards.id, [...ids]));
  return new Map(rows.map((row) => [row.id, row]));
}

/** Every award the person has, of disabled and archived badges too. One row more than a page holds. */
export async function listAchievements(
  db: Database,
  organizationId: string,
  view: ShelfView,
  { limit, cursor }: Page,
): Promise<Achievement[]> {
  const here = sql`(${RANK}, ${badges.sort_order}, ${badges.id}, -coalesce(${awards.tier_level}, 0), ${awards.id})`;
  const last = sql`(select ${RANK}, ${badges.sort_order}, ${badges.id}, -coalesce(${awards.tier_level}, 0), ${awards.id}
    from ${awards} join ${badges} on ${badges.id} = ${awards.badge_id} where ${awards.id} = ${cursor})`;
  const rows = await db.orm
    .select({ badge: badges, ...pictureOf, award: awards })
    .from(awards)
    .innerJoin(badges, eq(badges.id, awards.badge_id))
    .leftJoin(images, eq(images.id, badges.image_id))
    .where(
      and(
        theirs(view),
        eq(badges.organization_id, organizationId),
        cursor === undefined ? undefined : sql`${here} > ${last}`,
      ),
    )
    .orderBy(
      RANK,
      badges.sort_order,
      badges.id,
      desc(sql`coalesce(${awards.tier_level}, 0)`),
      awards.id,
    )
    .limit(limit + 1);
  return rows.map(({ badge, award, ...picture }) => ({ badge, award, picture: pictured(picture) }));
}
