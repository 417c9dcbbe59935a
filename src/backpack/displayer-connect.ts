// Connects a person to a displayer backpack: by an address of theirs that was proven here, and nothing else.
import { backpackEvents } from "../db/deliveries.ts";
import { DatabaseError } from "../db/errors.ts";
import { findConnectionId, putConnection } from "../db/oauth-authorizations.ts";
import { provenIdentities } from "../db/people.ts";
import { findBackpack } from "../db/site-backpacks.ts";
import type { Env } from "../env.ts";
import { newId } from "../ids.ts";
import { enqueue } from "../jobs/outbox.ts";
import { convertEmail } from "./displayer.ts";
import { pullJob } from "./pull.ts";
import { type PullProblem, pullFailureOf } from "./pull-result.ts";

export type DisplayerFault =
  | "backpack-gone"
  | "backpack-disabled"
  /** Its protocol is another one. */
  | "not-a-displayer"
  /** The identity is not the person's, not an e-mail address, or was not proven. */
  | "identity-not-proven"
  | "not-known-there"
  | PullProblem;

export type DisplayerConnected =
  | { readonly ok: true; readonly connectionId: string }
  | { readonly ok: false; readonly reason: DisplayerFault };

const TRIES_TO_STORE = 3;

/**
 * Asks the backpack whom the address belongs to, and connects the person to that one. Whoever has
 * proven the address here could have the backpack's account there; what comes of it is public
 * there anyway, and each badge is judged by itself.
 */
export async function connectDisplayer(
  env: Env,
  userId: string,
  backpackId: string,
  identityId: string,
): Promise<DisplayerConnected> {
  const backpack = await findBackpack(env.db, backpackId);
  if (backpack === null) return refuse("backpack-gone");
  if (!backpack.is_enabled) return refuse("backpack-disabled");
  if (backpack.api_version !== "v1") return refuse("not-a-displayer");
  const proven = await provenIdentities(env.db, userId);
  const identity = proven.find(({ id, type }) => id === identityId && type === "email");
  if (identity === undefined) return refuse("identity-not-proven");
  const converted = await convertEmail(env, { backpack }, identity.normalised);
  if (converted.kind === "nobody") return refuse("not-known-there");
  if (converted.kind !== "known") {
    return refuse(pullFailureOf(converted).reason);
  }
  const known = { email: identity.normalised, uid: converted.uid };
  for (let attempt = 1; ; attempt++) {
    try {
      return { ok: true, connectionId: await store(env, userId, backpackId, known) };
    } catch (error) {
      const code = error instanceof DatabaseError ? error.code : null;
      if (code === "foreign_key") return refuse("backpack-gone");
      // The same person has connected it meanwhile, elsewhere.
      if (code !== "not_null" || attempt === TRIES_TO_STORE) throw error;
    }
  }
}

function refuse(reason: DisplayerFault): DisplayerConnected {
  return { ok: false, reason };
}

async function store(
  env: Env,
  userId: string,
  backpackId: string,
  { email, uid }: { readonly email: string; readonly uid: string },
): Promise<string> {
  const before = await findConnectionId(env.db, userId, backpackId);
  const id = before ?? newId(env);
  const now = env.now();
  await env.db.batch([
    putConnection({ id, userId, backpackId, autoSync: false, now }),
    {
      // Of another account there nothing is known yet.
      sql: `UPDATE badge_backpacks SET email = ?, backpack_uid = ?, pulled_since = NULL WHERE id = ?`,
      params: [email, uid, id],
    },
    env.db.orm.insert(backpackEvents).values({
      id: newId(env),
      connection_id: id,
      kind: "connected",
      detail: { again: before !== null, missing: [] },
      created_at: now,
    }),
    enqueue(env, pullJob(id, backpackId)),
  ]);
  return id;
}
