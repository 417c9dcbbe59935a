// A person whose badges an app may use, with the issuers whose badges it puts here.
import {
  type NewRecord,
  type RecordKind,
  storeRecord,
} from "../../src/db/authorization-records.ts";
import type { Env } from "../../src/env.ts";
import { API_PATH } from "../../src/host/addresses.ts";
import { ACCESS_TOKEN_TTL } from "../../src/host/provider.ts";
import { newId, sha256Hex, toBase64url } from "../../src/ids.ts";
import { type TestApp, type TestOptions, testApp } from "../app.ts";
import { givenOrganization, givenPerson, type Person } from "../given.ts";
import { type SignedInBrowser, signedIn } from "../signed-in.ts";
import { documents, type Members, ORIGIN, PIXEL } from "../verify/world.ts";
import {
  ALL_SCOPES,
  type AllowOptions,
  METADATA,
  type RegisteredClient,
  registered,
  tokensFor,
} from "./client.ts";

/** Whose badge the documents of the verifier's own tests are. */
export const KIM = "nobody@example.org";

export interface Issuer {
  /** What answers at an address; a number is a status, null a host that does not answer. */
  readonly pages: Map<string, Members | number | null>;
  /** Adds a badge made out to Kim, as its issuer hosts it. */
  badge(name: string, change?: Members): Promise<Members & { id: string }>;
}

export interface Backpack {
  readonly app: TestApp;
  readonly person: Person;
  readonly browser: SignedInBrowser;
  readonly client: RegisteredClient;
  readonly token: string;
  readonly issuer: Issuer;
  get(path: string, headers?: Record<string, string>): Promise<Response>;
  post(path: string, body: unknown, headers?: Record<string, string>): Promise<Response>;
  /** Puts a hosted badge here. */
  put(assertion: Members): Promise<Response>;
}

export interface BackpackOptions extends AllowOptions {
  readonly app?: TestOptions;
  /** Goes the whole way of registering and being allowed; else its end is written down. */
  readonly wholeWay?: boolean;
}

export async function backpack(options: BackpackOptions = {}): Promise<Backpack> {
  const issuer = await someIssuer();
  const publicFetch = fetchFrom(issuer.pages);
  const app = await testApp({ ...options.app, override: () => ({ publicFetch }) });
  const organization = await givenOrganization(app.env);
  const person = await givenPerson(app.env, organization, { email: KIM, name: "Kim Nobody" });
  const browser = await signedIn(app, person.user.id);
  const { client, token } = options.wholeWay
    ? await allowed(app, browser, options)
    : await givenAccess(app.env, person.user.id, options.scope ?? ALL_SCOPES);
  const bearer = { authorization: `Bearer ${token}` };
  const post: Backpack["post"] = (path, body, headers = {}) =>
    app.request(`${API_PATH}${path}`, {
      method: "POST",
      headers: { ...bearer, "content-type": "application/json", ...headers },
      body: typeof body === "string" ? body : JSON.stringify(body),
    });
  return {
    app,
    person,
    browser,
    client,
    token,
    issuer,
    get: (path, headers = {}) =>
      app.request(`${API_PATH}${path}`, { headers: { ...bearer, ...headers } }),
    post,
    put: (assertion) => post("/assertions", { assertion }),
  };
}

interface Access {
  readonly client: RegisteredClient;
  readonly token: string;
}

async function allowed(
  app: TestApp,
  browser: SignedInBrowser,
  options: AllowOptions,
): Promise<Access> {
  const client = await registered(app);
  const { access_token: token } = await tokensFor(app, browser, client, options);
  return { client, token };
}

/** A client, its grant and a token as they stand once a person has allowed it. */
export async function givenAccess(env: Env, userId: string, scope: string): Promise<Access> {
  const token = toBase64url(env.random(32));
  const [clientId, grantId] = [newId(env), newId(env)];
  const row = (kind: RecordKind, id: string, payload: object, over: Partial<NewRecord> = {}) =>
    storeRecord({
      kind,
      id,
      payload: { ...payload },
      sealed: null,
      grantId: null,
      userId,
      clientId,
      expiresAt: null,
      createdAt: env.now(),
      ...over,
    });
  const expiresAt = env.now() + ACCESS_TOKEN_TTL * 1_000;
  await env.db.batch([
    row("Client", clientId, METADATA, { userId: null }),
    row("Grant", grantId, { openid: { scope } }),
    row("AccessToken", await sha256Hex(token), { scope }, { grantId, expiresAt }),
  ]);
  return { client: { client_id: clientId, client_secret: "" }, token };
}

async function someIssuer(): Promise<Issuer> {
  const all = await documents();
  const pages: Issuer["pages"] = new Map();
  for (const document of [all.badge, all.issuer, all.key, all.list]) {
    pages.set(String(document.id), document);
  }
  return {
    pages,
    async badge(name, change = {}) {
      const document = { ...all.assertion, id: `${ORIGIN}/assertions/${name}`, ...change };
      pages.set(String(document.id), document);
      return document;
    },
  };
}

function fetchFrom(pages: Issuer["pages"]): Env["publicFetch"] {
  return async (url) => {
    const page = url.endsWith(".png") ? PIXEL : pages.get(url);
    if (page === null || page === undefined) {
      return { ok: false, reason: "name-not-found", detail: "The host is not known." };
    }
    const isPicture = page instanceof Uint8Array;
    const status = typeof page === "number" ? page : "revoked" in Object(page) ? 410 : 200;
    const text = typeof page === "number" ? "" : JSON.stringify(page);
    return {
      ok: true,
      url,
      status,
      contentType: isPicture ? "image/png" : "application/ld+json",
      bytes: isPicture ? page : new TextEncoder().encode(text),
      redirects: [],
    };
  };
}

export interface Envelope {
  readonly status: { error: string | null; statusCode: number; statusText?: string };
  readonly assertions?: readonly (Members & { id: string })[];
  readonly signedAssertions?: readonly string[];
  readonly profile?: Members;
}

export async function envelopeOf(response: Response): Promise<Envelope> {
  return (await response.json()) as Envelope;
}

/** The ids of a page of GET /assertions, in its order. */
export async function idsOf(response: Response): Promise<string[]> {
  const { assertions = [] } = await envelopeOf(response);
  return assertions.map(({ id }) => id.split("/").at(-1) ?? "");
}
