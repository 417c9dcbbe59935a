// Rosette as a backpack (Open Badges 2.1, Badge Connect): every address of it in one view.
import { type Context, Hono } from "hono";
import { answerProblem } from "../answer.ts";
import {
  type AuthorizedClient,
  listAuthorizedClients,
  revokeClient,
} from "../db/authorization-records.ts";
import type { Env } from "../env.ts";
import { isKnown } from "../obv2/entity-tag.ts";
import { appsPage } from "../pages/apps.tsx";
import { consentPage } from "../pages/consent.tsx";
import { PAGE_HEADERS } from "../pages/headers.ts";
import { Problem } from "../problem.ts";
import { keyedHash } from "../signin/keyed-hash.ts";
import { accountOf, readForm, requireSession, type Session } from "../signin/session.ts";
import { callerOf, remoteAddress } from "../verify/turns.ts";
import {
  APPS_PATH,
  AUTHORIZATION_PATHS,
  CONSENT_PATH,
  consentPath,
  MANIFEST_PATH,
  METADATA_PATH,
} from "./addresses.ts";
import {
  answerForm,
  askProvider,
  authorize,
  lazyProvider,
  resume,
} from "./authorization-server.ts";
import { type AskedConsent, allow, chosenScopes, deny, findConsent } from "./consent.ts";
import {
  authorizationServerMetadata,
  type FixedDocument,
  fixedDocument,
  MANIFEST_MAX_AGE,
  manifest,
} from "./manifest.ts";
import { methodNotAllowed } from "./oauth-error.ts";
import { register } from "./register.ts";
import { isScope, SCOPE_WORDS } from "./scopes.ts";

const NEVER = { "cache-control": "no-store" };

export function hostRoutes(env: Env) {
  const app = new Hono();
  app.onError((error, c) => answerProblem(env, c, error));
  discovery(env, app);
  authorizationServer(env, app);
  connectedApps(env, app);
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
  app.get(authorization, (c) => authorize(env, providerOf, c.req.raw));
  app.get(`${authorization}/:uid`, (c) => resume(env, providerOf, c.req.raw));
  for (const path of [token, revocation]) {
    app.post(path, (c) => answerForm(env, providerOf, path, c.req.raw));
    app.all(path, () => methodNotAllowed("POST"));
  }
  app.post(registration, async (c) => {
    const caller = callerOf(remoteAddress(c.env, c.req.raw.headers));
    const key = caller === null ? null : await keyedHash(env.config, "rate limit", caller);
    return register(env, providerOf, c.req.raw, key);
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
    return answerConsent(env, c, session, consent, null);
  });
  app.post(`${CONSENT_PATH}/:uid`, async (c) => {
    const [session, consent] = await asked(c);
    const form = await readForm(env, session, c.req.raw);
    if (form.get("decision") !== "allow") return seeOther(c, await deny(consent));
    const scopes = chosenScopes(consent, form.getAll("scope"));
    if (scopes.length === 0) {
      const fault = "Choose at least one thing it may do with your badges, or don’t allow it.";
      return answerConsent(env, c, session, consent, fault);
    }
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
  fault: string | null,
): Promise<Response> {
  const page = await consentPage({
    account: await accountOf(env, session),
    action: consentPath(consent.uid),
    client: consent.client,
    scopes: consent.scopes.map((scope) => ({ scope, ...SCOPE_WORDS[scope] })),
    fault,
  });
  // Browsers hold a form to this for the whole way it leads, and it ends at the app.
  const policy = PAGE_HEADERS["content-security-policy"].replace(
    "form-action 'self'",
    `form-action 'self' ${consent.redirectOrigin}`,
  );
  const headers = { ...PAGE_HEADERS, ...NEVER, "content-security-policy": policy };
  return c.body(String(page), fault === null ? 200 : 422, headers);
}

function connectedApps(env: Env, app: Hono) {
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
  const { client_name: name, client_uri: uri } = client;
  const host = typeof uri === "string" && URL.canParse(uri) ? new URL(uri).hostname : "";
  return {
    id: clientId,
    name: typeof name === "string" ? name : clientId,
    host,
    may: scopes.flatMap((scope) => (isScope(scope) ? [SCOPE_WORDS[scope].may] : [])),
    since,
    lastUsedAt,
  };
}
