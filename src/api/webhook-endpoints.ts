// Webhook endpoints over the API: where the organization wants to be told of what happens.
import type { z } from "@hono/zod-openapi";
import { findEndpoint, listEndpoints } from "../db/webhook-endpoints.ts";
import type { WebhookEndpoint } from "../db/webhooks.ts";
import type { Env } from "../env.ts";
import { Problem } from "../problem.ts";
import { addEndpoint, changeEndpoint, deleteEndpoint, rotateSecret } from "../webhooks/endpoint.ts";
import { idParam } from "./fields.ts";
import { type Operation, operation } from "./operation.ts";
import { pageAnswer, pageOf, pageQuery } from "./page.ts";
import {
  endpointChange,
  endpointWithSecret,
  newEndpoint,
  newRotation,
  showEndpoint,
  shownEndpoint,
} from "./webhook-schema.ts";

const TAG = "Webhooks";
const HOUR_MS = 3_600_000;

export async function endpointOf(
  env: Env,
  organizationId: string,
  id: string,
): Promise<WebhookEndpoint> {
  const endpoint = await findEndpoint(env.db, organizationId, id);
  if (endpoint !== null) return endpoint;
  throw new Problem("not-found", "This organization has no webhook endpoint with this id.");
}

export const webhookEndpointOperations: readonly Operation[] = [
  operation({
    id: "listWebhookEndpoints",
    method: "get",
    path: "/webhook-endpoints",
    tag: TAG,
    summary: "List webhook endpoints",
    scope: "webhooks:read",
    query: pageQuery,
    answers: [{ status: 200, description: "A page of endpoints.", schema: pageOf(shownEndpoint) }],
    async handle(call) {
      const rows = await listEndpoints(call.env.db, call.organizationId, call.query);
      const now = call.env.now();
      return pageAnswer(
        call,
        rows,
        ({ id }) => id,
        (row) => showEndpoint(row, now),
      );
    },
  }),
  operation({
    id: "createWebhookEndpoint",
    method: "post",
    path: "/webhook-endpoints",
    tag: TAG,
    summary: "Add a webhook endpoint",
    description:
      "From now on it is told of what happens, signed as Standard Webhooks says. The answer is the only place its secret is ever shown; it signs every message.",
    scope: "webhooks:write",
    secret: true,
    body: newEndpoint,
    example: {
      url: "https://hooks.example.org/badges",
      description: "Course platform",
      events: ["award.created", "award.revoked"],
    },
    problems: ["too-many-webhook-endpoints"],
    answers: [
      { status: 201, description: "The endpoint and its secret.", schema: endpointWithSecret },
    ],
    async handle({ env, organizationId, body, principal }) {
      const made = await addEndpoint(env, organizationId, body, principal);
      return {
        status: 201,
        body: {
          ...showEndpoint(made.endpoint, env.now()),
          secret: made.secret,
        } satisfies z.input<typeof endpointWithSecret>,
        headers: { location: `/api/v1/webhook-endpoints/${made.endpoint.id}` },
        writes: made.writes,
      };
    },
  }),
  operation({
    id: "getWebhookEndpoint",
    method: "get",
    path: "/webhook-endpoints/{id}",
    tag: TAG,
    summary: "Read a webhook endpoint",
    scope: "webhooks:read",
    params: idParam,
    answers: [{ status: 200, description: "The endpoint.", schema: shownEndpoint }],
    async handle({ env, organizationId, params }) {
      const endpoint = await endpointOf(env, organizationId, params.id);
      return { status: 200, body: showEndpoint(endpoint, env.now()), tagged: true };
    },
  }),
  operation({
    id: "changeWebhookEndpoint",
    method: "patch",
    path: "/webhook-endpoints/{id}",
    tag: TAG,
    summary: "Change, enable or disable a webhook endpoint",
    description:
      "While it is disabled nothing is kept for it, and what waited is parked, to be sent again when somebody asks for it.",
    scope: "webhooks:write",
    params: idParam,
    body: endpointChange,
    example: { enabled: true },
    answers: [{ status: 200, description: "The endpoint.", schema: shownEndpoint }],
    async handle({ env, organizationId, params, body, principal, expectUnchanged }) {
      const before = await endpointOf(env, organizationId, params.id);
      await expectUnchanged(showEndpoint(before, env.now()));
      const { endpoint, writes } = changeEndpoint(env, before, body, principal);
      return {
        status: 200,
        body: showEndpoint(endpoint, env.now()),
        tagged: true,
        writes,
      };
    },
  }),
  operation({
    id: "deleteWebhookEndpoint",
    method: "delete",
    path: "/webhook-endpoints/{id}",
    tag: TAG,
    summary: "Delete a webhook endpoint, with its log",
    description: "Nothing more is sent to it, not even what waits.",
    scope: "webhooks:write",
    params: idParam,
    answers: [{ status: 204, description: "It is gone." }],
    async handle({ env, organizationId, params, principal, expectUnchanged }) {
      const before = await endpointOf(env, organizationId, params.id);
      await expectUnchanged(showEndpoint(before, env.now()));
      return { status: 204, writes: deleteEndpoint(env, before, principal) };
    },
  }),
  operation({
    id: "rotateWebhookSecret",
    method: "post",
    path: "/webhook-endpoints/{id}/rotate-secret",
    tag: TAG,
    summary: "Give a webhook endpoint a new secret",
    description:
      "For a while messages carry a signature of each secret, so that the receiver can be changed at leisure. The answer is the only place the new one is ever shown.",
    scope: "webhooks:write",
    secret: true,
    params: idParam,
    body: newRotation,
    example: { overlap_hours: 24 },
    answers: [
      { status: 200, description: "The endpoint and its secret.", schema: endpointWithSecret },
    ],
    async handle({ env, organizationId, params, body, principal, expectUnchanged }) {
      const before = await endpointOf(env, organizationId, params.id);
      await expectUnchanged(showEndpoint(before, env.now()));
      const made = await rotateSecret(env, before, body.overlap_hours * HOUR_MS, principal);
      return {
        status: 200,
        body: {
          ...showEndpoint(made.endpoint, env.now()),
          secret: made.secret,
        } satisfies z.input<typeof endpointWithSecret>,
        writes: made.writes,
      };
    },
  }),
];
