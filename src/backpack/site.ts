// The backpacks a site knows: added by their address, put in order, renamed, switched off and on.

import { eq } from "drizzle-orm";
import {
  type ApiVersion,
  authorizationServers,
  type Backpack,
  backpacks,
} from "../db/backpacks.ts";
import type { Writable } from "../db/database.ts";
import { DatabaseError } from "../db/errors.ts";
import {
  countAddedBy,
  findBackpack,
  findBackpackAt,
  findServerAt,
  isOverBackpackLimit,
  lastInOrder,
  listBackpacks,
  putInOrder,
} from "../db/site-backpacks.ts";
import type { Env } from "../env.ts";
import { newId } from "../ids.ts";
import { judgeUrl } from "../net/public-url.ts";
import {
  MANIFEST_PATH,
  type ManifestFault,
  type ManifestReason,
  pickEntry,
  readManifest,
} from "../oauth/manifest.ts";
import { BADGR_SCOPES } from "../oauth/scopes.ts";
import { serverColumns, VERSIONS } from "../oauth/server.ts";
import { MAX_NAME_LENGTH, shortText } from "./external-text.ts";
import { providerOf } from "./quirks.ts";
import { OPERATOR, type SiteActor, siteAudited } from "./site-audit.ts";

/** Backpacks whose address one person may give who is no administrator. */
export const MAX_ADDED_BY_ONE = 10;
/** A picture that is data is kept up to so many characters. */
export const MAX_PICTURE_LENGTH = 32_768;

/** Stable: callers decide by them. Those of a manifest are passed on as they are. */
export type SiteReason =
  | ManifestReason
  | "already-known"
  /** Somebody gave another address whose manifest says that it leads to the same API. */
  | "claimed-elsewhere"
  | "switched-off"
  | "too-many"
  | "name-needed"
  | "address-needed"
  | "unknown-backpack"
  | "unknown-person"
  | "client-malformed"
  | "registration-moved"
  | "no-authorization"
  | "primary-stays";

export interface SiteFault {
  readonly ok: false;
  readonly reason: SiteReason;
  /** What happened, in a sentence. */
  readonly detail: string;
  /** What to do about it. */
  readonly fix: string;
  /** The backpack that is known already. */
  readonly backpackId: string | null;
}

/** A refusal with what to do about it; `backpackId` names the backpack that it is about. */
export function siteFault(
  reason: SiteReason,
  detail: string,
  fix: string,
  backpackId: string | null = null,
): SiteFault {
  return { ok: false, reason, detail, fix, backpackId };
}

export const unknownBackpack = (): SiteFault =>
  siteFault("unknown-backpack", "There is no such backpack here.", "Look through the list again.");

interface Adding {
  /** Whether new connections send by themselves, where the person does not say; yes, if not given. */
  readonly autoSyncDefault?: boolean;
  /** Given where a person adds it for themselves: then it is offered to nobody else. */
  readonly addedBy?: string | null;
  readonly actor?: SiteActor;
}

export interface NewBackpack extends Adding {
  /** The host's name, any page of it, or its manifest's address. */
  readonly address: string;
}

export type Added = { readonly ok: true; readonly backpack: Backpack } | SiteFault;

/** Adds a Badge Connect backpack: its manifest fills in the rest. Rejects with a DatabaseError only. */
export async function addBackpack(env: Env, given: NewBackpack): Promise<Added> {
  if (await hasAddedAll(env, given)) return tooMany();
  const read = await readManifest(env, given.address);
  if (!read.ok) return manifestFault(read);
  const picked = pickEntry(read.manifest, VERSIONS);
  if (!picked.ok) return manifestFault(picked);
  const { entry } = picked;
  const webUrl = withoutSlash(read.manifest.url.slice(0, -MANIFEST_PATH.length));
  const known = await knownAlready(env, entry.apiBase, webUrl);
  if (known !== null) return known;
  const columns = await serverColumns(env, read, entry);
  const before = await findServerAt(env.db, read.manifest.url);
  const serverId = before?.id ?? newId(env);
  const server: Writable =
    before === null
      ? env.db.orm.insert(authorizationServers).values({ id: serverId, ...columns })
      : env.db.orm
          .update(authorizationServers)
          .set(columns)
          .where(eq(authorizationServers.id, before.id));
  return insertBackpack(env, given, [server], {
    name: entry.name,
    api_version: "v2p1",
    backpack_api_url: entry.apiBase,
    backpack_web_url: webUrl,
    oauth2_issuer_id: serverId,
    image_url: (entry.image?.length ?? 0) <= MAX_PICTURE_LENGTH ? entry.image : null,
  });
}

export interface OlderBackpack extends Adding {
  /** `v2` is Badgr's API, `v1` the displayer's. Neither has a manifest. */
  readonly version: Exclude<ApiVersion, "v2p1">;
  readonly name: string;
  /** As `https://api.badgr.io/v2`. */
  readonly apiUrl: string;
  /** Where people go, as `https://badgr.io`. */
  readonly webUrl: string;
  /** Of Badgr where they are not its usual ones. */
  readonly authorizationUrl?: string;
  readonly tokenUrl?: string;
}

/** Adds a backpack of one of the older protocols, of which everything must be said. */
export async function addOlderBackpack(env: Env, given: OlderBackpack): Promise<Added> {
  const name = shortText(given.name);
  if (name === null) {
    return siteFault("name-needed", "The backpack has no name.", "Give it one.");
  }
  if (await hasAddedAll(env, given)) return tooMany();
  const api = address(env, given.apiUrl);
  const web = address(env, given.webUrl);
  const login = loginOf(env, given, api, web);
  if (api === null || web === null || login === null) {
    return siteFault(
      "address-needed",
      "One of the addresses cannot be used.",
      "Give complete public addresses that begin with https://, without a user name or a port.",
    );
  }
  const known = await knownAlready(env, api, web);
  if (known !== null) return known;
  const serverId = newId(env);
  const server = env.db.orm.insert(authorizationServers).values({
    id: serverId,
    name,
    authorization_url: login.authorizationUrl,
    token_url: login.tokenUrl,
    scopes_offered: Object.values(BADGR_SCOPES),
    updated_at: env.now(),
  });
  const isBadgr = given.version === "v2";
  return insertBackpack(env, given, isBadgr ? [server] : [], {
    name,
    api_version: given.version,
    backpack_api_url: api,
    backpack_web_url: web,
    oauth2_issuer_id: isBadgr ? serverId : null,
    image_url: null,
  });
}

/** Badgr's own places, beside its API and its site, where no others are given. */
function loginOf(env: Env, given: OlderBackpack, api: string | null, web: string | null) {
  if (api === null || web === null) return null;
  const authorizationUrl = address(env, given.authorizationUrl ?? `${web}/auth/oauth2/authorize`);
  const tokenUrl = address(env, given.tokenUrl ?? `${new URL(api).origin}/o/token`);
  return authorizationUrl === null || tokenUrl === null ? null : { authorizationUrl, tokenUrl };
}

/** In one spelling: a slash at the end makes no other backpack. */
function address(env: Env, text: string): string | null {
  const verdict = judgeUrl(text.trim(), env.loopbackOrigins ?? []);
  return verdict.ok ? withoutSlash(verdict.url.href) : null;
}

const withoutSlash = (text: string) => text.replace(/\/+$/, "");

/** Asked before the network is; the write itself holds the limit among those who add at once. */
async function hasAddedAll(env: Env, { addedBy }: Adding): Promise<boolean> {
  return addedBy ? (await countAddedBy(env.db, addedBy)) >= MAX_ADDED_BY_ONE : false;
}

function tooMany(): SiteFault {
  return siteFault(
    "too-many",
    `You have added ${MAX_ADDED_BY_ONE} backpacks already.`,
    "Remove one that you do not need, or ask an administrator to add this one for everybody.",
  );
}

function manifestFault({ reason, detail }: ManifestFault): SiteFault {
  return siteFault(
    reason,
    detail,
    "Check the address. The backpack must offer Open Badges 2.1 (Badge Connect) there.",
  );
}

async function knownAlready(env: Env, apiUrl: string, webUrl: string): Promise<SiteFault | null> {
  const known = await findBackpackAt(env.db, apiUrl, webUrl);
  if (known === null) return null;
  // A manifest can name any API as its own. Only one that an administrator chose stands for the API;
  // to another's, nobody is led who gave the backpack's real address.
  if (known.backpack_web_url !== webUrl && known.added_by_user_id !== null) {
    return siteFault(
      "claimed-elsewhere",
      `A backpack that somebody added at ${new URL(known.backpack_web_url).host} says that it is this one.`,
      "An administrator must look at both addresses, and remove the wrong one first.",
    );
  }
  if (!known.is_enabled) {
    return siteFault(
      "switched-off",
      `${known.name} is known here and switched off.`,
      "An administrator can switch it on again.",
      known.id,
    );
  }
  return siteFault(
    "already-known",
    `${known.name} is known here already.`,
    "Choose it from the list of backpacks.",
    known.id,
  );
}

type Columns = Pick<
  Backpack,
  | "name"
  | "api_version"
  | "backpack_api_url"
  | "backpack_web_url"
  | "oauth2_issuer_id"
  | "image_url"
>;

async function insertBackpack(
  env: Env,
  given: Adding,
  first: readonly Writable[],
  columns: Columns,
): Promise<Added> {
  const id = newId(env);
  const row = {
    ...columns,
    id,
    name: shortText(columns.name) ?? new URL(columns.backpack_web_url).host,
    sort_order: lastInOrder(given.addedBy ?? null, MAX_ADDED_BY_ONE),
    provider: providerOf(columns.backpack_api_url),
    auto_sync_default: given.autoSyncDefault ?? true,
    added_by_user_id: given.addedBy ?? null,
    updated_at: env.now(),
  };
  const detail = { version: columns.api_version };
  try {
    await env.db.batch([
      ...first,
      env.db.orm.insert(backpacks).values(row),
      siteAudited(env, given.actor ?? OPERATOR, "backpack.added", id, detail),
    ]);
  } catch (error) {
    // They have added others meanwhile,
    if (isOverBackpackLimit(error)) return tooMany();
    // or somebody else the same one.
    if (!(error instanceof DatabaseError) || error.code !== "unique") throw error;
    const known = await knownAlready(env, columns.backpack_api_url, columns.backpack_web_url);
    if (known === null) throw error;
    return known;
  }
  const backpack = await findBackpack(env.db, id);
  return backpack === null ? unknownBackpack() : { ok: true, backpack };
}

/** Puts these first, in this order; the others stay behind them in theirs. The first is the primary one. */
export async function orderBackpacks(
  env: Env,
  ids: readonly string[],
  actor: SiteActor = OPERATOR,
): Promise<{ readonly ok: true } | SiteFault> {
  const before = (await listBackpacks(env.db)).map(({ id }) => id);
  const wanted = [...new Set(ids)];
  if (wanted.some((id) => !before.includes(id))) return unknownBackpack();
  const order = [...wanted, ...before.filter((id) => !wanted.includes(id))];
  const [first] = order;
  if (first === undefined || order.every((id, at) => id === before[at])) return { ok: true };
  await env.db.batch([
    putInOrder(order, env.now()),
    siteAudited(env, actor, "backpack.ordered", first),
  ]);
  return { ok: true };
}

export interface BackpackChange {
  readonly name?: string;
  readonly isEnabled?: boolean;
  readonly autoSyncDefault?: boolean;
  /** One that somebody added for themselves is offered to everybody from now on. */
  readonly offeredToAll?: true;
}

/** Switched off, it is offered to nobody new, and nothing is sent to it or read from it. */
export async function changeBackpack(
  env: Env,
  backpackId: string,
  change: BackpackChange,
  actor: SiteActor = OPERATOR,
): Promise<Added> {
  const { name, isEnabled, autoSyncDefault, offeredToAll } = change;
  const named = name === undefined ? undefined : shortText(name, MAX_NAME_LENGTH);
  if (named === null) return siteFault("name-needed", "The backpack has no name.", "Give it one.");
  if ((await findBackpack(env.db, backpackId)) === null) return unknownBackpack();
  const values = {
    ...(named === undefined ? {} : { name: named }),
    ...(isEnabled === undefined ? {} : { is_enabled: isEnabled }),
    ...(autoSyncDefault === undefined ? {} : { auto_sync_default: autoSyncDefault }),
    ...(offeredToAll ? { added_by_user_id: null } : {}),
  };
  const changed = Object.keys(values);
  if (changed.length > 0) {
    await env.db.batch([
      env.db.orm
        .update(backpacks)
        .set({ ...values, updated_at: env.now() })
        .where(eq(backpacks.id, backpackId)),
      siteAudited(env, actor, "backpack.changed", backpackId, { changed }),
    ]);
  }
  const backpack = await findBackpack(env.db, backpackId);
  return backpack === null ? unknownBackpack() : { ok: true, backpack };
}
