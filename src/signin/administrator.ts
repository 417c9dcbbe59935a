// Who looks after what all organizations share: named by the operator, by an address.
import { and, asc, eq, isNotNull } from "drizzle-orm";
import { auditLog } from "../db/audit.ts";
import { identities, users } from "../db/organizations.ts";
import { findProvenHolder, insertIdentity, insertUser, newUser } from "../db/people.ts";
import { isEmail, normalisedEmail } from "../email-address.ts";
import type { Env } from "../env.ts";
import { newId } from "../ids.ts";
import { isOvertaken, provenIdentity } from "./person.ts";

export type AdministratorChange =
  /** `changed` is false where it was so already. */
  | { readonly ok: true; readonly userId: string; readonly changed: boolean }
  /** The address cannot be one; or, to take the right away, nobody here has proven it. */
  | { readonly ok: false; readonly reason: "not-an-address" | "unknown" };

/**
 * Makes whoever has an address administrator of the site, or no longer. An address nobody has
 * proven yet gets an account of its own, with the operator's word for the proof: a record that an
 * organization keeps is never given such a right, because the organization could write another
 * address into it.
 */
export async function setSiteAdministrator(
  env: Env,
  email: string,
  on: boolean,
): Promise<AdministratorChange> {
  if (!isEmail(email.trim())) return { ok: false, reason: "not-an-address" };
  const holder = await findProvenHolder(env.db, "email", normalisedEmail(email));
  if (holder === null) return on ? newAdministrator(env, email) : { ok: false, reason: "unknown" };
  const { id, is_site_administrator: was } = holder.user;
  if (was === on) return { ok: true, userId: id, changed: false };
  const now = env.now();
  await env.db.batch([
    env.db.orm
      .update(users)
      .set({ is_site_administrator: on, updated_at: now })
      .where(eq(users.id, id)),
    changed(env, id, on),
  ]);
  return { ok: true, userId: id, changed: true };
}

async function newAdministrator(env: Env, email: string): Promise<AdministratorChange> {
  const user = newUser(newId(env), env.now());
  const raised = env.db.orm
    .update(users)
    .set({ is_site_administrator: true })
    .where(eq(users.id, user.id));
  try {
    await env.db.batch([
      insertUser(env.db, user),
      raised,
      insertIdentity(env.db, provenIdentity(env, user.id, email)),
      changed(env, user.id, true),
    ]);
  } catch (error) {
    // Somebody proved the address meanwhile: then that is who it is.
    if (isOvertaken(error)) return setSiteAdministrator(env, email, true);
    throw error;
  }
  return { ok: true, userId: user.id, changed: true };
}

function changed(env: Env, userId: string, on: boolean) {
  return env.db.orm.insert(auditLog).values({
    id: newId(env),
    organization_id: null,
    at: env.now(),
    actor_kind: "operator",
    actor_id: null,
    action: on ? "administrator.added" : "administrator.removed",
    object_kind: "user",
    object_id: userId,
  });
}

export interface SiteAdministrator {
  readonly userId: string;
  readonly name: string | null;
  /** Proven, the first one first. */
  readonly emails: readonly string[];
}

/** Everybody who looks after the site, in the order of their accounts. */
export async function listSiteAdministrators(env: Pick<Env, "db">): Promise<SiteAdministrator[]> {
  const rows = await env.db.orm
    .select({ userId: users.id, name: users.name, email: identities.identity })
    .from(users)
    .leftJoin(
      identities,
      and(
        eq(identities.user_id, users.id),
        eq(identities.type, "email"),
        isNotNull(identities.verified_at),
      ),
    )
    .where(eq(users.is_site_administrator, true))
    .orderBy(asc(users.id), asc(identities.verified_at), asc(identities.id));
  const found = new Map<string, { userId: string; name: string | null; emails: string[] }>();
  for (const { userId, name, email } of rows) {
    const known = found.get(userId) ?? { userId, name, emails: [] };
    if (email !== null) known.emails.push(email);
    found.set(userId, known);
  }
  return [...found.values()];
}
