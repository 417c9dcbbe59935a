// Pages for people: the home page, a badge's page, and a page for every kind of problem.
import { Hono } from "hono";
import type { Env } from "../env.ts";

export function pageRoutes(_env: Env) {
  return new Hono();
}
