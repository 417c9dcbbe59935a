// What a recipient says of an award: that it is theirs, or that it is not; and what becomes of one that is not.
import { and, eq, isNull, sql } from "drizzle-orm";
import { type Award, awards, type ClaimState } from "../db/awards.ts";
import type { Env } from "../env.ts";
import { Problem } from "../problem.ts";
import { announce, type WebhookEvent } from "./announce.ts";
import { type Actor, audited } from "./audit.ts";
import type { Decision } from "./badge.ts";

/** How somebody is known to be the recipient. */
export type SaidBy = "account" | "mail_link" | "program";

/**
 * The recipient takes the award, also one that they declined before. It was valid before and stays as
 * it is: this is for whoever issued it, and for the recipient's own lists. Repeating it changes
 * nothing. Throws a Problem `award-revoked`.
 */
export async function acceptAward(
  env: Env,
  award: Award,
  actor: Actor,
  by: SaidBy,
): Promise<Decision<Award>> {
  return turned(env, award, actor, {
    from: ["unclaimed", "declined"],
    state: "claimed",
    action: "award.accepted",
    event: "award.claimed",
    detail: { by },
  });
}

/**
 * The recipient says that it is not theirs: it is hidden and sent nowhere from then on, and stays
 * valid until somebody of the organization has looked at it. Repeating it changes nothing. Throws a
 * Problem `award-revoked`.
 */
export async function declineAward(
  env: Env,
  award: Award,
  actor: Actor,
  by: SaidBy,
): Promise<Decision<Award>> {
  return turned(env, award, actor, {
    from: ["unclaimed", "claimed"],
    state: "declined",
    action: "award.declined",
    event: "award.declined",
    detail: { by },
  });
}

/**
 * Somebody of the organization has looked, and the award is right: it is as it was before it was
 * declined, for its recipient to accept. Changes nothing on one that is not declined. Throws a Problem
 * `award-revoked`.
 */
export async function upholdAward(env: Env, award: Award, actor: Actor): Promise<Decision<Award>> {
  return turned(env, award, actor, {
    from: ["declined"],
    state: "unclaimed",
    action: "award.upheld",
    event: "award.visibility_changed",
  });
}

interface Turn {
  /** States in which it changes something. */
  readonly from: readonly ClaimState[];
  readonly state: ClaimState;
  readonly action: string;
  readonly event: WebhookEvent;
  readonly detail?: Record<string, unknown>;
}

/** The batch is undone (`isOvertaken`) where somebody said something else of the award meanwhile. */
function turned(env: Env, award: Award, actor: Actor, turn: Turn): Decision<Award> {
  if (award.revoked_at !== null) {
    throw new Problem("award-revoked", "The award was revoked before this was said of it.");
  }
  if (!turn.from.includes(award.claim_state)) return { result: award, writes: [] };
  const now = env.now();
  const wasDeclined = award.claim_state === "declined";
  const visible = turn.state === "declined" ? false : wasDeclined || award.visible;
  const change = {
    claim_state: turn.state,
    claimed_at: turn.state === "claimed" ? now : null,
    visible,
    updated_at: now,
  };
  const asRead = and(
    eq(awards.id, award.id),
    eq(awards.claim_state, award.claim_state),
    isNull(awards.revoked_at),
  );
  return {
    result: { ...award, ...change, is_visible: visible },
    writes: [
      audited(env, {
        organizationId: award.organization_id,
        actor,
        action: turn.action,
        object: ["award", award.id],
        ...(turn.detail === undefined ? {} : { detail: turn.detail }),
        provided: sql`exists (select 1 from ${awards} where ${asRead})`,
      }),
      env.db.orm.update(awards).set(change).where(asRead),
      ...announce(env, {
        organizationId: award.organization_id,
        type: turn.event,
        data: { award: award.id, badge: award.badge_id, user: award.user_id },
      }),
    ],
  };
}
