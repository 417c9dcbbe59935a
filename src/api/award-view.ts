// Awards as the API shows them: everything but the address the award was made out to.
import { z } from "@hono/zod-openapi";
import { AWARD_STATUSES, AWARDED_BY, type Award } from "../db/awards.ts";
import type { Env } from "../env.ts";
import { standingOf } from "../standing.ts";
import { instant, instantOrNull, time } from "./fields.ts";
import { IDENTITY_TYPES } from "./identity.ts";

const text = z.string().nullable();

export const shownAward = z
  .object({
    id: z.string(),
    hash: z.string().openapi({ description: "Its public id, for ever." }),
    badge: z.string(),
    user: z.string(),
    recipient: z.object({ type: z.enum(IDENTITY_TYPES), name: text }),
    status: z.enum(AWARD_STATUSES),
    awarded_at: time(),
    expires_at: time().nullable(),
    awarded_by: z.enum(AWARDED_BY),
    tier_level: z.int().nullable(),
    progress_snapshot: z.record(z.string(), z.unknown()).nullable(),
    evidence: z.array(z.record(z.string(), z.string())),
    narrative: text,
    is_visible: z.boolean(),
    claim_state: z.enum(["unclaimed", "claimed", "declined"]),
    notification_sent: z.boolean(),
    revoked_at: time().nullable(),
    revocation_reason: text,
    is_withheld: z.boolean().openapi({
      description: "Revoked, and not to come back by a rule.",
    }),
    superseded_by: text.openapi({ description: "The id of the award that replaced this one." }),
    urls: z.object({
      page: z.string(),
      assertion: z.string(),
      json: z.string(),
      png: z.string(),
      svg: z.string(),
    }),
    created_at: time(),
  })
  .openapi("Award");

export const notAwarded = z
  .object({
    awarded: z.literal(false),
    reason: z.enum(["max_awards_per_user_enforced", "tier_level_monotonically_increasing"]),
    award: shownAward.openapi({ description: "The award the person holds." }),
  })
  .openapi("NotAwarded");

export const notRenewed = z
  .object({
    renewed: z.literal(false),
    reason: z.literal("already_replaced"),
    award: shownAward.openapi({ description: "The award that took the place of the one named." }),
  })
  .openapi("NotRenewed");

export const notReissued = z
  .object({
    reissued: z.literal(false),
    reason: z.literal("already_replaced"),
    award: shownAward.openapi({ description: "The award that replaced the one asked about." }),
  })
  .openapi("NotReissued");

export function showAward(env: Env, award: Award): z.input<typeof shownAward> {
  const hash = award.unique_hash;
  return {
    id: award.id,
    hash,
    badge: award.badge_id,
    user: award.user_id,
    recipient: { type: award.recipient_type, name: award.recipient_name },
    status: standingOf(award, env.now()),
    awarded_at: instant(award.awarded_at),
    expires_at: instantOrNull(award.date_expire),
    awarded_by: award.awarded_by,
    tier_level: award.tier_level,
    progress_snapshot: award.progress_snapshot,
    evidence: (award.evidence ?? []).map((item) => ({ ...item })),
    narrative: award.narrative,
    is_visible: award.visible,
    claim_state: award.claim_state,
    notification_sent: award.notification_sent,
    revoked_at: instantOrNull(award.revoked_at),
    revocation_reason: award.revocation_reason,
    is_withheld: award.is_withheld,
    superseded_by: award.superseded_by,
    urls: {
      page: env.urls.badgePage(hash),
      assertion: env.urls.assertion(hash),
      json: env.urls.assertion(hash),
      png: env.urls.bakedPng(hash),
      svg: env.urls.bakedSvg(hash),
    },
    created_at: instant(award.created_at),
  };
}
