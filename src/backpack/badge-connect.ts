// Badge Connect 2.1 as a client: sends badges, looks for them, and reads what a backpack holds.
import type { FetchOptions } from "../net/public-fetch.ts";
import { isToken } from "../oauth/grant.ts";
import { SCOPES } from "../oauth/scopes.ts";
import { isObject } from "../strict-json.ts";
import { type Judged, judge, shortened } from "./badge-connect-answer.ts";
import { listedBadges, nextPage } from "./badge-connect-page.ts";
import { withoutExtensions } from "./extension-members.ts";
import {
  type Access,
  badAnswer,
  type FindOutcome,
  type ListAsk,
  type ListOutcome,
  type Net,
  notSupported,
  type ProfileOutcome,
  type Protocol,
  type Sendable,
  type SendOutcome,
} from "./protocol.ts";
import { type Quirks, quirksOf } from "./quirks.ts";

/** A page of badges may be long: pictures travel inside of them. */
export const MAX_PAGE_BYTES = 4 * 1024 * 1024;
const PAGE_TIMEOUT_MS = 20_000;
/** Pages looked through for one badge. They are newest first (OB21-G-02), so it is early among them. */
export const FIND_PAGES = 20;
/** No further page is begun after it: whoever looks holds the badge under a lease. */
export const FIND_MS = 15_000;

export const badgeConnect: Protocol = {
  abilities: {
    send: SCOPES.create,
    find: SCOPES.read,
    list: SCOPES.read,
    collections: null,
    profile: SCOPES.profile,
    since: true,
  },
  send,
  find,
  list,
  collections: async () => notSupported(),
  profile,
};

/** OB21-M-05: with or without a slash at its end. */
export function endpoint(apiBase: string, path: string): string {
  return `${apiBase.replace(/\/+$/, "")}${path}`;
}

async function ask(
  net: Net,
  { backpack, token }: Access,
  url: string,
  options: FetchOptions,
): Promise<{ judged: Judged; link: string | undefined; total: string | undefined }> {
  if (token === null || !isToken(token)) {
    return {
      judged: { kind: "unauthenticated", words: null },
      link: undefined,
      total: undefined,
    };
  }
  const fetched = await net.publicFetch(url, {
    ...options,
    accept: "application/json",
    headers: { ...options.headers, authorization: `Bearer ${token}` },
  });
  const headers = fetched.ok ? fetched.headers : undefined;
  return {
    judged: judge(fetched, quirksOf(backpack.provider), net.now()),
    link: headers?.link,
    total: headers?.["x-total-count"],
  };
}

/**
 * POST /assertions (OB 2.1, section 9): creates or updates by the assertion's id, so that sending
 * the same again is no harm. A revoked badge is sent too, with `revoked` in it: the host asks its
 * address again (OB21-P-04) and answers INVALID_BADGE, or keeps it as revoked (OB21-P-06).
 */
async function send(net: Net, access: Access, badge: Sendable): Promise<SendOutcome> {
  const { judged } = await ask(
    net,
    access,
    endpoint(access.backpack.backpack_api_url, "/assertions"),
    {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(payload(badge, quirksOf(access.backpack.provider))),
    },
  );
  if (judged.kind === "ok") return { kind: "delivered", remoteId: null };
  return judged.kind === "duplicate" ? { kind: "duplicate", remoteId: null } : judged;
}

/** One of the two members: where both stand, the unsigned one is ignored (OB21-P-01). */
function payload({ assertion, jws }: Sendable, { strictPayload }: Quirks) {
  if (jws !== undefined) return { signedAssertion: jws };
  return { assertion: strictPayload ? withoutExtensions(assertion) : assertion };
}

async function find(
  net: Net,
  access: Access,
  id: string,
  since: number | null,
): Promise<FindOutcome> {
  const end = net.now() + FIND_MS;
  let page: string | null = null;
  for (let pages = 0; pages < FIND_PAGES && net.now() < end; pages++) {
    const listed = await list(net, access, { since, page });
    if (listed.kind !== "page") return listed;
    if (listed.badges.some(({ remoteId }) => remoteId === id)) {
      return { kind: "found", remoteId: null };
    }
    if (listed.next === null) return { kind: "absent" };
    page = listed.next;
  }
  return { kind: "undecided" };
}

/** GET /assertions (OB 2.1, section 8); further pages by their Link, never computed (OB21-G-08). */
async function list(net: Net, access: Access, wanted: ListAsk): Promise<ListOutcome> {
  const base = endpoint(access.backpack.backpack_api_url, "/assertions");
  const url = wanted.page ?? firstPage(base, access, wanted.since ?? null);
  const { judged, link, total } = await ask(net, access, url, {
    maxBytes: MAX_PAGE_BYTES,
    timeoutMs: PAGE_TIMEOUT_MS,
  });
  if (judged.kind === "duplicate") return badAnswer();
  if (judged.kind !== "ok") return judged;
  const found = listedBadges(judged.body);
  const next = nextPage(link, url, base);
  if (found === null || next === undefined) return badAnswer();
  return { kind: "page", ...found, next, total: count(total) };
}

function firstPage(base: string, { backpack }: Access, since: number | null): string {
  const url = new URL(base);
  url.searchParams.set("limit", String(quirksOf(backpack.provider).pageSize));
  if (since !== null) url.searchParams.set("since", new Date(since).toISOString());
  return url.href;
}

function count(total: string | undefined): number | null {
  return total !== undefined && /^\d{1,9}$/.test(total.trim()) ? Number(total) : null;
}

/** GET /profile (OB 2.1, section 10). */
async function profile(net: Net, access: Access): Promise<ProfileOutcome> {
  const url = endpoint(access.backpack.backpack_api_url, "/profile");
  const { judged } = await ask(net, access, url, {});
  if (judged.kind === "duplicate") return badAnswer();
  if (judged.kind !== "ok") return judged;
  const { profile: told } = judged.body;
  if (!isObject(told)) return badAnswer();
  return {
    kind: "profile",
    profile: { uid: text(told.id), name: text(told.name), email: text(told.email) },
  };
}

/** The first of several, where there are several (OB 2.0 lets a property have many values). */
function text(value: unknown): string | null {
  const first: unknown = Array.isArray(value) ? value[0] : value;
  return typeof first === "string" ? shortened(first) : null;
}
