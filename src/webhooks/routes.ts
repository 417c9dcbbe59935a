// Where messages end that somebody reads from the log: an address of our own, for who has no public one.
import { Hono } from "hono";
import { answerProblem, wrongMethod } from "../answer.ts";
import type { Env } from "../env.ts";

/** Of a moment in milliseconds since 1970. */
const MOMENT = /^[0-9]{1,15}$/;

/**
 * Accepts every message and does nothing with it, until the moment in the address. After that it is
 * gone, which disables the endpoint: nobody listens any more who would have removed it.
 */
export function webhookRoutes(env: Env) {
  const app = new Hono();
  app.onError((error, c) => answerProblem(env, c, error));
  app.post("/webhooks/listen/:until", (c) => {
    const until = c.req.param("until");
    const isHeard = MOMENT.test(until) && Number(until) > env.now();
    return c.body(null, isHeard ? 204 : 410, { "cache-control": "no-store" });
  });
  app.all("/webhooks/listen/:until", () => {
    throw wrongMethod("POST");
  });
  return app;
}
