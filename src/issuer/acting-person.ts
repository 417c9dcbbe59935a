// Who acts by hand: a person who is signed in, the one a program acts for, or the organization itself.
import { ADMINISTRATOR, COORDINATOR, type Principal } from "../auth.ts";
import type { AwardedBy } from "../db/awards.ts";
import { findMember } from "../db/people.ts";
import type { Env } from "../env.ts";
import { type FieldError, Problem } from "../problem.ts";
import type { Actor } from "./audit.ts";
import { refuse } from "./award-rules.ts";

/** Where the request names the person. */
const NAMED: Pick<FieldError, "pointer"> = { pointer: "/on_behalf_of" };

/**
 * The actor of a request: a program may name a member whom it acts for, and then has their roles and
 * no others. Throws a Problem: `invalid-request` where that is no active member, or where a person
 * names somebody else.
 */
export async function actingPerson(
  env: Env,
  organizationId: string,
  principal: Principal,
  onBehalfOf: string | undefined,
): Promise<Actor> {
  if (principal.kind === "user") {
    if (onBehalfOf !== undefined && !principal.memberIds.includes(onBehalfOf)) {
      refuse({
        ...NAMED,
        code: "acts_for_oneself",
        detail: "Who is signed in acts for nobody else.",
        fix: "Leave it out.",
      });
    }
    return principal;
  }
  const { kind, id } = principal;
  if (onBehalfOf === undefined) return { kind, id };
  const member = await findMember(env.db, organizationId, onBehalfOf);
  if (member?.user.status !== "active" || member.membership.status !== "active") {
    refuse({
      ...NAMED,
      code: "user_id_must_exist",
      detail: "This organization has no active member with this id.",
      fix: "Give the id of an active user that GET /api/v1/users lists, or leave it out.",
    });
  }
  return { kind, id, roles: member.membership.roles, memberIds: [onBehalfOf] };
}

/** The users row to write down for who acted; null for the organization itself. */
export function memberOf({ memberIds }: Actor): string | null {
  return memberIds?.[0] ?? null;
}

/** awarded_by_valid_enum: rules, an administrator or a program, or somebody with another role. */
export function awardedBy(actor: Actor): AwardedBy {
  if (actor.kind === "system") return "system";
  return isAdministrator(actor) ? "admin" : "coordinator";
}

/** Whether it is the organization itself that acts, or one of its administrators. */
export function isAdministrator({ roles }: Actor): boolean {
  return roles === undefined || roles.includes(ADMINISTRATOR);
}

/** Whether that is who acts: a member, or the account of who is signed in. */
export function isSelf({ kind, id, memberIds }: Actor, userId: string | null): boolean {
  if (userId === null) return false;
  return (kind === "user" && id === userId) || (memberIds ?? []).includes(userId);
}

/**
 * coordinator_nomination_requires_authorization: who is neither coordinator nor administrator
 * nominates nobody, not themselves and no peer.
 */
export function requireNominator(actor: Actor): void {
  if (isAdministrator(actor) || actor.roles?.includes(COORDINATOR)) return;
  throw notAuthorized(
    "Only coordinators and administrators of the organization nominate.",
    "Ask a coordinator to nominate the person.",
  );
}

/** The 403 Problem for a role that may not do what was asked. */
export function notAuthorized(detail: string, fix: string): Problem {
  return new Problem("role-required", detail, {
    fix,
    errors: [{ code: "coordinator_nomination_requires_authorization", detail, fix }],
  });
}
