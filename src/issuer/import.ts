// Imports: a file of awards to be made, written down row by row, to be run as a job and to be cancelled.
import { eq, sql } from "drizzle-orm";
import { type Import, imports, insertRows, type NewRow, type Reading } from "../db/imports.ts";
import type { Env } from "../env.ts";
import { newId } from "../ids.ts";
import { enqueue, type NewJob } from "../jobs/outbox.ts";
import { Problem } from "../problem.ts";
import { type Actor, audited } from "./audit.ts";
import type { Decision } from "./badge.ts";

export interface NewImport {
  /** Of every row that names none of its own; it is the organization's. */
  readonly badgeId: string | null;
  readonly fileName: string;
  readonly isDryRun: boolean;
  readonly reading: Reading;
  readonly rows: readonly NewRow[];
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
      ...insertRows(started.id, input.rows),
      enqueue(env, importJob(organizationId, started.id)),
    ],
  };
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
