// Deciding nominations: one that is approved awards the badge in the same batch, once whoever else decides at the same time.
import type { Award } from "../db/awards.ts";
import type { Writable } from "../db/database.ts";
import type { Nomination } from "../db/nominations.ts";
import type { Env } from "../env.ts";
import { Problem } from "../problem.ts";
import { isAdministrator, isSelf, requireNominator } from "./acting-person.ts";
import { announce } from "./announce.ts";
import type { Actor } from "./audit.ts";
import { awardBadge } from "./award.ts";
import type { Decision } from "./badge.ts";
import { vouchOfAward } from "./manual-award-completion.ts";
import { ownBadge, requireMayGive } from "./manual-award-rights.ts";
import { announcementOf, closed, heldAlready, nominationOf, requirePending } from "./nomination.ts";
import { notify } from "./notify.ts";

export interface Approval {
  /** For who made the nomination. */
  readonly note?: string | undefined;
  /** Of a badge with tiers; 1 is the lowest. */
  readonly tier?: number | undefined;
}

/** Where `awardBadge` names the members of an approval. */
const POINTERS: Readonly<Record<string, string>> = { "/tier_level": "/tier" };

/**
 * Approves a nomination: its reason and evidence become the award's. Approving one that is approved
 * changes nothing. Throws a Problem: `not-found`, `role-required`, `own-badge`, `nomination-decided`,
 * `badge-held`, and what `awardBadge` throws; the nomination is pending then as before.
 */
export async function approveNomination(
  env: Env,
  organizationId: string,
  id: string,
  { note, tier }: Approval,
  actor: Actor,
): Promise<Decision<Nomination>> {
  const nomination = await nominationOf(env, organizationId, id);
  requireDecider(actor, nomination);
  const { badge_id: badge, nominee_id: nominee } = nomination;
  const still = await requireMayGive(env, organizationId, badge, nominee, actor);
  if (nomination.state === "approved") return { result: nomination, writes: [] };
  requirePending(nomination);
  const awarded = await awardOf(env, nomination, tier, actor);
  const { result, writes } = closed(
    env,
    nomination,
    { state: "approved", note: note ?? null, awardId: awarded.result.id },
    actor,
    awarded.writes,
  );
  return {
    result,
    writes: [...still, ...writes, ...told(env, result, { award: awarded.result.id })],
  };
}

async function awardOf(
  env: Env,
  nomination: Nomination,
  tier: number | undefined,
  actor: Actor,
): Promise<Decision<Award>> {
  const input = {
    badge: nomination.badge_id,
    user: nomination.nominee_id,
    narrative: nomination.reason,
    ...(nomination.evidence === null ? {} : { evidence: nomination.evidence }),
    ...(tier === undefined ? {} : { tier_level: tier }),
  };
  const { result, writes } = await awardBadge(env, nomination.organization_id, input, actor).catch(
    (error: unknown) => {
      throw error instanceof Problem ? repointed(error) : error;
    },
  );
  if (!result.awarded) throw heldAlready(result, "");
  return {
    result: result.award,
    writes: [...writes, ...(await vouchOfAward(env, result.award, actor))],
  };
}

/** The members of an award that an approval does not have are not pointed at. */
function repointed({ code, message, errors, headers, fix, cause }: Problem): Problem {
  return new Problem(code, message, {
    errors: errors.map((error) => ({ ...error, pointer: POINTERS[error.pointer ?? ""] ?? "" })),
    headers,
    fix,
    cause,
  });
}

/**
 * Declines a nomination. Repeating it changes nothing. Throws a Problem: `not-found`, `role-required`,
 * `own-badge`, `nomination-decided`.
 */
export async function declineNomination(
  env: Env,
  organizationId: string,
  id: string,
  note: string,
  actor: Actor,
): Promise<Decision<Nomination>> {
  const nomination = await nominationOf(env, organizationId, id);
  requireDecider(actor, nomination);
  if (nomination.state === "declined") return { result: nomination, writes: [] };
  requirePending(nomination);
  const { result, writes } = closed(env, nomination, { state: "declined", note }, actor);
  return { result, writes: [...writes, ...told(env, result)] };
}

/**
 * coordinator_nomination_requires_authorization lets coordinators and administrators decide. A
 * nomination asks for somebody else's judgement, so a coordinator decides neither one they made nor
 * one of themselves.
 */
function requireDecider(actor: Actor, { nominator_id, nominee_id }: Nomination): void {
  requireNominator(actor);
  if (isAdministrator(actor)) return;
  if (isSelf(actor, nominator_id) || isSelf(actor, nominee_id)) throw ownBadge();
}

function told(
  env: Env,
  nomination: Nomination,
  more: Readonly<Record<string, string>> = {},
): Writable[] {
  const { id, organization_id: organizationId, state } = nomination;
  const type = state === "approved" ? "nomination.approved" : "nomination.declined";
  return [
    ...notify(env, { kind: "nomination.decided", subjectId: id, organizationId }),
    ...announce(env, announcementOf(type, nomination, more)),
  ];
}
