// What a dry run foresaw, kept from one run of its job to the next: else each would read it off the rows again.
import type { Database } from "../db/database.ts";
import type { Import } from "../db/imports.ts";

/** The highest tier foreseen for a person and a badge; 0 for one without tiers. */
export type Foresight = Map<string, number>;

interface Kept {
  /** As far as the import was then: if another process went on with it, this is not all. */
  readonly line: number;
  readonly foresight: Foresight;
}

/** Dry runs that take turns; one more begins by reading. */
const MOST = 4;

const KEPT = new WeakMap<Database, Map<string, Kept>>();

export function keepForesight(
  db: Database,
  { id, done_line: line }: Pick<Import, "id" | "done_line">,
  foresight: Foresight,
): void {
  const kept = KEPT.get(db) ?? new Map<string, Kept>();
  KEPT.set(db, kept);
  const [oldest] = kept.keys();
  if (kept.size >= MOST && oldest !== undefined) kept.delete(oldest);
  kept.set(id, { line, foresight });
}

/** Null where nothing is kept, or the import is further by now. */
export function takeForesight(
  db: Database,
  { id, done_line }: Pick<Import, "id" | "done_line">,
): Foresight | null {
  const kept = KEPT.get(db);
  const found = kept?.get(id);
  kept?.delete(id);
  return found?.line === done_line ? found.foresight : null;
}
