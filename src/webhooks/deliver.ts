// Delivers what waits at one endpoint: takes what is due, sends it, and writes down how it went.
import type { Statement, Writable } from "../db/database.ts";
import {
  deliveryAccepted,
  deliveryFailed,
  deliveryPutOff,
  findDueDeliveries,
  hurryWaiting,
  nextDueDelivery,
  PARKED_AT_ONCE,
  parkWaiting,
} from "../db/webhook-deliveries.ts";
import {
  disableEndpoint,
  endpointAnswered,
  endpointFailed,
  findListening,
} from "../db/webhook-endpoints.ts";
import { DELIVER, WEBHOOK_LANE } from "../db/webhook-plan.ts";
import type { DisabledReason, WebhookDelivery, WebhookEndpoint } from "../db/webhooks.ts";
import type { Env } from "../env.ts";
import { openedSecrets } from "../issuer/shared-secret.ts";
import { GIVE_UP_MS, LEAST_ATTEMPTS, waitBefore } from "../jobs/backoff.ts";
import { enqueue, type Handler, JobFailure } from "../jobs/outbox.ts";
import { tellDisabled } from "./disabled-mail.ts";
import { sendWebhook } from "./send.ts";
import type { Verdict, WebhookFault } from "./verdict.ts";

/** Messages under way to one endpoint at once. */
export const AT_ONCE = 8;
/** After this, others have their turn; what is left goes on in another job. */
export const SLICE_MS = 10_000;
/** An endpoint that accepts nothing is tried at least this often, by one message. */
export const LONGEST_REST_MS = 15 * 60_000;
/** An endpoint that accepted nothing for so long is disabled. */
export const DISABLE_AFTER_MS = 5 * 24 * 3_600_000;
/** When too much is under way here. */
const SOON_MS = 1_000;

/**
 * Job `webhook.deliver`, for the endpoint in its payload. Sending is at least once: a row waits until
 * its answer is written down, so that a crash between the two sends it again, under the same id. One
 * that accepts nothing rests, and then a single message is the trial for all that wait. What waits at
 * one that was disabled is parked.
 */
export const deliverWebhooks: Handler = async (env, job) => {
  const id = String(job.payload.endpoint_id);
  const end = env.now() + SLICE_MS;
  for (;;) {
    const endpoint = await findListening(env.db, id);
    const now = env.now();
    if (endpoint === null) return parkAll(env, id, "endpoint-disabled", now);
    const rest = endpoint.rests_until ?? 0;
    if (rest > now) return [deliverAt(env, endpoint, rest)];
    const atOnce = endpoint.failures > 0 ? 1 : AT_ONCE;
    const due = await findDueDeliveries(env.db, id, now, atOnce);
    if (due.length === 0) {
      const next = await nextDueDelivery(env.db, id);
      return next === null ? [] : [deliverAt(env, endpoint, next)];
    }
    if (now > end || (await env.readiness()) === "stopping") {
      return [deliverAt(env, endpoint, now)];
    }
    await deliver(env, endpoint, due);
  }
};

/** The job that looks at an endpoint at that time; the earlier one of two. */
export function deliverAt(env: Env, { id }: Pick<WebhookEndpoint, "id">, dueAt: number) {
  const lane = `${WEBHOOK_LANE}${id}`;
  return enqueue(env, {
    kind: DELIVER,
    dedupeKey: id,
    lane,
    payload: { endpoint_id: id },
    dueAt,
  });
}

/** Slice by slice: what waits can be much. */
async function parkAll(env: Env, id: string, code: WebhookFault, by: number): Promise<[]> {
  for (;;) {
    const [parked] = await env.db.batch([parkWaiting(id, code, by)]);
    if ((parked?.rowsAffected ?? 0) < PARKED_AT_ONCE) return [];
  }
}

async function deliver(
  env: Env,
  endpoint: WebhookEndpoint,
  due: readonly WebhookDelivery[],
): Promise<void> {
  const signing = await openedSecrets(env, "webhook_endpoints", endpoint);
  if (signing === null) throw new JobFailure("webhook_secret_unreadable");
  const { secrets, writes } = signing;
  const verdicts = await Promise.all(due.map((row) => sendWebhook(env, endpoint, secrets, row)));
  const now = env.now();
  await env.db.batch([
    ...due.map((row, i) => recorded(env, row, verdicts[i] as Verdict, now)),
    ...standing(env, endpoint, verdicts, now),
    ...writes,
  ]);
  const failsFor = now - (endpoint.failing_since ?? now);
  const accepts = verdicts.some(({ kind }) => kind === "accepted");
  // What had no try of its own waited behind the trials, which failed as long.
  if (failsFor >= GIVE_UP_MS && !accepts) {
    await parkAll(env, endpoint.id, "endpoint-failing", now - GIVE_UP_MS);
  }
}

function recorded(env: Env, row: WebhookDelivery, verdict: Verdict, now: number): Statement {
  switch (verdict.kind) {
    case "accepted":
      return deliveryAccepted(row, verdict.status, now);
    case "gone":
      return deliveryFailed(row, { code: "gone", status: verdict.status, dueAt: null }, now);
    case "unsent":
      return deliveryPutOff(row, now + SOON_MS);
    case "failed": {
      const { code, status, retryAt } = verdict;
      const since = row.resent_at ?? row.created_at;
      const isEnough = now - since >= GIVE_UP_MS && row.attempts + 1 >= LEAST_ATTEMPTS;
      const own = now + waitBefore(row.attempts + 1, env.random);
      const dueAt = isEnough ? null : Math.max(own, retryAt ?? 0);
      return deliveryFailed(row, { code, status, dueAt }, now);
    }
  }
}

/** What the answers of one round say of the endpoint as a whole. */
function standing(
  env: Env,
  endpoint: WebhookEndpoint,
  verdicts: readonly Verdict[],
  now: number,
): (Statement | Writable)[] {
  if (verdicts.some(({ kind }) => kind === "gone")) return disabled(env, endpoint, "gone", now);
  const failed = verdicts.filter((verdict) => verdict.kind === "failed");
  const asked = Math.max(...failed.map(({ retryAt }) => retryAt ?? 0), 0);
  if (verdicts.some(({ kind }) => kind === "accepted")) {
    const recovers = endpoint.failures > 0;
    return [
      ...(recovers || asked > 0 ? [endpointAnswered(endpoint.id, asked || null)] : []),
      ...(recovers ? [hurryWaiting(endpoint.id, now)] : []),
    ];
  }
  if (failed.length === 0) return [];
  const since = endpoint.failing_since ?? now;
  if (now - since >= DISABLE_AFTER_MS) return disabled(env, endpoint, "failing", now);
  const own = now + waitBefore(endpoint.failures + 1, env.random, LONGEST_REST_MS);
  if (endpoint.failing_since === null) {
    env.log.warn("webhook.not_accepted", { endpoint: endpoint.id, code: failed[0]?.code });
  }
  return [endpointFailed(endpoint.id, since, Math.max(own, asked))];
}

function disabled(
  env: Env,
  endpoint: WebhookEndpoint,
  reason: DisabledReason,
  now: number,
): (Statement | Writable)[] {
  env.log.error("webhook.endpoint_disabled", { endpoint: endpoint.id, reason });
  return [disableEndpoint(endpoint.id, reason, now), ...tellDisabled(env, endpoint)];
}
