// An organization's people as lists: found by name, address, role or status, the newest first.
import { and, desc, eq, lt, type SQL, sql } from "drizzle-orm";
import type { Database } from "./database.ts";
import {
  type IdentityType,
  identities,
  type Membership,
  memberships,
  type UserStatus,
  users,
} from "./organizations.ts";
import { knownTo, type Member, standsFor, withIdentities } from "./people.ts";

export interface MemberFilter {
  readonly limit: number;
  /** A membership's id: only older ones. */
  readonly cursor?: string | undefined;
  readonly identity?: { readonly type: IdentityType; readonly normalised: string } | undefined;
  /** Part of the name, without regard to ASCII case; or how an e-mail address begins. */
  readonly namePart?: string | undefined;
  readonly role?: string | undefined;
  readonly status?: UserStatus | undefined;
  readonly userId?: string | undefined;
}

function filtered(organizationId: string, filter: MemberFilter): SQL | undefined {
  const { cursor, identity, namePart, role, status, userId } = filter;
  return and(
    eq(memberships.organization_id, organizationId),
    cursor === undefined ? undefined : lt(memberships.id, cursor),
    userId === undefined ? undefined : eq(memberships.user_id, userId),
    namePart === undefined
      ? undefined
      : sql`(${memberships.name} like ${`%${escapedLike(namePart)}%`} escape '\\'
          or ${memberships.user_id} in ${addressesFrom(organizationId, namePart)})`,
    role === undefined
      ? undefined
      : sql`${amongFew(role !== "member", ROLES_APART)} exists (
          select 1 from json_each(${memberships.roles}) where value = ${role})`,
    status === undefined
      ? undefined
      : sql`${amongFew(status !== "active", STATUS_APART)} ${memberships.status} = ${status}`,
    identity === undefined
      ? undefined
      : sql`${memberships.user_id} in (select ${identities.user_id} from ${identities}
          where ${identities.type} = ${identity.type} and ${identities.normalised} = ${identity.normalised}
          and ${standsFor(organizationId)})`,
  );
}

/** The conditions of the indexes on those who are not like most, word for word. */
const ROLES_APART = sql`${memberships.roles} <> '["member"]' and`;
const STATUS_APART = sql`${memberships.status} <> 'active' and`;

function amongFew(areFew: boolean, condition: SQL): SQL {
  return areFew ? condition : sql``;
}

/** Addresses that begin alike are looked through up to here. */
const MOST_ADDRESSES = 200;
/** Sorts after whatever goes on from a beginning. */
const LAST_SIGN = "\u{10ffff}";

/** Of members, as far as the organization knows their addresses. */
function addressesFrom(organizationId: string, beginning: string): SQL {
  const from = beginning.trim().toLowerCase();
  return sql`(select known.user_id from (
      select ${identities.user_id}, ${identities.id} from ${identities}
      where ${identities.type} = 'email' and ${identities.normalised} >= ${from}
        and ${identities.normalised} < ${from + LAST_SIGN}
        and ${identities.user_id} in (select member.user_id from memberships member
          where member.organization_id = ${organizationId} and member.user_id = ${identities.user_id})
        and ${knownTo(organizationId)}
      limit ${MOST_ADDRESSES}) known)`;
}

/** `%` and `_` stand for themselves. */
function escapedLike(text: string): string {
  return text.replace(/[\\%_]/g, (sign) => `\\${sign}`);
}

/** One row more than a page holds, newest membership first. */
export async function listMembers(
  db: Database,
  organizationId: string,
  filter: MemberFilter,
): Promise<Member[]> {
  const rows = await db.orm
    .select({ user: users, membership: memberships })
    .from(memberships)
    .innerJoin(users, eq(users.id, memberships.user_id))
    .where(filtered(organizationId, filter))
    .orderBy(desc(memberships.id))
    .limit(filter.limit + 1);
  return withIdentities(db, organizationId, rows);
}

/** One row more than a page holds, newest first. */
export function listMemberships(
  db: Database,
  organizationId: string,
  filter: MemberFilter,
): Promise<Membership[]> {
  return db.orm
    .select()
    .from(memberships)
    .where(filtered(organizationId, filter))
    .orderBy(desc(memberships.id))
    .limit(filter.limit + 1);
}
