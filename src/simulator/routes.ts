// The demo backpack's menu of faults; there is none where nobody may be made to misbehave.
import { type Context, Hono } from "hono";
import { answerProblem } from "../answer.ts";
import type { Env } from "../env.ts";
import { PAGE_HEADERS } from "../pages/headers.ts";
import { MISBEHAVE_PATH, misbehavePage } from "../pages/misbehave.tsx";
import { Problem } from "../problem.ts";
import { doDeed } from "./deeds.ts";
import { DEEDS, type Deed, FAULTS, type Fault, PLACES, type Place } from "./faults.ts";
import type { Misbehaviour, Mischief } from "./misbehaviour.ts";

const HEADERS = { ...PAGE_HEADERS, "cache-control": "no-store" };
/** Long enough to be seen, short enough to be waited for. */
const DELAY_MS = 5_000;
const RETRY_AFTER_SECONDS = 20;

export function simulatorRoutes(env: Env, misbehaviour: Misbehaviour) {
  const app = new Hono();
  app.onError((error, c) => answerProblem(env, c, error));
  const show = async (c: Context, done: string | null) => {
    const { mischief, seen } = misbehaviour;
    const page = misbehavePage({
      faults: FAULTS,
      places: PLACES,
      deeds: DEEDS,
      mischief,
      seen,
      done,
    });
    return c.body(String(await page), 200, HEADERS);
  };
  app.get(MISBEHAVE_PATH, (c) => show(c, null));
  app.post(MISBEHAVE_PATH, async (c) => {
    requireOwnPage(env, c);
    const form = await c.req.parseBody();
    const deed = known<Deed>(DEEDS, form.deed);
    if (deed !== null) {
      await doDeed(env, deed);
      return show(c, `Done: ${DEEDS[deed]}.`);
    }
    misbehaviour.set(mischiefIn(form));
    return show(c, "From now on it is so.");
  });
  return app;
}

/** No page of another site tells this backpack what to do. */
function requireOwnPage(env: Env, c: Context): void {
  const origin = c.req.header("origin");
  if (origin !== undefined && origin !== env.config.publicUrl) {
    throw new Problem("not-found", "There is nothing at this address.");
  }
}

function mischiefIn(form: Readonly<Record<string, unknown>>): Mischief | null {
  const fault = known<Fault>(FAULTS, form.fault);
  if (fault === null) return null;
  return {
    faults: [fault],
    place: known<Place>(PLACES, form.place) ?? "api",
    share: form.often === "sometimes" ? 0.3 : 1,
    times: form.often === "once" ? 1 : null,
    delayMs: DELAY_MS,
    retryAfterSeconds: RETRY_AFTER_SECONDS,
  };
}

function known<Key extends string>(table: Readonly<Record<Key, string>>, value: unknown) {
  const keys = Object.keys(table) as Key[];
  return keys.find((key) => key === value) ?? null;
}
