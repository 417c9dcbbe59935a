// Reads of people as one organization knows them: what another wrote down stays out of sight.
import { and, asc, eq, inArray, isNotNull, type Placeholder, type SQL, sql } from "drizzle-orm";
import type { Database, Writable } from "./database.ts";
import {
  type Identity,
  type IdentityType,
  identities,
  type Membership,
  memberships,
  type User,
  users,
} from "./organizations.ts";
import { built, filled, prepared } from "./prepared.ts";

/** A value that is there now, or is filled in when a prepared query runs. */
type Text = string | Placeholder | SQL;

/** A person in an organization, with the identities it knows them by, oldest first. */
export interface Member {
  readonly user: User;
  readonly membership: Membership;
  readonly identities: readonly Identity[];
}

/**
 * Whether an organization knows an identity: the person is in no other organization, or it wrote
 * the identity down itself (its audit log says so), or it made out an award to it. The plus sign
 * has a person's awards looked through, not an organization's.
 */
export function knownTo(organizationId: Text): SQL {
  return sql`(
    not exists (select 1 from memberships elsewhere
      where elsewhere.user_id = ${identities.user_id} and elsewhere.organization_id <> ${organizationId})
    or exists (select 1 from audit_log entry
      where entry.object_kind = 'identity' and entry.object_id = ${identities.id}
        and entry.organization_id = ${organizationId})
    or exists (select 1 from badge_issues award
      where award.user_id = ${identities.user_id} and award.recipient_identity_id = ${identities.id}
        and +award.organization_id = ${organizationId}))`;
}

/**
 * Whether an organization's award to an identity goes to the person who has it: a proven one, or
 * one it knows. What another organization merely claims of a shared person redirects nothing.
 */
export function standsFor(organizationId: Text): SQL {
  return sql`(${identities.verified_at} is not null or ${knownTo(organizationId)})`;
}

function membersKnownBy(organizationId: Text, type: Text, normalised: Text): SQL {
  return sql`${identities.type} = ${type} and ${identities.normalised} = ${normalised}
    and ${memberships.organization_id} = ${organizationId} and ${standsFor(organizationId)}`;
}

/** True, in SQL, while no member of the organization but `except` has that identity. */
export function nobodyKnownBy(
  organizationId: Text,
  type: Text,
  normalised: Text,
  except = "",
): SQL {
  return sql`not exists (select 1 from ${identities}
    join ${memberships} on ${memberships.user_id} = ${identities.user_id}
    where ${membersKnownBy(organizationId, type, normalised)} and ${identities.user_id} <> ${except})`;
}

export interface KnownPerson {
  readonly user: User;
  readonly identity: Identity;
  readonly membership: Membership;
}

/** The member an identity stands for; a proven identity before a claimed one, then the oldest. */
export async function findMemberByIdentity(
  db: Database,
  organizationId: string,
  type: IdentityType,
  normalised: string,
): Promise<KnownPerson | null> {
  const rows = await memberByIdentity(db).all({ organizationId, type, normalised });
  return rows[0] ?? null;
}

const given = (name: string) => sql.placeholder(name);

const memberByIdentity = prepared((db) =>
  db.orm
    .select({ user: users, identity: identities, membership: memberships })
    .from(identities)
    .innerJoin(memberships, eq(memberships.user_id, identities.user_id))
    .innerJoin(users, eq(users.id, identities.user_id))
    .where(membersKnownBy(given("organizationId"), given("type"), given("normalised")))
    .orderBy(sql`${identities.verified_at} is null`, asc(identities.id))
    .limit(1)
    .prepare(),
);

/** Who has proven to have an identity, in whatever organization; for no caller's eyes. */
export async function findProvenHolder(
  db: Database,
  type: IdentityType,
  normalised: string,
): Promise<{ user: User; identity: Identity } | null> {
  const rows = await provenHolder(db).all({ type, normalised });
  return rows[0] ?? null;
}

const provenHolder = prepared((db) =>
  db.orm
    .select({ user: users, identity: identities })
    .from(identities)
    .innerJoin(users, eq(users.id, identities.user_id))
    .where(
      and(
        eq(identities.type, given("type")),
        eq(identities.normalised, given("normalised")),
        sql`${identities.verified_at} is not null`,
      ),
    )
    .orderBy(asc(identities.verified_at), asc(identities.id))
    .limit(1)
    .prepare(),
);

/** A person of whom nothing is known but perhaps a name; `now` in milliseconds since 1970. */
export function newUser(id: string, now: number, name: string | null = null): User {
  return {
    id,
    name,
    status: "active",
    language: null,
    time_zone: null,
    is_site_administrator: false,
    created_at: now,
    updated_at: now,
  };
}

/** Writes a person; every award to somebody new does. */
export function insertUser(db: Database, row: User): Writable {
  return filled(userInsert(db), { ...row });
}

export function insertMembership(db: Database, row: Membership): Writable {
  return filled(membershipInsert(db), { ...row });
}

export function insertIdentity(db: Database, row: Identity): Writable {
  return filled(identityInsert(db), { ...row });
}

const userInsert = prepared(({ orm }) =>
  built(
    orm.insert(users).values({
      id: given("id"),
      name: given("name"),
      status: given("status"),
      language: given("language"),
      time_zone: given("time_zone"),
      created_at: given("created_at"),
      updated_at: given("updated_at"),
    }),
  ),
);

const membershipInsert = prepared(({ orm }) =>
  built(
    orm.insert(memberships).values({
      id: given("id"),
      organization_id: given("organization_id"),
      user_id: given("user_id"),
      name: given("name"),
      roles: given("roles"),
      status: given("status"),
      created_at: given("created_at"),
      updated_at: given("updated_at"),
    }),
  ),
);

const identityInsert = prepared(({ orm }) =>
  built(
    orm.insert(identities).values({
      id: given("id"),
      user_id: given("user_id"),
      type: given("type"),
      identity: given("identity"),
      normalised: given("normalised"),
      verified_at: given("verified_at"),
      created_at: given("created_at"),
    }),
  ),
);

/** A member by the person's id; null for a person of another organization. */
export async function findMember(
  db: Database,
  organizationId: string,
  userId: string,
): Promise<Member | null> {
  const rows = await db.orm
    .select({ user: users, membership: memberships })
    .from(memberships)
    .innerJoin(users, eq(users.id, memberships.user_id))
    .where(and(eq(memberships.organization_id, organizationId), eq(memberships.user_id, userId)))
    .limit(1);
  const [member] = await withIdentities(db, organizationId, rows);
  return member ?? null;
}

/** Each with the identities that the organization knows them by, oldest first. */
export async function withIdentities(
  db: Database,
  organizationId: string,
  rows: readonly { user: User; membership: Membership }[],
): Promise<Member[]> {
  if (rows.length === 0) return [];
  const known = await db.orm
    .select()
    .from(identities)
    .where(
      and(
        inArray(
          identities.user_id,
          rows.map(({ user }) => user.id),
        ),
        knownTo(organizationId),
      ),
    )
    .orderBy(asc(identities.id));
  return rows.map((row) => ({
    ...row,
    identities: known.filter((identity) => identity.user_id === row.user.id),
  }));
}

/** A person's identity, whether or not an organization knows it; for no caller's eyes. */
export async function findIdentityOf(
  db: Database,
  userId: string,
  which: { readonly type: IdentityType; readonly normalised: string },
): Promise<Identity | null> {
  const rows = await db.orm
    .select()
    .from(identities)
    .where(
      and(
        eq(identities.user_id, userId),
        eq(identities.type, which.type),
        eq(identities.normalised, which.normalised),
      ),
    )
    .limit(1);
  return rows[0] ?? null;
}

/**
 * True, in SQL, while nothing needs an identity but the organization that wants it gone: the person
 * has not proven it, is in no other organization, and no award was made out to it.
 */
export function onlyOwnUse(organizationId: string, identity: Identity): SQL {
  return sql`(not exists (select 1 from ${identities} proven
      where proven.id = ${identity.id} and proven.verified_at is not null)
    and not exists (select 1 from memberships elsewhere
      where elsewhere.user_id = ${identity.user_id} and elsewhere.organization_id <> ${organizationId})
    and not exists (select 1 from badge_issues award
      where award.user_id = ${identity.user_id} and award.recipient_identity_id = ${identity.id}))`;
}

export async function isOnlyOwnUse(
  db: Database,
  organizationId: string,
  identity: Identity,
): Promise<boolean> {
  const rows = await db.orm
    .select({ free: sql<number>`${onlyOwnUse(organizationId, identity)}` })
    .from(identities)
    .where(eq(identities.id, identity.id))
    .limit(1);
  return rows[0]?.free === 1;
}

/** What a person has proven to be known by, first proven first. */
export function provenIdentities(db: Database, userId: string): Promise<Identity[]> {
  return db.orm
    .select()
    .from(identities)
    .where(and(eq(identities.user_id, userId), isNotNull(identities.verified_at)))
    .orderBy(asc(identities.verified_at), asc(identities.id));
}

/** The language a person chose to be spoken to in, as BCP 47; null where they chose none. */
export async function chosenLanguage({ orm }: Database, userId: string): Promise<string | null> {
  const rows = await orm
    .select({ language: users.language })
    .from(users)
    .where(eq(users.id, userId));
  return rows[0]?.language ?? null;
}

/**
 * A person's own word for the language they are spoken to in (BCP 47, or null for what their browser
 * asks for), or for where their days begin (an IANA name, or null for UTC).
 */
export function setOwn(
  { orm }: Database,
  userId: string,
  own: Partial<Pick<User, "language" | "time_zone">>,
  now: number,
): Writable {
  return orm
    .update(users)
    .set({ ...own, updated_at: sql`max(${now}, updated_at + 1)` })
    .where(eq(users.id, userId));
}
