// What awarding would come to, before it is done: whom it finds, what they hold, what the mail would say.
import { z } from "@hono/zod-openapi";
import { heldAwards } from "../db/awards.ts";
import { findAwardableBadge } from "../db/badges.ts";
import { listMailTemplates } from "../db/mail-templates.ts";
import { findOrganization } from "../db/organizations.ts";
import { findMember, newUser } from "../db/people.ts";
import type { Env } from "../env.ts";
import { type AwardOutcome, awardBadge } from "../issuer/award.ts";
import { isHeld } from "../issuer/award-standing.ts";
import { DEFAULT_WIDTH } from "../issuer/image-variants.ts";
import { requireGiver } from "../issuer/manual-award-rights.ts";
import { awardMailOf } from "../mail/award-mail.ts";
import { AWARD_RULES, newAward } from "./award-schema.ts";
import { showAward, shownAward } from "./award-view.ts";
import { instantOrNull, time } from "./fields.ts";
import { type Operation, operation } from "./operation.ts";
import { underRules } from "./rule-codes.ts";

const foreseen = z
  .object({
    would_award: z.boolean(),
    reason: z
      .enum(["max_awards_per_user_enforced", "tier_level_monotonically_increasing"])
      .nullable()
      .openapi({ description: "Why not." }),
    recipient: z.object({
      user: z.string().nullable().openapi({ description: "Null: somebody new to it." }),
      name: z.string().nullable(),
    }),
    held: z.int().openapi({ description: "Awards of the badge that the person holds." }),
    max_awards_per_user: z.int().nullable(),
    expires_at: time().nullable(),
    award: shownAward.nullable().openapi({ description: "The one in the way, if one is." }),
    mail: z
      .object({ subject: z.string(), text: z.string(), language: z.string() })
      .nullable()
      .openapi({ description: "Null where nobody would be told. Its link is made up." }),
  })
  .openapi("ForeseenAward");

type Foreseen = z.input<typeof foreseen>;

async function foresee(
  env: Env,
  organizationId: string,
  badgeId: string,
  outcome: AwardOutcome,
): Promise<Foreseen> {
  const { award } = outcome;
  const [awardable, held, member, organization, templates] = await Promise.all([
    findAwardableBadge(env.db, organizationId, badgeId, DEFAULT_WIDTH),
    heldAwards(env.db, organizationId, badgeId, award.user_id),
    findMember(env.db, organizationId, award.user_id),
    findOrganization(env.db, organizationId),
    listMailTemplates(env.db, organizationId),
  ]);
  if (awardable === null || organization === null) {
    throw new TypeError("a badge that was just looked at is gone");
  }
  const { badge } = awardable;
  const found = {
    award,
    badge,
    picture: null,
    organization,
    recipient: member?.user ?? newUser(award.user_id, award.created_at),
    membershipStatus: "active",
  } as const;
  const mail = outcome.awarded ? awardMailOf(env, found, templates) : null;
  const isAwarded = outcome.awarded;
  return {
    would_award: isAwarded,
    reason: !isAwarded && outcome.reason !== "award_was_revoked" ? outcome.reason : null,
    recipient: {
      user: member === null ? null : member.user.id,
      name: member === null ? award.recipient_name : member.membership.name,
    },
    held: held.filter((one) => isHeld(badge, one, env.now())).length,
    max_awards_per_user: badge.max_awards_per_user,
    expires_at: instantOrNull(award.date_expire),
    award: isAwarded ? null : showAward(env, award),
    mail: mail && { subject: mail.subject, text: mail.text, language: mail.language },
  };
}

export const awardPreviewOperation: Operation = underRules(
  operation({
    id: "previewAward",
    method: "post",
    path: "/awards/preview",
    tag: "Awards",
    summary: "See what awarding a badge would come to",
    description:
      "Takes what POST /awards takes, is refused where that would be, and writes nothing: says whether the badge would be awarded, and what the mail about it would say.",
    scope: "awards:write",
    body: newAward,
    example: {
      badge: "0193c0de-0000-7000-8000-000000000000",
      recipient: { type: "email", identity: "kim@example.org" },
    },
    problems: [
      "not-found",
      "badge-inactive",
      "own-badge",
      "recipient-not-active",
      "recipient-not-eligible",
    ],
    answers: [{ status: 200, description: "What would happen.", schema: foreseen }],
    async handle({ env, organizationId, body, principal }) {
      await requireGiver(env, organizationId, body.badge, body, principal);
      const { result } = await awardBadge(env, organizationId, body, principal);
      return { status: 200, body: await foresee(env, organizationId, body.badge, result) };
    },
  }),
  AWARD_RULES,
);
