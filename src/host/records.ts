// How the authorization server's library reads and writes: ids that are secrets as SHA-256, each change one batch.
import type { Adapter, AdapterPayload } from "oidc-provider";
import {
  consumeOnce,
  deleteGrantMembers,
  deleteRecord,
  findRecord,
  forgetOldRefreshTokens,
  type RecordKind,
  type StoredRecord,
  storeRecord,
  useRefreshToken,
} from "../db/authorization-records.ts";
import type { Env } from "../env.ts";
import { sha256Hex } from "../ids.ts";
import { SealError, seal, unseal } from "../seal.ts";

/** Whoever knows the id of one of these can use it. */
const SECRET_IDS: ReadonlySet<string> = new Set([
  "AccessToken",
  "AuthorizationCode",
  "RefreshToken",
  "Interaction",
]);
const KINDS: ReadonlySet<string> = new Set([...SECRET_IDS, "Grant", "Client"]);

/**
 * For these the end is judged here, by the clock of the environment, and the library, which reads
 * the machine's, is given no times: by them it would also refuse, as of the future, what a process
 * gave out whose clock is ahead. A grant has no end of its own: it lasts as long as its tokens.
 */
const JUDGED_HERE: ReadonlySet<string> = new Set([
  "AccessToken",
  "AuthorizationCode",
  "RefreshToken",
  "Grant",
]);

/** What a code or token that is used wrongly is refused with; the library's own error. */
export type Refuse = (description: string) => Error;

/** Kinds without rows: nobody is remembered as signed in here, `signin` does that. */
const NOTHING: Adapter = {
  upsert: async () => {},
  find: async () => undefined,
  findByUserCode: async () => undefined,
  findByUid: async () => undefined,
  consume: async () => {},
  destroy: async () => {},
  revokeByGrantId: async () => {},
};

/** The library's adapter for one of its kinds of records. */
export function records(env: Env, name: string, refuse: Refuse): Adapter {
  if (!isKind(name)) return NOTHING;
  const stored = (id: string) => (SECRET_IDS.has(name) ? sha256Hex(id) : Promise.resolve(id));
  return {
    ...NOTHING,
    async upsert(id, payload, expiresIn) {
      const rowId = await stored(id);
      const row = await rowOf(env, name, rowId, payload, expiresIn);
      const later = row.kind === "RefreshToken" && row.grantId ? row.grantId : null;
      const [result] = await env.db.batch([
        storeRecord(row),
        ...(later === null ? [] : forgetOldRefreshTokens(later)),
      ]);
      if (result?.rowsAffected !== 1) throw refuse("the grant was revoked");
    },
    async find(id) {
      const rowId = await stored(id);
      const found = await findRecord(env.db, name, rowId, env.now());
      if (found === null || isBeingRedeemed(name, found)) return undefined;
      if (name === "Client") return clientOf(env, id, found);
      return payloadOf(name, id, found);
    },
    async consume(id) {
      const rowId = await stored(id);
      if (name === "RefreshToken") return consumeRefreshToken(env, rowId, refuse);
      const [result] = await env.db.batch([consumeOnce(name, rowId, env.now())]);
      if (result?.rowsAffected !== 1) throw refuse("this was already used");
    },
    async destroy(id) {
      const rowId = await stored(id);
      const members = name === "Grant" ? [deleteGrantMembers(rowId)] : [];
      await env.db.batch([deleteRecord(name, rowId), ...members]);
    },
    async revokeByGrantId(grantId) {
      await env.db.batch([deleteGrantMembers(grantId)]);
    },
  };
}

function isKind(name: string): name is RecordKind {
  return KINDS.has(name);
}

/**
 * A code that another request is redeeming just now is refused and no more. Of two requests at once
 * one gets its tokens; that a code was stolen shows in its use once these are out, and takes them
 * back then (RFC 6749, section 4.1.2).
 */
function isBeingRedeemed(name: RecordKind, { consumedAt, payload }: StoredRecord): boolean {
  return name === "AuthorizationCode" && consumedAt !== null && payload.redeemed !== 1;
}

/**
 * A refresh token may be used again until the one that replaced it is: an answer that never arrived
 * logs nobody out. Past that, its use means that two have it: everything of the grant is dropped
 * (RFC 9700, section 4.14.2).
 */
async function consumeRefreshToken(env: Env, rowId: string, refuse: Refuse): Promise<void> {
  const [result] = await env.db.batch([useRefreshToken(rowId, env.now())]);
  if (result?.rowsAffected === 1) return;
  // Lost against whoever used a later one in this very moment; what stands for reuse finds it next.
  throw refuse("a later refresh token was already used");
}

async function rowOf(
  env: Env,
  kind: RecordKind,
  id: string,
  payload: AdapterPayload,
  expiresIn: number | undefined,
) {
  const now = env.now();
  // The id is the secret that only its hash is kept of.
  const { jti, client_secret: secret, ...rest } = payload;
  const own = kind === "Client" ? rest : payload;
  const ends = kind !== "Client" && kind !== "Grant" && expiresIn !== undefined;
  return {
    kind,
    id,
    payload: SECRET_IDS.has(kind) ? without(own, "jti") : { ...own, ...(jti ? { jti } : {}) },
    sealed: typeof secret === "string" ? await seal(env.config, secretAt(kind, id), secret) : null,
    grantId: kind === "Interaction" ? null : (payload.grantId ?? null),
    userId: payload.accountId ?? null,
    clientId: payload.clientId ?? payload.client_id ?? null,
    expiresAt: ends ? now + expiresIn * 1_000 : null,
    createdAt: now,
  };
}

function without(payload: object, ...names: readonly string[]): Record<string, unknown> {
  return Object.fromEntries(Object.entries(payload).filter(([key]) => !names.includes(key)));
}

/**
 * A client with its secret. One whose secret was sealed under a key that this installation has no
 * more is as good as unknown: it hears that, and registers again (OB21-R-11).
 */
async function clientOf(
  env: Env,
  id: string,
  { payload, sealed }: StoredRecord,
): Promise<AdapterPayload | undefined> {
  if (sealed === null) return payload;
  try {
    const { text } = await unseal(env.config, secretAt("Client", id), sealed);
    return { ...payload, client_secret: text };
  } catch (error) {
    if (!(error instanceof SealError)) throw error;
    env.log.warn("host.client_unreadable", { client_id: id, code: error.code });
    return undefined;
  }
}

function secretAt(kind: RecordKind, rowId: string) {
  return { table: "authorization_records", row: `${kind}/${rowId}`, column: "sealed" };
}

function payloadOf(kind: RecordKind, id: string, found: StoredRecord): AdapterPayload {
  const payload: AdapterPayload = JUDGED_HERE.has(kind)
    ? without(found.payload, "exp", "iat")
    : found.payload;
  const used = kind === "RefreshToken" ? found.superseded : found.consumedAt !== null;
  return { ...payload, jti: id, ...(used ? { consumed: true } : {}) };
}
