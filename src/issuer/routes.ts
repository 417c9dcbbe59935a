// The image registry over HTTP: pictures by the hash of their bytes.
import { Hono } from "hono";
import type { Env } from "../env.ts";

export function issuerRoutes(_env: Env) {
  return new Hono();
}
