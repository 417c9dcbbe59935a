// Open Badges 2.0 over HTTP: the public documents of issuers, badges, awards and endorsements.
import { Hono } from "hono";
import type { Env } from "../env.ts";

export function obv2Routes(_env: Env) {
  return new Hono();
}
