// The way in by mail, and the way out: /login, the links of mails, /logout.
import { type Context, Hono } from "hono";
import { answerProblem, answerUnknown, refuseOtherMethods } from "../answer.ts";
import type { SignInLink } from "../db/sessions.ts";
import { isEmail, normalisedEmail } from "../email-address.ts";
import type { Env } from "../env.ts";
import { languageOf } from "../language.ts";
import { callerOf, remoteAddress } from "../net/caller.ts";
import { privatePage, seeOther } from "../page-answer.ts";
import { codePage, endedPage, linkPage, loginPage, type TypedFault } from "../pages/login.tsx";
import type { EndedReason } from "../pages/words/login-ended.ts";
import { browserOf, type KnownBrowser, knownBrowser } from "./browser.ts";
import { doorsFor, mailboxFor } from "./demo-door.ts";
import { confirmIdentity } from "./identities.ts";
import { findLinkOf, linkToType, newLink, tryCode, usingUp } from "./link.ts";
import { mailSoon } from "./mail-job.ts";
import { HOME_PATH, nextPath } from "./next-path.ts";
import { whoProves } from "./person.ts";
import { MAILS_BY_CALLER, MAILS_TO_ADDRESS, takeShares } from "./rate-limit.ts";
import {
  accountOf,
  endedSession,
  findSession,
  forgottenSession,
  formToken,
  readForm,
  readFormWith,
  requireSession,
} from "./session.ts";
import { type SignInOutcome, signIn } from "./sign-in.ts";
import { codeFault, ENDED_STATUS, maskedEmail, tooManyMails } from "./wording.ts";

export function signInRoutes(env: Env) {
  const app = new Hono();
  app.onError((error, c) => answerProblem(env, c, error));
  app.notFound((c) => answerUnknown(env, c));

  app.get("/login", async (c) => {
    const next = nextPath(c.req.query("next"));
    if ((await findSession(env, c.req.raw)) !== null) return seeOther(next ?? HOME_PATH);
    const notice = c.req.query("done") === "signed-out" ? "signed-out" : null;
    return answerLogin(env, c, { next, notice });
  });
  app.post("/login", (c) => askForMail(env, c));

  app.get("/login/code", async (c) => {
    const browser = await knownBrowser(env, c.req.raw);
    const link = browser && (await linkToType(env, browser.hash, "sign_in"));
    return link ? answerCode(env, c, link, browser, 200, null) : seeOther(onward(c, "/login"));
  });
  app.post("/login/code", (c) => typeCode(env, c));

  app.get("/auth/:token", (c) => showLink(env, c));
  app.post("/auth/:token", (c) => followLink(env, c));
  app.post("/auth/:token/again", (c) => mailAgain(env, c));

  app.post("/logout", async (c) => {
    const session = await findSession(env, c.req.raw);
    if (session === null) return seeOther("/login", forgottenSession(env));
    await readForm(env, session, c.req.raw);
    await env.db.batch(await endedSession(env, c.req.raw));
    return seeOther("/login?done=signed-out", forgottenSession(env));
  });

  refuseOtherMethods(app, METHODS);
  return app;
}

const METHODS = [
  ["/login", "GET, HEAD, POST"],
  ["/login/code", "GET, HEAD, POST"],
  ["/auth/:token", "GET, HEAD, POST"],
  ["/auth/:token/again", "POST"],
  ["/logout", "POST"],
] as const;

interface LoginState {
  readonly fault?: TypedFault;
  readonly notice?: "signed-out" | null;
  readonly email?: string;
  readonly next: string | null;
  readonly status?: 200 | 422 | 429 | 503;
  readonly headers?: Readonly<Record<string, string>>;
}

async function answerLogin(env: Env, c: Context, state: LoginState): Promise<Response> {
  const { formToken, cookie } = await browserOf(env, c.req.raw);
  const page = loginPage({
    language: languageOf(c.req.raw),
    formToken,
    action: onward(c, "/login"),
    fault: state.fault ?? null,
    notice: state.notice ?? null,
    email: state.email ?? "",
    next: state.next,
    canMail: env.mail !== undefined,
    provider: env.config.oidc?.name ?? null,
    doors: await doorsFor(
      env,
      { request: c.req.raw, from: remoteAddress(c.env, c.req.raw.headers) },
      state.next,
    ),
  });
  const { status = 200, headers = {} } = state;
  return privatePage(page, { status, headers, cookie });
}

/** The same for every address, known or not: the mail says what there is to say. */
async function askForMail(env: Env, c: Context): Promise<Response> {
  const browser = await browserOf(env, c.req.raw);
  const form = await readFormWith(env, browser.formToken, c.req.raw);
  const email = String(form.get("email") ?? "").trim();
  const next = nextPath(String(form.get("next") ?? ""));
  return sendMail(env, c, browser, email, next);
}

async function sendMail(
  env: Env,
  c: Context,
  browser: KnownBrowser,
  email: string,
  next: string | null,
): Promise<Response> {
  if (!env.mail) {
    env.log.error("mail.not_set_up", { setting: "SMTP_URL" });
    return answerLogin(env, c, { next, status: 503 });
  }
  if (!isEmail(email)) {
    const shown = email.slice(0, 254);
    return answerLogin(env, c, { fault: { code: "no-email" }, email: shown, next, status: 422 });
  }
  const until = await takeShares(env, [
    [MAILS_TO_ADDRESS, normalisedEmail(email)],
    [MAILS_BY_CALLER, callerOf(remoteAddress(c.env, c.req.raw.headers))],
  ]);
  if (until !== null) {
    return answerLogin(env, c, { ...tooManyMails(until, env.now()), email, next, status: 429 });
  }
  const { hash: browserHash, cookie } = browser;
  const language = languageOf(c.req.raw);
  const wish = { purpose: "sign_in", email, userId: null, browserHash, next, language } as const;
  await env.db.batch(await newLink(env, wish));
  mailSoon(env);
  return seeOther(onward(c, "/login/code"), cookie);
}

function answerCode(
  env: Env,
  c: Context,
  link: SignInLink,
  browser: KnownBrowser,
  status: 200 | 410 | 422 | 429,
  fault: TypedFault | null,
): Promise<Response> {
  const page = codePage({
    language: languageOf(c.req.raw),
    formToken: browser.formToken,
    fault,
    email: link.email,
    expiresAt: link.expires_at,
    action: onward(c, "/login/code"),
    again: onward(c, "/login"),
    purpose: "sign_in",
    next: link.next,
    mailbox: mailboxFor(env, { request: c.req.raw, from: remoteAddress(c.env, c.req.raw.headers) }),
  });
  return privatePage(page, { status });
}

/** Only in the browser that asked for the mail: whoever else saw the code can do nothing with it. */
async function typeCode(env: Env, c: Context): Promise<Response> {
  const browser = await browserOf(env, c.req.raw);
  const form = await readFormWith(env, browser.formToken, c.req.raw);
  const link = await linkToType(env, browser.hash, "sign_in");
  if (link === null) return seeOther(onward(c, "/login"));
  const verdict = await tryCode(env, link, String(form.get("code") ?? ""));
  if (!verdict.ok) {
    const { status, fault } = codeFault(verdict, env.now());
    return answerCode(env, c, link, browser, status, fault);
  }
  return answerSignIn(env, c, link, await signInBy(env, c.req.raw, link, "code"));
}

function signInBy(env: Env, request: Request, link: SignInLink, method: "link" | "code") {
  const arrive = () => whoProves(env, link.email);
  return signIn(env, request, { method, arrive, ...usingUp(env, link) });
}

function answerSignIn(
  env: Env,
  c: Context,
  link: SignInLink,
  outcome: SignInOutcome,
): Promise<Response> | Response {
  if (!outcome.ok) return answerEnded(env, c, outcome.reason);
  return seeOther(link.next ?? HOME_PATH, outcome.cookie);
}

/** Changes nothing, however often it is opened, and whoever opens it. */
async function showLink(env: Env, c: Context): Promise<Response> {
  const token = c.req.param("token") ?? "";
  const { state, link } = await findLinkOf(env, token);
  if (state !== "open") return answerEnded(env, c, state, link ? token : null);
  const session = await findSession(env, c.req.raw);
  if (link.purpose === "confirm_identity" && session?.user.id !== link.user_id) {
    return answerEnded(env, c, session ? "other-account" : "sign-in-to-confirm");
  }
  const browser = await browserOf(env, c.req.raw);
  const page = linkPage({
    language: session?.language ?? languageOf(c.req.raw),
    formToken:
      link.purpose === "confirm_identity" && session
        ? await formToken(env, session)
        : browser.formToken,
    purpose: link.purpose,
    // Whole where an app may have asked for it: another one can begin and end like the person's own.
    address: link.purpose === "sign_in" ? maskedEmail(link.email) : link.email,
    signedInAs: session && ((await accountOf(env, session)).who ?? session.user.id),
    action: onward(c, `/auth/${token}`),
  });
  return privatePage(page, { cookie: browser.cookie });
}

async function followLink(env: Env, c: Context): Promise<Response> {
  const token = c.req.param("token") ?? "";
  const { state, link } = await findLinkOf(env, token);
  if (link?.purpose === "confirm_identity") {
    const session = await requireSession(env, c.req.raw);
    await readForm(env, session, c.req.raw);
    if (state !== "open") return answerEnded(env, c, state, null);
    const confirmed = await confirmIdentity(env, session, link);
    return confirmed.ok
      ? seeOther("/me/identities?done=added")
      : answerEnded(env, c, confirmed.reason);
  }
  const browser = await browserOf(env, c.req.raw);
  await readFormWith(env, browser.formToken, c.req.raw);
  if (state !== "open") return answerEnded(env, c, state, link ? token : null);
  return answerSignIn(env, c, link, await signInBy(env, c.req.raw, link, "link"));
}

/** The link itself says where to: its address need not be shown to whoever opened it. */
async function mailAgain(env: Env, c: Context): Promise<Response> {
  const browser = await browserOf(env, c.req.raw);
  await readFormWith(env, browser.formToken, c.req.raw);
  const { link } = await findLinkOf(env, c.req.param("token") ?? "");
  if (link?.purpose !== "sign_in") return answerEnded(env, c, "unknown");
  return sendMail(env, c, browser, link.email, link.next);
}

/** `token` is of a link whose mail can be sent again. */
async function answerEnded(
  env: Env,
  c: Context,
  reason: EndedReason,
  token: string | null = null,
): Promise<Response> {
  const browser = await browserOf(env, c.req.raw);
  const canSend = token !== null && reason === "expired";
  const { formToken } = browser;
  const page = endedPage({
    language: (await findSession(env, c.req.raw))?.language ?? languageOf(c.req.raw),
    reason,
    again: canSend ? { action: onward(c, `/auth/${token}/again`), formToken } : null,
    on: "login",
  });
  return privatePage(page, { status: ENDED_STATUS[reason], cookie: browser.cookie });
}

/** A next address of the way in: a language that somebody has asked for by name goes with them. */
function onward(c: Context, path: string): string {
  const lang = c.req.query("lang");
  return lang === undefined ? path : `${path}?lang=${encodeURIComponent(lang)}`;
}
