// Events over the API: what people did, with a key or with a sender's signature.
import { z } from "@hono/zod-openapi";
import type { Env } from "../env.ts";
import { senderOf } from "../issuer/event-source.ts";
import { isKnownEvent, storeEvents, type TakenEvents, takeEvents } from "../issuer/events.ts";
import { type FieldError, Problem } from "../problem.ts";
import { parseJsonBody } from "./body.ts";
import {
  EVENT_EXAMPLE,
  eventOrEvents,
  type ReadEvents,
  readEvents,
  taken,
} from "./event-schema.ts";
import { invalid } from "./faults.ts";
import { idParam } from "./fields.ts";
import { type Answer, type Operation, operation, type SignedOperation } from "./operation.ts";

const TAG = "Events";
const WHAT_BECOMES =
  "All are stored, or none where one is at fault: `errors` names each row and field. The same event sent again counts once, and in whatever order events arrive they come to the same; another event under an id that is taken is a conflict.";

/** Takes the ids for new first: looking whether they are costs each request, repeats are few. */
async function answered(
  env: Env,
  organizationId: string,
  read: ReadEvents,
  look: boolean,
): Promise<Answer> {
  const first = await takeEvents(env, organizationId, read.placed, look);
  const isRefused = read.faults.length + first.faults.length + first.conflicts.length > 0;
  // What is refused is refused for all that can be said against it.
  const all = isRefused && !look ? await takeEvents(env, organizationId, read.placed, true) : first;
  requireTaken(read, all);
  return {
    status: 200,
    body: { stored: all.stored, repeated: all.repeated } satisfies z.input<typeof taken>,
    writes: all.writes,
    refused: (error) =>
      isKnownEvent(error) ? (look ? "again" : answered(env, organizationId, read, true)) : null,
  };
}

/** Throws a Problem that names every row and field at fault, in their order. */
function requireTaken({ faults }: ReadEvents, { faults: more, conflicts }: TakenEvents): void {
  const errors = [...faults, ...more, ...conflicts].sort((a, b) => rowOf(a) - rowOf(b));
  if (errors.length === 0) return;
  if (errors.length > conflicts.length) throw invalid(errors);
  const detail = `Another event has the id of ${conflicts.length === 1 ? "this one" : "these"} already.`;
  throw new Problem("event-conflict", detail, { errors });
}

function rowOf({ pointer = "" }: FieldError): number {
  return Number(/^\/events\/(\d+)/.exec(pointer)?.[1] ?? 0);
}

/** The schema is for the documentation; rows are read one by one. */
const createEvents: Operation = {
  ...operation({
    id: "createEvents",
    method: "post",
    path: "/events",
    tag: TAG,
    summary: "Say what people did",
    description: `One event, or \`events\` with up to a thousand. ${WHAT_BECOMES} Nobody is made known by an event.`,
    scope: "events:write",
    body: z.unknown(),
    example: EVENT_EXAMPLE,
    problems: ["event-conflict"],
    answers: [{ status: 200, description: "How many were new.", schema: taken }],
    handle: ({ env, organizationId, body }) =>
      answered(env, organizationId, readEvents(body), false),
  }),
  body: eventOrEvents,
};

export const eventOperations: readonly Operation[] = [createEvents];

export const signedEventOperations: readonly SignedOperation[] = [
  {
    id: "receiveSignedEvents",
    method: "post",
    path: "/event-sources/{id}/events",
    tag: TAG,
    summary: "Say what people did, signed",
    description: `Needs no key: the message is signed as Standard Webhooks says, with the source's secret, at most five minutes before. The events are of the source's organization. ${WHAT_BECOMES}`,
    params: idParam,
    body: eventOrEvents,
    example: EVENT_EXAMPLE,
    problems: ["event-conflict", "webhook-refused", "temporarily-unavailable", "storage-full"],
    answers: [{ status: 200, description: "How many were new.", schema: taken }],
    async run({ env, params: { id = "" }, headers, bytes }) {
      const source = await senderOf(env, id, headers, bytes);
      if (source === null) {
        throw new Problem("webhook-refused", "This message is not signed by a sender known here.");
      }
      const read = readEvents(parseJsonBody(bytes));
      const { organizationId, writes } = source;
      if (read.faults.length > 0) {
        requireTaken(read, await takeEvents(env, organizationId, read.placed, true));
      }
      const all = await storeEvents(env, organizationId, read.placed, writes);
      requireTaken(read, all);
      return { status: 200, body: { stored: all.stored, repeated: all.repeated } };
    },
  },
];
