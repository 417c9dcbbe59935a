// A person's own sessions and addresses: /me/sessions and /me/identities, and /me, which leads on.
import { type Context, Hono } from "hono";
import { answerProblem, answerUnknown, wrongMethod } from "../../answer.ts";
import { provenIdentities, setTimeZone } from "../../db/people.ts";
import { endSession, endSessions, listSessions } from "../../db/sessions.ts";
import { isEmail, normalisedEmail } from "../../email-address.ts";
import type { Env } from "../../env.ts";
import { remoteAddress } from "../../net/caller.ts";
import { doneWords, privatePage, seeOther } from "../../page-answer.ts";
import type { FormFault } from "../../pages/form-outcome.tsx";
import { identitiesPage } from "../../pages/identities.tsx";
import { codePage, endedPage } from "../../pages/login.tsx";
import { ENDED_WORDS } from "../../pages/login-words.ts";
import { sessionsPage } from "../../pages/sessions.tsx";
import { Problem } from "../../problem.ts";
import { isTimeZone, timeZones } from "../../time-zone.ts";
import { mailboxFor } from "../demo-door.ts";
import { confirmIdentity, removeIdentity } from "../identities.ts";
import { linkToType, newLink, tryCode } from "../link.ts";
import { mailSoon } from "../mail-job.ts";
import { HOME_PATH } from "../next-path.ts";
import { MAILS_BY_PERSON, MAILS_TO_ADDRESS, takeShares } from "../rate-limit.ts";
import type { Session } from "../session.ts";
import { accountOf, forgottenSession, formToken, readForm, requireSession } from "../session.ts";
import { browserName, codeFault, NO_EMAIL, tooManyMails } from "../wording.ts";

/** No zone has a longer name. */
const MAX_ZONE_LENGTH = 64;

/** What a form did, by the word its page is asked for with. */
const DONE: Readonly<Record<string, string>> = {
  added: "The address is yours now, and so are the badges made out to it.",
  removed: "The address was removed.",
  zone: "Your days begin there from now on.",
  ended: "The session was ended.",
  "others-ended": "All other sessions were ended.",
};

export function accountRoutes(env: Env) {
  const app = new Hono();
  app.onError((error, c) => answerProblem(env, c, error));
  app.notFound((c) => answerUnknown(env, c));

  app.get("/me", () => seeOther(HOME_PATH));
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
    const notice = doneWords(DONE, c.req.raw);
    return answerIdentities(env, session, { notice });
  });
  app.post("/me/identities", (c) => askForMail(env, c));
  app.get("/me/identities/code", async (c) => {
    const session = await requireSession(env, c.req.raw);
    return answerCode(env, c, session, 200, null);
  });
  app.post("/me/identities/code", (c) => typeCode(env, c));
  app.post("/me/identities/time-zone", (c) => keepTimeZone(env, c));
  app.post("/me/identities/:id/remove", (c) => remove(env, c, c.req.param("id")));

  for (const [path, allow] of METHODS) {
    app.all(path, () => {
      throw wrongMethod(allow);
    });
  }
  return app;
}

const METHODS = [
  ["/me", "GET, HEAD"],
  ["/me/sessions", "GET, HEAD"],
  ["/me/sessions/end-others", "POST"],
  ["/me/sessions/:id/end", "POST"],
  ["/me/identities", "GET, HEAD, POST"],
  ["/me/identities/code", "GET, HEAD, POST"],
  ["/me/identities/time-zone", "POST"],
  ["/me/identities/:id/remove", "POST"],
] as const;

async function showSessions(env: Env, c: Context): Promise<Response> {
  const session = await requireSession(env, c.req.raw);
  const rows = await listSessions(env.db, session.user.id, env.now());
  const shown = rows.map((row) => ({
    id: row.id,
    browser: browserName(row.user_agent),
    method: row.method,
    startedAt: row.created_at,
    seenAt: row.last_seen_at,
    isThis: row.id === session.id,
  }));
  const notice = doneWords(DONE, c.req.raw);
  const account = await accountOf(env, session);
  return privatePage(sessionsPage({ account, sessions: shown, notice }));
}

interface IdentitiesState {
  readonly notice?: string | null;
  readonly fault?: FormFault;
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
    notice: state.notice ?? null,
    fault: state.fault ?? null,
    email: state.email ?? "",
    canMail: env.mail !== undefined,
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
    return answerIdentities(env, session, { fault: NO_EMAIL, email, status: 422 });
  }
  const proven = await provenIdentities(env.db, userId);
  if (proven.some(({ normalised }) => normalised === normalisedEmail(email))) {
    const fault = { detail: "This address is yours already.", fix: "It is in the list below." };
    return answerIdentities(env, session, { fault, status: 422 });
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
  fault: FormFault | null,
): Promise<Response> {
  const link = await linkToType(env, session.id, "confirm_identity");
  if (link === null) return seeOther("/me/identities");
  const page = codePage({
    formToken: await formToken(env, session),
    fault,
    email: link.email,
    expiresAt: link.expires_at,
    action: "/me/identities/code",
    again: "/me/identities",
    verb: "Confirm",
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
  const { status, title, lead } = ENDED_WORDS[confirmed.reason];
  const back = { href: "/me/identities", words: "To your addresses" };
  return privatePage(endedPage({ title, lead, again: null, link: back }), { status });
}

/** Empty for UTC. */
async function keepTimeZone(env: Env, c: Context): Promise<Response> {
  const session = await requireSession(env, c.req.raw);
  const form = await readForm(env, session, c.req.raw);
  const timeZone = String(form.get("time_zone") ?? "")
    .trim()
    .slice(0, MAX_ZONE_LENGTH);
  if (timeZone !== "" && !isTimeZone(timeZone)) {
    const detail = "There is no time zone of this name.";
    const fix = "Choose one from the list, such as Europe/Berlin.";
    return answerIdentities(env, session, { fault: { detail, fix }, timeZone, status: 422 });
  }
  const writes = setTimeZone(env.db, session.user.id, timeZone || null, env.now());
  await env.db.batch([writes]);
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
  const fault = {
    detail: "This is the last way into your account.",
    fix: "Add another address first; or disconnect your backpacks and apps, and hand over the care of the site, if you want to leave.",
  };
  return answerIdentities(env, session, { fault, status: 409 });
}
