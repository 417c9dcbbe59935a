// What the public catalogue finds: organizations that want to be found, and the badges they award.
import { and, asc, desc, eq, gt, lt, lte, notExists, or, type SQL, sql } from "drizzle-orm";
import { awards } from "./awards.ts";
import type { PictureRef } from "./badge-page.ts";
import { type Badge, type BadgeCategory, badges } from "./badges.ts";
import type { Database } from "./database.ts";
import { images } from "./images.ts";
import { type Organization, organizations, users } from "./organizations.ts";
import { type Profile, profiles } from "./profiles.ts";
import { theirAwardIds } from "./theirs.ts";
import { tombstones } from "./tombstones.ts";

/** A badge as the catalogue and the feeds show it. */
export interface CatalogBadge {
  readonly badge: Pick<
    Badge,
    "id" | "name" | "description" | "category" | "language" | "image_caption" | "issuer_name"
  > & { readonly created_at: number; readonly updated_at: number };
  readonly organization: Pick<Organization, "slug" | "name" | "language">;
  /** Null where the badge has no picture in the registry. */
  readonly picture: PictureRef | null;
}

export interface CatalogFilter {
  /** Only this organization's. */
  readonly organizationId?: string | undefined;
  readonly category?: BadgeCategory | undefined;
  /** Words that must all be somewhere in its name, description, tags or organization. */
  readonly words?: readonly string[] | undefined;
  /** Below this id. */
  readonly cursor?: string | undefined;
}

/** In the catalogue: one that is awarded now, of an organization that is listed, and no secret. */
const IS_LISTED: SQL = sql`${organizations.is_listed} = 1 and ${badges.is_active} = 1
  and ${badges.is_visible_when_locked} = 1`;

/** The newest first; one row more than `limit` where there are more. */
export async function listCatalog(
  db: Database,
  { organizationId, category, words = [], cursor }: CatalogFilter,
  limit: number,
): Promise<CatalogBadge[]> {
  const stone = db.orm.select({ one: sql`1` }).from(tombstones).where(eq(tombstones.id, badges.id));
  const rows = await db.orm
    .select({
      id: badges.id,
      name: badges.name,
      description: badges.description,
      category: badges.category,
      language: badges.language,
      image_caption: badges.image_caption,
      issuer_name: badges.issuer_name,
      created_at: badges.created_at,
      updated_at: badges.updated_at,
      slug: organizations.slug,
      organizationName: organizations.name,
      organizationLanguage: organizations.language,
      sha256: images.sha256,
      media_type: images.media_type,
    })
    .from(badges)
    .innerJoin(organizations, eq(organizations.id, badges.organization_id))
    .leftJoin(images, eq(images.id, badges.image_id))
    .where(
      and(
        IS_LISTED,
        organizationId === undefined ? undefined : eq(badges.organization_id, organizationId),
        category === undefined ? undefined : eq(badges.category, category),
        cursor === undefined ? undefined : lt(badges.id, cursor),
        ...words.map(says),
        notExists(stone),
      ),
    )
    .orderBy(desc(badges.id))
    .limit(limit + 1);
  return rows.map((row) => {
    const { slug, organizationName, organizationLanguage, sha256, media_type, ...badge } = row;
    return {
      badge,
      organization: { slug, name: organizationName, language: organizationLanguage },
      picture: sha256 === null || media_type === null ? null : { sha256, media_type },
    };
  });
}

/**
 * A word anywhere in what is shown of a badge. The database folds the case of ASCII letters alone, so
 * of any other letter the usual spellings are looked for: as typed, in small and in capital letters,
 * with a capital first.
 */
function says(word: string): SQL {
  const text = sql`lower(${badges.name} || ' ' || ${badges.description} || ' ' || ${badges.tags}
    || ' ' || ${organizations.name} || ' ' || coalesce(${badges.issuer_name}, ''))`;
  const small = word.toLowerCase();
  const spellings = [
    word,
    small,
    word.toUpperCase(),
    small.slice(0, 1).toUpperCase() + small.slice(1),
  ];
  const folded = new Set(
    spellings.map((one) => one.replace(/[A-Z]/g, (sign) => sign.toLowerCase())),
  );
  return or(...[...folded].map((one) => sql`instr(${text}, ${one}) > 0`)) ?? sql`1`;
}

/** An organization that is listed; null for one that is not, as for one there is not. */
export async function findListedOrganization(
  db: Database,
  slug: string,
): Promise<Organization | null> {
  const [row] = await db.orm
    .select()
    .from(organizations)
    .where(and(eq(organizations.slug, slug), eq(organizations.is_listed, true)))
    .limit(1);
  return row ?? null;
}

/** Those that are listed, by name. */
export function listListedOrganizations(
  db: Database,
  limit: number,
): Promise<Pick<Organization, "slug" | "name" | "language" | "updated_at">[]> {
  return db.orm
    .select({
      slug: organizations.slug,
      name: organizations.name,
      language: organizations.language,
      updated_at: organizations.updated_at,
    })
    .from(organizations)
    .where(eq(organizations.is_listed, true))
    .orderBy(asc(organizations.name), asc(organizations.slug))
    .limit(limit);
}

/** Profiles looked through for one page of people: whether each shows a badge is a look-up of its own. */
export const LOOKED_THROUGH = 2_000;

export interface ListedPeople {
  readonly people: readonly Pick<Profile, "user_id" | "slug" | "name">[];
  /** Where the next page goes on, which may hold nobody; null where these are all. */
  readonly next: string | null;
}

/**
 * People who chose to be named on the pages of issuers whose badges they show, and show one of this
 * organization's that counts at `now`; at most `limit`, after `cursor`.
 */
export async function listListedPeople(
  db: Database,
  organizationId: string,
  now: number,
  { limit, cursor = "" }: { readonly limit: number; readonly cursor?: string | undefined },
): Promise<ListedPeople> {
  const isListed = and(
    sql`${profiles.is_listed} and ${profiles.is_public}`,
    gt(profiles.user_id, cursor),
  );
  const looked = db.orm
    .select({ user_id: profiles.user_id })
    .from(profiles)
    .where(isListed)
    .orderBy(asc(profiles.user_id));
  const [end, beyond] = await looked.limit(2).offset(LOOKED_THROUGH - 1);
  const found = await db.orm
    .select({ user_id: profiles.user_id, slug: profiles.slug, name: profiles.name })
    .from(profiles)
    .innerJoin(users, eq(users.id, profiles.user_id))
    .where(
      and(
        isListed,
        end === undefined ? undefined : lte(profiles.user_id, end.user_id),
        eq(users.status, "active"),
        showsOne(organizationId, now),
      ),
    )
    .orderBy(asc(profiles.user_id))
    .limit(limit + 1);
  const people = found.slice(0, limit);
  const last = found.length > limit ? people.at(-1) : beyond && end;
  return { people, next: last?.user_id ?? null };
}

/** Whether a profile's person shows a badge of the organization. */
function showsOne(organizationId: string, now: number): SQL {
  return sql`exists (select 1 from ${awards} shown
    where shown.id in ${theirAwardIds(sql`${profiles.user_id}`)}
      and +shown.organization_id = ${organizationId} and shown.visible = 1 and shown.claim_state <> 'declined'
      and shown.revoked_at is null
      and (shown.date_expire is null or shown.date_expire > ${now}))`;
}
