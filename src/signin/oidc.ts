// Signing in at an OpenID provider: there with a state of this browser, back once, with an address it vouches for.
import { sql } from "drizzle-orm";
import {
  AuthorizationResponseError,
  authorizationCodeGrant,
  buildAuthorizationUrl,
  type Configuration,
  calculatePKCECodeChallenge,
  fetchUserInfo,
} from "openid-client";
import {
  consumeOidcSignIn,
  findOidcSignIn,
  findSubject,
  insertOidcSignIn,
  insertSubject,
} from "../db/oidc-sign-ins.ts";
import type { OidcSignIn } from "../db/sessions.ts";
import { isEmail, normalisedEmail } from "../email-address.ts";
import type { Env } from "../env.ts";
import { newId, sha256Hex, toBase64url } from "../ids.ts";
import { type Place, seal, unseal } from "../seal.ts";
import type { KnownBrowser } from "./browser.ts";
import { type Arrival, isOfSuspended, proofFor, whoProves } from "./person.ts";
import { type SignInOutcome, signIn } from "./sign-in.ts";

/** From leaving for the provider until being back. */
export const OIDC_MS = 10 * 60_000;

/** How far it got, for the page to put into words. */
export type OidcReason =
  | "provider-unreachable"
  /** The state is unknown, or another browser's. */
  | "not-begun-here"
  | "used"
  | "expired"
  /** The person or the provider said no. */
  | "declined"
  | "answer-refused"
  | "address-not-verified"
  | "suspended";

export type OidcOutcome =
  | (Extract<SignInOutcome, { ok: true }> & { readonly next: string | null })
  | { readonly ok: false; readonly reason: OidcReason };

const secretsPlace = (id: string): Place => ({
  table: "oidc_sign_ins",
  row: id,
  column: "secrets_sealed",
});

/** Where to send the browser. `next` has passed `nextPath`. */
export async function beginOidc(
  env: Env,
  provider: Configuration,
  browser: KnownBrowser,
  next: string | null,
): Promise<string> {
  const [state, nonce, verifier] = [random(env), random(env), random(env)];
  const id = newId(env);
  const now = env.now();
  const secrets = JSON.stringify({ nonce, verifier });
  const row: OidcSignIn = {
    id,
    state_hash: await sha256Hex(state),
    browser_hash: browser.hash,
    secrets_sealed: await seal(env.config, secretsPlace(id), secrets),
    next,
    created_at: now,
    expires_at: now + OIDC_MS,
    consumed_at: null,
  };
  await env.db.batch([insertOidcSignIn(env.db, row)]);
  const url = buildAuthorizationUrl(provider, {
    redirect_uri: env.urls.oidcCallback,
    scope: "openid email",
    state,
    nonce,
    code_challenge: await calculatePKCECodeChallenge(verifier),
    code_challenge_method: "S256",
  });
  return url.href;
}

function random(env: Env): string {
  return toBase64url(env.random(32));
}

/**
 * What the browser brings back from the provider. The state is used up before the provider is asked
 * for anything: of many callers with one answer, one goes on.
 */
export async function finishOidc(
  env: Env,
  provider: () => Promise<Configuration | null>,
  browser: KnownBrowser | null,
  request: Request,
): Promise<OidcOutcome> {
  const answer = new URL(env.urls.oidcCallback);
  answer.search = new URL(request.url).search;
  const state = answer.searchParams.get("state") ?? "";
  const begun = await findOidcSignIn(env.db, await sha256Hex(state));
  // Login CSRF: somebody else's answer, brought by a link, would sign this browser in as them.
  if (begun === null || begun.browser_hash !== browser?.hash) {
    return { ok: false, reason: "not-begun-here" };
  }
  if (begun.consumed_at !== null) return { ok: false, reason: "used" };
  if (begun.expires_at <= env.now()) return { ok: false, reason: "expired" };
  const [consumed] = await env.db.batch([consumeOidcSignIn(env.db, begun.id, env.now())]);
  if (consumed?.rowsAffected !== 1) return { ok: false, reason: "used" };
  const asked = await provider();
  if (asked === null) return { ok: false, reason: "provider-unreachable" };
  const subject = await subjectIn(env, asked, answer, state, begun);
  return "reason" in subject
    ? { ok: false, reason: subject.reason }
    : arrived(env, request, subject, begun.next);
}

interface Subject {
  readonly issuer: string;
  readonly subject: string;
  /** Null where the provider does not say that it is verified. */
  readonly email: string | null;
}

/** The provider's word, after all checks of OpenID Connect Core 1.0, section 3.1.3.7. */
async function subjectIn(
  env: Env,
  provider: Configuration,
  answer: URL,
  expectedState: string,
  begun: OidcSignIn,
): Promise<Subject | { readonly reason: OidcReason }> {
  const opened = await unseal(env.config, secretsPlace(begun.id), begun.secrets_sealed);
  const { nonce, verifier } = JSON.parse(opened.text) as { nonce: string; verifier: string };
  try {
    const tokens = await authorizationCodeGrant(provider, answer, {
      pkceCodeVerifier: verifier,
      expectedState,
      expectedNonce: nonce,
      idTokenExpected: true,
    });
    const claims = tokens.claims();
    if (claims === undefined) return { reason: "answer-refused" };
    const told =
      claims.email === undefined && provider.serverMetadata().userinfo_endpoint !== undefined
        ? await fetchUserInfo(provider, tokens.access_token, claims.sub)
        : claims;
    const { email, email_verified: isVerified } = told;
    return {
      issuer: claims.iss,
      subject: claims.sub,
      email:
        isVerified === true && typeof email === "string" && isEmail(email.trim()) ? email : null,
    };
  } catch (error) {
    if (error instanceof AuthorizationResponseError) return { reason: "declined" };
    const code = error instanceof Error && "code" in error ? error.code : undefined;
    env.log.warn("oidc.refused", { code: typeof code === "string" ? code : undefined });
    return { reason: "answer-refused" };
  }
}

async function arrived(
  env: Env,
  request: Request,
  { issuer, subject, email }: Subject,
  next: string | null,
): Promise<OidcOutcome> {
  if (email === null && (await findSubject(env.db, issuer, subject)) === null) {
    return { ok: false, reason: "address-not-verified" };
  }
  const arrive = async (): Promise<Arrival> => {
    const user = await findSubject(env.db, issuer, subject);
    if (user === null) return withSubject(env, issuer, subject, await whoProves(env, email ?? ""));
    if (user.status !== "active") return { ok: false, reason: "suspended" };
    // As by mail: what a suspended person is known by is nobody else's.
    const isFree = email !== null && !(await isOfSuspended(env, normalisedEmail(email)));
    const writes = isFree ? await proofFor(env, user.id, email) : [];
    return { ok: true, userId: user.id, writes, provided: sql`true` };
  };
  const outcome = await signIn(env, request, { method: "oidc", arrive, uses: [] });
  return outcome.ok ? { ...outcome, next } : outcome;
}

function withSubject(env: Env, issuer: string, subject: string, arrival: Arrival): Arrival {
  if (!arrival.ok) return arrival;
  const row = { issuer, subject, user_id: arrival.userId, created_at: env.now() };
  return { ...arrival, writes: [...arrival.writes, insertSubject(env.db, row)] };
}
