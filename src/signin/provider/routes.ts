// Signing in at an OpenID provider: /login/oidc leads there, /login/oidc/callback is where it leads back to.
import { type Context, Hono } from "hono";
import { answerProblem, answerUnknown, wrongMethod } from "../../answer.ts";
import type { Env } from "../../env.ts";
import { languageOf } from "../../language.ts";
import { callerOf, remoteAddress } from "../../net/caller.ts";
import { oauthFetch } from "../../oauth/transport.ts";
import { privatePage, seeOther } from "../../page-answer.ts";
import { endedPage } from "../../pages/login.tsx";
import type { EndedReason } from "../../pages/words/login-ended.ts";
import { Problem } from "../../problem.ts";
import { browserOf, knownBrowser } from "../browser.ts";
import { HOME_PATH, nextPath } from "../next-path.ts";
import { beginOidc, finishOidc, type OidcReason } from "../oidc.ts";
import { oidcProvider } from "../oidc-provider.ts";
import { OIDC_BY_CALLER, takeShares } from "../rate-limit.ts";
import { ENDED_STATUS } from "../wording.ts";

export function providerRoutes(env: Env) {
  const app = new Hono();
  app.onError((error, c) => answerProblem(env, c, error));
  app.notFound((c) => answerUnknown(env, c));

  const { oidc } = env.config;
  if (oidc === null) return app;
  const provider = oidcProvider(env, oidc, oauthFetch(env));

  // A link and no form: where `form-action` of the page is 'self', browsers let no form lead on to
  // another site. A link from elsewhere takes nobody further than to the provider they know.
  app.get("/login/oidc", async (c) => {
    getOnly(c);
    const caller = callerOf(remoteAddress(c.env, c.req.raw.headers));
    const until = await takeShares(env, [[OIDC_BY_CALLER, caller]]);
    if (until !== null) throw tooMany(until - env.now());
    const found = await provider();
    if (found === null) return answerEnded(c, "provider-unreachable");
    const browser = await browserOf(env, c.req.raw);
    const address = await beginOidc(env, found, browser, nextPath(c.req.query("next")));
    return seeOther(address, browser.cookie);
  });

  app.get("/login/oidc/callback", async (c) => {
    getOnly(c);
    const browser = await knownBrowser(env, c.req.raw);
    const outcome = await finishOidc(env, provider, browser, c.req.raw);
    return outcome.ok
      ? seeOther(outcome.next ?? HOME_PATH, outcome.cookie)
      : answerEnded(c, ENDED_REASONS[outcome.reason]);
  });

  for (const path of ["/login/oidc", "/login/oidc/callback"]) {
    app.all(path, () => {
      throw wrongMethod("GET");
    });
  }
  return app;
}

/** Not HEAD either: it would use up what is good once, and show nothing of it. */
function getOnly(c: Context): void {
  if (c.req.method !== "GET") throw wrongMethod("GET");
}

function tooMany(milliseconds: number): Problem {
  return new Problem("too-many-sign-ins", "Too many sign-ins were begun from this address.", {
    headers: { "retry-after": String(Math.ceil(milliseconds / 1_000)) },
  });
}

const ENDED_REASONS: Readonly<Record<OidcReason, EndedReason>> = {
  "provider-unreachable": "provider-unreachable",
  "not-begun-here": "not-begun-here",
  used: "provider-used",
  expired: "provider-expired",
  declined: "declined",
  "answer-refused": "answer-refused",
  "address-not-verified": "address-not-verified",
  suspended: "suspended",
};

function answerEnded(c: Context, reason: EndedReason): Promise<Response> {
  const language = languageOf(c.req.raw);
  const page = endedPage({ language, reason, again: null, on: "login" });
  return privatePage(page, { status: ENDED_STATUS[reason] });
}
