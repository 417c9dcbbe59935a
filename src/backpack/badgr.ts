// Badgr's API v2 as a client: badges are imported by their address, and listed with their collections.
import type { FetchOptions } from "../net/public-fetch.ts";
import { isToken } from "../oauth/grant.ts";
import { BADGR_SCOPES } from "../oauth/scopes.ts";
import { isObject } from "../strict-json.ts";
import { endpoint, FIND_PAGES, MAX_PAGE_BYTES } from "./badge-connect.ts";
import { shortened } from "./badge-connect-answer.ts";
import { nextPage } from "./badge-connect-page.ts";
import { type BadgrJudged, judgeBadgr } from "./badgr-answer.ts";
import {
  type Access,
  badAnswer,
  type CollectionsOutcome,
  type FindOutcome,
  type ListAsk,
  type ListedBadge,
  type ListOutcome,
  type Net,
  type ProfileOutcome,
  type Protocol,
  type Sendable,
  type SendOutcome,
} from "./protocol.ts";

const PAGE_TIMEOUT_MS = 20_000;
const PAGE_SIZE = 100;

/** Its ids are base64url of random bits; anything else does not go into an address. */
const ENTITY_ID = /^[\w-]{1,128}$/;

export const badgr: Protocol = {
  abilities: {
    send: BADGR_SCOPES.backpack,
    find: BADGR_SCOPES.backpack,
    list: BADGR_SCOPES.backpack,
    collections: BADGR_SCOPES.backpack,
    profile: BADGR_SCOPES.profile,
    since: false,
  },
  send,
  find,
  list,
  collections,
  profile,
};

type Body = Readonly<Record<string, unknown>>;

async function ask(
  net: Net,
  { token, backpack }: Access,
  path: string,
  options: FetchOptions = {},
): Promise<{ judged: BadgrJudged; link: string | undefined; url: string }> {
  const url = /^https?:/.test(path) ? path : endpoint(backpack.backpack_api_url, path);
  if (token === null || !isToken(token)) {
    return { judged: { kind: "unauthenticated", words: null }, link: undefined, url };
  }
  const fetched = await net.publicFetch(url, {
    ...options,
    accept: "application/json",
    headers: { ...options.headers, authorization: `Bearer ${token}` },
  });
  const link = fetched.ok ? fetched.headers?.link : undefined;
  return { judged: judgeBadgr(fetched, net.now()), link, url };
}

/**
 * POST /backpack/import: Badgr reads the badge at its own address, which is what keeps it from being
 * a copy. DUPLICATE_BADGE means that it is there, and is as good as delivered.
 */
async function send(net: Net, access: Access, badge: Sendable): Promise<SendOutcome> {
  const { judged } = await ask(net, access, "/backpack/import", {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ url: badge.id }),
    timeoutMs: PAGE_TIMEOUT_MS,
  });
  if (judged.kind === "duplicate") return { kind: "duplicate", remoteId: null };
  if (judged.kind !== "ok") return judged;
  return { kind: "delivered", remoteId: entityId(judged.result[0]) };
}

async function find(net: Net, access: Access, id: string): Promise<FindOutcome> {
  let page: string | null = null;
  for (let pages = 0; pages < FIND_PAGES; pages++) {
    const listed = await list(net, access, { page });
    if (listed.kind !== "page") return listed;
    const found = listed.badges.find(({ assertion }) => assertion === id);
    if (found) return { kind: "found", remoteId: found.remoteId };
    if (listed.next === null) return { kind: "absent" };
    page = listed.next;
  }
  return { kind: "undecided" };
}

/** All badges with their addresses; those of a collection by their ids alone. */
async function list(net: Net, access: Access, wanted: ListAsk): Promise<ListOutcome> {
  const { collection = null, page = null } = wanted;
  if (collection !== null) return listCollection(net, access, collection);
  const first = `/backpack/assertions?num=${PAGE_SIZE}`;
  const { judged, link, url } = await ask(net, access, page ?? first, {
    maxBytes: MAX_PAGE_BYTES,
    timeoutMs: PAGE_TIMEOUT_MS,
  });
  if (judged.kind === "duplicate") return badAnswer();
  if (judged.kind !== "ok") return judged;
  const base = endpoint(access.backpack.backpack_api_url, "/backpack/assertions");
  const next = nextPage(link, url, base);
  if (next === undefined) return badAnswer();
  const badges = judged.result.flatMap((entry) => listed(entry) ?? []);
  const skipped = judged.result.length - badges.length;
  return { kind: "page", badges, next, total: null, skipped };
}

function listed(entry: Body): ListedBadge | null {
  const remoteId = entityId(entry);
  const { openBadgeId } = entry;
  if (remoteId === null || typeof openBadgeId !== "string" || openBadgeId === "") return null;
  return { remoteId, assertion: openBadgeId, jws: null, collectionId: null };
}

async function listCollection(net: Net, access: Access, id: string): Promise<ListOutcome> {
  if (!ENTITY_ID.test(id)) return badAnswer();
  const { judged } = await ask(net, access, `/backpack/collections/${id}`, {
    maxBytes: MAX_PAGE_BYTES,
    timeoutMs: PAGE_TIMEOUT_MS,
  });
  if (judged.kind === "duplicate") return badAnswer();
  if (judged.kind !== "ok") return judged;
  const { assertions = null } = judged.result[0] ?? {};
  if (assertions !== null && !Array.isArray(assertions)) return badAnswer();
  const entries: unknown[] = assertions ?? [];
  const ids = entries.flatMap(
    (entry) => entityId(isObject(entry) ? entry : { entityId: entry }) ?? [],
  );
  return {
    kind: "page",
    badges: ids.map((remoteId) => ({ remoteId, assertion: null, jws: null, collectionId: id })),
    next: null,
    total: ids.length,
    skipped: entries.length - ids.length,
  };
}

async function collections(net: Net, access: Access): Promise<CollectionsOutcome> {
  const { judged } = await ask(net, access, "/backpack/collections", { maxBytes: MAX_PAGE_BYTES });
  if (judged.kind === "duplicate") return badAnswer();
  if (judged.kind !== "ok") return judged;
  return {
    kind: "collections",
    collections: judged.result.flatMap((entry) => {
      const id = entityId(entry);
      const name = typeof entry.name === "string" ? shortened(entry.name) : null;
      return id === null ? [] : [{ id, name: name ?? id }];
    }),
  };
}

async function profile(net: Net, access: Access): Promise<ProfileOutcome> {
  const { judged } = await ask(net, access, "/users/self");
  if (judged.kind === "duplicate") return badAnswer();
  if (judged.kind !== "ok") return judged;
  const [self = {}] = judged.result;
  const { firstName, lastName, emails } = self;
  const names = [firstName, lastName].filter((name) => typeof name === "string");
  const known: unknown[] = Array.isArray(emails) ? emails.slice(0, 50) : [];
  const addresses = known.filter(isObject);
  const main = addresses.find(({ primary }) => primary === true) ?? addresses[0];
  const email = typeof main?.email === "string" ? shortened(main.email) : null;
  return {
    kind: "profile",
    profile: { uid: entityId(self), name: shortened(names.join(" ")), email },
  };
}

function entityId(entry: Body | undefined): string | null {
  const id = entry?.entityId;
  return typeof id === "string" && ENTITY_ID.test(id) ? id : null;
}
