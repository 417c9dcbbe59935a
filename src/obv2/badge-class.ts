// BadgeClass: what a badge is awarded for, its picture, and who made the picture.
import type { Badge } from "../db/badges.ts";
import type { Urls } from "../urls.ts";
import { type AlignmentFields, type AlignmentObject, alignmentObject } from "./alignment.ts";
import { OPEN_BADGES_V2 } from "./context.ts";

export interface Image {
  readonly id: string;
  /** What a displayer says instead of the picture. */
  readonly caption?: string;
  readonly author?: string;
}

export interface Criteria {
  readonly type: "Criteria";
  readonly id: string;
  readonly narrative?: string;
}

export interface Related {
  readonly type: "BadgeClass";
  readonly id: string;
  readonly version: string;
  readonly "@language": string;
}

export interface BadgeClass {
  readonly "@context": typeof OPEN_BADGES_V2;
  readonly type: "BadgeClass";
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly "@language": string;
  readonly version: string;
  readonly issuer: string;
  readonly image: string | Image;
  readonly criteria: Criteria;
  readonly alignment?: readonly AlignmentObject[];
  readonly tags?: readonly string[];
  readonly related?: readonly Related[];
  readonly endorsement?: readonly string[];
}

type ImageFields = Pick<
  Badge,
  "id" | "image_caption" | "image_author_name" | "image_author_email" | "image_author_url"
>;

export type BadgeFields = ImageFields &
  Pick<
    Badge,
    | "organization_id"
    | "name"
    | "description"
    | "language"
    | "version"
    | "criteria_narrative"
    | "tags"
  >;

export type RelatedFields = Pick<Badge, "id" | "version" | "language">;

/** What hangs on the badge; `endorsements` are the ids of those that stand. */
export interface BadgeClassParts {
  readonly alignments: readonly AlignmentFields[];
  readonly related: readonly RelatedFields[];
  readonly endorsements: readonly string[];
}

/**
 * The BadgeClass of a badge (Open Badges 2.0, section BadgeClass). The issuer is always the
 * organization's own Profile: an issuer's name kept on the badge is for pages, because verifiers
 * take whom to trust from the Profile's address.
 */
export function badgeClassDocument(
  badge: BadgeFields,
  parts: BadgeClassParts,
  urls: Urls,
): BadgeClass {
  return {
    "@context": OPEN_BADGES_V2,
    type: "BadgeClass",
    id: urls.badgeClass(badge.id),
    name: badge.name,
    description: badge.description,
    "@language": badge.language,
    version: badge.version,
    issuer: urls.issuer(badge.organization_id),
    image: imageDocument(badge, urls),
    criteria: criteriaObject(badge, urls),
    ...(parts.alignments.length > 0
      ? { alignment: parts.alignments.map((alignment) => alignmentObject(alignment, urls)) }
      : {}),
    ...(badge.tags.length > 0 ? { tags: badge.tags } : {}),
    ...(parts.related.length > 0
      ? { related: parts.related.map((related) => relatedDocument(related, urls)) }
      : {}),
    ...(parts.endorsements.length > 0
      ? { endorsement: parts.endorsements.map((id) => urls.endorsement(id)) }
      : {}),
  };
}

/** The address alone, unless there is more to say of the picture (OB20-I-01). */
function imageDocument(badge: ImageFields, urls: Urls): string | Image {
  const id = urls.badgeImage(badge.id);
  const author = imageAuthor(badge, urls);
  if (!badge.image_caption && author === null) return id;
  return {
    id,
    ...(badge.image_caption ? { caption: badge.image_caption } : {}),
    ...(author === null ? {} : { author }),
  };
}

/** `author` holds an address and no text, so a name or e-mail address goes into a Profile of ours. */
function imageAuthor(badge: ImageFields, urls: Urls): string | null {
  if (badge.image_author_name || badge.image_author_email) return urls.badgeImageAuthor(badge.id);
  return badge.image_author_url || null;
}

function criteriaObject(badge: Pick<Badge, "id" | "criteria_narrative">, urls: Urls): Criteria {
  return {
    type: "Criteria",
    id: urls.badgeCriteria(badge.id),
    ...(badge.criteria_narrative ? { narrative: badge.criteria_narrative } : {}),
  };
}

export interface CriteriaDocument extends Criteria {
  readonly "@context": typeof OPEN_BADGES_V2;
}

/** The criteria at their own address, for programs; people are shown a page there. */
export function criteriaDocument(
  badge: Pick<Badge, "id" | "criteria_narrative">,
  urls: Urls,
): CriteriaDocument {
  return { "@context": OPEN_BADGES_V2, ...criteriaObject(badge, urls) };
}

function relatedDocument(related: RelatedFields, urls: Urls): Related {
  return {
    type: "BadgeClass",
    id: urls.badgeClass(related.id),
    version: related.version,
    "@language": related.language,
  };
}

export interface ImageAuthor {
  readonly "@context": typeof OPEN_BADGES_V2;
  readonly type: "Profile";
  readonly id: string;
  readonly name?: string;
  readonly url?: string;
  readonly email?: string;
}

/** Who made the picture; null where neither a name nor an e-mail address is known. */
export function imageAuthorDocument(badge: ImageFields, urls: Urls): ImageAuthor | null {
  if (!badge.image_author_name && !badge.image_author_email) return null;
  return {
    "@context": OPEN_BADGES_V2,
    type: "Profile",
    id: urls.badgeImageAuthor(badge.id),
    ...(badge.image_author_name ? { name: badge.image_author_name } : {}),
    ...(badge.image_author_url ? { url: badge.image_author_url } : {}),
    ...(badge.image_author_email ? { email: badge.image_author_email } : {}),
  };
}
