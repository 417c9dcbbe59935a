// What only the demo has: a link that signs in as each of its people, and the mailbox of what it would have sent.
import { type Context, Hono } from "hono";
import { answerProblem, answerUnknown, refuseOtherMethods, wrongMethod } from "../../answer.ts";
import { listShowcase } from "../../db/badge-page.ts";
import { findDemoMail, listDemoMails } from "../../db/demo-mails.ts";
import { DEMO_ORGANIZATION } from "../../demo-organization.ts";
import type { Env } from "../../env.ts";
import { languageOf } from "../../language.ts";
import { remoteAddress } from "../../net/caller.ts";
import { privatePage, seeOther } from "../../page-answer.ts";
import { mailboxPage, mailPage } from "../../pages/dev-mail.tsx";
import { demoPersonPage } from "../../pages/login.tsx";
import { here } from "../../pages/web-address.ts";
import { Problem } from "../../problem.ts";
import { standingOf } from "../../standing.ts";
import { browserOf } from "../browser.ts";
import { findDemoPerson, isDemoVisitor } from "../demo-door.ts";
import { HOME_PATH, nextPath } from "../next-path.ts";
import { whoProves } from "../person.ts";
import { readFormWith } from "../session.ts";
import { signIn } from "../sign-in.ts";

export function devRoutes(env: Env) {
  const app = new Hono();
  app.onError((error, c) => answerProblem(env, c, error));
  app.notFound((c) => answerUnknown(env, c));
  app.use(async (c, next) => {
    if (!isDemoVisitor(env, { request: c.req.raw, from: remoteAddress(c.env, c.req.raw.headers) }))
      throw nothingHere();
    await next();
  });

  // A click in the terminal signs in at once. A link on some page must not: whoever follows it would
  // be somebody else from then on without having asked for it.
  app.get("/dev/as/:name", async (c) => {
    if (c.req.method !== "GET") throw wrongMethod("GET, POST");
    const person = await personOf(env, c);
    const site = c.req.header("sec-fetch-site") ?? "none";
    if (site === "none" || site === "same-origin") return enter(env, c, person.email);
    const browser = await browserOf(env, c.req.raw);
    const name = person.user.name ?? person.email;
    const page = demoPersonPage({
      language: languageOf(c.req.raw),
      formToken: browser.formToken,
      name,
      action: c.req.path,
    });
    return privatePage(page, { cookie: browser.cookie });
  });
  app.post("/dev/as/:name", async (c) => {
    const person = await personOf(env, c);
    const browser = await browserOf(env, c.req.raw);
    await readFormWith(env, browser.formToken, c.req.raw);
    return enter(env, c, person.email);
  });

  // The demo's oldest award of each verdict: what the footer of its pages leads to.
  app.get("/dev/badges/:verdict", async (c) => {
    const rows = await listShowcase(env.db, DEMO_ORGANIZATION, EXAMPLES_LOOKED_THROUGH);
    const verdict = c.req.param("verdict");
    const found = rows.find(({ award }) => standingOf(award, env.now()) === verdict);
    if (found === undefined) throw nothingHere();
    return seeOther(here(env.urls.badgePage(found.award.unique_hash)));
  });

  app.get("/dev/mail", async (c) => {
    const mails = await listDemoMails(env.db);
    return privatePage(mailboxPage({ language: languageOf(c.req.raw), mails }));
  });
  app.get("/dev/mail/:id", async (c) => {
    const mail = await findDemoMail(env.db, c.req.param("id"));
    if (mail === null) throw nothingHere();
    const language = languageOf(c.req.raw);
    return privatePage(mailPage({ language, mail, base: env.config.publicUrl }));
  });

  app.get("/dev/mail/:id/attachments/:index", async (c) => {
    const mail = await findDemoMail(env.db, c.req.param("id"));
    const attachment = mail?.attachments.find((_, i) => String(i) === c.req.param("index"));
    if (attachment === undefined) throw nothingHere();
    return new Response(bytesOf(attachment.base64), {
      headers: {
        "content-type": attachment.mediaType,
        "content-disposition": `attachment; filename*=UTF-8''${encodeURIComponent(attachment.name)}`,
        "content-security-policy": "default-src 'none'; sandbox",
        "x-content-type-options": "nosniff",
        "cache-control": "no-store",
      },
    });
  });

  refuseOtherMethods(app, METHODS);
  return app;
}

/** Oldest first; the demo's own are the oldest there are. */
const EXAMPLES_LOOKED_THROUGH = 200;

const METHODS = [
  ["/dev/badges/:verdict", "GET, HEAD"],
  ["/dev/as/:name", "GET, POST"],
  ["/dev/mail", "GET, HEAD"],
  ["/dev/mail/:id", "GET, HEAD"],
  ["/dev/mail/:id/attachments/:index", "GET, HEAD"],
] as const;

function bytesOf(base64: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(base64), (sign) => sign.charCodeAt(0));
}

function nothingHere(): Problem {
  return new Problem("not-found", "There is nothing at this address.");
}

async function personOf(env: Env, c: Context) {
  const person = await findDemoPerson(env, c.req.param("name") ?? "");
  if (person === null) throw nothingHere();
  return person;
}

async function enter(env: Env, c: Context, email: string): Promise<Response> {
  const arrive = () => whoProves(env, email);
  const outcome = await signIn(env, c.req.raw, { method: "demo", arrive, uses: [] });
  if (!outcome.ok) throw nothingHere();
  return seeOther(nextPath(c.req.query("next")) ?? HOME_PATH, outcome.cookie);
}
