// Runs an import slice by slice: each slice's awards, its rows' outcomes and how far it is are one batch.
import type { Statement, Writable } from "../db/database.ts";
import {
  type EndedRow,
  endRows,
  findImport,
  type Import,
  type ImportRow,
  rowsAfter,
} from "../db/imports.ts";
import type { Env } from "../env.ts";
import { announce } from "./announce.ts";
import { isRefusal } from "./audit.ts";
import { keepForesight } from "./import-foresight.ts";
import { decideRow, type RowReader, type Standing, standingOf } from "./import-row.ts";

/** Rows in one batch: the database is not held for long, and a crash costs no more work than this. */
export const SLICE_ROWS = 20;
/** Slices in one run of the job, well within its lease: others take their turn in between. */
export const SLICES_A_RUN = 100;
/** How often a row is decided anew when what it was decided on has changed before it was written. */
const MAX_ATTEMPTS = 5;

/**
 * Goes on with an import where it stands. True where rows are left: to be called again. Called twice
 * at once, or after a crash at any point, it loses and doubles nothing. Rejects with a DatabaseError.
 */
export async function runImport(
  env: Env,
  organizationId: string,
  importId: string,
  reader: RowReader,
): Promise<boolean> {
  const begun = await findImport(env.db, organizationId, importId);
  if (begun === null) return false;
  const standing = await standingOf(env, begun, reader);
  let current: Import | null = begun;
  for (let slice = 0; slice < SLICES_A_RUN; slice++) {
    if (current === null || !isOpen(current)) return false;
    current = await runSlice(env, current, standing);
  }
  if (current === null || !isOpen(current)) return false;
  if (current.dry_run) keepForesight(env.db, current, standing.foreseen);
  return true;
}

function isOpen({ state }: Pick<Import, "state">): boolean {
  return state === "waiting" || state === "running";
}

/** The import as it then stands; null where it is another's to go on with. */
async function runSlice(env: Env, current: Import, standing: Standing): Promise<Import | null> {
  const rows = await rowsAfter(env.db, current.id, current.done_line, SLICE_ROWS + 1);
  const slice = rows.slice(0, SLICE_ROWS).map(({ row }) => row);
  const all = standing.withoutRepeats(slice);
  const isLast = rows.length <= SLICE_ROWS && all.length === slice.length;
  const written = await write(env, current, standing, all, isLast);
  if (written !== "overtaken") return written;
  // One row cannot be written as it was decided: the others are not to wait for it.
  let next: Import | null = current;
  for (const [i, row] of all.entries()) {
    if (next === null) return null;
    next = await writeOne(env, next, standing, row, isLast && i === all.length - 1);
  }
  return next;
}

async function writeOne(
  env: Env,
  current: Import,
  standing: Standing,
  row: ImportRow,
  isLast: boolean,
): Promise<Import | null> {
  for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
    const written = await write(env, current, standing, [row], isLast);
    if (written !== "overtaken") return written;
  }
  const contended: EndedRow = {
    line: row.line,
    outcome: "refused",
    code: "edit-conflict",
    field: null,
    detail: "Others kept changing the same while this was awarded. Send the file again.",
    award_id: null,
  };
  const written = await commit(env, current, [contended], [], isLast);
  return written === "overtaken" ? null : written;
}

async function write(
  env: Env,
  current: Import,
  standing: Standing,
  rows: readonly ImportRow[],
  isLast: boolean,
): Promise<Import | "overtaken" | null> {
  const decided = await Promise.all(rows.map((row) => decideRow(env, current, standing, row)));
  const ended = decided.map(({ end }) => end);
  const writes = decided.flatMap((row) => row.writes);
  const written = await commit(env, current, ended, writes, isLast);
  if (written !== "overtaken" && written !== null) standing.learn(decided);
  return written;
}

/** Null where another process went on with it meanwhile, or it was cancelled. */
async function commit(
  env: Env,
  current: Import,
  ended: readonly EndedRow[],
  writes: readonly Writable[],
  isLast: boolean,
): Promise<Import | "overtaken" | null> {
  const next = after(env, current, ended, isLast);
  const isTold = isLast && !current.dry_run;
  try {
    await env.db.batch([
      progress(current, next),
      ...writes,
      ...(ended.length === 0 ? [] : [endRows(current.id, ended)]),
      ...(isTold
        ? announce(env, {
            organizationId: current.organization_id,
            type: "import.completed",
            data: { import: current.id },
          })
        : []),
    ]);
    return next;
  } catch (error) {
    if (!isRefusal(error, "imports.done_line")) throw error;
    const now = await findImport(env.db, current.organization_id, current.id);
    const stands = now !== null && isOpen(now) && now.done_line === current.done_line;
    return stands ? "overtaken" : null;
  }
}

function after(env: Env, current: Import, ended: readonly EndedRow[], isLast: boolean): Import {
  const count = (outcome: EndedRow["outcome"]) =>
    ended.filter((row) => row.outcome === outcome).length;
  return {
    ...current,
    state: isLast ? "done" : "running",
    done_line: ended.at(-1)?.line ?? current.done_line,
    awarded: current.awarded + count("awarded"),
    held: current.held + count("held"),
    refused: current.refused + count("refused"),
    finished_at: isLast ? env.now() : null,
  };
}

/**
 * Moves the import on from where it was found, or undoes the batch: `done_line` refuses NULL. So of
 * two that work on one slice, one writes; and who was cancelled writes nothing more.
 */
function progress(from: Import, to: Import): Statement {
  return {
    sql: `UPDATE imports SET state = ?, awarded = ?, held = ?, refused = ?, finished_at = ?,
        done_line = CASE WHEN done_line = ? AND state IN ('waiting', 'running') THEN ? END
      WHERE id = ?`,
    params: [
      to.state,
      to.awarded,
      to.held,
      to.refused,
      to.finished_at,
      from.done_line,
      to.done_line,
      from.id,
    ],
  };
}
