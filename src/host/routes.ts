// Rosette as a backpack (Open Badges 2.1, Badge Connect): every address of it in one view.
import { type Context, Hono } from "hono";
import { answerProblem, toProblem } from "../answer.ts";
import {
  type AuthorizedClient,
  type LivingToken,
  listAuthorizedClients,
  revokeClient,
} from "../db/authorization-records.ts";
import { chosenLanguage } from "../db/people.ts";
import { normalisedEmail } from "../email-address.ts";
import type { Env } from "../env.ts";
import { toHex } from "../ids.ts";
import { languageOf } from "../language.ts";
import { callerOf, remoteAddress } from "../net/caller.ts";
import { isKnown } from "../obv2/entity-tag.ts";
import { appsPage } from "../pages/apps.tsx";
import { consentPage } from "../pages/consent.tsx";
import { PAGE_HEADERS, spoken } from "../pages/headers.ts";
import { keptBadgesPage } from "../pages/kept-badges.tsx";
import { LOGO_SVG, logoPng } from "../pages/logo.ts";
import { privacyPage } from "../pages/privacy.tsx";
import { termsPage } from "../pages/terms.tsx";
import { Problem } from "../problem.ts";
import { newLink } from "../signin/link.ts";
import {
  type Limit,
  MAILS_BY_PERSON,
  MAILS_TO_ADDRESS,
  type Share,
  takeShares,
} from "../signin/rate-limit.ts";
import { accountOf, readForm, requireSession, type Session } from "../signin/session.ts";
import { requireAccess } from "./access.ts";
import {
  API_PATH,
  APPS_PATH,
  AUTHORIZATION_PATHS,
  CONSENT_PATH,
  consentPath,
  KEPT_BADGES_PATH,
  LOGO_PATH,
  LOGO_PNG_PATH,
  MANIFEST_PATH,
  METADATA_PATH,
  PRIVACY_PATH,
  TERMS_PATH,
} from "./addresses.ts";
import { listAssertions } from "./assertions.ts";
import {
  answerForm,
  askProvider,
  authorize,
  lazyProvider,
  resume,
} from "./authorization-server.ts";
import { type AskedConsent, allow, chosenScopes, deny, findConsent } from "./consent.ts";
import { preflight, Refusal, refused } from "./envelope.ts";
import { createGate } from "./gate.ts";
import { appName, keptBadges } from "./kept.ts";
import {
  authorizationServerMetadata,
  type FixedDocument,
  fixedDocument,
  MANIFEST_MAX_AGE,
  manifest,
} from "./manifest.ts";
import { methodNotAllowed } from "./oauth-error.ts";
import { postAssertion } from "./posted.ts";
import { answerProfile, postProfile } from "./profile.ts";
import { register } from "./register.ts";
import {
  CREATE_ASSERTIONS,
  isScope,
  PERMISSIONS,
  READ_ASSERTIONS,
  READ_PROFILE,
  type Scope,
  UPDATE_PROFILE,
} from "./scopes.ts";

/** Changes with a new version of the program only. */
const FOR_A_WHILE = "public, max-age=3600";
const NEVER = { "cache-control": "no-store" };

const HOUR_MS = 3_600_000;
/** A site registers once, and again when it has lost its secret. */
export const REGISTRATIONS_BY_CALLER: Limit = {
  name: "registrations-by",
  most: 20,
  windowMs: HOUR_MS,
};
/** What one caller's browsers may begin: a school's people may share an address. */
export const AUTHORIZATIONS_BY_CALLER: Limit = {
  name: "authorizations-by",
  most: 1_000,
  windowMs: HOUR_MS,
};
/** Each one leaves a row, whoever asks. */
const REGISTRATIONS: Limit = { name: "registrations", most: 1_000, windowMs: HOUR_MS };

export function hostRoutes(env: Env) {
  const app = new Hono();
  app.onError((error, c) => answerProblem(env, c, error));
  discovery(env, app);
  authorizationServer(env, app);
  connectedApps(env, app);
  badgeConnect(env, app);
  aboutThisSite(env, app);
  return app;
}

/** What anybody may read, from anywhere, and keep for a while. */
function discovery(env: Env, app: Hono) {
  const documents = new Map<string, Promise<FixedDocument>>();
  const answer = async (c: Context, make: () => unknown) => {
    const { path } = c.req;
    const known = documents.get(path) ?? fixedDocument(make());
    documents.set(path, known);
    const { body, etag } = await known;
    const headers = {
      "cache-control": `public, max-age=${MANIFEST_MAX_AGE}`,
      etag,
      "access-control-allow-origin": "*",
      "access-control-expose-headers": "ETag",
    };
    if (isKnown(c.req.header("if-none-match"), etag)) return c.body(null, 304, headers);
    return c.body(body, 200, {
      ...headers,
      "content-type": "application/json; charset=utf-8",
      "x-content-type-options": "nosniff",
    });
  };
  app.get(MANIFEST_PATH, (c) => answer(c, () => manifest(env.urls)));
  app.get(METADATA_PATH, (c) => answer(c, () => authorizationServerMetadata(env.urls)));
}

function authorizationServer(env: Env, app: Hono) {
  const { authorization, token, revocation, registration, jwks } = AUTHORIZATION_PATHS;
  const providerOf = lazyProvider(env);
  app.get(authorization, async (c) => {
    const caller = callerOf(remoteAddress(c.env, c.req.raw.headers));
    const until = await takeShares(env, [[AUTHORIZATIONS_BY_CALLER, caller]]);
    if (until !== null) {
      throw new Problem("too-many-authorizations", "Too many apps asked for access from here.", {
        headers: { "retry-after": String(Math.ceil((until - env.now()) / 1_000)) },
      });
    }
    return authorize(env, providerOf, c.req.raw);
  });
  app.get(`${authorization}/:uid`, (c) => resume(env, providerOf, c.req.raw));
  for (const path of [token, revocation]) {
    app.post(path, (c) => answerForm(env, providerOf, path, c.req.raw));
    app.all(path, () => methodNotAllowed("POST"));
  }
  app.post(registration, async (c) => {
    const caller = callerOf(remoteAddress(c.env, c.req.raw.headers));
    const shares: Share[] = [
      [REGISTRATIONS_BY_CALLER, caller],
      [REGISTRATIONS, "everybody"],
    ];
    return register(env, providerOf, c.req.raw, () => takeShares(env, shares));
  });
  app.all(registration, () => methodNotAllowed("POST"));
  app.get(jwks, () => askProvider(env, providerOf, jwks));

  const asked = async (c: Context): Promise<[Session, AskedConsent]> => {
    const session = await requireSession(env, c.req.raw);
    const found = await findConsent(env, await providerOf(), c.req.raw, c.req.param("uid") ?? "");
    if (found === null) {
      throw new Problem("authorization-gone", "This request for access has ended.");
    }
    return [session, found];
  };
  app.get(`${CONSENT_PATH}/:uid`, async (c) => {
    const [session, consent] = await asked(c);
    return answerConsent(env, c, session, consent, false);
  });
  app.post(`${CONSENT_PATH}/:uid`, async (c) => {
    const [session, consent] = await asked(c);
    const form = await readForm(env, session, c.req.raw);
    if (form.get("decision") !== "allow") return seeOther(c, await deny(consent));
    const scopes = chosenScopes(consent, form.getAll("scope"));
    if (scopes.length === 0) return answerConsent(env, c, session, consent, true);
    const next = await allow(await providerOf(), consent, session.user.id, scopes);
    return seeOther(c, next);
  });
}

function seeOther(c: Context, location: string): Response {
  return c.body(null, 303, { location, ...NEVER });
}

async function answerConsent(
  env: Env,
  c: Context,
  session: Session,
  consent: AskedConsent,
  isFaulty: boolean,
): Promise<Response> {
  const page = await consentPage({
    account: await accountOf(env, session),
    action: consentPath(consent.uid),
    client: consent.client,
    scopes: consent.scopes.map((scope) => ({ scope, may: PERMISSIONS[scope] })),
    isFaulty,
  });
  // Browsers hold a form to this for the whole way it leads, and it ends at the app.
  const policy = PAGE_HEADERS["content-security-policy"].replace(
    "form-action 'self'",
    `form-action 'self' ${consent.redirectOrigin}`,
  );
  const headers = { ...PAGE_HEADERS, ...NEVER, "content-security-policy": policy };
  return c.body(String(page), isFaulty ? 422 : 200, headers);
}

/** The API of OB 2.1. Whatever happens in it is told in its envelope (OB21-E-01). */
function badgeConnect(env: Env, app: Hono) {
  const gate = createGate();
  const confirm = (request: Request) => async (userId: string, email: string) => {
    const until = await takeShares(env, [
      [MAILS_TO_ADDRESS, normalisedEmail(email)],
      [MAILS_BY_PERSON, userId],
    ]);
    // Nobody types its code: the link alone counts, in whatever browser the person is signed in.
    const browserHash = toHex(env.random(32));
    const language = languageOf(request, await chosenLanguage(env.db, userId));
    const wish = {
      purpose: "confirm_identity",
      email,
      userId,
      browserHash,
      language,
      next: null,
    } as const;
    if (until === null) await env.db.batch(await newLink(env, wish));
    return until;
  };
  const answer =
    (scope: Scope, call: (token: LivingToken, request: Request) => Promise<Response>) =>
    async (c: Context) => {
      try {
        return await call(await requireAccess(env, c.req.raw, scope), c.req.raw);
      } catch (error) {
        return refused(toRefusal(env, error));
      }
    };
  const [assertions, profile] = [`${API_PATH}/assertions`, `${API_PATH}/profile`];
  app.get(
    assertions,
    answer(READ_ASSERTIONS, (token, request) => listAssertions(env, token, request)),
  );
  app.post(
    assertions,
    answer(CREATE_ASSERTIONS, (token, request) => postAssertion(env, token, gate, request)),
  );
  app.get(
    profile,
    answer(READ_PROFILE, (token) => answerProfile(env, token)),
  );
  app.post(
    profile,
    answer(UPDATE_PROFILE, (token, request) => postProfile(env, token, confirm(request), request)),
  );
  for (const path of [assertions, profile]) {
    app.options(path, () => preflight("GET, HEAD, POST"));
    app.all(path, () => {
      const words = "This address answers GET and POST.";
      const headers = { allow: "GET, HEAD, POST, OPTIONS" };
      return refused(new Refusal(405, "METHOD_NOT_ALLOWED", words, headers));
    });
  }
  app.all(`${API_PATH}/*`, () => {
    return refused(new Refusal(404, "NOT_FOUND", "The API has no such address."));
  });
}

/** What went wrong, in the API's words; what is not the caller's fault says nothing of itself. */
function toRefusal(env: Env, error: unknown): Refusal {
  if (error instanceof Refusal) return error;
  const { status, code, message, headers } = toProblem(error);
  if (status < 500) return new Refusal(status, null, message, headers);
  env.log.error("host.failed", { code, error: error instanceof Error ? error.name : undefined });
  return new Refusal(status, null, "The request could not be completed. Try again later.", headers);
}

/** What a manifest must name, and an app's registration too (OB21-M-04, OB21-R-03). */
function aboutThisSite(env: Env, app: Hono) {
  const { hostname: host } = new URL(env.urls.base);
  for (const [path, page] of [
    [TERMS_PATH, termsPage],
    [PRIVACY_PATH, privacyPage],
  ] as const) {
    app.get(path, async (c) => {
      const language = languageOf(c.req.raw);
      const headers = { ...spoken(PAGE_HEADERS, language), "cache-control": FOR_A_WHILE };
      return c.body(String(await page({ host, language })), 200, headers);
    });
  }
  const picture = (type: string) => ({
    "content-type": type,
    "cache-control": FOR_A_WHILE,
    "content-security-policy": "default-src 'none'",
    "cross-origin-resource-policy": "cross-origin",
    "access-control-allow-origin": "*",
    "x-content-type-options": "nosniff",
  });
  app.get(LOGO_PATH, (c) => c.body(LOGO_SVG, 200, picture("image/svg+xml")));
  app.get(LOGO_PNG_PATH, (c) => c.body(logoPng(), 200, picture("image/png")));
  for (const path of [TERMS_PATH, PRIVACY_PATH, LOGO_PATH, LOGO_PNG_PATH]) {
    app.all(path, () => {
      throw new Problem("method-not-allowed", "This can be read, not changed.", {
        headers: { allow: "GET, HEAD" },
      });
    });
  }
}

/** What a person sees of all this: the badges that are kept for them, and the apps they let in. */
function connectedApps(env: Env, app: Hono) {
  app.get(KEPT_BADGES_PATH, async (c) => {
    const session = await requireSession(env, c.req.raw);
    const kept = await keptBadges(env, session.user.id, c.req.query("after"));
    const page = await keptBadgesPage({ account: await accountOf(env, session), ...kept });
    return c.body(String(page), 200, { ...PAGE_HEADERS, ...NEVER });
  });
  app.all(KEPT_BADGES_PATH, () => {
    throw new Problem("method-not-allowed", "This can be read, not changed.", {
      headers: { allow: "GET, HEAD" },
    });
  });
  app.get(APPS_PATH, async (c) => {
    const session = await requireSession(env, c.req.raw);
    const clients = await listAuthorizedClients(env.db, session.user.id, env.now());
    const page = await appsPage({
      account: await accountOf(env, session),
      apps: clients.map(connectedApp),
      ended: c.req.query("ended") !== undefined,
    });
    return c.body(String(page), 200, { ...PAGE_HEADERS, ...NEVER });
  });
  app.post(`${APPS_PATH}/:client/revoke`, async (c) => {
    const session = await requireSession(env, c.req.raw);
    await readForm(env, session, c.req.raw);
    await env.db.batch(revokeClient(session.user.id, c.req.param("client")));
    return seeOther(c, `${APPS_PATH}?ended`);
  });
}

function connectedApp({ clientId, client, scopes, since, lastUsedAt }: AuthorizedClient) {
  return {
    id: clientId,
    ...appName(clientId, client),
    may: scopes.flatMap((scope) => (isScope(scope) ? [PERMISSIONS[scope]] : [])),
    since,
    lastUsedAt,
  };
}
