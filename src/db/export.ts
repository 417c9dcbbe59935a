// Everything of an organization as records, read a slice at a time: however much there is, little of it is held.
import { and, asc, eq, getTableColumns, gt, type SQL, sql } from "drizzle-orm";
import type { SQLiteColumn } from "drizzle-orm/sqlite-core";
import { awards } from "./awards.ts";
import type { Database } from "./database.ts";
import {
  type ExportTable,
  ORGANIZATION_TABLE,
  TABLES_AFTER,
  TABLES_BEFORE,
} from "./export-tables.ts";
import { metricTotals } from "./facts.ts";
import { imageContents, images } from "./images.ts";
import { listMembers } from "./member-list.ts";
import { signedAssertions } from "./signing-keys.ts";

/** One line of an export: what it is, and its columns. */
export type ExportRecord = { readonly record: string } & Readonly<Record<string, unknown>>;

/** Rows that are read at once. */
export const SLICE_ROWS = 500;

/** The organization, what it defined, its people, what they were awarded, and what was done. */
export async function* exportRecords(
  db: Database,
  organizationId: string,
): AsyncGenerator<readonly ExportRecord[]> {
  yield* tableRecords(db, organizationId, ORGANIZATION_TABLE);
  yield* imageRecords(db, organizationId);
  for (const table of TABLES_BEFORE) yield* tableRecords(db, organizationId, table);
  yield* personRecords(db, organizationId);
  yield* awardRecords(db, organizationId);
  yield* dayRecords(db, organizationId);
  for (const table of TABLES_AFTER) yield* tableRecords(db, organizationId, table);
}

/** Of one table, a slice at a time. */
export async function* tableRecords(
  db: Database,
  organizationId: string,
  source: ExportTable,
): AsyncGenerator<readonly ExportRecord[]> {
  const { record, table, key, scope, without = [] } = source;
  const columns = columnsOf(getTableColumns(table), without);
  let after: readonly unknown[] | null = null;
  do {
    const rows: Record<string, unknown>[] = await db.orm
      .select(columns)
      .from(table)
      .where(and(scope(db, organizationId), after === null ? undefined : beyond(key, after)))
      .orderBy(...key.map((column) => asc(column)))
      .limit(SLICE_ROWS);
    if (rows.length > 0) yield rows.map((row) => shown(record, row));
    const last = rows.length === SLICE_ROWS ? rows.at(-1) : undefined;
    after = last === undefined ? null : key.map(({ name }) => last[name]);
  } while (after !== null);
}

function columnsOf(
  all: Readonly<Record<string, SQLiteColumn>>,
  without: readonly string[],
): Record<string, SQLiteColumn> {
  return Object.fromEntries(Object.entries(all).filter(([name]) => !without.includes(name)));
}

/** Row values are compared from left to right, and an index on them is used so. */
function beyond(key: readonly SQLiteColumn[], after: readonly unknown[]): SQL {
  const columns = sql.join([...key], sql`, `);
  const values = sql.join(
    after.map((value) => sql`${value}`),
    sql`, `,
  );
  return sql`(${columns}) > (${values})`;
}

/** How columns are called that hold milliseconds since 1970. */
const TIME = /(?:_at|_until|_since)$|^(?:date_\w+|expire_date|next_cron)$/;

function shown(record: string, row: Readonly<Record<string, unknown>>): ExportRecord {
  const values = Object.entries(row).map(([name, value]) => [
    name,
    typeof value === "number" && TIME.test(name) ? instant(value) : value,
  ]);
  return { record, ...Object.fromEntries(values) };
}

/** As it is stored where no calendar has it. */
function instant(at: number): string | number {
  const date = new Date(at);
  return Number.isNaN(date.getTime()) ? at : date.toISOString();
}

/** One picture at a time: each may be as large as an upload. */
async function* imageRecords(
  db: Database,
  organizationId: string,
): AsyncGenerator<readonly ExportRecord[]> {
  let after = "";
  for (;;) {
    const [row] = await db.orm
      .select({ image: images, bytes: imageContents.bytes })
      .from(images)
      .innerJoin(imageContents, eq(imageContents.sha256, images.sha256))
      .where(and(eq(images.organization_id, organizationId), gt(images.id, after)))
      .orderBy(asc(images.id))
      .limit(1);
    if (row === undefined) return;
    yield [{ ...shown("image", row.image), base64: base64(row.bytes) }];
    after = row.image.id;
  }
}

/** Bytes that one call turns into characters. */
const CHARACTERS = 8_192;

function base64(bytes: Uint8Array): string {
  let text = "";
  for (let at = 0; at < bytes.length; at += CHARACTERS) {
    text += String.fromCharCode(...bytes.subarray(at, at + CHARACTERS));
  }
  return btoa(text);
}

/** As the organization knows them: what others wrote down of the same people is not its own. */
async function* personRecords(
  db: Database,
  organizationId: string,
): AsyncGenerator<readonly ExportRecord[]> {
  let cursor: string | undefined;
  do {
    const found = await listMembers(db, organizationId, { limit: SLICE_ROWS, cursor });
    const members = found.slice(0, SLICE_ROWS);
    if (members.length > 0) {
      yield members.map(({ user, membership, identities }) => ({
        ...shown("person", { ...membership }),
        language: user.language,
        time_zone: user.time_zone,
        identities: identities.map(({ id, type, identity, verified_at }) => ({
          id,
          type,
          identity,
          verified: verified_at !== null,
        })),
      }));
    }
    cursor = found.length > SLICE_ROWS ? members.at(-1)?.membership.id : undefined;
  } while (cursor !== undefined);
}

/** Rows lie in the order they were written in, in the index on the organization too. */
const WRITTEN = sql<number>`${awards}.rowid`;

async function* awardRecords(
  db: Database,
  organizationId: string,
): AsyncGenerator<readonly ExportRecord[]> {
  let after = 0;
  for (;;) {
    const rows = await db.orm
      .select({ written: WRITTEN, award: awards, signed: signedAssertions.jws })
      .from(awards)
      .leftJoin(signedAssertions, eq(signedAssertions.unique_hash, awards.unique_hash))
      .where(and(eq(awards.organization_id, organizationId), gt(WRITTEN, after)))
      .orderBy(asc(WRITTEN))
      .limit(SLICE_ROWS);
    if (rows.length > 0) {
      yield rows.map(({ award, signed }) => ({ ...shown("award", award), signed }));
    }
    if (rows.length < SLICE_ROWS) return;
    after = rows.at(-1)?.written ?? 0;
  }
}

/** Days that are read at once, about: all of one person's at least. */
const SLICE_DAYS = 2_000;

type Counted = Pick<typeof metricTotals.$inferSelect, "metric" | "user_id" | "count">;

/**
 * Each day of each person once. Both places that it may lie in are read in one statement: what is
 * carried over from one to the other meanwhile is neither lost nor doubled.
 */
async function* dayRecords(
  db: Database,
  organizationId: string,
): AsyncGenerator<readonly ExportRecord[]> {
  const { metric, user_id, count, organization_id } = metricTotals;
  let last: Counted | undefined;
  do {
    const totals: Counted[] = await db.orm
      .select({ metric, user_id, count })
      .from(metricTotals)
      .where(
        and(
          eq(organization_id, organizationId),
          last && beyond([metric, user_id], [last.metric, last.user_id]),
        ),
      )
      .orderBy(asc(metric), asc(user_id))
      .limit(SLICE_ROWS);
    for (const portion of portionsOf(totals)) {
      const rows = await daysOf(db, organizationId, portion);
      if (rows.length > 0) yield rows.map((row) => shown("metric_day", row));
    }
    last = totals.length === SLICE_ROWS ? totals.at(-1) : undefined;
  } while (last !== undefined);
}

/** Neighbours of one metric who have few days together; whoever did something so often has as many at most. */
function portionsOf(totals: readonly Counted[]): Counted[][] {
  const portions: Counted[][] = [];
  let days = 0;
  for (const total of totals) {
    const portion = portions.at(-1);
    days += total.count;
    if (portion?.[0]?.metric === total.metric && days <= SLICE_DAYS) portion.push(total);
    else {
      portions.push([total]);
      days = total.count;
    }
  }
  return portions;
}

function daysOf(
  db: Database,
  organizationId: string,
  portion: readonly Counted[],
): Promise<Record<string, unknown>[]> {
  const [first] = portion;
  const upTo = portion.at(-1) ?? first;
  return db.orm
    .select({
      organization_id: sql<string>`organization_id`.as("organization_id"),
      metric: sql<string>`metric`.as("metric"),
      user_id: sql<string>`user_id`.as("user_id"),
      day: sql`day`.mapWith(Number).as("day"),
      count: sql`sum(count)`.mapWith(Number).as("count"),
      total: sql`sum(total)`.mapWith(Number).as("total"),
    })
    .from(sql`days_counted`)
    .where(
      sql`organization_id = ${organizationId} and metric = ${first?.metric}
        and user_id >= ${first?.user_id} and user_id <= ${upTo?.user_id}`,
    )
    .groupBy(sql`organization_id, metric, user_id, day`)
    .orderBy(sql`user_id, day`);
}
