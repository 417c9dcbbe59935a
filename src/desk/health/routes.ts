// The state of the site, for its administrators: /admin/health.
import { Hono } from "hono";
import { answerProblem, answerUnknown, wrongMethod } from "../../answer.ts";
import {
  type Check,
  checkAddress,
  checkClock,
  checkDatabase,
  checkImages,
  checkIssued,
  checkJobs,
  checkKeys,
  checkMail,
  checkMails,
  checkParked,
} from "../../checkup.ts";
import { issuedBase, lastWritten, type ParkedJobs, parkedJobs } from "../../db/jobs-look.ts";
import type { Env, MailFault } from "../../env.ts";
import { retryParked } from "../../issuer/retry-jobs.ts";
import { privatePage, seeOther } from "../../page-answer.ts";
import { HEALTH_PATH, healthPage, RETRY_PATH } from "../../pages/health.tsx";
import { accountOf, readForm, requireSiteAdministrator } from "../../signin/session.ts";
import { doneOf } from "../asked.ts";

/** A mail server that takes longer is one that does not answer: somebody waits for the page. */
const MAIL_WAIT_MS = 4_000;

export function healthPageRoutes(env: Env) {
  const app = new Hono();
  app.onError((error, c) => answerProblem(env, c, error));
  app.notFound((c) => answerUnknown(env, c));

  app.get(HEALTH_PATH, async (c) => {
    const session = await requireSiteAdministrator(env, c.req.raw);
    const { checks, parked } = await examined(env);
    const account = await accountOf(env, session);
    const done = doneOf(c.req.raw, ["retried"]);
    return privatePage(healthPage({ account, checks, parked, done }));
  });
  app.post(RETRY_PATH, async (c) => {
    const session = await requireSiteAdministrator(env, c.req.raw);
    await readForm(env, session, c.req.raw);
    await retryParked(env, { kind: "user", id: session.user.id });
    return seeOther(`${HEALTH_PATH}?done=retried`);
  });
  app.all(HEALTH_PATH, () => {
    throw wrongMethod("GET, HEAD");
  });
  app.all(RETRY_PATH, () => {
    throw wrongMethod("POST");
  });
  return app;
}

interface Examined {
  readonly checks: readonly Check[];
  readonly parked: readonly ParkedJobs[];
}

async function examined(env: Env): Promise<Examined> {
  const { db, config, images } = env;
  const now = env.now();
  const [parked, written, base] = await Promise.all([
    parkedJobs(db),
    lastWritten(db),
    issuedBase(db),
  ]);
  const checks = await Promise.all([
    checkDatabase(db, databaseName(env), env.now),
    ...(await schemaOf(env)),
    checkKeys(db, config),
    checkAddress(config),
    checkIssued(config, base),
    checkMail(config, () => mailFault(env)),
    checkMails(db),
    checkClock(now, written),
    checkImages(images),
    checkJobs(db, now),
    checkParked(parked),
  ]);
  return { checks, parked };
}

/** Never with its token. */
function databaseName({ config: { database } }: Env): string {
  return database.kind === "file" ? database.path : new URL(database.url).host;
}

/** Whoever serves this page has the tables it needs, unless another version has changed them since. */
async function schemaOf({ readiness }: Env): Promise<Check[]> {
  if ((await readiness()) !== "schema") return [];
  const code = "schema-other";
  return [{ name: "schema", state: "warn", found: code, fix: code, values: {} }];
}

async function mailFault({ mail, pause }: Env): Promise<MailFault | null> {
  if (mail?.check === undefined) return null;
  const late = pause(MAIL_WAIT_MS).then((): MailFault => "mail-server-unreachable");
  return Promise.race([mail.check(), late]);
}
