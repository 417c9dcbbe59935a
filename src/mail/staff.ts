// Where somebody who works in an organization is written to: who makes badges, nominates, decides.

import { findMembership, type Identity, type User } from "../db/organizations.ts";
import { ownMemberships } from "../db/own-memberships.ts";
import { findMember, findProvenHolder, provenIdentities } from "../db/people.ts";
import type { Env } from "../env.ts";
import type { NotToldReason } from "./letter.ts";

export interface Staff {
  /** An address they have proven. */
  readonly to: string;
  readonly name: string;
  readonly language: string | null;
  readonly timeZone: string | null;
}

export type StaffOutcome =
  | { readonly ok: true; readonly staff: Staff }
  | { readonly ok: false; readonly reason: NotToldReason };

/**
 * An account or an organization's record of a person, while they are active in the organization.
 * What an organization tells its own people goes only to addresses somebody has proven.
 */
export async function staffOf(
  env: Pick<Env, "db">,
  organizationId: string,
  userId: string,
): Promise<StaffOutcome> {
  const known = await ownMemberships(env.db, organizationId, userId);
  const [active] = known.filter((one) => one.status === "active" && one.userStatus === "active");
  if (active === undefined || known.some(isSuspended)) {
    return { ok: false, reason: "person-not-active" };
  }
  const proven = await provenAddress(env, organizationId, userId);
  if (proven === null) return { ok: false, reason: "person-without-proven-email" };
  const { user, identity } = proven;
  if (user.status !== "active") return { ok: false, reason: "person-not-active" };
  const membership = await findMembership(env.db, organizationId, active.userId);
  return {
    ok: true,
    staff: {
      to: identity.normalised,
      name: membership?.name ?? user.name ?? identity.normalised,
      language: user.language,
      timeZone: user.time_zone,
    },
  };
}

function isSuspended({ status, userStatus }: { status: string; userStatus: string }): boolean {
  return status === "suspended" || userStatus === "suspended";
}

/** The account's own first; else one that the organization knows and another account has proven. */
async function provenAddress(
  { db }: Pick<Env, "db">,
  organizationId: string,
  userId: string,
): Promise<{ user: User; identity: Identity } | null> {
  const own = (await provenIdentities(db, userId)).find(isEmail);
  if (own !== undefined) return findProvenHolder(db, "email", own.normalised);
  const member = await findMember(db, organizationId, userId);
  for (const { normalised } of member?.identities.filter(isEmail) ?? []) {
    const holder = await findProvenHolder(db, "email", normalised);
    if (holder !== null) return holder;
  }
  return null;
}

function isEmail({ type }: Pick<Identity, "type">): boolean {
  return type === "email";
}
