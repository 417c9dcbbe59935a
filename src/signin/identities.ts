// A person's own addresses: one more is added by a link to it, one is removed when nothing needs it.
import { and, eq, type SQL, sql } from "drizzle-orm";
import { anew } from "../anew.ts";
import { auditLog } from "../db/audit.ts";
import { connections } from "../db/backpacks.ts";
import type { Writable } from "../db/database.ts";
import { isBreach } from "../db/errors.ts";
import { authorizationRecords, hostedBadges } from "../db/hosted-badges.ts";
import { deleteSubjectsOf } from "../db/oidc-sign-ins.ts";
import { type Identity, identities, users } from "../db/organizations.ts";
import { findProvenHolder, provenIdentities } from "../db/people.ts";
import { endSessions, type SignInLink, signInLinks } from "../db/sessions.ts";
import type { Env } from "../env.ts";
import { newId } from "../ids.ts";
import { usingUp } from "./link.ts";
import { isOfSuspended, isOvertaken, newProof } from "./person.ts";
import type { Session } from "./session.ts";

export type Confirmed =
  | { readonly ok: true }
  /** `taken`: another account has proven the address. `used`: the link does not count any more. */
  | { readonly ok: false; readonly reason: "used" | "taken" | "other-account" | "suspended" };

/**
 * Adds the address of a link to the account that asked for it. Only in a session of that account:
 * else somebody could have the address of another added to their own by having them press a button.
 * Throws a Problem `edit-conflict`.
 */
export function confirmIdentity(env: Env, session: Session, link: SignInLink): Promise<Confirmed> {
  return anew(() => confirmOnce(env, session, link), isOvertaken);
}

async function confirmOnce(env: Env, session: Session, link: SignInLink): Promise<Confirmed> {
  const { id: userId } = session.user;
  if (link.user_id !== userId) return { ok: false, reason: "other-account" };
  const holder = await findProvenHolder(env.db, "email", link.normalised);
  if (holder !== null && holder.user.id !== userId) return { ok: false, reason: "taken" };
  if (await isOfSuspended(env, link.normalised)) return { ok: false, reason: "suspended" };
  const { provided, uses } = usingUp(env, link);
  // The first write carries the condition: no column of a link may be NULL.
  const condition = env.db.orm
    .update(signInLinks)
    .set({ token_hash: sql`case when ${provided} then ${signInLinks.token_hash} end` })
    .where(eq(signInLinks.id, link.id));
  // Whoever proves the address from here on refuses the batch, which must not be empty of the proof.
  const proof = holder === null ? await newProof(env, userId, link.email) : [];
  try {
    await env.db.batch([condition, ...uses, ...proof]);
  } catch (error) {
    if (isUsed(error)) return { ok: false, reason: "used" };
    throw error;
  }
  return { ok: true };
}

function isUsed(error: unknown): boolean {
  return isBreach(error, "not_null", "sign_in_links.token_hash");
}

export type Removed =
  /** `signedOut`: it was the last one, and the account has no way in any more. */
  | { readonly ok: true; readonly signedOut: boolean }
  | { readonly ok: false; readonly reason: "unknown" | "last-one-needed" };

/**
 * Takes an address off an account; awards made out to it are then nobody's until it is proven again.
 * The last one is removed only where nothing would be left behind that nobody can reach: connected
 * backpacks, badges that apps keep here, apps with access, the right to look after the site.
 */
export async function removeIdentity(
  env: Env,
  session: Session,
  identityId: string,
): Promise<Removed> {
  const { user } = session;
  const proven = await provenIdentities(env.db, user.id);
  const identity = proven.find(({ id }) => id === identityId);
  if (!identity) return { ok: false, reason: "unknown" };
  const isLast = proven.length === 1;
  const needed = keepsSomething(user.id);
  if (isLast && (await isSo(env, needed))) return { ok: false, reason: "last-one-needed" };
  const left = sql`(select count(*) from ${identities} proven
    where proven.user_id = ${user.id} and proven.verified_at is not null)`;
  try {
    await env.db.batch(
      isLast
        ? [
            ...removal(env, identity, sql`${left} = 1 and not ${needed}`),
            deleteSubjectsOf(env.db, user.id),
            endSessions(env.db, user.id, null, env.now()),
          ]
        : removal(env, identity, sql`${left} > 1`),
    );
  } catch (error) {
    // Another one was removed or added at the same moment, or something came that needs it.
    if (isOvertaken(error)) return removeIdentity(env, session, identityId);
    throw error;
  }
  return { ok: true, signedOut: isLast };
}

async function isSo(env: Env, condition: SQL): Promise<boolean> {
  const [row] = await env.db.orm.select({ isSo: sql<number>`${condition}` }).from(sql`(select 1)`);
  return row?.isSo === 1;
}

/** What an organization wrote down, or made an award out to, stays as a record that nobody has proven. */
function removal(env: Env, { id, user_id }: Identity, provided: SQL): Writable[] {
  const mine = and(eq(identities.id, id), eq(identities.user_id, user_id));
  const isRecorded = sql`(exists (select 1 from badge_issues award
      where award.user_id = ${user_id} and award.recipient_identity_id = ${id})
    or exists (select 1 from hosted_badges kept where kept.user_id = ${user_id} and kept.identity_id = ${id})
    or exists (select 1 from audit_log entry where entry.object_kind = 'identity'
      and entry.object_id = ${id} and entry.organization_id is not null))`;
  return [
    env.db.orm
      .update(identities)
      .set({
        verified_at: null,
        normalised: sql`case when ${provided} then ${identities.normalised} end`,
      })
      .where(mine),
    env.db.orm.delete(identities).where(and(mine, sql`not ${isRecorded}`)),
    env.db.orm.insert(auditLog).values({
      id: newId(env),
      organization_id: null,
      at: env.now(),
      actor_kind: "user",
      actor_id: user_id,
      action: "identity.removed",
      object_kind: "identity",
      object_id: id,
    }),
  ];
}

/** True, in SQL, while the account has what nobody could reach without a way in. */
function keepsSomething(userId: string): SQL {
  return sql`(exists (select 1 from ${users}
      where ${users.id} = ${userId} and ${users.is_site_administrator})
    or exists (select 1 from ${connections} where ${connections.user_id} = ${userId})
    or exists (select 1 from ${hostedBadges} where ${hostedBadges.user_id} = ${userId})
    or exists (select 1 from ${authorizationRecords} where ${authorizationRecords.user_id} = ${userId}
      and ${authorizationRecords.kind} = 'Grant' and not ${authorizationRecords.revoked}))`;
}
