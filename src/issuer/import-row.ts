// One row of an import: whom it names, whether they hold the badge already, and what awarding it writes.
import type { Award } from "../db/awards.ts";
import { heldAwards } from "../db/awards.ts";
import { type Badge, findBadge, findBadgeByName } from "../db/badges.ts";
import type { Writable } from "../db/database.ts";
import { type EndedRow, type Import, type ImportRow, rowsAfter } from "../db/imports.ts";
import { rolesNow } from "../db/own-memberships.ts";
import type { Env } from "../env.ts";
import { type FieldError, Problem } from "../problem.ts";
import type { Actor } from "./audit.ts";
import { type AwardInput, awardBadge } from "./award.ts";
import { type Foresight, takeForesight } from "./import-foresight.ts";
import { requireGiver } from "./manual-award-rights.ts";

export interface RowFault {
  readonly code: string;
  /** The column, as the file calls it; null where it is none. */
  readonly field: string | null;
  readonly detail: string;
}

export interface RowWish {
  readonly input: Omit<AwardInput, "badge">;
  /** A badge's id or exact name; null for the import's own. */
  readonly badge: string | null;
}

/** How the values of a row are read: what a file's columns mean is not the issuer's to know. */
export interface RowReader {
  read(
    source: Pick<Import, "reading">,
    values: ImportRow["values"],
  ):
    | { readonly ok: true; readonly wish: RowWish }
    | { readonly ok: false; readonly fault: RowFault };
  /** The column that a pointer into an award's request leads to. */
  fieldAt(
    source: Pick<Import, "reading">,
    error: FieldError,
    values: ImportRow["values"],
  ): string | null;
  /** Equal for rows that name the same person in the same words; null for none. */
  personOf(source: Pick<Import, "reading">, values: ImportRow["values"]): string | null;
}

export interface DecidedRow {
  readonly end: EndedRow;
  readonly writes: readonly Writable[];
  /** The person and the badge, and the tier that was awarded; null where nothing was. */
  readonly granted: Grant | null;
}

interface Grant {
  readonly key: string;
  /** 0 for a badge without tiers. */
  readonly tier: number;
}

/** What a run knows besides the row it is at. */
export interface Standing {
  readonly reader: RowReader;
  readonly actor: Actor;
  badgeNamed(text: string): Promise<Badge | null>;
  /** What earlier rows of a dry run would have awarded. */
  readonly foreseen: Foresight;
  learn(decided: readonly DecidedRow[]): void;
  /** Rows from the first on, until one names somebody for the second time. */
  withoutRepeats(rows: readonly ImportRow[]): readonly ImportRow[];
}

/** Rows that are read at once where a dry run that was interrupted finds out what it foresaw. */
const REREAD_ROWS = 1_000;

/** `except`: the line of a row that is decided anew, whose first decision does not count. */
export async function standingOf(
  env: Env,
  source: Import,
  reader: RowReader,
  except: number | null = null,
): Promise<Standing> {
  const named = new Map<string, Promise<Badge | null>>();
  const kept = source.dry_run ? takeForesight(env.db, source) : null;
  const foreseen: Foresight = kept ?? new Map();
  const learn = (decided: readonly DecidedRow[]) => {
    if (!source.dry_run) return;
    for (const { granted } of decided) if (granted) foreseen.set(granted.key, granted.tier);
  };
  const standing: Standing = {
    reader,
    actor: await actorOf(env, source),
    badgeNamed(text) {
      const known = named.get(text) ?? findNamed(env, source.organization_id, text);
      named.set(text, known);
      return known;
    },
    foreseen,
    learn,
    withoutRepeats(rows) {
      const seen = new Set<string>();
      const repeated = rows.findIndex(({ values }) => {
        const person = reader.personOf(source, values);
        if (person === null) return false;
        return seen.size === seen.add(person).size;
      });
      return repeated === -1 ? rows : rows.slice(0, repeated);
    },
  };
  if (source.dry_run && kept === null) await recall(env, source, standing, except);
  return standing;
}

/**
 * Who sent the file awards what is in it: with the roles they had then and still have, and with none
 * once they are suspended.
 */
async function actorOf(env: Env, source: Import): Promise<Actor> {
  const kind = source.actor_kind as Actor["kind"];
  const { roles, memberIds } = source.reading;
  const actor = { kind, id: source.actor_id, ...(memberIds === undefined ? {} : { memberIds }) };
  if (roles === undefined) return actor;
  const isPerson = kind === "user" && source.actor_id !== null;
  if (!isPerson) return { ...actor, roles };
  const now = await rolesNow(env.db, source.organization_id, source.actor_id ?? "");
  return { ...actor, roles: roles.filter((role) => now.includes(role)) };
}

async function findNamed(env: Env, organizationId: string, text: string): Promise<Badge | null> {
  const byId = await findBadge(env.db, organizationId, text);
  return byId ?? (await findBadgeByName(env.db, organizationId, text));
}

/** A dry run writes no awards, so what it would have awarded is read off its rows. */
async function recall(
  env: Env,
  source: Import,
  standing: Standing,
  except: number | null,
): Promise<void> {
  let after = 0;
  while (after < source.done_line) {
    const rows = await rowsAfter(env.db, source.id, after, REREAD_ROWS, "awarded");
    for (const { row } of rows) {
      if (row.line === except) continue;
      const read = standing.reader.read(source, row.values);
      if (!read.ok) continue;
      const badge = await badgeOf(source, standing, read.wish);
      if (badge === null) continue;
      const granted = grantOf(source, standing, row, badge, read.wish);
      standing.learn([{ end: row, writes: [], granted }]);
    }
    after = rows.length < REREAD_ROWS ? source.done_line : (rows.at(-1)?.row.line ?? after);
  }
}

function badgeOf(source: Import, standing: Standing, { badge }: RowWish): Promise<Badge | null> {
  return standing.badgeNamed(badge ?? source.badge_id ?? "");
}

function grantOf(
  source: Import,
  { reader }: Standing,
  { values }: ImportRow,
  badge: Badge,
  { input }: RowWish,
): Grant {
  const key = `${badge.id} ${reader.personOf(source, values)}`;
  return { key, tier: input.tier_level ?? 0 };
}

/** What becomes of a row, and what is to be written for it; a dry run writes nothing. */
export async function decideRow(
  env: Env,
  source: Import,
  standing: Standing,
  row: ImportRow,
): Promise<DecidedRow> {
  const read = standing.reader.read(source, row.values);
  if (!read.ok) return refused(row, read.fault);
  const { wish } = read;
  const badge = await badgeOf(source, standing, wish);
  if (badge === null) return refused(row, unknownBadge(standing.reader, source, row));
  try {
    return await decideWish(env, source, standing, row, badge, wish);
  } catch (error) {
    if (!(error instanceof Problem) || error.status >= 500) throw error;
    return refused(row, faultOf(error, standing.reader, source, row));
  }
}

async function decideWish(
  env: Env,
  source: Import,
  standing: Standing,
  row: ImportRow,
  badge: Badge,
  wish: RowWish,
): Promise<DecidedRow> {
  const input: AwardInput = { ...wish.input, badge: badge.id };
  const still = await requireGiver(env, badge.organization_id, badge.id, input, standing.actor);
  const { result, writes } = await awardBadge(env, source.organization_id, input, standing.actor);
  if (!result.awarded) return held(row, result.reason, result.award.id);
  const isRepeatable = badge.max_awards_per_user !== 1 && result.award.tier_level === null;
  const before = isRepeatable ? await holding(env, result.award) : null;
  if (before !== null) return held(row, "badge_held", before.id);
  const granted = grantOf(source, standing, row, badge, wish);
  const foreseen = source.dry_run ? standing.foreseen.get(granted.key) : undefined;
  if (foreseen !== undefined && foreseen >= granted.tier) return held(row, "badge_held", null);
  const end: EndedRow = {
    line: row.line,
    outcome: "awarded",
    code: null,
    field: null,
    detail: null,
    award_id: source.dry_run ? null : result.award.id,
  };
  if (source.dry_run) return { end, writes: [], granted };
  const only = isRepeatable ? [unlessHeld(env, source, result.award)] : [];
  return { end, writes: [...still, ...only, ...writes], granted };
}

/**
 * A badge that may be awarded several times is given by an import to those who do not hold it: else
 * a file that is sent again would award all of it again.
 */
async function holding(env: Env, award: Award): Promise<Award | null> {
  const { organization_id, badge_id, user_id } = award;
  const all = await heldAwards(env.db, organization_id, badge_id, user_id);
  return all.find(({ date_expire }) => date_expire === null || date_expire > env.now()) ?? null;
}

/** The same in the batch, against another import of the same file: undoes it (`imports.done_line`). */
function unlessHeld(env: Env, source: Import, award: Award): Writable {
  const text = `UPDATE imports SET done_line = CASE WHEN NOT EXISTS (
      SELECT 1 FROM badge_issues WHERE user_id = ? AND badge_id = ? AND +organization_id = ?
        AND revoked_at IS NULL AND (date_expire IS NULL OR date_expire > ?)) THEN done_line END
    WHERE id = ?`;
  const params = [award.user_id, award.badge_id, award.organization_id, env.now(), source.id];
  return { toSQL: () => ({ sql: text, params }) };
}

const HELD: Readonly<Record<string, string>> = {
  tier_level_monotonically_increasing: "The person holds this tier of the badge, or a higher one.",
};

function held({ line }: ImportRow, code: string, awardId: string | null): DecidedRow {
  const detail = HELD[code] ?? "The person holds the badge already.";
  return {
    end: { line, outcome: "held", code, field: null, detail, award_id: awardId },
    writes: [],
    granted: null,
  };
}

function refused({ line }: ImportRow, { code, field, detail }: RowFault): DecidedRow {
  return {
    end: { line, outcome: "refused", code, field, detail, award_id: null },
    writes: [],
    granted: null,
  };
}

function unknownBadge(reader: RowReader, source: Import, { values }: ImportRow): RowFault {
  const code = "org_scope_matches_badge_definition" as const;
  const detail = "The organization has no badge with this id or name. Give one that it has.";
  const at = { pointer: "/badge", code, detail, fix: "" };
  return { code, field: reader.fieldAt(source, at, values), detail };
}

function faultOf(problem: Problem, reader: RowReader, source: Import, row: ImportRow): RowFault {
  const [error] = problem.errors;
  if (error === undefined) {
    return { code: problem.code, field: null, detail: `${problem.message} ${problem.fix}` };
  }
  const field = reader.fieldAt(source, error, row.values);
  return { code: error.code, field, detail: `${error.detail} ${error.fix}`.trim() };
}
