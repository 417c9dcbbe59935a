// Evaluates whoever is marked, a few people at a time, until nobody is left.
import type { Statement, Writable } from "../db/database.ts";
import { DatabaseError } from "../db/errors.ts";
import {
  type DuePerson,
  evaluationsAwarding,
  peopleDue,
  peopleInTheNews,
} from "../db/evaluations.ts";
import type { Env } from "../env.ts";
import { enqueue, type Handler, JobFailure } from "../jobs/outbox.ts";
import { announce } from "./announce.ts";
import { evaluatePerson, isOutdated } from "./evaluate.ts";
import { evaluationJob } from "./evaluation-due.ts";

/** People whose evaluations wait for one another and are committed together. */
const AT_ONCE = 8;
/** The same while somebody is connected: who asks for something meanwhile waits for one person's. */
const AT_ONCE_VISITED = 1;
/**
 * After each commit those who are connected have so many times as long, while everybody is evaluated,
 * which may take its time: few requests meet a commit, and who meets one waits for one person's.
 */
export const REST_VISITED = 4;
/** Far less than a lease: who takes longer goes on as another job. */
export const RUN_MS = 20_000;
/** How often one person is decided about anew because others were faster. */
const MAX_ATTEMPTS = 10;
/** When so many could not be evaluated, the fault is not theirs. */
const MAX_FAILURES = 100;

/**
 * Each person's awards, what they have met and the end of their mark are one batch, so a process may
 * die at any moment: who was not committed is still marked. A mark that was renewed meanwhile stays.
 * Somebody whose evaluation fails holds up nobody else, and is tried again with the job.
 */
export const evaluateDue: Handler = async (env, job) => {
  const organizationId = job.dedupe_key;
  if (organizationId === null) throw new JobFailure("no_organization", { permanent: true });
  const until = env.now() + RUN_MS;
  const failed = new Set<string>();
  let after: string | null = null;
  let since = 0;
  for (;;) {
    const visited = env.isVisited?.() ?? false;
    const most = visited ? AT_ONCE_VISITED : AT_ONCE;
    const evaluate = (some: readonly DuePerson[]) =>
      Promise.all(some.map((person) => evaluateOne(env, organizationId, person, failed)));
    const notFailed = ({ user_id }: DuePerson) => !failed.has(user_id);
    // Whoever just did something waits for nobody but others who did.
    const news = (await peopleInTheNews(env.db, organizationId, most)).filter(notFailed);
    if (news.length > 0) {
      const took = await evaluate(news);
      if (visited) await env.pause(Math.max(1, ...took));
      if (failed.size >= MAX_FAILURES) throw new JobFailure("evaluation_failed");
      if (env.now() >= until) return [enqueue(env, evaluationJob(organizationId))];
      continue;
    }
    const people = await peopleDue(env.db, organizationId, after ?? "", most);
    const fresh = people.filter(notFailed);
    const took = await evaluate(fresh);
    since += fresh.length;
    if (failed.size >= MAX_FAILURES) throw new JobFailure("evaluation_failed");
    if (visited) await rest(env, organizationId, Math.max(1, ...took));
    if (people.length === most) after = people.at(-1)?.user_id ?? null;
    // From the beginning once more, since marks come meanwhile; done when a whole round finds nobody.
    else if (since === 0 && after === null) break;
    else [after, since] = [null, 0];
    if (env.now() >= until) return [enqueue(env, evaluationJob(organizationId))];
  }
  if (failed.size > 0) throw new JobFailure("evaluation_failed");
  return finished(env, organizationId);
};

/** Short after an event, long where a great many are awarded something. */
async function rest(env: Env, organizationId: string, took: number): Promise<void> {
  const many = await evaluationsAwarding(env.db, organizationId);
  await env.pause(many.length > 0 ? took * REST_VISITED : took);
}

/** How long the database was held for it, in milliseconds. */
async function evaluateOne(
  env: Env,
  organizationId: string,
  person: DuePerson,
  failed: Set<string>,
): Promise<number> {
  try {
    return await evaluateMarked(env, organizationId, person);
  } catch (error) {
    // A database that cannot be reached fails everybody: the job is tried again as a whole.
    if (error instanceof DatabaseError && error.code !== "other") throw error;
    failed.add(person.user_id);
    env.log.error("evaluation.failed", {
      organization: organizationId,
      user: person.user_id,
      error: error instanceof Error ? error.name : undefined,
    });
    return 0;
  }
}

async function evaluateMarked(
  env: Env,
  organizationId: string,
  person: DuePerson,
): Promise<number> {
  for (let attempt = 1; ; attempt++) {
    const { decisions, writes } = await evaluatePerson(env, organizationId, person.user_id);
    const awarded = decisions.reduce((sum, each) => sum + each.awarded.length, 0);
    const began = env.now();
    try {
      await env.db.batch([
        ...writes,
        ...(awarded > 0 ? [countAwarded(organizationId, awarded)] : []),
        unmark(organizationId, person),
      ]);
      return env.now() - began;
    } catch (error) {
      if (!isOutdated(error) || attempt === MAX_ATTEMPTS) throw error;
    }
  }
}

/** Only what was seen: whoever was touched since, by these very awards too, is looked at again. */
function unmark(organizationId: string, { user_id, touched }: DuePerson): Statement {
  return {
    sql: "DELETE FROM evaluations_due WHERE organization_id = ? AND user_id = ? AND touched = ?",
    params: [organizationId, user_id, touched],
  };
}

function countAwarded(organizationId: string, awarded: number): Statement {
  return {
    sql: `UPDATE evaluations SET awarded = awarded + ?
      WHERE organization_id = ? AND state <> 'done' AND NOT dry_run`,
    params: [awarded, organizationId],
  };
}

/** Nobody is left: evaluations of everybody that waited for that are done. */
async function finished(
  env: Env,
  organizationId: string,
): Promise<readonly (Writable | Statement)[]> {
  const ids = await evaluationsAwarding(env.db, organizationId);
  return ids.flatMap((id) => [
    {
      sql: "UPDATE evaluations SET state = 'done', finished_at = ? WHERE id = ? AND state = 'awarding'",
      params: [env.now(), id],
    },
    ...announce(env, { organizationId, type: "evaluation.completed", data: { evaluation: id } }),
  ]);
}
