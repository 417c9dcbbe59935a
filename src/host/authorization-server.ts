// The door of the authorization server: what comes in is made plain, and only then the library is asked.
import type Provider from "oidc-provider";
import { noteRedeemed } from "../db/authorization-records.ts";
import type { Env } from "../env.ts";
import { sha256Hex } from "../ids.ts";
import { Problem } from "../problem.ts";
import { mediaTypeOf, readBytes } from "../request-body.ts";
import { AUTHORIZATION_PATHS } from "./addresses.ts";
import { answerOf } from "./node-exchange.ts";
import { oauthError, toOauthError } from "./oauth-error.ts";
import { knownScopes } from "./scopes.ts";

/** Form fields of a token request; codes and tokens are 43 characters. */
const MAX_FORM_BYTES = 16 * 1024;

/** The parameters of an authorization request that mean something here (OB21-Z-01). */
const PARAMETERS = [
  "response_type",
  "client_id",
  "redirect_uri",
  "scope",
  "state",
  "code_challenge",
  "code_challenge_method",
] as const;

const FORM = "application/x-www-form-urlencoded";

export type ProviderOf = () => Promise<Provider>;

/** Loads the library with the first call, and keeps it for the life of the process. */
export function lazyProvider(env: Env): ProviderOf {
  let loading: Promise<Provider> | undefined;
  const load = async () => {
    try {
      return await (await import("./provider.ts")).createProvider(env);
    } catch (error) {
      // What failed once may work with the next request.
      loading = undefined;
      throw error;
    }
  };
  return () => {
    loading ??= load();
    return loading;
  };
}

/** Asks the library, at a path of the public origin; whatever name this server was reached by. */
export async function askProvider(
  env: Env,
  providerOf: ProviderOf,
  path: string,
  init: RequestInit = {},
): Promise<Response> {
  const provider = await providerOf();
  const request = new Request(new URL(path, env.urls.base), init);
  const answer = await answerOf(request, provider.callback());
  return withoutSession(answer);
}

/** The library's own session is nothing here: it is neither kept nor sent. */
async function withoutSession(answer: Response): Promise<Response> {
  const { UNUSED_SESSION_COOKIE } = await import("./provider.ts");
  const cookies = answer.headers.getSetCookie();
  const headers = new Headers(answer.headers);
  headers.delete("set-cookie");
  for (const cookie of cookies) {
    if (!cookie.startsWith(UNUSED_SESSION_COOKIE)) headers.append("set-cookie", cookie);
  }
  return new Response(answer.body, { status: answer.status, headers });
}

/**
 * GET of the authorization endpoint. The person decides each time, which the library is told by
 * `prompt`; parameters of other protocols are left out before it sees them.
 */
export async function authorize(
  env: Env,
  providerOf: ProviderOf,
  request: Request,
): Promise<Response> {
  const given = new URL(request.url).searchParams;
  const query = new URLSearchParams();
  for (const name of PARAMETERS) {
    for (const value of given.getAll(name)) query.append(name, plain(name, value));
  }
  const silent = (given.get("prompt") ?? "").split(" ").includes("none");
  query.set("prompt", silent ? "none" : "consent");
  const path = `${AUTHORIZATION_PATHS.authorization}?${query}`;
  return forBrowser(await askProvider(env, providerOf, path));
}

/** Scopes that mean nothing here are left out, as long as others are left (OB21-R-10). */
function plain(name: string, value: string): string {
  return name === "scope" ? knownScopes(value).join(" ") || value : value;
}

/** Where the consent page sends the browser on: the code, or the refusal, goes to the app. */
export async function resume(
  env: Env,
  providerOf: ProviderOf,
  request: Request,
): Promise<Response> {
  const headers = { cookie: request.headers.get("cookie") ?? "" };
  const { pathname } = new URL(request.url);
  return forBrowser(await askProvider(env, providerOf, pathname, { headers }));
}

/** A redirect as it is; a refusal that may not go to the app becomes a page. */
async function forBrowser(answer: Response): Promise<Response> {
  if (answer.status < 400) return answer;
  const { error, description } = await errorIn(answer);
  if (error === "server_error") throw new Problem("internal-error", "The request failed.");
  if (description.includes("session") || description.includes("expired")) {
    throw new Problem("authorization-gone", "This request for access has ended.");
  }
  throw new Problem("authorization-refused", `The app's request was refused: ${description}.`, {
    fix: "Go back to the app and connect again. If it happens again, tell those who run the app.",
  });
}

async function errorIn(answer: Response): Promise<{ error: string; description: string }> {
  const body: unknown = await answer.json().catch(() => null);
  const members = (typeof body === "object" && body !== null ? body : {}) as Record<
    string,
    unknown
  >;
  const error = typeof members.error === "string" ? members.error : "server_error";
  const description = members.error_description;
  return { error, description: typeof description === "string" ? description : error };
}

/** POST of the token and the revocation endpoint. */
export async function answerForm(
  env: Env,
  providerOf: ProviderOf,
  path: string,
  request: Request,
): Promise<Response> {
  try {
    if (mediaTypeOf(request) !== FORM) {
      return oauthError(400, "invalid_request", `The body must be ${FORM}.`);
    }
    const bytes = await readBytes(request, MAX_FORM_BYTES);
    const body = new URLSearchParams(new TextDecoder().decode(bytes));
    const authorization = credentialsIn(request, body);
    if (authorization === null) return unauthenticated(env);
    const headers = { "content-type": FORM, authorization };
    const answer = await askProvider(env, providerOf, path, {
      method: "POST",
      headers: { ...headers, accept: "application/json" },
      body: body.toString(),
    });
    const code = body.get("code");
    if (answer.status === 200 && body.get("grant_type") === "authorization_code" && code !== null) {
      await env.db.batch([noteRedeemed(await sha256Hex(code))]);
    }
    return withNoStore(answer);
  } catch (error) {
    return toOauthError(error);
  }
}

const BASIC = /^Basic +([A-Za-z0-9+/]+={0,2}) *$/i;

/**
 * The credentials of the client, as the one header the library reads (OB21-T-01). A refresh may
 * have them in its body instead, since that is what Moodle sends; there the refresh token and the
 * secret are both needed, and neither was ever in an address or a browser. A code is redeemed with
 * the header alone. Null where there are none.
 */
function credentialsIn(request: Request, body: URLSearchParams): string | null {
  const header = request.headers.get("authorization");
  if (header !== null) return isWhole(header) && !body.has("client_secret") ? header : null;
  const id = body.getAll("client_id");
  const secret = body.getAll("client_secret");
  if (body.get("grant_type") !== "refresh_token" || id.length !== 1 || secret.length !== 1) {
    return null;
  }
  body.delete("client_secret");
  return basic(id[0] ?? "", secret[0] ?? "");
}

/** Whether there are a name and a secret at all; what they are is for the library to judge. */
function isWhole(header: string): boolean {
  const encoded = BASIC.exec(header)?.[1];
  if (encoded === undefined) return false;
  try {
    const text = atob(encoded);
    const colon = text.indexOf(":");
    return colon > 0 && colon < text.length - 1;
  } catch {
    return false;
  }
}

/** RFC 6749, section 2.3.1: each part is form-encoded before they are joined. */
function basic(id: string, secret: string): string {
  const encoded = [id, secret].map((part) => encodeURIComponent(part).replaceAll("%20", "+"));
  return `Basic ${btoa(encoded.join(":"))}`;
}

function unauthenticated(env: Env): Response {
  return oauthError(401, "invalid_client", "The client must authenticate with HTTP Basic.", {
    "www-authenticate": `Basic realm="${env.urls.base}"`,
  });
}

/** RFC 6749, section 5.1, asks for both. */
export function withNoStore(answer: Response): Response {
  const headers = new Headers(answer.headers);
  headers.set("cache-control", "no-store");
  headers.set("pragma", "no-cache");
  headers.set("x-content-type-options", "nosniff");
  return new Response(answer.body, { status: answer.status, headers });
}
