// Imports: a file of awards to be made, written down row by row, to be run as a job and to be cancelled.
import { eq, sql } from "drizzle-orm";
import type { Writable } from "../db/database.ts";
import {
  copyRows,
  findImportRow,
  type Import,
  type ImportRow,
  importFiles,
  imports,
  insertRows,
  type NewRow,
  type Reading,
  rewriteRow,
  rowsAfter,
  type WatchedImport,
} from "../db/imports.ts";
import type { Env } from "../env.ts";
import { newId } from "../ids.ts";
import { enqueue, type NewJob } from "../jobs/outbox.ts";
import { Problem } from "../problem.ts";
import { type Actor, audited } from "./audit.ts";
import type { Decision } from "./badge.ts";
import { decideRow, type RowReader, standingOf } from "./import-row.ts";

export interface NewImport {
  /** Of every row that names none of its own; it is the organization's. */
  readonly badgeId: string | null;
  readonly fileName: string;
  readonly isDryRun: boolean;
  readonly reading: Reading;
  readonly rows: readonly NewRow[] | Copied;
  /** In gzip; null where it is not kept. */
  readonly file?: Uint8Array | null;
}

/** The rows of another import, and its file, as they stand there. */
interface Copied {
  readonly of: string;
  readonly length: number;
}

/** The job that runs an import, or goes on with it; one of them waits at most. */
export function importJob(organizationId: string, importId: string): NewJob {
  return {
    kind: "award.import",
    organizationId,
    dedupeKey: importId,
    payload: { import: importId },
  };
}

/** What a person may award is asked of every row, by the roles they had when they sent the file. */
function asWhom({ roles, memberIds }: Actor): Pick<Reading, "roles" | "memberIds"> {
  return roles === undefined || memberIds === undefined ? {} : { roles, memberIds };
}

/** An import of rows that nothing was decided about yet. */
export function startImport(
  env: Env,
  organizationId: string,
  input: NewImport,
  actor: Actor,
): Decision<Import> {
  const started: Import = {
    id: newId(env),
    organization_id: organizationId,
    actor_kind: actor.kind,
    actor_id: actor.id,
    badge_id: input.badgeId,
    file_name: input.fileName,
    dry_run: input.isDryRun,
    state: "waiting",
    reading: { ...input.reading, ...asWhom(actor) },
    rows: input.rows.length,
    done_line: 0,
    awarded: 0,
    held: 0,
    refused: 0,
    created_at: env.now(),
    finished_at: null,
  };
  const entry = audited(env, {
    organizationId,
    actor,
    action: "import.started",
    object: ["import", started.id],
    detail: { rows: started.rows, dry_run: started.dry_run },
  });
  return {
    result: started,
    writes: [
      entry,
      env.db.orm.insert(imports).values(started),
      ...("of" in input.rows
        ? copyRows(input.rows.of, started)
        : insertRows(started.id, input.rows)),
      ...(input.file ? [keepFile(env, started.id, input.file)] : []),
      enqueue(env, importJob(organizationId, started.id)),
    ],
  };
}

function keepFile(env: Env, import_id: string, bytes: Uint8Array): Writable {
  return env.db.orm.insert(importFiles).values({ import_id, bytes: new Uint8Array(bytes) });
}

/**
 * Ends an import before its next rows; what was awarded stays awarded. Cancelled twice is cancelled
 * once. Throws a Problem `import-finished`.
 */
export function cancelImport(env: Env, current: Import, actor: Actor): Decision<Import> {
  if (current.state === "cancelled") return { result: current, writes: [] };
  if (current.state === "done") {
    throw new Problem("import-finished", "The import has ended; there is nothing left to cancel.");
  }
  const finished_at = env.now();
  const { id, organization_id: organizationId } = current;
  return {
    result: { ...current, state: "cancelled", finished_at },
    writes: [
      audited(env, {
        organizationId,
        actor,
        action: "import.cancelled",
        object: ["import", id],
        provided: sql`exists (select 1 from ${imports} where ${imports.id} = ${id}
          and ${imports.state} in ('waiting', 'running'))`,
      }),
      env.db.orm.update(imports).set({ state: "cancelled", finished_at }).where(eq(imports.id, id)),
    ],
  };
}

/**
 * Goes on with an import that was cancelled, or that nobody goes on with since its job was given up.
 * One that is at work goes on as it does. Throws a Problem: `import-finished`, and `gone` where its
 * rows are no longer kept.
 */
export async function resumeImport(
  env: Env,
  { source, isStuck }: WatchedImport,
  actor: Actor,
): Promise<Decision<WatchedImport>> {
  if (source.state === "done") {
    throw new Problem("import-finished", "The import has ended; there is nothing left to do.");
  }
  if (source.state !== "cancelled" && !isStuck) return { result: { source, isStuck }, writes: [] };
  const { id, organization_id: organizationId, done_line } = source;
  const [left] = await rowsAfter(env.db, id, done_line, 1);
  if (left === undefined) throw rowsGone();
  const change = {
    state: done_line === 0 ? ("waiting" as const) : ("running" as const),
    finished_at: null,
  };
  return {
    result: { source: { ...source, ...change }, isStuck: false },
    writes: [
      audited(env, {
        organizationId,
        actor,
        action: "import.resumed",
        object: ["import", id],
        provided: sql`exists (select 1 from ${imports} where ${imports.id} = ${id}
          and ${imports.state} = ${source.state} and ${imports.done_line} = ${done_line})`,
      }),
      env.db.orm.update(imports).set(change).where(eq(imports.id, id)),
      enqueue(env, importJob(organizationId, id)),
    ],
  };
}

/** After some months nothing is known of an import but its numbers. */
export function rowsGone(): Problem {
  return new Problem("gone", "The rows of this import are no longer kept.", {
    fix: "Send the file again.",
  });
}

/**
 * Puts other values into a row of a dry run that has ended, and says what would become of it then;
 * columns that are not named stay as they are. Throws a Problem: `import-not-checked`, `not-found`.
 */
export async function fixRow(
  env: Env,
  source: Import,
  line: number,
  values: ImportRow["values"],
  reader: RowReader,
): Promise<Decision<ImportRow>> {
  if (!source.dry_run || source.state !== "done") {
    throw new Problem("import-not-checked", "Only rows of a dry run that has ended are changed.");
  }
  const row = await findImportRow(env.db, source.id, line);
  if (row === null) throw new Problem("not-found", "The import has no row on this line.");
  const merged = Object.entries({ ...row.values, ...values });
  const changed = { ...row, values: Object.fromEntries(merged.filter(([, cell]) => cell !== "")) };
  const standing = await standingOf(env, source, reader, line);
  const { end } = await decideRow(env, source, standing, changed);
  const result: ImportRow = { ...changed, ...end };
  return { result, writes: rewriteRow(result) };
}
