// Claiming: a person who has a code takes the badge themselves, as often as the code allows and no oftener.
import { ADMINISTRATOR } from "../auth.ts";
import type { Award } from "../db/awards.ts";
import { type Claimable, claims, findClaimable, findClaimed } from "../db/claim-codes.ts";
import type { Statement, Writable } from "../db/database.ts";
import type { Identity } from "../db/organizations.ts";
import { isSuspended, ownMemberships } from "../db/own-memberships.ts";
import type { Env } from "../env.ts";
import { Problem, type ProblemCode } from "../problem.ts";
import { announce } from "./announce.ts";
import { audited, isRefusal } from "./audit.ts";
import { awardBadge } from "./award.ts";
import { type CodeState, stateOfCode } from "./claim-code.ts";

export interface Claimant {
  readonly userId: string;
  /** An e-mail address that the person has proven. */
  readonly identity: Pick<Identity, "identity">;
  readonly name: string | null;
}

export type Claimed =
  /** `already`: with this code before, or in another way. */
  | { readonly ok: true; readonly award: Award; readonly already: boolean }
  | { readonly ok: false; readonly reason: Exclude<CodeState, "open"> }
  /** By a rule of awarding, under its code. */
  | { readonly ok: false; readonly reason: "refused"; readonly code: ProblemCode };

const revoked: Claimed = { ok: false, reason: "refused", code: "award-revoked" };

/** How often it is decided anew when what it was decided on has changed before it was written. */
const MAX_ATTEMPTS = 8;

/**
 * Awards the badge of a code to whoever has it. Of any number who claim at once exactly as many get
 * it as the code allows. Throws a Problem `edit-conflict`; rejects with a DatabaseError.
 */
export async function claimBadge(env: Env, codeHash: string, claimant: Claimant): Promise<Claimed> {
  for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
    const claimable = await findClaimable(env.db, codeHash);
    if (claimable === null) return { ok: false, reason: "revoked" };
    const claimed = await tryClaim(env, claimable, claimant);
    if (claimed !== "overtaken") return claimed;
  }
  throw new Problem("edit-conflict", "Others kept changing the same while this was claimed.");
}

async function tryClaim(
  env: Env,
  { code, badge }: Claimable,
  claimant: Claimant,
): Promise<Claimed | "overtaken"> {
  const before = await findClaimed(env.db, code.id, claimant.userId);
  if (before !== null) {
    return before.revoked_at === null ? { ok: true, award: before, already: true } : revoked;
  }
  const state = stateOfCode(code, env.now());
  if (state !== "open") return { ok: false, reason: state };
  if (await isMadeBySuspended(env, code)) return { ok: false, reason: "revoked" };
  const bar = await barOf(env, code, claimant);
  if (bar !== null) return { ok: false, reason: "refused", code: bar };
  const decided = await decide(env, badge.organization_id, badge.id, claimant);
  if (!("writes" in decided)) return decided;
  const { award, writes } = decided;
  try {
    await env.db.batch([
      takePlace(code.id, env.now()),
      ...writes,
      env.db.orm.insert(claims).values({
        claim_code_id: code.id,
        user_id: claimant.userId,
        award_id: award.id,
        claimed_at: env.now(),
      }),
      audited(env, {
        organizationId: badge.organization_id,
        actor: { kind: "user", id: claimant.userId },
        action: "award.claimed",
        object: ["award", award.id],
        detail: { claim_code: code.id },
      }),
      ...announce(env, {
        organizationId: badge.organization_id,
        type: "award.claimed",
        data: { award: award.id, badge: badge.id, user: award.user_id, claim_code: code.id },
      }),
    ]);
    return { ok: true, award, already: false };
  } catch (error) {
    // The last place was taken, the person was faster in another window, or what was read has changed.
    if (isRefusal(error, "claim_codes.claims")) return "overtaken";
    throw error;
  }
}

/**
 * Why it is not for this person, by whichever address they claim: who is suspended under one stays so
 * under the others, and who may give no badge to themselves gives themselves none by a code.
 */
async function barOf(
  env: Env,
  { organization_id, created_by_id }: Claimable["code"],
  { userId }: Claimant,
): Promise<ProblemCode | null> {
  const own = await ownMemberships(env.db, organization_id, userId);
  if (isSuspended(own)) return "recipient-not-active";
  if (created_by_id !== userId) return null;
  return own.some(({ roles }) => roles.includes(ADMINISTRATOR)) ? null : "own-badge";
}

/** Who is suspended gives nothing any more, also not by what they left lying about. */
async function isMadeBySuspended(
  env: Env,
  { organization_id, created_by_id }: Claimable["code"],
): Promise<boolean> {
  if (created_by_id === null) return false;
  return isSuspended(await ownMemberships(env.db, organization_id, created_by_id));
}

async function decide(
  env: Env,
  organizationId: string,
  badge: string,
  claimant: Claimant,
): Promise<Claimed | { readonly award: Award; readonly writes: readonly Writable[] }> {
  const { identity, name } = claimant;
  const recipient = { type: "email" as const, identity: identity.identity, name };
  const input = { badge, recipient, isClaimed: true };
  try {
    // Nobody of the organization decides on it: the code does.
    const actor = { kind: "system", id: null } as const;
    const { result, writes } = await awardBadge(env, organizationId, input, actor);
    // What was taken back is not got again by a code that lies about.
    if (!result.awarded && result.reason === "award_was_revoked") return revoked;
    if (!result.awarded) return { ok: true, award: result.award, already: true };
    return { award: result.award, writes };
  } catch (error) {
    if (!(error instanceof Problem) || error.status >= 500) throw error;
    return { ok: false, reason: "refused", code: error.code };
  }
}

/** One claim more, or the batch is undone: `claims` refuses NULL. */
function takePlace(codeId: string, now: number): Statement {
  return {
    sql: `UPDATE claim_codes SET claims = CASE WHEN revoked_at IS NULL
        AND (expires_at IS NULL OR expires_at > ?)
        AND (max_claims IS NULL OR claims < max_claims) THEN claims + 1 END
      WHERE id = ?`,
    params: [now, codeId],
  };
}
