// Whether the process lives, and whether it can do its work.
import { Hono } from "hono";
import type { Env } from "./env.ts";
import { ALIVE, readinessAnswer } from "./health-answer.ts";

/** `/healthz` says the process answers; `/readyz` that the database does, and nobody asked it to stop. */
export function healthRoutes(env: Env) {
  const app = new Hono();
  app.get("/healthz", (c) => c.body(ALIVE.body, ALIVE.status, { ...ALIVE.headers }));
  app.get("/readyz", async (c) => {
    const { body, status, headers } = readinessAnswer(await env.readiness());
    return c.body(body, status, { ...headers });
  });
  return app;
}
