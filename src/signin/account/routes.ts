// A person's own sessions and addresses: /me/sessions and /me/identities.
import { type Context, Hono } from "hono";
import { answerProblem, answerUnknown, refuseOtherMethods } from "../../answer.ts";
import { provenIdentities, setOwn } from "../../db/people.ts";
import { endSession, endSessions, listSessions } from "../../db/sessions.ts";
import { isEmail, normalisedEmail } from "../../email-address.ts";
import type { Env } from "../../env.ts";
import { OFFERED } from "../../language.ts";
import { remoteAddress } from "../../net/caller.ts";
import { doneWord, privatePage, seeOther } from "../../page-answer.ts";
import {
  IDENTITIES_DONE,
  type IdentitiesFault,
  type IdentitiesPageProps,
  identitiesPage,
} from "../../pages/identities.tsx";
import { codePage, endedPage, type TypedFault } from "../../pages/login.tsx";
import { SESSIONS_DONE, sessionsPage } from "../../pages/sessions.tsx";
import { Problem } from "../../problem.ts";
import { isTimeZone, timeZones } from "../../time-zone.ts";
import { mailboxFor } from "../demo-door.ts";
import { confirmIdentity, removeIdentity } from "../identities.ts";
import { linkToType, newLink, tryCode } from "../link.ts";
import { mailSoon } from "../mail-job.ts";
import { MAILS_BY_PERSON, MAILS_TO_ADDRESS, takeShares } from "../rate-limit.ts";
import type { Session } from "../session.ts";
import { accountOf, forgottenSession, formToken, readForm, requireSession } from "../session.ts";
import { browserName, codeFault, ENDED_STATUS, tooManyMails } from "../wording.ts";

/** No zone has a longer name. */
const MAX_ZONE_LENGTH = 64;

export function accountRoutes(env: Env) {
  const app = new Hono();
  app.onError((error, c) => answerProblem(env, c, error));
  app.notFound((c) => answerUnknown(env, c));

  app.get("/me/sessions", (c) => showSessions(env, c));
  app.post("/me/sessions/end-others", async (c) => {
    const session = await requireSession(env, c.req.raw);
    await readForm(env, session, c.req.raw);
    await env.db.batch([endSessions(env.db, session.user.id, session.id, env.now())]);
    return seeOther("/me/sessions?done=others-ended");
  });
  app.post("/me/sessions/:id/end", async (c) => {
    const session = await requireSession(env, c.req.raw);
    await readForm(env, session, c.req.raw);
    const id = c.req.param("id");
    const [ended] = await env.db.batch([endSession(env.db, session.user.id, id, env.now())]);
    if (ended?.rowsAffected !== 1) throw new Problem("not-found", "There is no such session.");
    return id === session.id
      ? seeOther("/login?done=signed-out", forgottenSession(env))
      : seeOther("/me/sessions?done=ended");
  });

  app.get("/me/identities", async (c) => {
    const session = await requireSession(env, c.req.raw);
    return answerIdentities(env, session, { done: doneWord(IDENTITIES_DONE, c.req.raw) });
  });
  app.post("/me/identities", (c) => askForMail(env, c));
  app.get("/me/identities/code", async (c) => {
    const session = await requireSession(env, c.req.raw);
    return answerCode(env, c, session, 200, null);
  });
  app.post("/me/identities/code", (c) => typeCode(env, c));
  app.post("/me/identities/language", (c) => keepLanguage(env, c));
  app.post("/me/identities/time-zone", (c) => keepTimeZone(env, c));
  app.post("/me/identities/:id/remove", (c) => remove(env, c, c.req.param("id")));

  refuseOtherMethods(app, METHODS);
  return app;
}

const METHODS = [
  ["/me/sessions", "GET, HEAD"],
  ["/me/sessions/end-others", "POST"],
  ["/me/sessions/:id/end", "POST"],
  ["/me/identities", "GET, HEAD, POST"],
  ["/me/identities/code", "GET, HEAD, POST"],
  ["/me/identities/language", "POST"],
  ["/me/identities/time-zone", "POST"],
  ["/me/identities/:id/remove", "POST"],
] as const;

async function showSessions(env: Env, c: Context): Promise<Response> {
  const session = await requireSession(env, c.req.raw);
  const rows = await listSessions(env.db, session.user.id, env.now());
  const shown = rows.map((row) => ({
    id: row.id,
    ...browserName(row.user_agent),
    method: row.method,
    startedAt: row.created_at,
    seenAt: row.last_seen_at,
    isThis: row.id === session.id,
  }));
  const done = doneWord(SESSIONS_DONE, c.req.raw);
  const account = await accountOf(env, session);
  return privatePage(sessionsPage({ account, sessions: shown, done }));
}

interface IdentitiesState {
  readonly done?: IdentitiesPageProps["done"];
  readonly fault?: IdentitiesFault;
  readonly email?: string;
  /** As it was typed. */
  readonly timeZone?: string;
  readonly status?: 200 | 409 | 422 | 429 | 503;
  readonly headers?: Readonly<Record<string, string>>;
}

async function answerIdentities(
  env: Env,
  session: Session,
  state: IdentitiesState,
): Promise<Response> {
  const proven = await provenIdentities(env.db, session.user.id);
  const page = identitiesPage({
    account: await accountOf(env, session),
    identities: proven.map(({ id, identity, verified_at }) => ({
      id,
      identity,
      provenAt: verified_at ?? 0,
    })),
    done: state.done ?? null,
    fault: state.fault ?? null,
    email: state.email ?? "",
    canMail: env.mail !== undefined,
    chosenLanguage: session.user.language,
    timeZone: state.timeZone ?? session.user.time_zone,
    timeZones: timeZones(),
  });
  const { status = 200, headers = {} } = state;
  return privatePage(page, { status, headers });
}

async function askForMail(env: Env, c: Context): Promise<Response> {
  const session = await requireSession(env, c.req.raw);
  const form = await readForm(env, session, c.req.raw);
  const email = String(form.get("email") ?? "").trim();
  const { id: userId } = session.user;
  if (!env.mail) {
    env.log.error("mail.not_set_up", { setting: "SMTP_URL" });
    return answerIdentities(env, session, { email, status: 503 });
  }
  if (!isEmail(email)) {
    return answerIdentities(env, session, { fault: { code: "no-email" }, email, status: 422 });
  }
  const proven = await provenIdentities(env.db, userId);
  if (proven.some(({ normalised }) => normalised === normalisedEmail(email))) {
    return answerIdentities(env, session, { fault: { code: "yours-already" }, status: 422 });
  }
  const until = await takeShares(env, [
    [MAILS_TO_ADDRESS, normalisedEmail(email)],
    [MAILS_BY_PERSON, userId],
  ]);
  if (until !== null) {
    const refusal = tooManyMails(until, env.now());
    return answerIdentities(env, session, { ...refusal, email, status: 429 });
  }
  await env.db.batch(
    await newLink(env, {
      purpose: "confirm_identity",
      email,
      userId,
      // The session is what may type the code: it is as much this browser's as a cookie would be.
      browserHash: session.id,
      next: null,
      language: session.language,
    }),
  );
  mailSoon(env);
  return seeOther("/me/identities/code");
}

async function answerCode(
  env: Env,
  c: Context,
  session: Session,
  status: 200 | 410 | 422 | 429,
  fault: TypedFault | null,
): Promise<Response> {
  const link = await linkToType(env, session.id, "confirm_identity");
  if (link === null) return seeOther("/me/identities");
  const page = codePage({
    language: session.language,
    formToken: await formToken(env, session),
    fault,
    email: link.email,
    expiresAt: link.expires_at,
    action: "/me/identities/code",
    again: "/me/identities",
    purpose: "confirm_identity",
    next: null,
    mailbox: mailboxFor(env, { request: c.req.raw, from: remoteAddress(c.env, c.req.raw.headers) }),
  });
  return privatePage(page, { status });
}

async function typeCode(env: Env, c: Context): Promise<Response> {
  const session = await requireSession(env, c.req.raw);
  const form = await readForm(env, session, c.req.raw);
  const link = await linkToType(env, session.id, "confirm_identity");
  if (link === null) return seeOther("/me/identities");
  const verdict = await tryCode(env, link, String(form.get("code") ?? ""));
  if (!verdict.ok) {
    const { status, fault } = codeFault(verdict, env.now());
    return answerCode(env, c, session, status, fault);
  }
  const confirmed = await confirmIdentity(env, session, link);
  if (confirmed.ok) return seeOther("/me/identities?done=added");
  const { reason } = confirmed;
  const page = endedPage({ language: session.language, reason, again: null, on: "identities" });
  return privatePage(page, { status: ENDED_STATUS[reason] });
}

/** Empty for whichever the browser asks for. */
async function keepLanguage(env: Env, c: Context): Promise<Response> {
  const session = await requireSession(env, c.req.raw);
  const form = await readForm(env, session, c.req.raw);
  const language = String(form.get("language") ?? "");
  const known = ["", session.user.language, ...OFFERED.map(([code]) => code)];
  if (!known.includes(language)) {
    return answerIdentities(env, session, { fault: { code: "no-language" }, status: 422 });
  }
  const own = { language: language || null };
  await env.db.batch([setOwn(env.db, session.user.id, own, env.now())]);
  return seeOther("/me/identities?done=language");
}

/** Empty for UTC. */
async function keepTimeZone(env: Env, c: Context): Promise<Response> {
  const session = await requireSession(env, c.req.raw);
  const form = await readForm(env, session, c.req.raw);
  const timeZone = String(form.get("time_zone") ?? "")
    .trim()
    .slice(0, MAX_ZONE_LENGTH);
  if (timeZone !== "" && !isTimeZone(timeZone)) {
    return answerIdentities(env, session, { fault: { code: "no-zone" }, timeZone, status: 422 });
  }
  const own = { time_zone: timeZone || null };
  await env.db.batch([setOwn(env.db, session.user.id, own, env.now())]);
  return seeOther("/me/identities?done=zone");
}

async function remove(env: Env, c: Context, id: string): Promise<Response> {
  const session = await requireSession(env, c.req.raw);
  await readForm(env, session, c.req.raw);
  const removed = await removeIdentity(env, session, id);
  if (removed.ok) {
    return removed.signedOut
      ? seeOther("/login?done=signed-out", forgottenSession(env))
      : seeOther("/me/identities?done=removed");
  }
  if (removed.reason === "unknown") throw new Problem("not-found", "There is no such address.");
  return answerIdentities(env, session, { fault: { code: "last-way-in" }, status: 409 });
}
