// The demo backpack's menu of faults; there is none where nobody may be made to misbehave.
import { type Context, Hono } from "hono";
import { answerProblem } from "../answer.ts";
import type { Env } from "../env.ts";
import { languageOf } from "../language.ts";
import { PAGE_HEADERS } from "../pages/headers.ts";
import { MISBEHAVE_PATH, misbehavePage } from "../pages/misbehave.tsx";
import { Problem } from "../problem.ts";
import { readBytes, requireMediaType } from "../request-body.ts";
import { doDeed } from "./deeds.ts";
import { DEEDS, type Deed, FAULTS, PLACES } from "./faults.ts";
import type { Misbehaviour, Mischief } from "./misbehaviour.ts";

const HEADERS = { ...PAGE_HEADERS, "cache-control": "no-store" };
/** Long enough to be seen, short enough to be waited for. */
const DELAY_MS = 5_000;
const RETRY_AFTER_SECONDS = 20;
/** Of a form with three short fields. */
const MAX_FORM_BYTES = 1_024;
const FORM = "application/x-www-form-urlencoded";

export function simulatorRoutes(env: Env, misbehaviour: Misbehaviour) {
  const app = new Hono();
  app.onError((error, c) => answerProblem(env, c, error));
  const show = async (c: Context, done: Deed | "set" | null) => {
    const { mischief, seen } = misbehaviour;
    const page = misbehavePage({
      language: languageOf(c.req.raw),
      faults: FAULTS,
      places: PLACES,
      deeds: DEEDS,
      mischief,
      seen,
      done,
    });
    return c.body(String(await page), 200, HEADERS);
  };
  app.use(async (c, next) => {
    requireOwnPage(env, c);
    await next();
  });
  app.get(MISBEHAVE_PATH, (c) => show(c, null));
  app.post(MISBEHAVE_PATH, async (c) => {
    requireMediaType(c.req.raw, [FORM]);
    const sent = await readBytes(c.req.raw, MAX_FORM_BYTES);
    const form = new URLSearchParams(new TextDecoder().decode(sent));
    const deed = known(DEEDS, form.get("deed"));
    if (deed !== null) {
      await doDeed(env, deed);
      return show(c, deed);
    }
    misbehaviour.set(mischiefIn(form));
    return show(c, "set");
  });
  return app;
}

/** No page of another site tells this backpack what to do, or reads it under a name of its own. */
function requireOwnPage(env: Env, c: Context): void {
  const { publicUrl } = env.config;
  const site = c.req.header("sec-fetch-site") ?? "same-origin";
  const origin = c.req.header("origin") ?? publicUrl;
  const told = c.req.method !== "GET" && (origin !== publicUrl || site !== "same-origin");
  if (told || new URL(c.req.url).host !== new URL(publicUrl).host) {
    throw new Problem("not-found", "There is nothing at this address.");
  }
}

function mischiefIn(form: URLSearchParams): Mischief | null {
  const fault = known(FAULTS, form.get("fault"));
  if (fault === null) return null;
  return {
    faults: [fault],
    place: known(PLACES, form.get("place")) ?? "api",
    share: form.get("often") === "sometimes" ? 0.3 : 1,
    times: form.get("often") === "once" ? 1 : null,
    delayMs: DELAY_MS,
    retryAfterSeconds: RETRY_AFTER_SECONDS,
  };
}

function known<const Word extends string>(words: readonly Word[], value: unknown): Word | null {
  return words.find((word) => word === value) ?? null;
}
