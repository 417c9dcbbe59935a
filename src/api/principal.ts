// Who makes a request of the API: a program with its key, or the person whose session the browser brings.
import type { Context } from "hono";
import { authenticate, type Person, type Principal, scopesOf } from "../auth.ts";
import {
  findOrganization,
  findOrganizationBySlug,
  type Organization,
} from "../db/organizations.ts";
import { isSuspended, ownMemberships } from "../db/own-memberships.ts";
import type { Env } from "../env.ts";
import { Problem } from "../problem.ts";
import { findSession, type Session } from "../signin/session.ts";

export const ORGANIZATION_HEADER = "Rosette-Organization";

/** Methods that change nothing (RFC 9110, section 9.2.1). */
const SAFE: ReadonlySet<string> = new Set(["GET", "HEAD"]);

/**
 * The principal of a request; what it may do is not asked here. A key counts before a session.
 * Throws a Problem: 401 where there is neither or the key is not valid; for a session also
 * `organization-required`, `not-found` and `cross-site-request`.
 */
export async function principalOf(env: Env, c: Context): Promise<Principal> {
  const request = c.req.raw;
  const session = request.headers.has("authorization") ? null : await findSession(env, request);
  if (session === null) return authenticate(c, env);
  if (!SAFE.has(request.method)) requireOwnPage(env, request);
  return personOf(env, session, request.headers.get(ORGANIZATION_HEADER));
}

/**
 * Cross-site request forgery: a session's cookie comes with whatever page makes the request, so what
 * changes something must be seen to come from a page of ours, by what browsers say themselves and no
 * script can change. A proxy may have another origin here than in public; both are ours.
 */
function requireOwnPage({ config }: Env, request: Request): void {
  const site = request.headers.get("sec-fetch-site");
  const origin = request.headers.get("origin");
  const own = [config.publicUrl, new URL(request.url).origin];
  const fromHere = origin === null ? site === "same-origin" : own.includes(origin);
  if (fromHere && (site === null || site === "same-origin")) return;
  throw new Problem(
    "cross-site-request",
    "Neither Origin nor Sec-Fetch-Site says that a page of this site sent this.",
  );
}

/**
 * The person in the organization they name, with the roles they have there now. One that does not
 * know them, or has suspended them under any record, is as unknown as one that does not exist.
 */
async function personOf(env: Env, { user }: Session, named: string | null): Promise<Person> {
  if (named === null) {
    throw new Problem("organization-required", `${ORGANIZATION_HEADER} is missing.`, {
      fix: `Send \`${ORGANIZATION_HEADER}: …\` with the id or slug of an organization you are in.`,
    });
  }
  const organization = await organizationNamed(env, named);
  const known = organization === null ? [] : await ownMemberships(env.db, organization.id, user.id);
  const [first, ...others] = known.filter(
    ({ status, userStatus }) => status === "active" && userStatus === "active",
  );
  if (organization === null || first === undefined || isSuspended(known)) {
    throw new Problem("not-found", `${ORGANIZATION_HEADER} names no organization you are in.`);
  }
  const roles = [...new Set([first, ...others].flatMap((membership) => membership.roles))];
  return {
    kind: "user",
    id: user.id,
    organizationId: organization.id,
    scopes: scopesOf(roles),
    roles,
    memberIds: [first.userId, ...others.map(({ userId }) => userId)],
  };
}

/** By id or slug. */
export async function organizationNamed(
  { db }: Pick<Env, "db">,
  named: string,
): Promise<Organization | null> {
  return (await findOrganization(db, named)) ?? (await findOrganizationBySlug(db, named));
}
