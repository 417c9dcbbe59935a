// Who an address stands for when somebody proves it: who proved it before, whom one organization recorded, or somebody new.
import { and, asc, eq, isNull, type SQL, sql } from "drizzle-orm";
import { auditLog } from "../db/audit.ts";
import type { Writable } from "../db/database.ts";
import { jobsOf, PUSH, planForPerson, WAKEABLE } from "../db/deliveries-plan.ts";
import { DatabaseError } from "../db/errors.ts";
import {
  type Identity,
  identities,
  memberships,
  type UserStatus,
  users,
} from "../db/organizations.ts";
import {
  findIdentityOf,
  findProvenHolder,
  insertIdentity,
  insertUser,
  newUser,
} from "../db/people.ts";
import { normalisedEmail } from "../email-address.ts";
import type { Env } from "../env.ts";
import { newId } from "../ids.ts";
import { enqueueEach } from "../jobs/outbox.ts";

export type Arrival =
  | {
      readonly ok: true;
      readonly userId: string;
      /** Empty where the address was proven before. Refused as overtaken when it is proven meanwhile. */
      readonly writes: readonly Writable[];
      /** What must hold once they are written. */
      readonly provided: SQL;
    }
  | { readonly ok: false; readonly reason: "suspended" };

/**
 * Who arrives by proving an e-mail address:
 *
 * - whoever has proven it before;
 * - else the oldest record of it that is safe to take over (`isUntaken`);
 * - else a new person. Awards that other records were given are theirs all the same, by the address.
 *
 * A suspended person is not let in by any record of the address, nor made anew.
 */
export async function whoProves(env: Env, email: string): Promise<Arrival> {
  const normalised = normalisedEmail(email);
  const holder = await findProvenHolder(env.db, "email", normalised);
  if (holder !== null) {
    const { id, status } = holder.user;
    return status === "active"
      ? { ok: true, userId: id, writes: [], provided: hasProven(id, normalised) }
      : { ok: false, reason: "suspended" };
  }
  const records = await recordsOf(env, normalised);
  if (records.some(isSuspended)) return { ok: false, reason: "suspended" };
  const untaken = records.find(({ isFree }) => isFree === 1);
  return untaken ? takeOver(env, untaken.identity) : newPerson(env, email.trim());
}

/**
 * A record may become the person's own account only while nobody's: no other identity of it was
 * proven, and one organization at most knows it. Otherwise an organization could write its own
 * address into the record of somebody it shares with others, and sign in as them.
 */
function isUntaken(userId: SQL): SQL {
  return sql`(not exists (select 1 from ${identities} proven
      where proven.user_id = ${userId} and proven.verified_at is not null)
    and (select count(*) from ${memberships} known where known.user_id = ${userId}) <= 1
    and not exists (select 1 from ${users} person
      where person.id = ${userId} and person.is_site_administrator <> 0))`;
}

const isSuspended = ({ status }: { readonly status: UserStatus }) => status !== "active";

/** Whether a suspended person is known by an address: then it opens no other account either. */
export async function isOfSuspended(env: Env, normalised: string): Promise<boolean> {
  return (await recordsOf(env, normalised)).some(isSuspended);
}

/** The oldest first. */
function recordsOf(env: Env, normalised: string) {
  return env.db.orm
    .select({
      identity: identities,
      status: users.status,
      isFree: sql<number>`${isUntaken(sql`${identities.user_id}`)}`,
    })
    .from(identities)
    .innerJoin(users, eq(users.id, identities.user_id))
    .where(and(eq(identities.type, "email"), eq(identities.normalised, normalised)))
    .orderBy(asc(identities.id));
}

/** Nothing else may have been proven for the record by then: the condition is asked again as it is written. */
function takeOver(env: Env, identity: Identity): Arrival {
  const free = isUntaken(sql`${identities.user_id}`);
  return {
    ok: true,
    userId: identity.user_id,
    provided: hasProven(identity.user_id, identity.normalised),
    writes: [
      env.db.orm
        .update(identities)
        .set({
          verified_at: env.now(),
          normalised: sql`case when ${free} then ${identities.normalised} end`,
        })
        .where(and(eq(identities.id, identity.id), isNull(identities.verified_at))),
      proven(env, identity),
    ],
  };
}

function newPerson(env: Env, email: string): Arrival {
  const user = newUser(newId(env), env.now());
  const identity = provenIdentity(env, user.id, email);
  return {
    ok: true,
    userId: user.id,
    provided: hasProven(user.id, identity.normalised),
    writes: [insertUser(env.db, user), ...identityWrites(env, identity)],
  };
}

/** What adds a proven address to an account: nothing where somebody has proven it, be it the same person. */
export async function proofFor(env: Env, userId: string, email: string): Promise<Writable[]> {
  const holder = await findProvenHolder(env.db, "email", normalisedEmail(email));
  return holder === null ? newProof(env, userId, email) : [];
}

/** What adds an address that nobody has proven. Refused as overtaken when somebody proves it meanwhile. */
export async function newProof(env: Env, userId: string, email: string): Promise<Writable[]> {
  const normalised = normalisedEmail(email);
  const recorded = await findIdentityOf(env.db, userId, { type: "email", normalised });
  if (recorded === null) {
    const identity = provenIdentity(env, userId, email);
    return [...identityWrites(env, identity), ...followed(env, userId)];
  }
  return [
    env.db.orm
      .update(identities)
      .set({ verified_at: env.now() })
      .where(eq(identities.id, recorded.id)),
    proven(env, recorded),
    ...followed(env, userId),
  ];
}

/** What was awarded to the address before follows to the backpacks that take new awards. */
function followed(env: Env, userId: string): Writable[] {
  return [
    planForPerson({ id: newId(env), now: env.now() }, userId),
    enqueueEach(env, PUSH, jobsOf({ id: newId(env) }, WAKEABLE.person(userId))),
  ];
}

function hasProven(userId: string, normalised: string): SQL {
  return sql`exists (select 1 from ${identities} theirs where theirs.user_id = ${userId}
    and theirs.type = 'email' and theirs.normalised = ${normalised}
    and theirs.verified_at is not null)`;
}

/** A new row for an address that its person has proven now. */
export function provenIdentity(env: Env, userId: string, email: string): Identity {
  const now = env.now();
  return {
    id: newId(env),
    user_id: userId,
    type: "email",
    identity: email.trim(),
    normalised: normalisedEmail(email),
    verified_at: now,
    created_at: now,
  };
}

function identityWrites(env: Env, identity: Identity): Writable[] {
  return [insertIdentity(env.db, identity), proven(env, identity)];
}

/** Of no organization: what a person proves is no organization's to know. */
function proven(env: Env, identity: Identity): Writable {
  return env.db.orm.insert(auditLog).values({
    id: newId(env),
    organization_id: null,
    at: env.now(),
    actor_kind: "user",
    actor_id: identity.user_id,
    action: "identity.proven",
    object_kind: "identity",
    object_id: identity.id,
  });
}

/** Whether a batch was undone because somebody else proved an identity meanwhile: read again, decide again. */
export function isOvertaken(error: unknown): boolean {
  if (!(error instanceof DatabaseError)) return false;
  if (error.code !== "unique" && error.code !== "not_null") return false;
  return error.columns.some((column) => /^(identities|oidc_subjects)\./.test(column));
}
