// Who did what, over the API: a list with filters, and the same as a file.
import { z } from "@hono/zod-openapi";
import { BYTE_ORDER_MARK, csvLine } from "../csv/write.ts";
import type { AuditEntry } from "../db/audit.ts";
import { type AuditFilter, listAudit } from "../db/audit-list.ts";
import type { Database } from "../db/database.ts";
import { firstIdAt } from "../ids.ts";
import { instant, line, moment, rule, time } from "./fields.ts";
import { type Operation, siteOperation } from "./operation.ts";
import { pageOf, pageQuery, sliceAnswer } from "./page.ts";

const TAG = "Audit";
/** Rows of a file that are read at a time. */
const PIECE_ROWS = 500;
const ACTION = /^[a-z_]{1,40}(\.[a-z_]{1,40})?$/;

const filters = {
  action: z
    .string()
    .regex(
      ACTION,
      rule(
        "audit_action",
        "This is not how an action is written.",
        "Send one such as `badge.created`, or `badge` for all that is done to badges.",
      ),
    )
    .optional()
    .openapi({ example: "badge.created" }),
  actor: line(100).optional().openapi({ description: "The id of who did it." }),
  object: line(100).optional().openapi({ description: "The id of what it was done to." }),
  since: moment().optional(),
  until: moment().optional().openapi({ description: "What was done before then." }),
};

const query = pageQuery.extend(filters);
const fileQuery = z.strictObject(filters);

const shown = z
  .object({
    id: z.string(),
    at: time(),
    actor: z.object({
      kind: z.enum(["api_key", "operator", "system", "user"]),
      id: z.string().nullable(),
    }),
    action: z.string().openapi({ example: "badge.created" }),
    object: z.object({ kind: z.string(), id: z.string() }),
    detail: z.record(z.string(), z.unknown()).nullable().openapi({
      description: "Ids and codes; no personal data.",
    }),
  })
  .openapi("AuditEntry");

function show(entry: AuditEntry): z.input<typeof shown> {
  return {
    id: entry.id,
    at: instant(entry.at),
    actor: { kind: entry.actor_kind, id: entry.actor_id },
    action: entry.action,
    object: { kind: entry.object_kind, id: entry.object_id },
    detail: entry.detail,
  };
}

function filterOf(given: z.output<typeof fileQuery>): AuditFilter {
  const { action, actor, object, since, until } = given;
  return {
    action,
    actorId: actor,
    objectId: object,
    from: since === undefined ? undefined : firstIdAt(since),
    until: until === undefined ? undefined : firstIdAt(until),
  };
}

const COLUMNS = ["at", "actor_kind", "actor", "action", "object_kind", "object", "detail"] as const;

async function* piecesOf(
  db: Database,
  organizationId: string | null,
  filter: AuditFilter,
): AsyncGenerator<string> {
  yield BYTE_ORDER_MARK + csvLine(COLUMNS, ",");
  let cursor: string | undefined;
  do {
    const page = { limit: PIECE_ROWS, cursor };
    const { entries, next } = await listAudit(db, organizationId, filter, page);
    yield entries.map((entry) => csvLine(cellsOf(entry), ",")).join("");
    cursor = next ?? undefined;
  } while (cursor !== undefined);
}

function cellsOf(entry: AuditEntry): string[] {
  const { at, actor_kind, actor_id, action, object_kind, object_id, detail } = entry;
  const what = detail === null ? "" : JSON.stringify(detail);
  return [instant(at), actor_kind, actor_id ?? "", action, object_kind, object_id, what];
}

export const auditOperations: readonly Operation[] = [
  siteOperation({
    id: "listAudit",
    method: "get",
    path: "/audit",
    tag: TAG,
    summary: "List who did what",
    description:
      "Newest first. With a filter on the action or who did it a page may hold fewer entries than asked for, or none, and still have a next one. A key of the site that names no organization sees the installation's own entries.",
    scope: "audit:read",
    query,
    answers: [{ status: 200, description: "A page of entries.", schema: pageOf(shown) }],
    async handle(call) {
      const { env, organizationId } = call;
      const filter = filterOf(call.query);
      const { entries, next } = await listAudit(env.db, organizationId, filter, call.query);
      return sliceAnswer(call, entries.map(show), next);
    },
  }),
  siteOperation({
    id: "exportAudit",
    method: "get",
    path: "/audit.csv",
    tag: TAG,
    summary: "Fetch who did what as a CSV file",
    description: "Cells that a spreadsheet would run have an apostrophe before them.",
    scope: "audit:read",
    query: fileQuery,
    answers: [{ status: 200, description: "The file, in UTF-8.", mediaType: "text/csv" }],
    async handle({ env, organizationId, query: given }) {
      const pieces = piecesOf(env.db, organizationId, filterOf(given));
      return {
        status: 200,
        file: { mediaType: "text/csv; charset=utf-8", name: "audit.csv", pieces },
      };
    },
  }),
];
