// What the public documents are made of: the only reads that start from a public id, not from an organization.
import { and, asc, eq, inArray, isNotNull, notExists, or, sql } from "drizzle-orm";
import { type Award, awards, type HostedAssertion } from "./awards.ts";
import {
  type Alignment,
  type Badge,
  badgeAlignments,
  badgeEndorsements,
  badgeRelateds,
  badges,
  type Endorsement,
} from "./badges.ts";
import type { Database, Statement, Writable } from "./database.ts";
import { putTogether, readPieces, takenApart } from "./hosted-form.ts";
import { hostedKey } from "./hosted-key.ts";
import { hasPngTwin, type ImageMediaType, images } from "./images.ts";
import { tombstones } from "./tombstones.ts";

const FIND_HOSTED = `
SELECT form.base, form.pieces, hosted.etag, hosted.own
FROM hosted_assertions hosted JOIN assertion_forms form ON form.id = hosted.form_id
WHERE hosted.key = ? AND hosted.unique_hash = ?`;

/** The stored Assertion of an award, as two look-ups by number; written in SQL, for speed. */
export async function findHostedAssertion(
  db: Database,
  hash: string,
): Promise<Pick<HostedAssertion, "base" | "etag" | "body"> | null> {
  const { rows } = await db.read({ sql: FIND_HOSTED, params: [hostedKey(hash), hash] });
  const [base, pieces, etag, own] = rows[0] ?? [];
  if (base === undefined) return null;
  const body = putTogether(readPieces(String(pieces)), hash, String(own));
  return { base: String(base), etag: String(etag), body };
}

const PUT_FORM = `
INSERT INTO assertion_forms (base, pieces) VALUES (?, ?) ON CONFLICT (base, pieces) DO NOTHING`;

const INSERT_HOSTED = `
INSERT INTO hosted_assertions (key, unique_hash, form_id, etag, own)
SELECT ?, ?, id, ?, ? FROM assertion_forms WHERE base = ? AND pieces = ?
ON CONFLICT DO NOTHING`;

/** Stores the Assertion of an award that the same batch writes. */
export function insertHostedAssertion(hosted: HostedAssertion): Writable[] {
  const { unique_hash, base, etag } = hosted;
  const { pieces, own } = takenApart(unique_hash, hosted.body);
  const form = [base, JSON.stringify(pieces)];
  const key = hostedKey(unique_hash);
  return [
    { toSQL: () => ({ sql: PUT_FORM, params: form }) },
    { toSQL: () => ({ sql: INSERT_HOSTED, params: [key, unique_hash, etag, own, ...form] }) },
  ];
}

const PUT_HOSTED = `
INSERT INTO hosted_assertions (key, unique_hash, form_id, etag, own)
SELECT ?, award.unique_hash, form.id, ?, ? FROM badge_issues award, assertion_forms form
WHERE award.unique_hash = ? AND award.revision = ? AND award.revoked_at IS NULL
  AND form.base = ? AND form.pieces = ?
ON CONFLICT (key) DO UPDATE SET form_id = excluded.form_id, etag = excluded.etag, own = excluded.own
WHERE unique_hash = excluded.unique_hash`;

/**
 * Stores an Assertion that was made from the award's `revision`: nothing happens if the award has
 * changed or was revoked since, so a slow reader can never put a stale document back.
 */
export function putHostedAssertion(hosted: HostedAssertion, revision: number): Statement[] {
  const { unique_hash, base, etag } = hosted;
  const { pieces, own } = takenApart(unique_hash, hosted.body);
  const form = [base, JSON.stringify(pieces)];
  const key = hostedKey(unique_hash);
  return [
    { sql: PUT_FORM, params: form },
    { sql: PUT_HOSTED, params: [key, etag, own, unique_hash, revision, ...form] },
  ];
}

/** A picture of the registry, without its bytes. */
export interface PublicPicture {
  readonly sha256: string;
  readonly media_type: ImageMediaType;
  /** Whether a PNG of the width asked about is stored with it. */
  readonly hasPngTwin: boolean;
}

export interface PublicAward {
  readonly award: Award;
  readonly badge: Badge;
  /** The one the badge refers to; null where it refers to none. */
  readonly picture: PublicPicture | null;
}

/** An award by its hash, revoked or not, with its badge; a twin is a PNG of `twinWidth` pixels. */
export async function findPublicAward(
  db: Database,
  hash: string,
  twinWidth: number,
): Promise<PublicAward | null> {
  const [row] = await db.orm
    .select({
      award: awards,
      badge: badges,
      sha256: images.sha256,
      media_type: images.media_type,
      hasPngTwin: hasPngTwin(db, twinWidth),
    })
    .from(awards)
    .innerJoin(badges, eq(badges.id, awards.badge_id))
    .leftJoin(images, eq(images.id, badges.image_id))
    .where(eq(awards.unique_hash, hash))
    .limit(1);
  if (row === undefined) return null;
  const { award, badge, sha256, media_type } = row;
  return {
    award,
    badge,
    picture:
      sha256 === null || media_type === null
        ? null
        : { sha256, media_type, hasPngTwin: Number(row.hasPngTwin) === 1 },
  };
}

/** The picture a badge refers to, without its bytes. */
export async function findPublicPicture(
  db: Database,
  badge: Pick<Badge, "image_id">,
): Promise<Pick<PublicPicture, "sha256" | "media_type"> | null> {
  if (badge.image_id === null) return null;
  const [row] = await db.orm
    .select({ sha256: images.sha256, media_type: images.media_type })
    .from(images)
    .where(eq(images.id, badge.image_id))
    .limit(1);
  return row ?? null;
}

/** Every revoked award of an organization, in the order they were revoked. */
export function listRevokedAwards(
  db: Database,
  organizationId: string,
): Promise<Pick<Award, "unique_hash" | "revocation_reason">[]> {
  return db.orm
    .select({
      unique_hash: awards.unique_hash,
      revocation_reason: awards.revocation_reason,
    })
    .from(awards)
    .where(and(eq(awards.organization_id, organizationId), isNotNull(awards.revoked_at)))
    .orderBy(asc(awards.revoked_at), asc(awards.id));
}

/** Not one that is being purged. */
export async function findPublicBadge(db: Database, id: string): Promise<Badge | null> {
  const stone = db.orm.select({ one: sql`1` }).from(tombstones).where(eq(tombstones.id, badges.id));
  const [row] = await db.orm
    .select()
    .from(badges)
    .where(and(eq(badges.id, id), notExists(stone)))
    .limit(1);
  return row ?? null;
}

/** What a BadgeClass says beside the badge's own row. */
export interface PublicBadgeParts {
  readonly alignments: readonly Alignment[];
  readonly related: readonly Pick<Badge, "id" | "version" | "language">[];
  /** Ids of those that were not withdrawn. */
  readonly endorsements: readonly string[];
}

type PublicBadgeKeys = Pick<Badge, "id" | "organization_id" | "previous_version_id">;

export async function findPublicBadgeParts(
  db: Database,
  badge: PublicBadgeKeys,
): Promise<PublicBadgeParts> {
  const [alignments, related, endorsements] = await Promise.all([
    listPublicAlignments(db, badge.id),
    relatedBadges(db, badge),
    db.orm
      .select({ id: badgeEndorsements.id, revokedAt: badgeEndorsements.revoked_at })
      .from(badgeEndorsements)
      .where(eq(badgeEndorsements.badge_id, badge.id))
      .orderBy(asc(badgeEndorsements.id)),
  ]);
  const standing = endorsements.filter(({ revokedAt }) => revokedAt === null);
  return { alignments, related, endorsements: standing.map(({ id }) => id) };
}

/** Both ends of each relation, and the version before and after, each badge once. */
async function relatedBadges(
  db: Database,
  badge: PublicBadgeKeys,
): Promise<Pick<Badge, "id" | "version" | "language">[]> {
  const relations = await db.orm
    .select({ one: badgeRelateds.badge_id, other: badgeRelateds.related_badge_id })
    .from(badgeRelateds)
    .where(or(eq(badgeRelateds.badge_id, badge.id), eq(badgeRelateds.related_badge_id, badge.id)));
  const ends = relations.map(({ one, other }) => (one === badge.id ? other : one));
  const before = badge.previous_version_id === null ? [] : [badge.previous_version_id];
  const after = and(
    eq(badges.organization_id, badge.organization_id),
    eq(badges.previous_version_id, badge.id),
  );
  return db.orm
    .select({ id: badges.id, version: badges.version, language: badges.language })
    .from(badges)
    .where(or(inArray(badges.id, [...ends, ...before]), after))
    .orderBy(asc(badges.id));
}

/** Alignments of one badge, in the order they were made. */
export function listPublicAlignments(db: Database, badgeId: string): Promise<Alignment[]> {
  return db.orm
    .select()
    .from(badgeAlignments)
    .where(eq(badgeAlignments.badge_id, badgeId))
    .orderBy(asc(badgeAlignments.id));
}

export async function findPublicAlignment(db: Database, id: string): Promise<Alignment | null> {
  const [row] = await db.orm
    .select()
    .from(badgeAlignments)
    .where(eq(badgeAlignments.id, id))
    .limit(1);
  return row ?? null;
}

/** Also one that was withdrawn. */
export async function findPublicEndorsement(db: Database, id: string): Promise<Endorsement | null> {
  const [row] = await db.orm
    .select()
    .from(badgeEndorsements)
    .where(eq(badgeEndorsements.id, id))
    .limit(1);
  return row ?? null;
}
