// People and what they are known by: found, made on the way to an award, and changed.
import { and, eq, type SQL, sql } from "drizzle-orm";
import type { Writable } from "../db/database.ts";
import {
  type Identity,
  type IdentityType,
  identities,
  type Membership,
  memberships,
  type User,
  type UserStatus,
} from "../db/organizations.ts";
import {
  findIdentityOf,
  findMemberByIdentity,
  findProvenHolder,
  insertIdentity,
  insertMembership,
  insertUser,
  isOnlyOwnUse,
  type Member,
  newUser,
  nobodyKnownBy,
  onlyOwnUse,
} from "../db/people.ts";
import { normalisedEmail } from "../email-address.ts";
import type { Env } from "../env.ts";
import { newId } from "../ids.ts";
import { Problem } from "../problem.ts";
import { type Actor, audited, type Condition } from "./audit.ts";
import { touchPerson } from "./evaluation-due.ts";
import { type PersonSettings, settingsWrites, withSettings } from "./person-settings.ts";

/** The role of somebody who became known by being awarded a badge. */
export const MEMBER_ROLE = "member";

export interface IdentityInput {
  readonly type: IdentityType;
  /** As it was typed; it has passed the check of its type. */
  readonly identity: string;
}

export interface PersonInput extends IdentityInput {
  readonly name?: string | null | undefined;
}

/** How identities are compared, and what an award's recipient is hashed from. */
export function normalised({ type, identity }: IdentityInput): string {
  return type === "email" ? normalisedEmail(identity) : identity.trim();
}

export interface FoundPerson {
  readonly user: User;
  readonly identity: Identity;
  readonly membership: Membership;
  /** Empty for a member who was known by this identity already. */
  readonly writes: readonly Writable[];
}

/**
 * Who an identity stands for in an organization: a member known by it; else whoever has proven
 * it elsewhere, who becomes a member; else a new person with the identity, unverified.
 *
 * Two calls at once for the same new identity cannot make two people: the writes carry, as their
 * condition, that still no member is known by it, and the later batch fails as overtaken
 * (`isOvertaken`). Called again, this then finds who the first one made.
 */
export async function findOrCreatePerson(
  env: Env,
  organizationId: string,
  input: PersonInput,
  actor: Actor,
): Promise<FoundPerson> {
  const key = normalised(input);
  const known = await findMemberByIdentity(env.db, organizationId, input.type, key);
  if (known) return { ...known, writes: [] };
  const made = await makeMember(
    env,
    organizationId,
    { name: input.name ?? null, roles: [MEMBER_ROLE], status: "active", identities: [input] },
    actor,
  );
  const [identity] = made.member.identities;
  if (!identity) throw new TypeError("a person was made without the identity asked for");
  const { user, membership } = made.member;
  return { user, membership, identity, writes: made.writes };
}

export interface MemberInput extends PersonSettings {
  readonly name: string | null;
  readonly roles: readonly string[];
  readonly status: UserStatus;
  readonly identities: readonly IdentityInput[];
}

export interface WrittenMember {
  readonly member: Member;
  readonly writes: readonly Writable[];
}

/** A new member. Throws a Problem `identity-taken` when a member has one of the identities. */
export async function createMember(
  env: Env,
  organizationId: string,
  input: MemberInput,
  actor: Actor,
): Promise<WrittenMember> {
  for (const [i, identity] of input.identities.entries()) {
    await requireFree(env, organizationId, identity, `/identities/${i}/identity`);
  }
  return makeMember(env, organizationId, input, actor);
}

async function requireFree(
  env: Env,
  organizationId: string,
  identity: IdentityInput,
  pointer: string,
): Promise<void> {
  const holder = await findMemberByIdentity(
    env.db,
    organizationId,
    identity.type,
    normalised(identity),
  );
  if (!holder) return;
  throw new Problem("identity-taken", "Somebody here is already known by this identity.", {
    errors: [
      {
        pointer,
        code: "identity_taken",
        detail: "Somebody in this organization is already known by this.",
        fix: `Read or change that person: /api/v1/users/${holder.user.id}.`,
      },
    ],
  });
}

async function makeMember(
  env: Env,
  organizationId: string,
  input: MemberInput,
  actor: Actor,
): Promise<WrittenMember> {
  const now = env.now();
  const proven = await firstProven(env, input.identities);
  // Each organization has its own name for a person; the one in their row is for them to choose.
  const user = proven?.user ?? withSettings(newUser(newId(env), now), input);
  const membership: Membership = {
    id: newId(env),
    organization_id: organizationId,
    user_id: user.id,
    name: input.name,
    roles: [...input.roles],
    status: input.status,
    created_at: now,
    updated_at: now,
  };
  // Ids made within a millisecond have no order of their own: theirs is the order they came in.
  const ids = input.identities.map(() => newId(env)).sort();
  const rows = await Promise.all(
    input.identities.map((identity, i) =>
      identityRow(env, user.id, identity, { id: ids[i], isKnownNew: !proven }),
    ),
  );
  const known = rows.map(({ identity }) => identity);
  return {
    member: { user, membership, identities: rows.map(({ identity }) => identity) },
    writes: [
      audited(env, {
        organizationId,
        actor,
        action: "user.created",
        object: ["user", user.id],
        provided: nobodyKnown(organizationId, known),
      }),
      ...(proven ? [] : [insertUser(env.db, user)]),
      insertMembership(env.db, membership),
      ...rows.flatMap((row) => recorded(env, organizationId, row, actor)),
    ],
  };
}

/** True, in SQL, while no member of the organization is known by any of the identities. */
function nobodyKnown(organizationId: string, known: readonly Identity[]): SQL | Condition {
  const [only, ...others] = known;
  if (only !== undefined && others.length === 0) {
    const { type, normalised: key } = only;
    return {
      sql: NOBODY_KNOWN,
      values: { known_organization: organizationId, known_type: type, known_by: key },
    };
  }
  const conditions = known.map(({ type, normalised: key }) =>
    nobodyKnownBy(organizationId, type, key),
  );
  return sql.join([sql`true`, ...conditions], sql` and `);
}

const NOBODY_KNOWN = nobodyKnownBy(
  sql.placeholder("known_organization"),
  sql.placeholder("known_type"),
  sql.placeholder("known_by"),
);

async function firstProven(env: Env, inputs: readonly IdentityInput[]) {
  for (const input of inputs) {
    const holder = await findProvenHolder(env.db, input.type, normalised(input));
    if (holder) return holder;
  }
  return null;
}

interface IdentityRow {
  readonly identity: Identity;
  readonly isNew: boolean;
}

/** A person of another organization may have been written down under the same identity there. */
async function identityRow(
  env: Env,
  userId: string,
  input: IdentityInput,
  { id = newId(env), isKnownNew = false }: { id?: string | undefined; isKnownNew?: boolean } = {},
): Promise<IdentityRow> {
  const { type } = input;
  const key = normalised(input);
  const there = isKnownNew ? null : await findIdentityOf(env.db, userId, { type, normalised: key });
  if (there) return { identity: there, isNew: false };
  const identity: Identity = {
    id,
    user_id: userId,
    type,
    identity: input.identity.trim(),
    normalised: key,
    verified_at: null,
    created_at: env.now(),
  };
  return { identity, isNew: true };
}

/** The row, if it is new, and the entry by which the organization is known to know of it. */
function recorded(
  env: Env,
  organizationId: string,
  { identity, isNew }: IdentityRow,
  actor: Actor,
  provided?: SQL,
): Writable[] {
  const entry = audited(env, {
    organizationId,
    actor,
    action: "identity.recorded",
    object: ["identity", identity.id],
    detail: { user: identity.user_id, type: identity.type },
    ...(provided ? { provided } : {}),
  });
  return isNew ? [entry, insertIdentity(env.db, identity)] : [entry];
}

export interface MemberChanges extends PersonSettings {
  readonly name?: string | null | undefined;
  readonly roles?: readonly string[] | undefined;
  readonly status?: UserStatus | undefined;
}

/**
 * Changes what the organization says of a person. The writes fail as overtaken when the membership
 * changed after it was read. Throws a 422 Problem for what is the person's own to say.
 */
export async function changeMember(
  env: Env,
  current: Member,
  changes: MemberChanges,
  actor: Actor,
): Promise<WrittenMember> {
  const { membership } = current;
  const settings = await settingsWrites(env, current, changes);
  const changed: Membership = {
    ...membership,
    name: changes.name === undefined ? membership.name : changes.name,
    roles: [...(changes.roles ?? membership.roles)],
    status: changes.status ?? membership.status,
    updated_at: Math.max(env.now(), membership.updated_at + 1),
  };
  const { name, roles, status, updated_at } = changed;
  return {
    member: { ...current, user: withSettings(current.user, changes), membership: changed },
    writes: [
      audited(env, {
        organizationId: membership.organization_id,
        actor,
        action: "user.changed",
        object: ["user", membership.user_id],
        detail: { fields: Object.keys(changes) },
        provided: sql`(select updated_at from memberships where id = ${membership.id}) = ${membership.updated_at}`,
      }),
      env.db.orm
        .update(memberships)
        .set({ name, roles, status, updated_at })
        .where(eq(memberships.id, membership.id)),
      ...settings,
      // What was earned meanwhile, or by whom a badge is for, is awarded now.
      ...(mayReceiveMore(membership, changed)
        ? touchPerson(env, membership.organization_id, membership.user_id)
        : []),
    ],
  };
}

function mayReceiveMore(before: Membership, { roles, status }: Membership): boolean {
  if (status !== "active") return false;
  return before.status !== "active" || roles.some((role) => !before.roles.includes(role));
}

/**
 * One more identity for a member. Throws a Problem `identity-taken` when a member has it, be it
 * this one.
 */
export async function addIdentity(
  env: Env,
  current: Member,
  input: IdentityInput,
  actor: Actor,
): Promise<{ readonly identity: Identity; readonly writes: readonly Writable[] }> {
  const organizationId = current.membership.organization_id;
  const key = normalised(input);
  await requireFree(env, organizationId, input, "/identity");
  const row = await identityRow(env, current.user.id, input);
  const condition = nobodyKnownBy(organizationId, input.type, key);
  return {
    identity: row.identity,
    writes: [
      ...recorded(env, organizationId, row, actor, condition),
      touched(env, current.membership),
    ],
  };
}

/**
 * Removes an identity nothing was made out to. Throws a Problem `identity-in-use` when the person
 * is in another organization too, where it may be needed, or an award was made out to it.
 */
export async function removeIdentity(
  env: Env,
  current: Member,
  identity: Identity,
  actor: Actor,
): Promise<readonly Writable[]> {
  const { organization_id, user_id } = current.membership;
  if (!(await isOnlyOwnUse(env.db, organization_id, identity))) throw identityInUse();
  return [
    audited(env, {
      organizationId: organization_id,
      actor,
      action: "identity.removed",
      object: ["identity", identity.id],
      detail: { user: user_id, type: identity.type },
      provided: onlyOwnUse(organization_id, identity),
    }),
    env.db.orm
      .delete(identities)
      .where(and(eq(identities.id, identity.id), eq(identities.user_id, user_id))),
    touched(env, current.membership),
  ];
}

function identityInUse(): Problem {
  return new Problem(
    "identity-in-use",
    "Awards were made out to this identity, or the person is known by it elsewhere.",
  );
}

function touched(env: Env, membership: Membership): Writable {
  return env.db.orm
    .update(memberships)
    .set({ updated_at: sql`max(${env.now()}, updated_at + 1)` })
    .where(eq(memberships.id, membership.id));
}
