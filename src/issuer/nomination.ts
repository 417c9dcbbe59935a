// Nominations: asking that a badge be awarded to a member, one at a time, and taking that back.
import { and, eq, sql } from "drizzle-orm";
import type { EvidenceItem } from "../db/awards.ts";
import { badges, findAwardableBadge } from "../db/badges.ts";
import { type DatabaseError, isBreach } from "../db/errors.ts";
import {
  findNomination,
  findPendingNomination,
  type Nomination,
  nominations,
} from "../db/nominations.ts";
import type { Env } from "../env.ts";
import { newId } from "../ids.ts";
import { Problem } from "../problem.ts";
import {
  isAdministrator,
  isSelf,
  memberOf,
  notAuthorized,
  requireNominator,
} from "./acting-person.ts";
import { announce } from "./announce.ts";
import { type Actor, audited } from "./audit.ts";
import { type NotAwarded, outcomeOfHeld, unknownBadge } from "./award.ts";
import {
  memberNamed,
  type Recipient,
  type RecipientInput,
  recipientOf,
} from "./award-recipient.ts";
import { refuse, requireActive, requireReceivable } from "./award-rules.ts";
import type { Decision } from "./badge.ts";
import { DEFAULT_WIDTH } from "./image-variants.ts";
import { manualCriterionOf, requireNominatable } from "./manual-award-rights.ts";
import { notify } from "./notify.ts";

export interface NominationInput extends RecipientInput {
  /** The badge's id. */
  readonly badge: string;
  /** Why; becomes the award's narrative. */
  readonly reason: string;
  readonly evidence?: readonly EvidenceItem[] | undefined;
}

/**
 * Nominates a member for a badge. Nobody becomes a member by it. Throws a Problem, with the rule's
 * name in `errors`: `role-required`, `not-found`, `badge-inactive`, `badge-not-nominatable`,
 * `recipient-not-active`, `recipient-not-eligible`, `badge-held`, `nomination-pending`,
 * `invalid-request`. Of two at once the later breaks the unique index: `pendingInstead` says what
 * to answer then.
 */
export async function nominate(
  env: Env,
  organizationId: string,
  input: NominationInput,
  actor: Actor,
): Promise<Decision<Nomination>> {
  requireNominator(actor);
  const awardable = await findAwardableBadge(env.db, organizationId, input.badge, DEFAULT_WIDTH);
  if (awardable === null) throw unknownBadge();
  const { badge } = awardable;
  requireActive(badge);
  requireNominatable(await manualCriterionOf(env.db, badge.id));
  const nominee = await existingMember(env, organizationId, input, actor);
  requireReceivable(badge, nominee);
  const held = await outcomeOfHeld(env, awardable, nominee, {});
  if (held !== null) throw heldAlready(held, nominee.pointer);
  await requireNonePending(env, badge.id, nominee.userId);
  const now = env.now();
  const nomination: Nomination = {
    id: newId(env),
    organization_id: organizationId,
    badge_id: badge.id,
    nominee_id: nominee.userId,
    nominator_id: memberOf(actor),
    reason: input.reason,
    evidence: input.evidence === undefined ? null : [...input.evidence],
    state: "pending",
    decided_by_id: null,
    decided_at: null,
    decision_note: null,
    award_id: null,
    created_at: now,
    updated_at: now,
  };
  return {
    result: nomination,
    writes: [
      audited(env, {
        organizationId,
        actor,
        action: "nomination.created",
        object: ["nomination", nomination.id],
        detail: { badge: badge.id, user: nominee.userId, ...onBehalfOf(actor) },
        provided: sql`exists (select 1 from ${badges} where ${badges.id} = ${badge.id}
          and ${badges.status} in ('active', 'active_locked'))`,
      }),
      env.db.orm.insert(nominations).values(nomination),
      ...notify(env, { kind: "nomination.created", subjectId: nomination.id, organizationId }),
      ...announce(env, announcementOf("nomination.created", nomination)),
    ],
  };
}

/** The member who was named by id, or by something they are known by here. */
export async function existingMember(
  env: Env,
  organizationId: string,
  { user, recipient }: RecipientInput,
  actor: Actor,
): Promise<Recipient> {
  if (recipient === undefined) return recipientOf(env, organizationId, { user }, actor);
  const known = await memberNamed(env, organizationId, { recipient });
  if (known === null) {
    refuse({
      pointer: "/recipient",
      code: "user_id_must_exist",
      detail: "No member of this organization is known by this.",
      fix: "Add the person with POST /api/v1/users first.",
    });
  }
  const found = await recipientOf(env, organizationId, { user: known }, actor);
  return { ...found, pointer: "/recipient" };
}

/** The 409 Problem for who holds all that the badge allows, under the rule that says so. */
export function heldAlready({ reason, award }: NotAwarded, pointer: string): Problem {
  const detail = `The person holds the badge already: award ${award.id}.`;
  const fix = "Nothing needs to be done; or revoke that award first.";
  return new Problem("badge-held", detail, {
    fix,
    errors: [{ pointer, code: reason, detail, fix }],
  });
}

async function requireNonePending(env: Env, badgeId: string, nomineeId: string): Promise<void> {
  const pending = await findPendingNomination(env.db, badgeId, nomineeId);
  if (pending === null) return;
  const detail = `Nomination ${pending.id} of this person for this badge is pending.`;
  const fix = `Decide or withdraw it: /api/v1/nominations/${pending.id}.`;
  throw new Problem("nomination-pending", detail, {
    fix,
    errors: [{ pointer: "/badge", code: "one_pending_nomination", detail, fix }],
    headers: { location: `/api/v1/nominations/${pending.id}` },
  });
}

/** Whether a nomination was refused because another of the same badge and person was faster. */
export function isPendingInstead(error: DatabaseError): boolean {
  return isBreach(error, "unique", "nominations.badge_id");
}

/** Throws a `not-found` Problem, the same for another organization's nomination as for none. */
export async function nominationOf(
  env: Pick<Env, "db">,
  organizationId: string,
  id: string,
): Promise<Nomination> {
  const nomination = await findNomination(env.db, organizationId, id);
  if (nomination !== null) return nomination;
  throw new Problem("not-found", "This organization has no nomination with this id.");
}

/**
 * Takes a nomination back, before it is decided: for who made it, and for administrators. Repeating it
 * changes nothing. Throws a Problem: `not-found`, `role-required`, `nomination-decided`.
 */
export async function withdrawNomination(
  env: Env,
  organizationId: string,
  id: string,
  actor: Actor,
): Promise<Decision<Nomination>> {
  const nomination = await nominationOf(env, organizationId, id);
  if (!isAdministrator(actor) && !isSelf(actor, nomination.nominator_id)) {
    throw notAuthorized(
      "Only who made the nomination, or an administrator, withdraws it.",
      "Ask who made it; or decline it.",
    );
  }
  if (nomination.state === "withdrawn") return { result: nomination, writes: [] };
  requirePending(nomination);
  return closed(env, nomination, { state: "withdrawn", note: null }, actor);
}

export function requirePending({ id, state }: Nomination): void {
  if (state === "pending") return;
  throw new Problem("nomination-decided", `Nomination ${id} was ${state}.`);
}

interface Closing {
  readonly state: "approved" | "declined" | "withdrawn";
  readonly note: string | null;
  readonly awardId?: string;
}

/**
 * The end of a nomination that is pending. Its audit entry comes first, and undoes the batch where the
 * nomination was decided meanwhile (`isOvertaken`); the state itself comes after `between`, since it
 * names the award.
 */
export function closed(
  env: Env,
  nomination: Nomination,
  { state, note, awardId }: Closing,
  actor: Actor,
  between: Decision<unknown>["writes"] = [],
): Decision<Nomination> {
  const { id, organization_id: organizationId } = nomination;
  const now = env.now();
  const change = {
    state,
    decided_by_id: memberOf(actor),
    decided_at: now,
    decision_note: note,
    award_id: awardId ?? null,
    updated_at: now,
  };
  return {
    result: { ...nomination, ...change },
    writes: [
      audited(env, {
        organizationId,
        actor,
        action: `nomination.${state}`,
        object: ["nomination", id],
        detail: { ...(awardId === undefined ? {} : { award: awardId }), ...onBehalfOf(actor) },
        provided: sql`exists (select 1 from ${nominations} where ${nominations.id} = ${id}
          and ${nominations.state} = 'pending')`,
      }),
      ...between,
      env.db.orm
        .update(nominations)
        .set(change)
        .where(and(eq(nominations.id, id), eq(nominations.state, "pending"))),
    ],
  };
}

/** Whom a program acted for. */
function onBehalfOf(actor: Actor): Record<string, string> {
  const member = actor.kind === "user" ? null : memberOf(actor);
  return member === null ? {} : { on_behalf_of: member };
}

export function announcementOf(
  type: "nomination.created" | "nomination.approved" | "nomination.declined",
  { id, organization_id, badge_id, nominee_id }: Nomination,
  more: Readonly<Record<string, string>> = {},
) {
  return {
    organizationId: organization_id,
    type,
    data: { nomination: id, badge: badge_id, user: nominee_id, ...more },
  };
}
