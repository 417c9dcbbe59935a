// The end of the set-up: organization, administrator, first badge and session, in one batch or not at all.
import { eq, sql } from "drizzle-orm";
import { anew } from "../../anew.ts";
import { newBadge, toInput } from "../../api/badge-schema.ts";
import { parsed } from "../../api/faults.ts";
import { organizationCreation } from "../../api/organizations.ts";
import { ADMINISTRATOR } from "../../auth.ts";
import type { Writable } from "../../db/database.ts";
import { users } from "../../db/organizations.ts";
import {
  findProvenHolder,
  insertIdentity,
  insertMembership,
  insertUser,
  newUser,
} from "../../db/people.ts";
import {
  consumeSetupLink,
  isSetupLinkOpen,
  NOBODY_ADMINISTERS,
  type SetupLink,
} from "../../db/setup-links.ts";
import { normalisedEmail } from "../../email-address.ts";
import type { Env } from "../../env.ts";
import { newId } from "../../ids.ts";
import { audited, isOvertaken } from "../../issuer/audit.ts";
import { defineBadge } from "../../issuer/badge.ts";
import { createOrganization } from "../../issuer/organization.ts";
import { MEMBER_ROLE } from "../../issuer/person.ts";
import { isOvertaken as isProvenMeanwhile, provenIdentity } from "../../signin/person.ts";
import { endedSession, newSession } from "../../signin/session.ts";

export interface FirstOrganization {
  readonly name: string;
  readonly url: string;
  readonly email: string;
  readonly language: string;
}

export interface FirstAdministrator {
  readonly name: string | null;
  readonly email: string;
}

export interface FirstBadge {
  readonly name: string;
  readonly description: string;
  readonly criteria: { readonly narrative: string };
}

/** As the API would take it. Throws a 422 Problem that names every fault. */
export function checkedOrganization(given: FirstOrganization) {
  return parsed({ body: organizationCreation }, { params: {}, query: {}, body: given }).body;
}

/** As the API would take it. Throws a 422 Problem that names every fault. */
export function checkedBadge(given: FirstBadge) {
  return parsed({ body: newBadge }, { params: {}, query: {}, body: given }).body;
}

/** What the one who sets up says of all three. */
interface FirstThings {
  readonly organization: FirstOrganization;
  readonly administrator: FirstAdministrator;
  readonly badge: FirstBadge | null;
}

export type Finished =
  /** `cookie` is the Set-Cookie header's value of the administrator's session. */
  | { readonly ok: true; readonly cookie: string }
  /** `overtaken`: the link was used, or somebody became administrator meanwhile. */
  | { readonly ok: false; readonly reason: "overtaken" | "suspended" };

/**
 * Sets the installation up. The operator, who printed the link, answers for the address: it counts as
 * proven. Throws the Problems of an organization or a badge that cannot be as it was given, and
 * `edit-conflict`.
 */
export function finishSetup(
  env: Env,
  request: Request,
  link: SetupLink,
  given: FirstThings,
): Promise<Finished> {
  // Somebody proved the address meanwhile: then that is whose installation it is.
  return anew(() => finishOnce(env, request, link, given), isProvenMeanwhile);
}

async function finishOnce(
  env: Env,
  request: Request,
  link: SetupLink,
  given: FirstThings,
): Promise<Finished> {
  const person = await administratorWrites(env, given.administrator);
  if (person === null) return { ok: false, reason: "suspended" };
  const { userId } = person;
  const actor = { kind: "user", id: userId } as const;
  const organization = await createOrganization(
    env,
    checkedOrganization(given.organization),
    actor,
  );
  const badge =
    given.badge === null
      ? null
      : await defineBadge(env, organization.result, toInput(checkedBadge(given.badge)), actor);
  const session = await newSession(env, userId, "link", request);
  const now = env.now();
  try {
    await env.db.batch([
      audited(env, {
        organizationId: null,
        actor,
        action: "installation.set_up",
        object: ["user", userId],
        provided: sql`${isSetupLinkOpen(link.id, now)} and ${NOBODY_ADMINISTERS}`,
      }),
      ...person.writes,
      ...organization.writes,
      insertMembership(env.db, {
        id: newId(env),
        organization_id: organization.result.id,
        user_id: userId,
        name: given.administrator.name,
        roles: [MEMBER_ROLE, ADMINISTRATOR],
        status: "active",
        created_at: now,
        updated_at: now,
      }),
      ...(badge?.writes ?? []),
      consumeSetupLink(env.db, link.id, now),
      session.write,
      ...(await endedSession(env, request)),
    ]);
  } catch (error) {
    if (isOvertaken(error)) return { ok: false, reason: "overtaken" };
    throw error;
  }
  env.log.info("setup.finished", { user: userId, organization: organization.result.id });
  return { ok: true, cookie: session.cookie };
}

/** Whoever has proven the address before, else a new account; null for somebody who is suspended. */
async function administratorWrites(
  env: Env,
  { name, email }: FirstAdministrator,
): Promise<{ readonly userId: string; readonly writes: readonly Writable[] } | null> {
  const holder = await findProvenHolder(env.db, "email", normalisedEmail(email));
  if (holder !== null && holder.user.status !== "active") return null;
  const user = holder?.user ?? newUser(newId(env), env.now(), name);
  const raised = env.db.orm
    .update(users)
    .set({ is_site_administrator: true, updated_at: env.now() })
    .where(eq(users.id, user.id));
  const made =
    holder === null
      ? [insertUser(env.db, user), insertIdentity(env.db, provenIdentity(env, user.id, email))]
      : [];
  return { userId: user.id, writes: [...made, raised] };
}
