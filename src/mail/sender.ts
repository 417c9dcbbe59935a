// The job that sends an organization's mails: takes those that are due, a few at a time, and says of each what became of it.
import type { Statement } from "../db/database.ts";
import { DatabaseError, type DatabaseErrorCode } from "../db/errors.ts";
import { listMailTemplates } from "../db/mail-templates.ts";
import { TOLD_AGAIN } from "../db/notifications.ts";
import {
  claimDue,
  type DueNotification,
  markCancelled,
  markFailed,
  markSent,
  nextDue,
  postponeAll,
} from "../db/notifications-send.ts";
import type { Env, MailFault, OpenMail } from "../env.ts";
import { sendAt } from "../issuer/notify.ts";
import { GIVE_UP_MS, isExhausted, LEAST_ATTEMPTS, waitBefore } from "../jobs/backoff.ts";
import type { Handler } from "../jobs/outbox.ts";
import { awardCreated, awardToldAgain, type Templates } from "./award-mail.ts";
import { creatorAward, creatorDigest } from "./creator-mail.ts";
import { notTold, type Telling } from "./letter.ts";
import { nominationCreated, nominationDecided } from "./nomination-mail.ts";

/** Mails taken at a time. */
const SLICE = 30;
/** How long they are this process's. */
export const CLAIM_MS = 5 * 60_000;
/** A mail is begun only while so much of that is left: nobody else takes it while it is under way. */
const NEEDED_MS = 60_000;
/** A run that has lasted so long leaves the rest to the next one: its own lease lasts a minute. */
const RUN_MS = 30_000;
/** Mails under way at once; they share the connections. */
const AT_ONCE = 3;
/**
 * So many in a row that failed in this way, and it is the server: no other mail would fare better. A
 * server may also hang up at one address, or put off one mail.
 */
const OF_THE_SERVER: Readonly<Partial<Record<MailFault, number>>> = {
  "mail-credentials-refused": 1,
  "mail-tls-failed": 1,
  "mail-server-unreachable": AT_ONCE,
  "mail-deferred": 10,
};

type Writer = (env: Env, subjectId: string, templates: Templates) => Promise<Telling>;

const WRITERS: Readonly<Record<string, Writer>> = {
  "award.created": awardCreated,
  [TOLD_AGAIN]: awardToldAgain,
  "creator.award": creatorAward,
  "creator.digest": creatorDigest,
  "nomination.created": nominationCreated,
  "nomination.decided": nominationDecided,
};

/**
 * Sent means that the mail server has taken it. A process that dies after that and before it is
 * written down sends the mail again, under the same Message-ID, by which mailboxes know it.
 */
export const sendMails: Handler = async (env, job) => {
  if (env.mail === undefined) return [];
  const organizationId = String(job.payload.organization);
  const line: OpenMail = env.mail.open?.() ?? { send: env.mail.send, close() {} };
  try {
    const end = env.now() + RUN_MS;
    const templates = await listMailTemplates(env.db, organizationId);
    const run: Run = { env, line, templates, failures: 0, fault: null };
    while (env.now() < end) {
      const now = env.now();
      const until = now + CLAIM_MS;
      const claimed = await claimDue(env.db, organizationId, { now, until, limit: SLICE });
      if (claimed.length === 0) return await later(env, organizationId);
      const left = await sendAll(run, claimed, until);
      if (run.fault !== null) return await postponed(env, organizationId, left, run.fault);
    }
    return [sendAt(env, organizationId, env.now())];
  } finally {
    line.close();
  }
};

interface Run {
  readonly env: Env;
  readonly line: Pick<OpenMail, "send">;
  readonly templates: Templates;
  /** Mails in a row that the server did not answer, or put off. */
  failures: number;
  /** Of the server as such; nothing more is sent. */
  fault: MailFault | null;
}

/** Sends what it can; what is left in hand comes back. */
async function sendAll(
  run: Run,
  claimed: readonly DueNotification[],
  until: number,
): Promise<DueNotification[]> {
  const queue = [...claimed];
  const left: DueNotification[] = [];
  const worker = async () => {
    for (let one = queue.shift(); one !== undefined; one = queue.shift()) {
      const isLate = run.env.now() > until - NEEDED_MS;
      if (run.fault !== null || isLate || !(await send(run, one))) left.push(one);
    }
  };
  // All of them end before an error is told: none goes on after the connections are closed.
  const ended = await Promise.allSettled(Array.from({ length: AT_ONCE }, worker));
  const failed = ended.find((one) => one.status === "rejected");
  if (failed) throw failed.reason;
  return left;
}

/** False where it was the server's fault, and the mail is still in hand. */
async function send(run: Run, one: DueNotification): Promise<boolean> {
  const { env } = run;
  const telling = await tellingOf(run, one);
  if (telling === null) {
    await env.db.batch([failure(env, one, "mail-not-written", one.attempts >= LEAST_ATTEMPTS)]);
    return true;
  }
  if (telling.tell !== true) {
    const { tell } = telling;
    await env.db.batch(tell === "each" ? telling.writes : [markCancelled(one, telling.reason)]);
    return true;
  }
  const sent = await run.line.send({ ...telling.letter, id: `${one.kind}.${one.subject_id}` });
  if (sent.ok) {
    run.failures = 0;
    await env.db.batch([markSent(one, env.now()), ...telling.writes]);
    await telling.after?.();
    return true;
  }
  // Who refuses an address is there, and works.
  run.failures = sent.reason === "mail-refused" ? 0 : run.failures + 1;
  if (run.failures >= (OF_THE_SERVER[sent.reason] ?? Number.POSITIVE_INFINITY)) {
    run.fault = sent.reason;
    return false;
  }
  await env.db.batch([failure(env, one, sent.reason, sent.permanent)]);
  return true;
}

/**
 * Null where it could not be written: that is the mail's own fault, and the others are sent. A
 * database that does not answer is no mail's fault, and ends the run.
 */
async function tellingOf({ env, templates }: Run, one: DueNotification): Promise<Telling | null> {
  const write = WRITERS[one.kind];
  if (write === undefined) return notTold("subject-gone");
  try {
    return await write(env, one.subject_id, templates);
  } catch (error) {
    if (isUnavailable(error)) throw error;
    const what = error instanceof Error ? error.name : "unexpected";
    env.log.error("mail.not_written", { notification: idOf(one), what });
    return null;
  }
}

const UNAVAILABLE: readonly DatabaseErrorCode[] = ["busy", "full", "unreachable"];

/** Also beneath a query builder's own error. */
function isUnavailable(error: unknown): boolean {
  if (error instanceof DatabaseError) return UNAVAILABLE.includes(error.code);
  return error instanceof Error && isUnavailable(error.cause);
}

/** Why a mail was not sent: the server's fault, or that it could not be written. */
type SendFault = MailFault | "mail-not-written";

function failure(env: Env, one: DueNotification, reason: SendFault, permanent: boolean): Statement {
  const now = env.now();
  const parks = permanent || isExhausted(one, now);
  if (parks) env.log.error("mail.parked", { notification: idOf(one), code: reason });
  return markFailed(one, reason, parks ? null : now + waitBefore(one.attempts, env.random));
}

function idOf({ kind, subject_id }: DueNotification): string {
  return `${kind}.${subject_id}`;
}

/** The job comes back when the next mail is due. */
async function later(env: Env, organizationId: string) {
  const due = await nextDue(env.db, organizationId);
  return due === null ? [] : [sendAt(env, organizationId, due)];
}

/** Everything of the organization waits for the server, the longer the more often it was tried. */
async function postponed(
  env: Env,
  organizationId: string,
  held: readonly DueNotification[],
  code: MailFault,
) {
  const now = env.now();
  const tries = Math.min(...held.map(({ attempts }) => attempts));
  const dueAt = now + waitBefore(tries, env.random);
  const parks = { writtenUntil: now - GIVE_UP_MS, attempts: LEAST_ATTEMPTS };
  env.log.warn("mail.postponed", { organization: organizationId, code, tries });
  await env.db.batch(postponeAll(organizationId, held, { code, now, dueAt, parks }));
  return later(env, organizationId);
}
