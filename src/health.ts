// Whether the process lives, and whether it can do its work.
import { Hono } from "hono";
import type { Env } from "./env.ts";

/** `/healthz` says the process answers; `/readyz` that the database does, and nobody asked it to stop. */
export function healthRoutes(env: Env) {
  const app = new Hono();
  app.get("/healthz", (c) => c.json({ status: "ok" }, 200, { "cache-control": "no-store" }));
  app.get("/readyz", async (c) => {
    const failing = await env.readiness();
    return c.json(
      failing === null ? { status: "ready" } : { status: "unready", reason: failing },
      failing === null ? 200 : 503,
      { "cache-control": "no-store" },
    );
  });
  return app;
}
