// Comes round each minute: tells of awards that expire, and wakes endpoints whose job was lost.
import {
  AWARDS_AT_ONCE,
  type ExpiryPoint,
  endOfSlice,
  isAnyoneListening,
  jobsForgotten,
  planExpiries,
} from "../db/webhook-expiry.ts";
import { DELIVER } from "../db/webhook-plan.ts";
import type { Env } from "../env.ts";
import { newId } from "../ids.ts";
import { enqueue, enqueueEach, type Handler } from "../jobs/outbox.ts";
import { RECURRING_KEY } from "../jobs/schedule.ts";

/** How long before its end an award is told of as one that expires. */
export const EXPIRING_MS = 7 * 24 * 3_600_000;
/** Clocks of processes differ, and an award may be written a while after it was made. */
const OVERLAP_MS = 10 * 60_000;
/**
 * Where it is not known how far the last look came. Less than the log is kept: what was told is known
 * by its row there, and told once.
 */
export const LONGEST_LOOK_BACK_MS = 28 * 24 * 3_600_000;
/** After this, others have their turn. */
const SLICE_MS = 20_000;

const LOOKS = [
  { type: "award.expired", word: "expired", aheadMs: 0 },
  { type: "award.expiring", word: "expiring", aheadMs: EXPIRING_MS },
] as const;
type Word = (typeof LOOKS)[number]["word"];

/** Job `webhook.sweep`. How far each look came is handed from one run to the next. */
export function sweepWebhooks(everyMs: number): Handler {
  return async (env, job) => {
    const end = env.now() + SLICE_MS;
    const payload: Partial<Record<Word, ExpiryPoint>> = {};
    for (const look of LOOKS) {
      payload[look.word] = await lookForExpiries(env, look, pointIn(job.payload[look.word]), end);
    }
    return [
      enqueueEach(env, DELIVER, jobsForgotten(newId(env), env.now())),
      enqueue(env, {
        kind: "webhook.sweep",
        dedupeKey: RECURRING_KEY,
        payload,
        dueAt: env.now() + everyMs,
      }),
    ];
  };
}

/** Tells of what came since `from`, in slices; returns where the next look begins. */
async function lookForExpiries(
  env: Env,
  { type, word, aheadMs }: (typeof LOOKS)[number],
  from: ExpiryPoint | null,
  end: number,
): Promise<ExpiryPoint> {
  const now = env.now();
  const to = now + aheadMs;
  const next = { at: to - OVERLAP_MS, id: "" };
  if (!(await isAnyoneListening(env.db, type))) return next;
  let point = from ?? { at: to - LONGEST_LOOK_BACK_MS, id: "" };
  for (;;) {
    const last = await endOfSlice(env.db, point, to);
    if (last === null) return next;
    const message = { id: newId(env), type, word, aheadMs, now };
    await env.db.batch([planExpiries(message, point, last.point)]);
    if (last.count < AWARDS_AT_ONCE) return next;
    point = last.point;
    if (env.now() > end) return point;
  }
}

function pointIn(value: unknown): ExpiryPoint | null {
  if (typeof value !== "object" || value === null || !("at" in value && "id" in value)) return null;
  const at = Number(value.at);
  return Number.isSafeInteger(at) ? { at, id: String(value.id) } : null;
}
