// What webhooks were sent, over the API: the log, a ping to try an endpoint, and sending again.
import { z } from "@hono/zod-openapi";
import {
  countParked,
  findWebhookDelivery,
  listWebhookDeliveries,
  RESENT_AT_ONCE,
} from "../db/webhook-deliveries.ts";
import type { WebhookDelivery, WebhookEndpoint } from "../db/webhooks.ts";
import type { Env } from "../env.ts";
import { Problem } from "../problem.ts";
import { pingEndpoint, resendDelivery, resendParked } from "../webhooks/endpoint.ts";
import { idParam, moment } from "./fields.ts";
import { type Operation, operation } from "./operation.ts";
import { pageAnswer, pageOf, pageQuery } from "./page.ts";
import { endpointOf } from "./webhook-endpoints.ts";
import { deliveryState, showDelivery, shownDelivery } from "./webhook-schema.ts";

const TAG = "Webhooks";

async function deliveryOf(
  env: Env,
  organizationId: string,
  id: string,
): Promise<{ delivery: WebhookDelivery; endpoint: WebhookEndpoint }> {
  const delivery = await findWebhookDelivery(env.db, organizationId, id);
  if (delivery === null) throw unknownDelivery();
  try {
    return { delivery, endpoint: await endpointOf(env, organizationId, delivery.endpoint_id) };
  } catch (error) {
    // The log of an endpoint goes with it.
    throw error instanceof Problem && error.code === "not-found" ? unknownDelivery() : error;
  }
}

function unknownDelivery(): Problem {
  return new Problem("not-found", "This organization has no webhook delivery with this id.");
}

const newResend = z
  .strictObject({
    since: moment().optional().openapi({ description: "Only events from then on" }),
  })
  .openapi("WebhookResend");

export const webhookDeliveryOperations: readonly Operation[] = [
  operation({
    id: "pingWebhookEndpoint",
    method: "post",
    path: "/webhook-endpoints/{id}/ping",
    tag: TAG,
    summary: "Send a webhook endpoint a message of type ping",
    description: "At once, whatever else waits. The delivery says how it went.",
    scope: "webhooks:write",
    params: idParam,
    problems: ["webhook-endpoint-disabled"],
    answers: [{ status: 201, description: "The delivery, on its way.", schema: shownDelivery }],
    async handle({ env, organizationId, params }) {
      const endpoint = await endpointOf(env, organizationId, params.id);
      const { delivery, writes } = pingEndpoint(env, endpoint);
      return {
        status: 201,
        body: showDelivery(delivery, endpoint),
        headers: { location: `/api/v1/webhook-deliveries/${delivery.id}` },
        writes,
      };
    },
  }),
  operation({
    id: "listWebhookDeliveries",
    method: "get",
    path: "/webhook-endpoints/{id}/deliveries",
    tag: TAG,
    summary: "List what a webhook endpoint was sent, and what waits",
    description: "Kept for 30 days.",
    scope: "webhooks:read",
    params: idParam,
    query: pageQuery.extend({ state: deliveryState.optional() }),
    answers: [{ status: 200, description: "A page of deliveries.", schema: pageOf(shownDelivery) }],
    async handle(call) {
      const endpoint = await endpointOf(call.env, call.organizationId, call.params.id);
      const rows = await listWebhookDeliveries(call.env.db, endpoint.id, call.query);
      return pageAnswer(
        call,
        rows,
        ({ id }) => id,
        (row) => showDelivery(row, endpoint),
      );
    },
  }),
  operation({
    id: "resendParkedWebhooks",
    method: "post",
    path: "/webhook-endpoints/{id}/resend",
    tag: TAG,
    summary: "Send a webhook endpoint again all that is parked",
    description: `Each message has the id that it had, so that a receiver can tell. At most ${RESENT_AT_ONCE}, the oldest first.`,
    scope: "webhooks:write",
    params: idParam,
    body: newResend,
    example: { since: "2026-10-01T00:00:00Z" },
    problems: ["webhook-endpoint-disabled"],
    answers: [
      {
        status: 200,
        description: "How many are on their way.",
        schema: z
          .object({
            resent: z.int(),
            left: z.int().openapi({ description: "Still parked; another call sends them" }),
          })
          .openapi("WebhooksResent"),
      },
    ],
    async handle({ env, organizationId, params, body }) {
      const endpoint = await endpointOf(env, organizationId, params.id);
      const since = body.since ?? 0;
      const writes = resendParked(env, endpoint, since);
      const parked = await countParked(env.db, endpoint.id, since);
      const resent = Math.min(parked, RESENT_AT_ONCE);
      return {
        status: 200,
        body: { resent, left: parked - resent },
        writes,
      };
    },
  }),
  operation({
    id: "getWebhookDelivery",
    method: "get",
    path: "/webhook-deliveries/{id}",
    tag: TAG,
    summary: "Read how a message to a webhook endpoint went",
    scope: "webhooks:read",
    params: idParam,
    answers: [{ status: 200, description: "The delivery.", schema: shownDelivery }],
    async handle({ env, organizationId, params }) {
      const { delivery, endpoint } = await deliveryOf(env, organizationId, params.id);
      return { status: 200, body: showDelivery(delivery, endpoint), tagged: true };
    },
  }),
  operation({
    id: "resendWebhookDelivery",
    method: "post",
    path: "/webhook-deliveries/{id}/resend",
    tag: TAG,
    summary: "Send a message again",
    description: "Whether it arrived or not, under the id that it had.",
    scope: "webhooks:write",
    params: idParam,
    problems: ["webhook-endpoint-disabled"],
    answers: [{ status: 200, description: "The delivery, on its way.", schema: shownDelivery }],
    async handle({ env, organizationId, params }) {
      const found = await deliveryOf(env, organizationId, params.id);
      const { delivery, writes } = resendDelivery(env, found.endpoint, found.delivery);
      return { status: 200, body: showDelivery(delivery, found.endpoint), tagged: true, writes };
    },
  }),
];
