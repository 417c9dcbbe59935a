// Badges as the API shows them.
import { z } from "@hono/zod-openapi";
import type { BadgeParts } from "../db/badge-parts.ts";
import { BADGE_CATEGORIES, BADGE_STATUSES, type Badge } from "../db/badges.ts";
import type { Env } from "../env.ts";
import { warningsOf } from "../issuer/badge.ts";
import { tier } from "./badge-schema.ts";
import { showForms, shownCriteria, shownForms, showRules } from "./criteria-schema.ts";
import { instant, instantOrNull, time } from "./fields.ts";

export const shownAlignment = z
  .object({
    id: z.string(),
    target_name: z.string(),
    target_url: z.string(),
    target_code: z.string().nullable(),
    target_description: z.string().nullable(),
    target_framework: z.string().nullable(),
  })
  .openapi("Alignment");

export const shownEndorsement = z
  .object({
    id: z.string(),
    issuer_name: z.string(),
    issuer_url: z.string(),
    issuer_email: z.string(),
    claim_id: z.string(),
    claim_comment: z.string(),
    date_issued: time(),
  })
  .openapi("Endorsement");

const text = z.string().nullable();

export const shownBadge = z
  .object({
    id: z.string(),
    name: z.string(),
    description: z.string(),
    criteria: shownCriteria,
    status: z.enum(BADGE_STATUSES),
    is_active: z.boolean(),
    type: z.literal([1, 2]),
    course_id: text,
    category: z.enum(BADGE_CATEGORIES),
    tags: z.array(z.string()),
    language: z.string(),
    version: z.string(),
    previous_version: text,
    sort_order: z.int(),
    is_visible_when_locked: z.boolean(),
    is_renewable: z.boolean(),
    eligibility_roles: z.array(z.string()),
    max_awards_per_user: z.int().nullable(),
    ...shownForms,
    tiers: z.array(tier),
    expire_date: time().nullable(),
    expire_period: z.int().nullable().openapi({ description: "Seconds." }),
    image: text,
    asset_url: text,
    icon_key: text,
    art: z
      .object({ shape: text, colour: text })
      .nullable()
      .openapi({ description: "How its picture was drawn; null for one that was uploaded." }),
    image_author_name: text,
    image_author_email: text,
    image_author_url: text,
    image_caption: text,
    issuer_name: text,
    issuer_url: text,
    issuer_contact: text,
    message: z.string(),
    message_subject: z.string(),
    attachment: z.boolean(),
    notification: z.int(),
    alignments: z.array(shownAlignment),
    related: z.array(z.string()),
    endorsement: shownEndorsement.nullable(),
    urls: z.object({ badge_class: z.string(), image: z.string(), criteria: z.string() }),
    warnings: z.array(z.object({ code: z.string(), pointer: z.string(), detail: z.string() })),
    created_at: time(),
    updated_at: time(),
  })
  .openapi("Badge");

export function showAlignment(row: BadgeParts["alignments"][number]) {
  const { badge_id: _badge, ...shown } = row;
  return shown satisfies z.input<typeof shownAlignment>;
}

export function showEndorsement(row: NonNullable<BadgeParts["endorsement"]>) {
  const { badge_id: _badge, revoked_at: _revoked, date_issued, ...shown } = row;
  return { ...shown, date_issued: instant(date_issued) } satisfies z.input<typeof shownEndorsement>;
}

/** A badge with its parts, as GET shows it. */
export function showBadge(env: Env, badge: Badge, parts: BadgeParts): z.input<typeof shownBadge> {
  return {
    id: badge.id,
    name: badge.name,
    description: badge.description,
    criteria: { narrative: badge.criteria_narrative, ...showRules(parts.criteria) },
    status: badge.status,
    is_active: badge.is_active === true,
    type: badge.type,
    course_id: badge.course_id,
    category: badge.category,
    tags: badge.tags,
    language: badge.language,
    version: badge.version,
    previous_version: badge.previous_version_id,
    sort_order: badge.sort_order,
    is_visible_when_locked: badge.is_visible_when_locked,
    is_renewable: badge.is_renewable,
    eligibility_roles: badge.eligibility_roles,
    max_awards_per_user: badge.max_awards_per_user,
    ...showForms(parts.criteria),
    tiers: parts.tiers.map(({ level, name, threshold }) => ({ level, name, threshold })),
    expire_date: instantOrNull(badge.expire_date),
    expire_period: badge.expire_period,
    image: badge.image_id,
    asset_url: parts.image && env.urls.image(parts.image.sha256, parts.image.media_type),
    icon_key: badge.icon_key,
    art: badge.art,
    image_author_name: badge.image_author_name,
    image_author_email: badge.image_author_email,
    image_author_url: badge.image_author_url,
    image_caption: badge.image_caption,
    issuer_name: badge.issuer_name,
    issuer_url: badge.issuer_url,
    issuer_contact: badge.issuer_contact,
    message: badge.message,
    message_subject: badge.message_subject,
    attachment: badge.attachment,
    notification: badge.notification,
    alignments: parts.alignments.map(showAlignment),
    related: [...parts.related],
    endorsement: parts.endorsement && showEndorsement(parts.endorsement),
    urls: {
      badge_class: env.urls.badgeClass(badge.id),
      image: env.urls.badgeImage(badge.id),
      criteria: env.urls.badgeCriteria(badge.id),
    },
    warnings: warningsOf(badge),
    created_at: instant(badge.created_at),
    updated_at: instant(badge.updated_at),
  };
}
