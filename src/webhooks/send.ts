// Sends one message to one endpoint, signed, and judges the answer.
import type { WebhookDelivery, WebhookEndpoint } from "../db/webhooks.ts";
import type { Env } from "../env.ts";
import { sign } from "../standard-webhooks.ts";
import { judged, type Verdict } from "./verdict.ts";

export const TIMEOUT_MS = 10_000;
/** Nothing is read from an answer; what is longer is no answer of a webhook. */
export const MAX_ANSWER_BYTES = 64 * 1024;

/** The body as it is sent each time: the type, when it happened, and ids. */
export function bodyOf(row: Pick<WebhookDelivery, "type" | "occurred_at" | "data">): string {
  const timestamp = new Date(row.occurred_at).toISOString();
  return JSON.stringify({ type: row.type, timestamp, data: row.data });
}

/**
 * Standard Webhooks 1.0.0: the id is the same for every try, the time is that of this one, and each of
 * `secrets` signs. No redirect is followed.
 */
export async function sendWebhook(
  env: Env,
  endpoint: Pick<WebhookEndpoint, "url">,
  secrets: readonly string[],
  row: WebhookDelivery,
): Promise<Verdict> {
  const body = new TextEncoder().encode(bodyOf(row));
  const timestamp = Math.floor(env.now() / 1_000);
  const signed = await sign(secrets, { id: row.message_id, timestamp, body });
  const fetched = await env.publicFetch(endpoint.url, {
    method: "POST",
    headers: { ...signed, "content-type": "application/json" },
    body,
    timeoutMs: TIMEOUT_MS,
    maxBytes: MAX_ANSWER_BYTES,
    maxRedirects: 0,
  });
  return judged(fetched, env.now());
}
