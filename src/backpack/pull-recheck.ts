// Badges that no list has named lately are asked again by themselves: what was unclear may be clear now.
import type { KnownExternal } from "../db/externals-pulled.ts";
import type { ListedBadge } from "./protocol.ts";
import { type PullContext, type Tally, takeEntries } from "./pull-entries.ts";
import { NO_COLLECTION } from "./pull-known.ts";

/** After so long a verdict is looked at again; milliseconds. */
export const RECHECK_AFTER_MS = 24 * 3_600_000;
/** Badges checked again in one pull, those that were checked longest ago. */
export const MAX_RECHECKED = 100;

/** Within what is left of the slice's time; what it is too late for has its turn next time. */
export async function recheck(pull: PullContext, tally: Tally): Promise<Tally> {
  const due = pull.known
    .all()
    .filter((row) => isDue(pull, row))
    .sort((a, b) => a.checked_at - b.checked_at)
    .slice(0, MAX_RECHECKED);
  // They are asked for by themselves: what was listed is not more for it.
  const rechecked: Tally = { ...tally, listed: 0 };
  for (const id of new Set(due.map((row) => row.collection_id))) {
    const rows = due.filter((row) => row.collection_id === id);
    const list = { id, name: rows[0]?.collection_name ?? null };
    if ((await takeEntries(pull, rows.map(asListed), list, rechecked)) === "late") break;
  }
  return { ...rechecked, listed: tally.listed };
}

function asListed(row: KnownExternal): ListedBadge {
  return {
    remoteId: row.entity_id,
    assertion: row.jws === null ? row.canonical_id : null,
    jws: row.jws,
    collectionId: row.collection_id === NO_COLLECTION ? null : row.collection_id,
  };
}

function isDue({ env, known }: PullContext, row: KnownExternal): boolean {
  if (known.isMet(row)) return false;
  if (row.jws === null && !/^https?:/.test(row.canonical_id)) return false;
  return row.verdict === "could-not-check" || env.now() - row.checked_at >= RECHECK_AFTER_MS;
}
