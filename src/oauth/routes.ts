// To a backpack and back: the form that begins a connection, and the address the backpack leads back to.
import { type Context, Hono } from "hono";
import { answerProblem, answerUnknown, wrongMethod } from "../answer.ts";
import { findBackpack } from "../db/site-backpacks.ts";
import type { Env } from "../env.ts";
import { languageOf } from "../language.ts";
import { BACKPACKS_PATH, backpackPath } from "../pages/backpack-connect.tsx";
import { PAGE_HEADERS } from "../pages/headers.ts";
import { leavingPage, refusedPage } from "../pages/oauth-result.tsx";
import { findSession, readForm, requireSession, type Session } from "../signin/session.ts";
import { beginAuthorization } from "./authorization.ts";
import { finishAuthorization } from "./callback.ts";
import { type ConnectReason, REFUSED } from "./words.ts";

/** Addresses on this way hold what is worth a connection: they are kept nowhere and told to nobody. */
const SECRETIVE = { "cache-control": "no-store", "referrer-policy": "no-referrer" };

const CONNECT = `${BACKPACKS_PATH}/:backpack/connect`;
const CALLBACK = "/oauth/callback/:backpack";

export function oauthRoutes(env: Env) {
  const app = new Hono();
  app.onError((error, c) => answerProblem(env, c, error));
  app.notFound((c) => answerUnknown(env, c));

  app.post(CONNECT, async (c) => {
    const session = await requireSession(env, c.req.raw);
    const form = await readForm(env, session, c.req.raw);
    const backpackId = c.req.param("backpack");
    const begun = await beginAuthorization(env, session, backpackId, {
      autoSync: form.get("auto_sync") === "1",
    });
    if (!begun.ok) return answerRefusal(env, c, backpackId, session, begun);
    // Not a redirect: `form-action` of the page that has the form also judges where its answer leads
    // on to, in some browsers, and no page of ours lets forms go to any host there is.
    const site = (await findBackpack(env.db, backpackId))?.backpack_web_url ?? begun.url;
    const elsewhere = isNear(begun.url, site) ? null : site;
    const page = await leavingPage({ language: session.language, url: begun.url, elsewhere });
    return c.body(String(page), 200, {
      ...PAGE_HEADERS,
      ...SECRETIVE,
      ...(elsewhere === null ? { refresh: `0; url=${begun.url}` } : {}),
    });
  });

  app.get(CALLBACK, async (c) => {
    // Asking for the head alone would use up the answer and show nothing of what came of it.
    if (c.req.method === "HEAD") throw wrongMethod("GET");
    const backpackId = c.req.param("backpack");
    // Not through the sign-in page: it would keep the address, and a request counts for one session.
    const session = await findSession(env, c.req.raw);
    if (session === null) {
      const detail = "A backpack is connected for whoever is signed in, and nobody is.";
      return answerRefusal(env, c, backpackId, null, { reason: "signed-out", detail });
    }
    const finished = await finishAuthorization(env, session, backpackId, c.req.url);
    if (!finished.ok) return answerRefusal(env, c, backpackId, session, finished);
    const location = `${backpackPath(backpackId)}?done=connected`;
    return c.body(null, 303, { ...SECRETIVE, location });
  });

  app.all(CONNECT, () => {
    throw wrongMethod("POST");
  });
  app.all(CALLBACK, () => {
    throw wrongMethod("GET");
  });
  return app;
}

/**
 * Whether two addresses are at hosts that a person takes for one: the same, or under a common parent.
 * OB21-M-08 allows others, which are then shown before anybody is sent there. Not a boundary of
 * trust: it cannot tell who else shares the parent.
 */
function isNear(one: string, other: string): boolean {
  if (!URL.canParse(one) || !URL.canParse(other)) return false;
  const [a, b] = [new URL(one).hostname, new URL(other).hostname];
  const parent = (host: string) => host.split(".").slice(-2).join(".");
  return a === b || (!/^[\d.]+$|^\[/.test(a) && parent(a) === parent(b));
}

async function answerRefusal(
  env: Env,
  c: Context,
  backpackId: string,
  session: Session | null,
  { reason, detail }: { readonly reason: ConnectReason; readonly detail: string },
): Promise<Response> {
  const backpack = await findBackpack(env.db, backpackId);
  env.log.warn("oauth.not_connected", { backpack: backpack?.id ?? null, reason });
  const { who, status } = REFUSED[reason];
  const page = await refusedPage({
    language: session?.language ?? languageOf(c.req.raw),
    reason,
    who,
    detail,
    backpackId: backpack?.id ?? null,
    signedIn: session !== null,
  });
  return c.body(String(page), status, { ...PAGE_HEADERS, ...SECRETIVE });
}
