// As whom an organization knows a person: by their account, or by its own record of an address they have proven.
import { and, eq, inArray, sql } from "drizzle-orm";
import { alias } from "drizzle-orm/sqlite-core";
import type { Database } from "./database.ts";
import { identities, memberships, organizations, type UserStatus, users } from "./organizations.ts";
import { knownTo } from "./people.ts";
import { prepared } from "./prepared.ts";

export interface OwnMembership {
  readonly userId: string;
  readonly roles: readonly string[];
  /** Of the membership. */
  readonly status: UserStatus;
  /** Of the record as a whole. */
  readonly userStatus: UserStatus;
}

const proven = alias(identities, "proven");
const given = (name: string) => sql.placeholder(name);

/**
 * A person's memberships in an organization, suspended ones too; their account's own first. What
 * another organization wrote into a shared record makes nobody a member here (`knownTo`).
 */
export function ownMemberships(
  db: Database,
  organizationId: string,
  userId: string,
): Promise<OwnMembership[]> {
  return byPerson(db).all({ organizationId, userId });
}

const byPerson = prepared(({ orm }) =>
  orm
    .select({
      userId: memberships.user_id,
      roles: memberships.roles,
      status: memberships.status,
      userStatus: users.status,
    })
    .from(memberships)
    .innerJoin(users, eq(users.id, memberships.user_id))
    .where(
      and(
        eq(memberships.organization_id, given("organizationId")),
        inArray(
          memberships.user_id,
          sql`(select ${given("userId")} union select ${identities.user_id} from ${identities} proven
            join ${identities} on ${identities.type} = ${proven.type}
              and ${identities.normalised} = ${proven.normalised}
            where ${proven.user_id} = ${given("userId")} and ${proven.verified_at} is not null
              and ${knownTo(given("organizationId"))})`,
        ),
      ),
    )
    .orderBy(sql`${memberships.user_id} <> ${given("userId")}`, memberships.id)
    .prepare(),
);

export interface OwnOrganization {
  readonly id: string;
  readonly slug: string;
  readonly name: string;
  readonly roles: readonly string[];
}

/** Nobody chooses among more. */
const MAX_ORGANIZATIONS = 100;

/**
 * Organizations in which a person is active, with their roles there, in order of their names; the
 * account's own record and those of addresses they have proven count alike (`ownMemberships`). One
 * that has suspended them under any record is left out.
 */
export async function organizationsOf(db: Database, userId: string): Promise<OwnOrganization[]> {
  const rows = await everywhere(db).all({ userId });
  const found = new Map<string, { one: OwnOrganization; memberships: OwnMembership[] }>();
  for (const { id, slug, name, ...membership } of rows) {
    const known = found.get(id) ?? { one: { id, slug, name, roles: [] }, memberships: [] };
    known.memberships.push(membership);
    found.set(id, known);
  }
  return [...found.values()]
    .filter(({ memberships: own }) => !isSuspended(own))
    .map(({ one, memberships: own }) => ({
      ...one,
      roles: [...new Set(own.filter(isActive).flatMap(({ roles }) => roles))],
    }))
    .slice(0, MAX_ORGANIZATIONS);
}

/** Records of the addresses that a person has proven; to be gone on with more conditions. */
const SAME_ADDRESS = sql`${identities} proven
  join ${identities} on ${identities.type} = ${proven.type}
    and ${identities.normalised} = ${proven.normalised}
  where ${proven.user_id} = ${given("userId")} and ${proven.verified_at} is not null`;

const everywhere = prepared(({ orm }) =>
  orm
    .select({
      id: organizations.id,
      slug: organizations.slug,
      name: organizations.name,
      userId: memberships.user_id,
      roles: memberships.roles,
      status: memberships.status,
      userStatus: users.status,
    })
    .from(memberships)
    .innerJoin(users, eq(users.id, memberships.user_id))
    .innerJoin(organizations, eq(organizations.id, memberships.organization_id))
    .where(
      and(
        // Who it may be comes first, and by itself: asked of each membership, everybody's were read.
        inArray(
          memberships.user_id,
          sql`(select ${given("userId")} union select ${identities.user_id} from ${SAME_ADDRESS})`,
        ),
        sql`(${memberships.user_id} = ${given("userId")} or exists (select 1 from ${SAME_ADDRESS}
          and ${identities.user_id} = ${memberships.user_id}
          and ${knownTo(sql`${memberships.organization_id}`)}))`,
      ),
    )
    .orderBy(organizations.name, organizations.id, memberships.id)
    .limit(MAX_ORGANIZATIONS * 4)
    .prepare(),
);

/** Whether the organization, or the site, has suspended somebody under any of their records. */
export function isSuspended(own: readonly OwnMembership[]): boolean {
  return own.some(({ status, userStatus }) => [status, userStatus].includes("suspended"));
}

/** The roles a person has in an organization now; none once any record of them there is suspended. */
export async function rolesNow(
  db: Database,
  organizationId: string,
  userId: string,
): Promise<readonly string[]> {
  const own = await ownMemberships(db, organizationId, userId);
  if (isSuspended(own)) return [];
  return own.flatMap(({ roles, status, userStatus }) =>
    isActive({ status, userStatus }) ? roles : [],
  );
}

function isActive({ status, userStatus }: Pick<OwnMembership, "status" | "userStatus">): boolean {
  return status === "active" && userStatus === "active";
}
