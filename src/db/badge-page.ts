// What a badge's page shows, in one query: the award, its badge and issuer, and what hangs on them.
import { and, asc, eq, inArray, type SQL, sql } from "drizzle-orm";
import { alias } from "drizzle-orm/sqlite-core";
import { type Award, awards } from "./awards.ts";
import { type Alignment, type Badge, badgeAlignments, badges, badgeTiers } from "./badges.ts";
import type { Database } from "./database.ts";
import { hasPngTwin, type ImageMediaType, images } from "./images.ts";
import { type Organization, organizations } from "./organizations.ts";

/** Where a picture is served from. */
export interface PictureRef {
  readonly sha256: string;
  readonly media_type: ImageMediaType;
}

export interface BadgePageRow {
  readonly award: Award;
  readonly badge: Badge;
  readonly organization: Organization;
  /** Null where the badge has no picture in the registry. */
  readonly picture: PictureRef | null;
  /** Whether a PNG of the width asked about is stored with the picture. */
  readonly hasPngTwin: boolean;
  readonly tierName: string | null;
  readonly replacement: { readonly unique_hash: string; readonly visible: boolean } | null;
  readonly alignments: readonly Alignment[];
}

const replacements = alias(awards, "replacements");

/** Alignments as one JSON text, in the order they were added. */
const alignmentsJson: SQL<string> = sql`(
  select coalesce(json_group_array(json_object(
    'id', a.id, 'badge_id', a.badge_id, 'target_name', a.target_name, 'target_url', a.target_url,
    'target_code', a.target_code, 'target_description', a.target_description,
    'target_framework', a.target_framework)), '[]')
  from (select * from ${badgeAlignments} where badge_id = ${badges.id} order by id) a)`;

/**
 * By the award's public id. Hidden and revoked awards are found too: the page says so. A twin is a
 * PNG of `twinWidth` pixels.
 */
export async function findBadgePage(
  db: Database,
  hash: string,
  twinWidth: number,
): Promise<BadgePageRow | null> {
  const rows = await db.orm
    .select({
      award: awards,
      badge: badges,
      organization: organizations,
      pictureSha256: images.sha256,
      pictureMediaType: images.media_type,
      hasPngTwin: hasPngTwin(db, twinWidth),
      tierName: badgeTiers.name,
      replacementHash: replacements.unique_hash,
      replacementVisible: replacements.visible,
      alignments: alignmentsJson,
    })
    .from(awards)
    .innerJoin(badges, eq(badges.id, awards.badge_id))
    .innerJoin(organizations, eq(organizations.id, awards.organization_id))
    .leftJoin(images, eq(images.id, badges.image_id))
    .leftJoin(
      badgeTiers,
      and(eq(badgeTiers.badge_id, badges.id), eq(badgeTiers.level, awards.tier_level)),
    )
    .leftJoin(replacements, eq(replacements.id, awards.superseded_by))
    .where(eq(awards.unique_hash, hash))
    .limit(1);
  const row = rows[0];
  if (!row) return null;
  const { pictureSha256, pictureMediaType, replacementHash, replacementVisible } = row;
  return {
    award: row.award,
    badge: row.badge,
    organization: row.organization,
    picture:
      pictureSha256 === null || pictureMediaType === null
        ? null
        : { sha256: pictureSha256, media_type: pictureMediaType },
    hasPngTwin: Number(row.hasPngTwin) === 1,
    tierName: row.tierName,
    replacement:
      replacementHash === null
        ? null
        : { unique_hash: replacementHash, visible: replacementVisible === true },
    alignments: JSON.parse(row.alignments) as Alignment[],
  };
}

/** An award as a list shows it. */
export interface ShowcaseRow {
  readonly award: Pick<Award, "unique_hash" | "revoked_at" | "date_expire" | "recipient_name">;
  readonly badge: Pick<Badge, "id" | "name" | "language" | "image_caption">;
  readonly picture: PictureRef | null;
}

/**
 * The oldest visible awards of one organization, for the home page: asked for the demo's only,
 * whose people are made up. At most `limit`; none where nobody has that slug and address.
 */
export async function listShowcase(
  db: Database,
  { slug, url }: Pick<Organization, "slug" | "url">,
  limit: number,
): Promise<ShowcaseRow[]> {
  const organization = db.orm
    .select({ id: organizations.id })
    .from(organizations)
    .where(and(eq(organizations.slug, slug), eq(organizations.url, url)));
  const oldest = db.orm
    .select({ id: awards.id })
    .from(awards)
    .where(and(inArray(awards.organization_id, organization), eq(awards.visible, true)))
    .orderBy(asc(awards.awarded_at), asc(awards.id))
    .limit(limit);
  const rows = await db.orm
    .select({
      unique_hash: awards.unique_hash,
      revoked_at: awards.revoked_at,
      date_expire: awards.date_expire,
      recipient_name: awards.recipient_name,
      badge_id: badges.id,
      name: badges.name,
      language: badges.language,
      image_caption: badges.image_caption,
      sha256: images.sha256,
      media_type: images.media_type,
    })
    .from(awards)
    .innerJoin(badges, eq(badges.id, awards.badge_id))
    .leftJoin(images, eq(images.id, badges.image_id))
    .where(inArray(awards.id, oldest))
    .orderBy(asc(awards.awarded_at), asc(awards.id));
  return rows.map(({ badge_id, name, language, image_caption, sha256, media_type, ...award }) => ({
    award,
    badge: { id: badge_id, name, language, image_caption },
    picture: sha256 === null || media_type === null ? null : { sha256, media_type },
  }));
}
