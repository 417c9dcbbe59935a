// A Badge Connect host whose every answer a test decides; what is posted to it is kept and counted.

import {
  authorizationServers,
  type Backpack,
  backpacks,
  connections,
  tokens,
} from "../../src/db/backpacks.ts";
import { type Delivery, deliveries } from "../../src/db/deliveries.ts";
import type { Env } from "../../src/env.ts";
import { newId } from "../../src/ids.ts";
import { type Answer, type Dial, DialFailure, type DialFailureCode } from "../../src/net/dial.ts";
import { createPublicFetch, type PublicFetch } from "../../src/net/public-fetch.ts";
import { sealHeld } from "../../src/oauth/grant.ts";
import { SCOPES } from "../../src/oauth/scopes.ts";
import { noDeadline } from "../no-deadline.ts";

export interface Asked {
  readonly method: string;
  readonly url: URL;
  readonly path: string;
  readonly token: string | null;
  readonly body: string;
}

export interface Told {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | (() => AsyncIterable<Uint8Array>);
}

/** What a test has the host do: answer so, break so, or (undefined) as it usually would. */
export type Doing = (
  asked: Asked,
) => Told | DialFailureCode | undefined | Promise<Told | DialFailureCode | undefined>;

export interface Kept {
  readonly id: string;
  assertion: Record<string, unknown>;
  at: number;
}

const API = "/ims/ob/v2p1";

export function status(code: number, text?: string, error: unknown = null): Told {
  return {
    status: code,
    headers: { "content-type": "application/json" },
    body: JSON.stringify({
      status: { error, statusCode: code, ...(text ? { statusText: text } : {}) },
    }),
  };
}

export class BadgeHost {
  readonly origin: string;
  readonly asked: Asked[] = [];
  readonly kept: Kept[] = [];
  /** Posts of each assertion that were taken in. */
  readonly posts = new Map<string, number>();
  /** A good host updates by id; one that does not shows a badge once for each post. */
  doubles = false;
  /** Replaces what it usually does; before that. */
  before: Doing = () => undefined;
  /** Replaces the answer, once what was asked has been done. */
  after: Doing = () => undefined;
  /** Access tokens it takes; any, while empty. */
  readonly good = new Set<string>();
  refreshes = 0;
  pageSize = 100;
  readonly #now: () => number;

  constructor(origin: string, now: () => number) {
    this.origin = origin;
    this.#now = now;
  }

  get apiBase(): string {
    return `${this.origin}${API}`;
  }

  /** Ids that it shows, one for each time it shows it. */
  shown(): string[] {
    return this.kept.map(({ id }) => id);
  }

  at(method: string): Asked[] {
    return this.asked.filter((one) => one.method === method && one.path.startsWith(API));
  }

  readonly dial: Dial = async ({ url, method, headers, body }): Promise<Answer> => {
    const token = /^Bearer (.+)$/.exec(headers.authorization ?? "")?.[1] ?? null;
    const text = typeof body === "string" ? body : new TextDecoder().decode(body ?? undefined);
    const asked = { method, url, path: url.pathname, token, body: text };
    this.asked.push(asked);
    const early = await this.before(asked);
    const usual = early ?? this.#usual(asked);
    const told = early ?? (await this.after(asked)) ?? usual;
    if (typeof told === "string") throw new DialFailure(told);
    return answerOf(told);
  };

  #usual(asked: Asked): Told {
    if (asked.path === "/oauth/token") return this.#refresh();
    if (this.good.size > 0 && !this.good.has(asked.token ?? "")) {
      return status(401, "UNAUTHENTICATED", "The access token is not good.");
    }
    if (asked.path !== `${API}/assertions`) return status(404, "NOT_FOUND", "Nothing here.");
    return asked.method === "POST" ? this.#post(asked) : this.#list(asked);
  }

  #refresh(): Told {
    const token = `access-${++this.refreshes + 1}`;
    if (this.good.size > 0) {
      this.good.clear();
      this.good.add(token);
    }
    return {
      status: 200,
      headers: { "content-type": "application/json", "cache-control": "no-store" },
      body: JSON.stringify({
        access_token: token,
        token_type: "Bearer",
        expires_in: 3_600,
        refresh_token: `refresh-${this.refreshes}`,
      }),
    };
  }

  #post({ body }: Asked): Told {
    const { assertion } = JSON.parse(body) as { assertion: Record<string, unknown> };
    const id = String(assertion.id);
    this.posts.set(id, (this.posts.get(id) ?? 0) + 1);
    const known = this.kept.find((one) => one.id === id);
    if (known !== undefined && !this.doubles) {
      known.assertion = assertion;
      known.at = this.#now();
    } else this.kept.push({ id, assertion, at: this.#now() });
    return status(200, "OK");
  }

  #list({ url }: Asked): Told {
    const since = Date.parse(url.searchParams.get("since") ?? "") || 0;
    const offset = Number(url.searchParams.get("offset") ?? 0);
    const all = this.kept.filter(({ at }) => at > since).sort((a, b) => b.at - a.at);
    const page = all.slice(offset, offset + this.pageSize);
    const next = new URL(url);
    next.searchParams.set("offset", String(offset + this.pageSize));
    const more = offset + this.pageSize < all.length;
    return {
      status: 200,
      headers: {
        "content-type": "application/json",
        ...(more ? { link: `<${next.href}>; rel="next"` } : {}),
      },
      body: JSON.stringify({
        status: { error: null, statusCode: 200, statusText: "OK" },
        assertions: page.map(({ assertion }) => assertion),
      }),
    };
  }
}

function answerOf({ status: code = 200, headers = {}, body = "" }: Told): Answer {
  async function* text(): AsyncGenerator<Uint8Array> {
    if (typeof body === "string" && body !== "") yield new TextEncoder().encode(body);
  }
  return {
    status: code,
    header: (name) => headers[name] ?? null,
    body: typeof body === "string" ? text() : body(),
    discard: () => {},
  };
}

/** The real door, onto these hosts and no others. */
export function fetchOf(...hosts: readonly BadgeHost[]): PublicFetch {
  return createPublicFetch({
    dial: (request) => {
      const host = hosts.find(({ origin }) => origin === request.url.origin);
      if (host === undefined) throw new DialFailure("name-not-found");
      return host.dial(request);
    },
    deadline: noDeadline,
    userAgent: "Rosette (+https://badges.example.org)",
    loopbackOrigins: [],
  });
}

const ALL = [SCOPES.create, SCOPES.read, SCOPES.profile, SCOPES.offline];

export async function givenHostedBackpack(
  env: Env,
  host: Pick<BadgeHost, "origin" | "apiBase">,
  over: Partial<typeof backpacks.$inferInsert> = {},
): Promise<Backpack> {
  const serverId = newId(env);
  const row = {
    id: newId(env),
    name: "Example Backpack",
    api_version: "v2p1" as const,
    backpack_api_url: host.apiBase,
    backpack_web_url: host.origin,
    oauth2_issuer_id: serverId,
    updated_at: env.now(),
    ...over,
  };
  await env.db.batch([
    env.db.orm.insert(authorizationServers).values({
      id: serverId,
      name: "Example Backpack",
      authorization_url: `${host.origin}/oauth/authorize`,
      token_url: `${host.origin}/oauth/token`,
      scopes_offered: ALL,
      updated_at: env.now(),
    }),
    env.db.orm.insert(backpacks).values(row),
  ]);
  const all = await env.db.orm.select().from(backpacks);
  return all.find(({ id }) => id === row.id) as Backpack;
}

export interface ConnectionWish {
  readonly autoSync?: boolean;
  readonly scopes?: readonly string[];
  /** Milliseconds since 1970. */
  readonly expires?: number | null;
  readonly refreshToken?: string | null;
  readonly accessToken?: string;
}

/** A connection with a token, as it stands after the person came back from the backpack. */
export async function givenConnection(
  env: Env,
  backpack: Backpack,
  userId: string,
  wish: ConnectionWish = {},
): Promise<string> {
  const { autoSync = true, scopes = ALL, expires = null, refreshToken = "refresh-0" } = wish;
  const id = newId(env);
  const tokenId = newId(env);
  const sealed = await sealHeld(env, tokenId, {
    accessToken: wish.accessToken ?? "access-1",
    refreshToken,
    client: {
      clientId: "client",
      clientSecret: "secret",
      tokenUrl: `${backpack.backpack_web_url}/oauth/token`,
      revocationUrl: null,
      issuer: null,
    },
    afterRejection: false,
  });
  await env.db.batch([
    env.db.orm.insert(connections).values({
      id,
      user_id: userId,
      external_backpack_id: backpack.id,
      auto_sync: autoSync,
      connected_at: env.now(),
      updated_at: env.now(),
    }),
    env.db.orm.insert(tokens).values({
      id: tokenId,
      user_id: userId,
      external_backpack_id: backpack.id,
      issuer_id: backpack.oauth2_issuer_id ?? "",
      connection_id: id,
      ...sealed,
      expires,
      scope: scopes.join(" "),
      updated_at: env.now(),
    }),
  ]);
  return id;
}

export const ledgerOf = (env: Env): Promise<Delivery[]> =>
  env.db.orm.select().from(deliveries).orderBy(deliveries.id);
