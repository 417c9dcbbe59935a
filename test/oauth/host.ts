// A backpack's authorization server whose every answer a test decides; what is asked of it is kept.

import { authorizationServers, type Backpack, backpacks } from "../../src/db/backpacks.ts";
import { findBackpack, findServerOf } from "../../src/db/site-backpacks.ts";
import type { Env } from "../../src/env.ts";
import { newId } from "../../src/ids.ts";
import { createPublicFetch, type PublicFetch } from "../../src/net/public-fetch.ts";
import { pickEntry, readManifest } from "../../src/oauth/manifest.ts";
import { SCOPES } from "../../src/oauth/scopes.ts";
import { serverColumns, VERSIONS } from "../../src/oauth/server.ts";
import { fetchDial } from "../../src/runtime/fetch-dial.ts";
import { type TestApp, testApp } from "../app.ts";
import { givenOrganization, givenPerson } from "../given.ts";
import { noDeadline } from "../no-deadline.ts";
import { type SignedInBrowser, signedIn } from "../signed-in.ts";

export const HOST = "https://backpack.example.net";

export interface Asked {
  readonly method: string;
  readonly url: string;
  readonly path: string;
  readonly headers: Headers;
  readonly text: string;
  /** The body's fields, where it is a form. */
  readonly form: URLSearchParams;
}

/** `undefined` leaves the answer to the host as it usually is; an error is a connection that broke. */
export type Answering = (asked: Asked) => Response | undefined | Promise<Response | undefined>;

export type Place = "manifest" | "metadata" | "register" | "token" | "revoke";

const PATHS: Readonly<Record<string, Place>> = {
  "/.well-known/badgeconnect.json": "manifest",
  "/.well-known/oauth-authorization-server": "metadata",
  "/oauth/register": "register",
  "/oauth/token": "token",
  "/oauth/revoke": "revoke",
};

export const json = (value: unknown, status = 200, headers: Record<string, string> = {}) =>
  new Response(JSON.stringify(value), {
    status,
    headers: { "content-type": "application/json", ...headers },
  });

/** A good manifest, with members replaced. */
export function manifest(over: object = {}, entry: object = {}): Record<string, unknown> {
  return {
    "@context": "https://purl.imsglobal.org/spec/ob/v2p1/ob_v2p1.jsonld",
    id: `${HOST}/.well-known/badgeconnect.json`,
    badgeConnectAPI: [
      {
        name: "Example Backpack",
        apiBase: `${HOST}/ims/ob/v2p1`,
        version: "v2p1",
        termsOfServiceUrl: `${HOST}/terms`,
        privacyPolicyUrl: `${HOST}/privacy`,
        scopesOffered: [SCOPES.create, SCOPES.read, SCOPES.profile],
        registrationUrl: `${HOST}/oauth/register`,
        authorizationUrl: `${HOST}/oauth/authorize`,
        tokenUrl: `${HOST}/oauth/token`,
        tokenRevocationUrl: `${HOST}/oauth/revoke`,
        ...entry,
      },
    ],
    ...over,
  };
}

export class Host {
  readonly asked: Asked[] = [];
  /** Replaces what the host usually answers. */
  readonly answers: Partial<Record<Place, Answering>> = {};
  readonly publicFetch: PublicFetch;
  /** How often each was granted, for names of its own. */
  registrations = 0;
  grants = 0;
  /** Refresh tokens that are good, each with the one before, which is good till this one is used. */
  #current = new Map<string, { generation: number; before: string | null }>();

  constructor() {
    this.publicFetch = createPublicFetch({
      dial: fetchDial(async (input, init) => this.#answer(new Request(input, init))),
      deadline: noDeadline,
      userAgent: "Rosette (+https://badges.example.org)",
      loopbackOrigins: [],
    });
  }

  at(place: Place): Asked[] {
    return this.asked.filter(({ path }) => PATHS[path] === place);
  }

  async #answer(request: Request): Promise<Response> {
    const { method, url, headers } = request;
    // Not as text: workerd warns of every form that is read so.
    const text = new TextDecoder().decode(await request.arrayBuffer());
    const { pathname: path, origin } = new URL(url);
    const asked = { method, url, path, headers, text, form: new URLSearchParams(text) };
    this.asked.push(asked);
    const place = PATHS[path];
    if (origin !== HOST || place === undefined) return new Response("no", { status: 404 });
    return (await this.answers[place]?.(asked)) ?? this.usual(place, asked);
  }

  usual(place: Place, asked: Asked): Response {
    switch (place) {
      case "manifest":
        return json(manifest());
      case "metadata":
        return new Response("none", { status: 404 });
      case "register":
        return this.register(asked);
      case "token":
        return this.grant(asked);
      case "revoke":
        return new Response(null, { status: 200 });
    }
  }

  register({ text }: Asked): Response {
    const n = ++this.registrations;
    return json(
      {
        ...JSON.parse(text),
        client_id: `client-${n}`,
        client_secret: `secret ${n}: with signs`,
        client_id_issued_at: 1_790_000_000,
        client_secret_expires_at: 0,
      },
      201,
      { "cache-control": "no-store", pragma: "no-cache" },
    );
  }

  /** Codes are granted once for each asking; a refresh token until its successor is used. */
  grant({ form }: Asked): Response {
    if (form.get("grant_type") === "authorization_code") return this.issue(null, null);
    const presented = form.get("refresh_token") ?? "";
    for (const [token, { before }] of this.#current) {
      if (presented === token) return this.issue(token, form.get("scope"));
      if (presented === before) {
        // Its answer was lost: another successor, and the one nobody saw is void.
        this.#current.delete(token);
        return this.issue(before, form.get("scope"));
      }
    }
    return json({ error: "invalid_grant" }, 400);
  }

  issue(before: string | null, scope: string | null): Response {
    const n = ++this.grants;
    if (before !== null) this.#current.delete(before);
    this.#current.set(`refresh-${n}`, { generation: n, before });
    return json(
      {
        access_token: `access-${n}`,
        token_type: "Bearer",
        expires_in: 3_600,
        refresh_token: `refresh-${n}`,
        ...(scope === null ? {} : { scope }),
      },
      200,
      { "cache-control": "no-store" },
    );
  }

  /** The owner ended every grant. */
  forgetGrants(): void {
    this.#current.clear();
  }
}

/** A backpack in the database as it stands after an administrator has added it. */
export async function givenBackpack(
  env: Env,
  over: Partial<typeof backpacks.$inferInsert> = {},
  manifestUrl = HOST,
): Promise<Backpack> {
  const read = await readManifest(env, manifestUrl);
  if (!read.ok) throw new Error(read.detail);
  const picked = pickEntry(read.manifest, VERSIONS);
  if (!picked.ok) throw new Error(picked.detail);
  const serverId = newId(env);
  const id = newId(env);
  await env.db.batch([
    env.db.orm
      .insert(authorizationServers)
      .values({ id: serverId, ...(await serverColumns(env, read, picked.entry)) }),
    env.db.orm.insert(backpacks).values({
      id,
      name: "Example Backpack",
      api_version: "v2p1",
      backpack_api_url: picked.entry.apiBase,
      backpack_web_url: new URL(picked.entry.apiBase).origin,
      oauth2_issuer_id: serverId,
      updated_at: env.now(),
      ...over,
    }),
  ]);
  const backpack = await findBackpack(env.db, id);
  if (backpack === null) throw new Error("not written");
  return backpack;
}

export async function serverOf(env: Env, { id }: Backpack) {
  const server = await findServerOf(env.db, id);
  if (server === null) throw new Error("no server");
  return server;
}

export interface Scene {
  readonly test: TestApp;
  readonly env: Env;
  readonly host: Host;
  readonly backpack: Backpack;
  readonly browser: SignedInBrowser;
}

/** Long enough for whoever has the lease, however busy the machine is. */
const pause = (milliseconds: number) =>
  new Promise<void>((resolve) => setTimeout(resolve, Math.min(milliseconds, 200)));

/** A person who is signed in, and a backpack nobody has connected to yet. */
export async function givenScene(prepare: (host: Host) => void = () => {}): Promise<Scene> {
  const host = new Host();
  prepare(host);
  const test = await testApp({ override: () => ({ publicFetch: host.publicFetch, pause }) });
  const organization = await givenOrganization(test.env);
  const person = await givenPerson(test.env, organization);
  const browser = await signedIn(test, person.user.id);
  const backpack = await givenBackpack(test.env);
  host.asked.length = 0;
  return { test, env: test.env, host, backpack, browser };
}
