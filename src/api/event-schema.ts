// Events as requests give them: one, or a list, each read by itself so that every fault is named by its row.
import { z } from "@hono/zod-openapi";
import { FACTS, type FactName, MAX_QUANTITY } from "../issuer/event.ts";
import { MAX_EVENTS, type PlacedEvent } from "../issuer/events.ts";
import type { FieldError } from "../problem.ts";
import { parsed, readAt } from "./faults.ts";
import { line } from "./fields.ts";
import { identityFields, identityMatchesType } from "./identity.ts";

/** Of an event's id, which is the sender's own. */
export const MAX_EVENT_ID = 128;
/** What criteria can name. */
export const MAX_KEY = 200;

/** Every row at fault is named, but not for all that can be wrong with nonsense. */
const MAX_FAULTS_A_ROW = 10;

const FACT_NAMES = Object.keys(FACTS) as [FactName, ...FactName[]];

const event = z
  .strictObject({
    id: line(MAX_EVENT_ID).openapi({
      description: "Unique in the organization: the same event sent again counts once.",
    }),
    user: z.string().min(1).max(100).optional().openapi({ description: "A user's id" }),
    person: z
      .strictObject(identityFields)
      .superRefine(identityMatchesType)
      .optional()
      .openapi({ description: "In place of `user`: an identity somebody here is known by" }),
    metric: z.string().min(1).max(64).optional().openapi({
      description: "What is counted; GET /api/v1/metrics lists the names",
    }),
    fact: z.enum(FACT_NAMES).optional().openapi({
      description: "In place of `metric`: what was reached, has begun or has ended",
    }),
    key: line(MAX_KEY).optional().openapi({
      description:
        "Of a fact: the course, activity, cohort, competency, field of the profile or state",
    }),
    quantity: z
      .number()
      .optional()
      .openapi({
        description: `Of a metric: more than 0, at most ${MAX_QUANTITY}, at most three decimals; 1 unless given`,
      }),
    grade: z.number().optional().openapi({ description: "Of a completed course or activity" }),
    ends_at: line(40).optional().openapi({
      description: "Of a state that started: when it ends by itself",
      format: "date-time",
    }),
    occurred_at: line(40).optional().openapi({
      description:
        "With the offset of where the person was, whose date is the day that counts; with Z it is the day in the person's time zone. Now unless given",
      format: "date-time",
      example: "2026-10-04T16:02:00+02:00",
    }),
  })
  .openapi("NewEvent");

const envelope = z.strictObject({ events: z.array(z.unknown()).min(1).max(MAX_EVENTS) });

/** One event, or up to a thousand. */
export const eventOrEvents = z
  .union([event, z.strictObject({ events: z.array(event).min(1).max(MAX_EVENTS) })])
  .openapi("NewEvents");

export const taken = z
  .object({
    stored: z.int().openapi({ description: "New ones, which were counted" }),
    repeated: z.int().openapi({ description: "Sent before; nothing is counted twice" }),
  })
  .openapi("TakenEvents");

export const EVENT_EXAMPLE = {
  id: "crm-8812",
  person: { type: "email", identity: "kim@example.org" },
  metric: "activity_count",
  occurred_at: "2026-10-04T16:02:00+02:00",
};

export interface ReadEvents {
  /** Those that can be read. */
  readonly placed: readonly PlacedEvent[];
  readonly faults: readonly FieldError[];
}

/** Throws a 422 Problem where there is no list to read; what is wrong with rows is returned. */
export function readEvents(body: unknown): ReadEvents {
  const isMany = typeof body === "object" && body !== null && "events" in body;
  const rows = isMany
    ? parsed({ body: envelope }, { body, params: {}, query: {} }).body.events
    : [body];
  const placed: PlacedEvent[] = [];
  const faults: FieldError[] = [];
  for (const [i, row] of rows.entries()) {
    const pointer = isMany ? `/events/${i}` : "";
    const read = readAt(event, row, pointer);
    if (read.ok) placed.push({ pointer, input: read.value });
    else faults.push(...read.errors.slice(0, MAX_FAULTS_A_ROW));
  }
  return { placed, faults };
}
