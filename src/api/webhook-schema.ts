// How webhook endpoints and deliveries are given and shown.
import { z } from "@hono/zod-openapi";
import {
  DISABLED_REASONS,
  type DisabledReason,
  WEBHOOK_DELIVERY_STATES,
  type WebhookDelivery,
  type WebhookEndpoint,
} from "../db/webhooks.ts";
import { WEBHOOK_EVENTS } from "../issuer/announce.ts";
import { bodyOf } from "../webhooks/send.ts";
import type { WebhookFault } from "../webhooks/verdict.ts";
import { wordsFor } from "../webhooks/words.ts";
import { instant, instantOrNull, line, MAX_URL_LENGTH, time } from "./fields.ts";

const events = z
  .array(z.enum(WEBHOOK_EVENTS))
  .max(WEBHOOK_EVENTS.length)
  .openapi({ description: "Types of events; empty means all, those to come included" });

const given = {
  url: line(MAX_URL_LENGTH).openapi({
    format: "uri",
    description: "Public, https, on port 443. Redirects are not followed.",
  }),
  description: z.string().max(500),
  events,
};

export const newEndpoint = z
  .strictObject({
    url: given.url,
    description: given.description.optional(),
    events: given.events.optional(),
  })
  .openapi("NewWebhookEndpoint");

export const endpointChange = z
  .strictObject({
    url: given.url.optional(),
    description: given.description.optional(),
    events: given.events.optional(),
    enabled: z.boolean().optional(),
  })
  .openapi("WebhookEndpointChange");

const MAX_OVERLAP_HOURS = 168;

export const newRotation = z
  .strictObject({
    overlap_hours: z.int().min(0).max(MAX_OVERLAP_HOURS).default(24).openapi({
      description: "So long messages are signed with the secret before as well; 0 ends it at once",
    }),
  })
  .openapi("WebhookSecretRotation");

export const shownEndpoint = z
  .object({
    id: z.string(),
    url: z.string(),
    description: z.string(),
    events: z.array(z.string()).openapi({ description: "Empty: all" }),
    enabled: z.boolean(),
    disabled: z
      .object({
        at: time(),
        reason: z.enum(DISABLED_REASONS),
        detail: z.string(),
        fix: z.string(),
      })
      .nullable(),
    failing_since: time()
      .nullable()
      .openapi({ description: "Since when nothing was accepted; null while it answers" }),
    resting_until: time()
      .nullable()
      .openapi({ description: "When the next message is tried at an endpoint that is failing" }),
    previous_secret_until: time()
      .nullable()
      .openapi({ description: "Until then the secret before signs as well" }),
    created_at: time(),
    updated_at: time(),
  })
  .openapi("WebhookEndpoint");

export const endpointWithSecret = shownEndpoint
  .extend({ secret: z.string().openapi({ description: "`whsec_` and base64; shown only now" }) })
  .openapi("WebhookEndpointWithSecret");

const DISABLED: Readonly<Record<DisabledReason, { detail: string; fix: string }>> = {
  by_hand: { detail: "Somebody disabled it.", fix: "Change it with `enabled: true`." },
  gone: {
    detail: "It answered 410 Gone, which says that it wants no more messages.",
    fix: "Give it the address of a receiver that wants them, or change it with `enabled: true`; then send again what is parked.",
  },
  failing: {
    detail: "It accepted nothing for days.",
    fix: "See its deliveries for what went wrong, put it right, and change it with `enabled: true`; then send again what is parked.",
  },
};

export function showEndpoint(row: WebhookEndpoint, now: number): z.input<typeof shownEndpoint> {
  const { disabled_at: disabledAt, disabled_reason: reason, rests_until: rests } = row;
  const until = row.previous_until;
  return {
    id: row.id,
    url: row.url,
    description: row.description,
    events: row.events,
    enabled: disabledAt === null,
    disabled:
      disabledAt === null || reason === null
        ? null
        : { at: instant(disabledAt), reason, ...DISABLED[reason] },
    failing_since: instantOrNull(row.failing_since),
    resting_until: rests !== null && rests > now ? instant(rests) : null,
    previous_secret_until: until !== null && until > now ? instant(until) : null,
    created_at: instant(row.created_at),
    updated_at: instant(row.updated_at),
  };
}

export const deliveryState = z.enum(WEBHOOK_DELIVERY_STATES);

export const shownDelivery = z
  .object({
    id: z.string(),
    endpoint: z.string(),
    webhook_id: z
      .string()
      .openapi({ description: "The header of that name: the same for every try and endpoint" }),
    type: z.string(),
    state: deliveryState.openapi({
      description: "`parked`: tried for long enough, and sent again when somebody asks for it",
    }),
    attempts: z.int().openapi({ description: "Since it was sent, or last sent again by hand" }),
    last_attempt_at: time().nullable(),
    last_status: z.int().nullable().openapi({ description: "Null where there was no answer" }),
    last_error: z.object({ code: z.string(), detail: z.string() }).nullable(),
    next_attempt_at: time()
      .nullable()
      .openapi({ description: "The earliest; an endpoint that is failing may rest for longer" }),
    delivered_at: time().nullable(),
    created_at: time(),
    body: z.string().openapi({ description: "As it is sent, to the letter" }),
  })
  .openapi("WebhookDelivery");

export function showDelivery(
  row: WebhookDelivery,
  endpoint: Pick<WebhookEndpoint, "url">,
): z.input<typeof shownDelivery> {
  const { last_error: code, last_status: status } = row;
  return {
    id: row.id,
    endpoint: row.endpoint_id,
    webhook_id: row.message_id,
    type: row.type,
    state: row.state,
    attempts: row.attempts,
    last_attempt_at: instantOrNull(row.last_attempt_at),
    last_status: status,
    last_error:
      code === null ? null : { code, detail: wordsFor(code as WebhookFault, status, endpoint.url) },
    next_attempt_at: row.state === "waiting" ? instant(row.due_at) : null,
    delivered_at: instantOrNull(row.delivered_at),
    created_at: instant(row.created_at),
    body: bodyOf(row),
  };
}
