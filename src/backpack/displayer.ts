// The displayer API of the first backpacks, read only: a person is found by an address they have proven here.
import type { Fetched, FetchOptions } from "../net/public-fetch.ts";
import { retryAfter } from "../net/retry-after.ts";
import { isObject } from "../strict-json.ts";
import { endpoint, MAX_PAGE_BYTES } from "./badge-connect.ts";
import { judgeFault, shortened } from "./badge-connect-answer.ts";
import { readObject } from "./json-object.ts";
import {
  type Access,
  badAnswer,
  type Collection,
  type CollectionsOutcome,
  type Failure,
  type ListAsk,
  type ListedBadge,
  type ListOutcome,
  type Net,
  notSupported,
  type Protocol,
} from "./protocol.ts";

/** Groups and badges of one answer that are looked at. */
export const MAX_ENTRIES = 2_000;
const PAGE_TIMEOUT_MS = 20_000;

/** Numbers in the backpack that had this API; anything else does not go into an address. */
const ID = /^[\w-]{1,64}$/;

export const displayer: Protocol = {
  abilities: {
    send: null,
    find: null,
    list: "",
    collections: "",
    profile: null,
    since: false,
  },
  send: async () => notSupported(),
  find: async () => notSupported(),
  list,
  collections,
  profile: async () => notSupported(),
};

type Judged = { readonly kind: "ok"; readonly body: Readonly<Record<string, unknown>> } | Failure;

async function ask(
  net: Net,
  { backpack }: Pick<Access, "backpack">,
  path: string,
  options: FetchOptions = {},
): Promise<Judged> {
  const fetched = await net.publicFetch(endpoint(backpack.backpack_api_url, path), {
    ...options,
    accept: "application/json",
    maxBytes: MAX_PAGE_BYTES,
    timeoutMs: PAGE_TIMEOUT_MS,
  });
  return judge(fetched, net.now());
}

function judge(fetched: Fetched, now: number): Judged {
  if (!fetched.ok) return judgeFault(fetched.reason);
  const { status, headers = {} } = fetched;
  const retryAt = retryAfter(headers["retry-after"], now, headers.date);
  if (status === 404 || status === 410) {
    return { kind: "failed", code: "not_there", retryable: true, retryAt, words: null };
  }
  if (status === 429) return { kind: "rate-limited", retryAt, words: null };
  if (status >= 500) return { kind: "unknown", code: "host_error", retryAt, words: null };
  const body = status >= 200 && status < 300 ? readObject(fetched.bytes) : null;
  return body === null ? badAnswer() : { kind: "ok", body };
}

/** The backpack's id of a person, a number or a text; null for anything that is no id. */
function idIn(value: unknown): string | null {
  const text = typeof value === "number" ? String(value) : value;
  return typeof text === "string" && ID.test(text) ? text : null;
}

export type Converted =
  | { readonly kind: "known"; readonly uid: string }
  /** The backpack knows nobody by this address. */
  | { readonly kind: "nobody" }
  | Failure;

/** POST /displayer/convert/email: whom an address belongs to there. It must have been proven here. */
export async function convertEmail(
  net: Net,
  access: Pick<Access, "backpack">,
  email: string,
): Promise<Converted> {
  const answer = await ask(net, access, "/displayer/convert/email", {
    method: "POST",
    headers: { "content-type": "application/x-www-form-urlencoded" },
    body: new URLSearchParams({ email }).toString(),
  });
  if (answer.kind === "failed" && answer.code === "not_there") return { kind: "nobody" };
  if (answer.kind !== "ok") return answer;
  const { status, userId } = answer.body;
  if (status === "missing") return { kind: "nobody" };
  const uid = idIn(userId);
  return uid === null ? badAnswer() : { kind: "known", uid };
}

/** The public groups of a person; there are no badges outside of them. */
async function collections(net: Net, access: Access): Promise<CollectionsOutcome> {
  if (access.uid === null || !ID.test(access.uid)) return notSupported();
  const answer = await ask(net, access, `/displayer/${access.uid}/groups.json`);
  if (answer.kind !== "ok") return answer;
  const { groups = null } = answer.body;
  if (groups !== null && !Array.isArray(groups)) return badAnswer();
  const entries: unknown[] = (groups ?? []).slice(0, MAX_ENTRIES);
  return {
    kind: "collections",
    collections: entries.flatMap((entry) => collectionIn(entry) ?? []),
  };
}

function collectionIn(entry: unknown): Collection | null {
  if (!isObject(entry)) return null;
  const id = idIn(entry.groupId);
  const name = typeof entry.name === "string" ? shortened(entry.name) : null;
  return id === null ? null : { id, name: name ?? id };
}

async function list(
  net: Net,
  access: Access,
  { collection = null }: ListAsk,
): Promise<ListOutcome> {
  if (access.uid === null || !ID.test(access.uid)) return notSupported();
  if (collection === null) return { kind: "page", badges: [], next: null, total: 0, skipped: 0 };
  if (!ID.test(collection)) return badAnswer();
  const answer = await ask(net, access, `/displayer/${access.uid}/group/${collection}.json`);
  if (answer.kind !== "ok") return answer;
  const { badges = null } = answer.body;
  if (badges !== null && !Array.isArray(badges)) return badAnswer();
  const entries: unknown[] = (badges ?? []).slice(0, MAX_ENTRIES);
  const found = entries.flatMap((entry) => listed(entry, collection) ?? []);
  const skipped = (badges ?? []).length - found.length;
  return { kind: "page", badges: found, next: null, total: entries.length, skipped };
}

/**
 * The address it is hosted at counts before the copy beside it. Assertions of 1.x have no id and say
 * in `verify` where they are; a signed one stands there as its text.
 */
function listed(entry: unknown, collectionId: string): ListedBadge | null {
  if (!isObject(entry)) return null;
  const { assertion, hostedUrl } = entry;
  const said = isObject(assertion) ? (whereIn(assertion.verify) ?? assertion.id) : assertion;
  const address = [hostedUrl, said].find(isAddress);
  if (address !== undefined) {
    return { remoteId: address, assertion: address, jws: null, collectionId };
  }
  if (typeof assertion === "string" && assertion.startsWith("ey")) {
    return { remoteId: assertion, assertion: null, jws: assertion, collectionId };
  }
  return null;
}

const whereIn = (verify: unknown) => (isObject(verify) ? verify.url : undefined);
const isAddress = (value: unknown): value is string =>
  typeof value === "string" && /^https?:\/\//i.test(value) && value.length <= 2_048;
