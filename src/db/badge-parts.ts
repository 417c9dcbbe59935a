// Reads of what hangs on a badge, for a whole page of badges at a time.
import { and, asc, eq, inArray, or } from "drizzle-orm";
import {
  type Alignment,
  type Badge,
  type BadgeTier,
  badgeAlignments,
  badgeEndorsements,
  badgeRelateds,
  badges,
  badgeTiers,
  type Endorsement,
  type RelatedBadge,
} from "./badges.ts";
import { type BadgeCriterion, criteriaOfBadges } from "./criteria.ts";
import type { Database } from "./database.ts";
import { type Image, images } from "./images.ts";

/** What hangs on a badge; `related` holds the ids at the other ends. */
export interface BadgeParts {
  readonly tiers: readonly BadgeTier[];
  readonly alignments: readonly Alignment[];
  readonly related: readonly string[];
  /** Null also when it was withdrawn. */
  readonly endorsement: Endorsement | null;
  readonly image: Image | null;
  /** With the overall row, where there is any. */
  readonly criteria: readonly BadgeCriterion[];
}

/** The parts of each of these badges, by badge id, in seven queries however many there are. */
export async function partsOfBadges(
  db: Database,
  organizationId: string,
  of: readonly Badge[],
): Promise<Map<string, BadgeParts>> {
  const ids = of.map((badge) => badge.id);
  const imageIds = of.flatMap((badge) => badge.image_id ?? []);
  const [tiers, alignments, relations, endorsements, pictures, criteria] = await Promise.all([
    db.orm
      .select()
      .from(badgeTiers)
      .where(inArray(badgeTiers.badge_id, ids))
      .orderBy(asc(badgeTiers.level)),
    db.orm
      .select()
      .from(badgeAlignments)
      .where(inArray(badgeAlignments.badge_id, ids))
      .orderBy(asc(badgeAlignments.id)),
    relationsOf(db, ids),
    db.orm.select().from(badgeEndorsements).where(inArray(badgeEndorsements.badge_id, ids)),
    db.orm
      .select()
      .from(images)
      .where(and(eq(images.organization_id, organizationId), inArray(images.id, imageIds))),
    criteriaOfBadges(db, ids),
  ]);
  return new Map(
    of.map((badge) => [
      badge.id,
      {
        tiers: tiers.filter((tier) => tier.badge_id === badge.id),
        alignments: alignments.filter((alignment) => alignment.badge_id === badge.id),
        related: relations.flatMap(({ badge_id: one, related_badge_id: other }) => {
          if (one === badge.id) return [other];
          return other === badge.id ? [one] : [];
        }),
        endorsement:
          endorsements.find((said) => said.badge_id === badge.id && said.revoked_at === null) ??
          null,
        image: pictures.find((picture) => picture.id === badge.image_id) ?? null,
        criteria: criteria.get(badge.id) ?? [],
      },
    ]),
  );
}

function relationsOf(db: Database, ids: readonly string[]): Promise<RelatedBadge[]> {
  return db.orm
    .select()
    .from(badgeRelateds)
    .where(
      or(
        inArray(badgeRelateds.badge_id, [...ids]),
        inArray(badgeRelateds.related_badge_id, [...ids]),
      ),
    )
    .orderBy(asc(badgeRelateds.id));
}

export async function findEndorsement(
  db: Database,
  organizationId: string,
  badgeId: string,
): Promise<Endorsement | null> {
  const rows = await db.orm
    .select({ endorsement: badgeEndorsements })
    .from(badgeEndorsements)
    .innerJoin(badges, eq(badges.id, badgeEndorsements.badge_id))
    .where(and(eq(badges.organization_id, organizationId), eq(badgeEndorsements.badge_id, badgeId)))
    .limit(1);
  return rows[0]?.endorsement ?? null;
}
