// The JSON API: every resource mounted, its OpenAPI document and the page that shows it.
import { Hono } from "hono";
import type { Env } from "../env.ts";

export function apiRoutes(_env: Env) {
  return new Hono();
}
