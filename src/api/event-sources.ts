// Event sources over the API: who may send signed events, with a secret that is shown once.
import { z } from "@hono/zod-openapi";
import { type EventSource, findEventSource, listEventSources } from "../db/event-sources.ts";
import type { Env } from "../env.ts";
import {
  createEventSource,
  revokeEventSource,
  rotateEventSource,
  type WithSecret,
} from "../issuer/event-source.ts";
import { Problem } from "../problem.ts";
import { idParam, instant, instantOrNull, line, time } from "./fields.ts";
import { type Operation, operation } from "./operation.ts";
import { pageAnswer, pageOf, pageQuery } from "./page.ts";

const TAG = "Event sources";
const HOUR_MS = 3_600_000;
const MAX_OVERLAP_HOURS = 168;

const creation = z.strictObject({ name: line(100) }).openapi("NewEventSource");

const rotation = z
  .strictObject({
    overlap_hours: z.int().min(0).max(MAX_OVERLAP_HOURS).default(24).openapi({
      description: "So long the secret before is accepted as well; 0 ends it at once",
    }),
  })
  .openapi("EventSourceRotation");

const shown = z
  .object({
    id: z.string(),
    name: z.string(),
    url: z.string().openapi({ description: "Where its events are sent to" }),
    previous_secret_until: time().nullable(),
    last_event_at: time().nullable(),
    revoked_at: time().nullable(),
    created_at: time(),
  })
  .openapi("EventSource");

const withSecret = shown
  .extend({ secret: z.string().openapi({ description: "`whsec_` and base64" }) })
  .openapi("EventSourceWithSecret");

function show(env: Env, row: EventSource): z.input<typeof shown> {
  const until = row.previous_until;
  return {
    id: row.id,
    name: row.name,
    url: `${env.urls.base}/api/v1/event-sources/${row.id}/events`,
    previous_secret_until: instantOrNull(until !== null && until > env.now() ? until : null),
    last_event_at: instantOrNull(row.last_event_at),
    revoked_at: instantOrNull(row.revoked_at),
    created_at: instant(row.created_at),
  };
}

function showMade(env: Env, { source, secret }: WithSecret): z.input<typeof withSecret> {
  return { ...show(env, source), secret };
}

async function sourceOf(env: Env, organizationId: string, id: string): Promise<EventSource> {
  const source = await findEventSource(env.db, organizationId, id);
  if (source !== null) return source;
  throw new Problem("not-found", "This organization has no event source with this id.");
}

export const eventSourceOperations: readonly Operation[] = [
  operation({
    id: "listEventSources",
    method: "get",
    path: "/event-sources",
    tag: TAG,
    summary: "List event sources",
    description: "Revoked ones too.",
    scope: "keys:read",
    query: pageQuery,
    answers: [{ status: 200, description: "A page of sources.", schema: pageOf(shown) }],
    async handle(call) {
      const rows = await listEventSources(call.env.db, call.organizationId, call.query);
      return pageAnswer(
        call,
        rows,
        ({ id }) => id,
        (row) => show(call.env, row),
      );
    },
  }),
  operation({
    id: "createEventSource",
    method: "post",
    path: "/event-sources",
    tag: TAG,
    summary: "Add a sender of signed events",
    description:
      "It sends events without a key, signed as Standard Webhooks says. The answer is the only place its secret is ever shown.",
    scope: "keys:write",
    secret: true,
    body: creation,
    example: { name: "Course platform" },
    problems: ["too-many-event-sources"],
    answers: [{ status: 201, description: "The source and its secret.", schema: withSecret }],
    async handle({ env, organizationId, body, principal }) {
      const made = await createEventSource(env, organizationId, body.name, principal);
      return {
        status: 201,
        body: showMade(env, made),
        headers: { location: `/api/v1/event-sources/${made.source.id}` },
        writes: made.writes,
      };
    },
  }),
  operation({
    id: "getEventSource",
    method: "get",
    path: "/event-sources/{id}",
    tag: TAG,
    summary: "Read an event source",
    scope: "keys:read",
    params: idParam,
    answers: [{ status: 200, description: "The source without its secret.", schema: shown }],
    async handle({ env, organizationId, params }) {
      const source = await sourceOf(env, organizationId, params.id);
      return { status: 200, body: show(env, source), tagged: true };
    },
  }),
  operation({
    id: "rotateEventSource",
    method: "post",
    path: "/event-sources/{id}/rotate-secret",
    tag: TAG,
    summary: "Give an event source a new secret",
    description:
      "For a while the one before is accepted as well, so that the sender can be changed at leisure. The answer is the only place the new one is ever shown.",
    scope: "keys:write",
    secret: true,
    params: idParam,
    body: rotation,
    example: { overlap_hours: 24 },
    problems: ["event-source-revoked"],
    answers: [{ status: 200, description: "The source and its secret.", schema: withSecret }],
    async handle({ env, organizationId, params, body, principal }) {
      const before = await sourceOf(env, organizationId, params.id);
      if (before.revoked_at !== null) {
        throw new Problem("event-source-revoked", "This source was revoked and stays so.");
      }
      const overlap = body.overlap_hours * HOUR_MS;
      const made = await rotateEventSource(env, before, overlap, principal);
      return { status: 200, body: showMade(env, made), writes: made.writes };
    },
  }),
  operation({
    id: "revokeEventSource",
    method: "delete",
    path: "/event-sources/{id}",
    tag: TAG,
    summary: "Revoke an event source",
    description: "It stays in the list, and nothing it sends is taken any more.",
    scope: "keys:write",
    params: idParam,
    answers: [{ status: 204, description: "It is revoked." }],
    async handle({ env, organizationId, params, principal, expectUnchanged }) {
      const before = await sourceOf(env, organizationId, params.id);
      await expectUnchanged(show(env, before));
      return { status: 204, writes: revokeEventSource(env, before, principal) };
    },
  }),
];
