// An app that connects to our backpack, over `app.request`: registers, authorizes as a browser would, calls.
import { AUTHORIZATION_PATHS } from "../../src/host/addresses.ts";
import { SCOPES } from "../../src/host/scopes.ts";
import { toBase64url } from "../../src/ids.ts";
import type { TestApp } from "../app.ts";
import type { SignedInBrowser } from "../signed-in.ts";

/** The app itself, or another process over the same database. */
export type Reached = Pick<TestApp, "env" | "request">;

export const CLIENT_ORIGIN = "https://issuer.example.net";

/** All that OB 2.1 asks of a registration. */
export const METADATA = {
  client_name: "Northside Badges",
  client_uri: `${CLIENT_ORIGIN}/`,
  logo_uri: `${CLIENT_ORIGIN}/logo.png`,
  tos_uri: `${CLIENT_ORIGIN}/terms`,
  policy_uri: `${CLIENT_ORIGIN}/privacy`,
  software_id: "northside",
  software_version: "1.0",
  redirect_uris: [`${CLIENT_ORIGIN}/callback`],
  grant_types: ["authorization_code", "refresh_token"],
};

export interface RegisteredClient {
  readonly client_id: string;
  readonly client_secret: string;
}

export const ALL_SCOPES = SCOPES.join(" ");

export function registerWith(app: Reached, metadata: unknown, headers = {}): Promise<Response> {
  return app.request(AUTHORIZATION_PATHS.registration, {
    method: "POST",
    headers: { "content-type": "application/json", accept: "application/json", ...headers },
    body: typeof metadata === "string" ? metadata : JSON.stringify(metadata),
  });
}

export async function registered(app: Reached, over: object = {}): Promise<RegisteredClient> {
  const response = await registerWith(app, { ...METADATA, ...over });
  if (response.status !== 201) throw new Error(`registration: ${await response.text()}`);
  return (await response.json()) as RegisteredClient;
}

export interface Pkce {
  readonly verifier: string;
  readonly challenge: string;
}

export async function pkce(app: Reached): Promise<Pkce> {
  const verifier = toBase64url(app.env.random(32));
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(verifier));
  return { verifier, challenge: toBase64url(new Uint8Array(digest)) };
}

export interface AuthorizationRequest {
  readonly client: RegisteredClient;
  readonly challenge: string;
  readonly scope?: string;
  /** Replaces parameters; an empty text leaves one out. */
  readonly over?: Readonly<Record<string, string>>;
}

export function authorizePath({ client, challenge, scope, over }: AuthorizationRequest): string {
  const query = new URLSearchParams({
    response_type: "code",
    client_id: client.client_id,
    redirect_uri: METADATA.redirect_uris[0] ?? "",
    scope: scope ?? ALL_SCOPES,
    state: "a state of the app's own",
    code_challenge: challenge,
    code_challenge_method: "S256",
    ...over,
  });
  for (const [name, value] of [...query]) if (value === "") query.delete(name);
  return `${AUTHORIZATION_PATHS.authorization}?${query}`;
}

/** Cookies as a browser keeps them: by name and path. */
export class CookieJar {
  private readonly cookies = new Map<string, { path: string; pair: string }>();

  keep(response: Response): void {
    for (const header of response.headers.getSetCookie()) {
      const pair = header.split(";")[0] ?? "";
      const path = /;\s*path=([^;]*)/i.exec(header)?.[1] ?? "/";
      const name = `${pair.split("=")[0]} ${path}`;
      if (/expires=Thu, 01 Jan 1970/i.test(header)) this.cookies.delete(name);
      else this.cookies.set(name, { path, pair });
    }
  }

  header(pathname: string): string {
    return [...this.cookies.values()]
      .filter(({ path }) => pathname === path || pathname.startsWith(path))
      .map(({ pair }) => pair)
      .join("; ");
  }
}

export interface Asked {
  readonly jar: CookieJar;
  readonly response: Response;
  /** The path of the consent page; null where there is none. */
  readonly consent: string | null;
}

const HTML = { accept: "text/html,application/xhtml+xml,*/*;q=0.8" };

/** Opens the authorization address in a browser. */
export async function askAccess(app: Reached, request: AuthorizationRequest): Promise<Asked> {
  const jar = new CookieJar();
  const response = await app.request(authorizePath(request), { headers: HTML });
  jar.keep(response);
  const location = response.headers.get("location") ?? "";
  const path = location === "" ? "" : new URL(location, app.env.urls.base).pathname;
  return { jar, response, consent: path.startsWith("/oauth/consent/") ? path : null };
}

export function openConsent(app: Reached, browser: SignedInBrowser, asked: Asked) {
  const path = asked.consent ?? "";
  const cookie = [browser.cookie, asked.jar.header(path)].join("; ");
  return app.request(path, { headers: { ...HTML, cookie } });
}

export function decide(
  app: Reached,
  browser: SignedInBrowser,
  asked: Asked,
  fields: readonly (readonly [string, string])[],
): Promise<Response> {
  const path = asked.consent ?? "";
  const cookie = [browser.cookie, asked.jar.header(path)].join("; ");
  return app.request(path, {
    method: "POST",
    headers: { ...HTML, cookie, origin: app.env.config.publicUrl },
    body: new URLSearchParams([["form_token", browser.formToken], ...fields.map((f) => [...f])]),
  });
}

/** Follows a decision to where the app hears of it. */
export async function outcome(app: Reached, asked: Asked, decided: Response): Promise<URL> {
  const next = new URL(decided.headers.get("location") ?? "about:blank", app.env.urls.base);
  const response = await app.request(next.pathname, {
    headers: { ...HTML, cookie: asked.jar.header(next.pathname) },
  });
  asked.jar.keep(response);
  const location = response.headers.get("location");
  if (location === null) throw new Error(`${response.status}: ${await response.text()}`);
  return new URL(location);
}

export interface AllowOptions {
  readonly scope?: string;
  /** What the person leaves ticked; all that was asked for where it is not given. */
  readonly granted?: readonly string[];
}

export interface Code {
  readonly code: string;
  readonly verifier: string;
  readonly redirect: URL;
}

/** The whole way of a person who allows an app. */
export async function codeFor(
  app: Reached,
  browser: SignedInBrowser,
  client: RegisteredClient,
  options: AllowOptions = {},
): Promise<Code> {
  const { verifier, challenge } = await pkce(app);
  const scope = options.scope ?? ALL_SCOPES;
  const asked = await askAccess(app, { client, challenge, scope });
  const ticked = options.granted ?? scope.split(" ");
  const decided = await decide(app, browser, asked, [
    ["decision", "allow"],
    ...ticked.map((one) => ["scope", one] as const),
  ]);
  const redirect = await outcome(app, asked, decided);
  return { code: redirect.searchParams.get("code") ?? "", verifier, redirect };
}

export function basicOf({ client_id: id, client_secret: secret }: RegisteredClient): string {
  return `Basic ${btoa(`${encodeURIComponent(id)}:${encodeURIComponent(secret)}`)}`;
}

export function askToken(
  app: Pick<TestApp, "request">,
  client: RegisteredClient | null,
  fields: Readonly<Record<string, string>>,
  path: string = AUTHORIZATION_PATHS.token,
): Promise<Response> {
  return app.request(path, {
    method: "POST",
    headers: client === null ? {} : { authorization: basicOf(client) },
    body: new URLSearchParams(fields),
  });
}

export function redeem(
  app: Pick<TestApp, "request">,
  client: RegisteredClient,
  { code, verifier }: Pick<Code, "code" | "verifier">,
  over: Readonly<Record<string, string>> = {},
): Promise<Response> {
  return askToken(app, client, {
    grant_type: "authorization_code",
    code,
    redirect_uri: METADATA.redirect_uris[0] ?? "",
    code_verifier: verifier,
    ...over,
  });
}

export interface Tokens {
  readonly access_token: string;
  readonly refresh_token?: string;
  readonly token_type: string;
  readonly expires_in: number;
  readonly scope: string;
}

export async function tokensFor(
  app: Reached,
  browser: SignedInBrowser,
  client: RegisteredClient,
  options: AllowOptions = {},
): Promise<Tokens> {
  const response = await redeem(app, client, await codeFor(app, browser, client, options));
  if (response.status !== 200) throw new Error(`token: ${await response.text()}`);
  return (await response.json()) as Tokens;
}

export function refresh(
  app: Pick<TestApp, "request">,
  client: RegisteredClient,
  token: string | undefined,
): Promise<Response> {
  return askToken(app, client, { grant_type: "refresh_token", refresh_token: token ?? "" });
}
