// What endpoints are to be told, written in the batch of what there is to tell: one row an event and endpoint.
import type { Statement, Value } from "./database.ts";

/** The job that delivers what waits at one endpoint; its key is the endpoint's id. */
export const DELIVER = "webhook.deliver";

/** Before an endpoint's id: the lane of its jobs. */
export const WEBHOOK_LANE = "webhook:";

/** A row's id: the time and part of the chance of one UUIDv7, and 48 bits of chance of its own. */
export const WEBHOOK_ROW_ID = "substr(?, 1, 24) || lower(hex(randomblob(6)))";

/** Whether an endpoint, `e`, is to be told of events of a type. No list of types means all of them. */
export const LISTENS = `e.disabled_at IS NULL
  AND (e.events = '[]' OR EXISTS (SELECT 1 FROM json_each(e.events) WHERE value = ?))`;

/** One event, as every endpoint is told of it. */
export interface Message {
  /** `webhook-id`. */
  readonly id: string;
  readonly organizationId: string;
  readonly type: string;
  /** JSON of ids. */
  readonly data: string;
  /** Milliseconds since 1970. */
  readonly at: number;
}

const PLAN = `INSERT INTO webhook_deliveries
    (id, endpoint_id, organization_id, message_id, type, data, occurred_at, due_at, created_at)
  SELECT ${WEBHOOK_ROW_ID}, e.id, e.organization_id, ?, ?, ?, ?, ?, ?
  FROM webhook_endpoints e WHERE e.organization_id = ? AND ${LISTENS}`;

/** A row for each endpoint of the organization that listens; none, and one look-up, where none does. */
export function planMessage({ id, organizationId, type, data, at }: Message): Statement {
  return { sql: PLAN, params: [id, id, type, data, at, at, at, organizationId, type] };
}

/** Of an endpoint's job: id, dedupe_key, lane, payload. Takes a new id as its parameter. */
export const JOB_OF_ENDPOINT = `${WEBHOOK_ROW_ID}, e.id, '${WEBHOOK_LANE}' || e.id,
  json_object('endpoint_id', e.id)`;

const JOBS = `SELECT ${JOB_OF_ENDPOINT}
  FROM webhook_endpoints e WHERE e.organization_id = ? AND ${LISTENS}
    AND (e.rests_until IS NULL OR e.rests_until <= ?)`;

/**
 * The rows of a job for each endpoint that listens. One that rests is left out: its job waits already, for the end of the rest.
 */
export function jobsOfMessage({ id, organizationId, type, at }: Message): Statement {
  return { sql: JOBS, params: [id, organizationId, type, at] satisfies Value[] };
}
