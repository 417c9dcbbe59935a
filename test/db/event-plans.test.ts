// The statements of events by the way SQLite takes to their rows: each row by its key, nothing by reading a table.
import { describe, expect, it } from "vitest";
import { createDatabase, type Database, type Statement } from "../../src/db/database.ts";
import { peopleDue, peopleInTheNews } from "../../src/db/evaluations.ts";
import { findMembersByIdentities, findNamed } from "../../src/db/event-people.ts";
import {
  addCounts,
  findEvents,
  insertEvents,
  markDue,
  type NewFact,
  type Prospects,
  writeFacts,
} from "../../src/db/events.ts";
import { testApp } from "../app.ts";

async function planOf(...statements: Statement[]): Promise<string[]> {
  const { env } = await testApp();
  const plans = await Promise.all(
    statements.map(({ sql, params }) => env.db.read({ sql: `EXPLAIN QUERY PLAN ${sql}`, params })),
  );
  return plans.flatMap(({ rows }) => rows.map((row) => String(row.at(-1))));
}

async function asked(ask: (db: Database) => Promise<unknown>): Promise<Statement[]> {
  const seen: Statement[] = [];
  const db = createDatabase({
    async read(statement) {
      seen.push(statement);
      return { rows: [], rowsAffected: 0 };
    },
    write: () => Promise.reject(new TypeError("only reads are asked for")),
    close: async () => {},
  });
  await ask(db);
  return seen;
}

/** What was sent may be read from end to end, stored tables may not. */
const scans = (plan: readonly string[]) =>
  plan.filter(
    (step) =>
      /^SCAN /.test(step) && !/VIRTUAL TABLE|CONSTANT ROW|SCAN (said|asked|sought)/.test(step),
  );

const FACT: NewFact = {
  userId: "u",
  kind: "cohort",
  key: "1",
  at: 1,
  endsAt: null,
  grade: null,
  effect: "ends",
};
const COUNTED = { metric: "m", userId: "u", day: 1, count: 1, total: 1_000 };
const EVENT = {
  id: "e",
  userId: "u",
  kind: "metric",
  name: "m",
  quantity: 1_000,
  occurredAt: 1,
  day: 1,
  detail: null,
} as const;
const PROSPECTS: Prospects = {
  people: [{ userId: "u", isCertain: false, metric: "m" }],
  thresholds: [{ criterionId: "c", metric: "m", measure: "sum", threshold: 3 }],
  version: 1,
};
const many = ({ people, thresholds, version }: Prospects): Prospects => ({
  people: Array.from({ length: 9 }, () => people).flat(),
  thresholds: Array.from({ length: 9 }, () => thresholds).flat(),
  version,
});

describe("events", () => {
  it.each<[string, (db: Database) => Promise<unknown>]>([
    ["ids that were sent before", (db) => findEvents(db, "o", ["a", "b"])],
    ["one id that was sent before", (db) => findEvents(db, "o", ["a"])],
    ["one person and one metric", (db) => findNamed(db, "o", ["a"], ["m"])],
    ["people and metrics", (db) => findNamed(db, "o", ["a", "b"], ["m", "n"])],
    ["nobody, and nothing", (db) => findNamed(db, "o", [], [])],
    [
      "people by identity",
      (db) => findMembersByIdentities(db, "o", [{ type: "email", normalised: "a@example.org" }]),
    ],
  ])("are looked up by key: %s", async (_name, ask) => {
    const plan = await planOf(...(await asked(ask)));
    expect(plan.some((step) => step.startsWith("SEARCH"))).toBe(true);
    expect(scans(plan)).toEqual([]);
  });

  it.each<[string, (db: Database) => Promise<unknown>, string]>([
    [
      "to whom something just happened",
      (db) => peopleInTheNews(db, "o", 8),
      "idx_evaluations_due_news (organization_id=?)",
    ],
    [
      "everybody",
      (db) => peopleDue(db, "o", "u", 8),
      "PRIMARY KEY (organization_id=? AND user_id>?)",
    ],
  ])(
    "who is to be looked at is found in order, %s, and nobody else is read",
    async (_name, ask, by) => {
      const plan = await planOf(...(await asked(ask)));
      expect(plan).toEqual([expect.stringContaining(by)]);
    },
  );

  it.each<[string, Statement[]]>([
    ["rows", [insertEvents("o", [EVENT], 1)]],
    ["counts", addCounts("o", [COUNTED], 1)],
    ["facts", writeFacts("o", [FACT], 1)],
    ["whom to look at", [markDue("o", PROSPECTS)]],
    ["whom to look at, of many", [markDue("o", many(PROSPECTS))]],
  ])("are written by key: %s", async (_name, statements) => {
    expect(scans(await planOf(...statements))).toEqual([]);
  });

  it("shorten intervals of the people they name alone", async () => {
    const [, shorten] = writeFacts("o", [FACT], 1);
    const plan = await planOf(...(shorten ? [shorten] : []));
    const searches = plan.filter((step) => /^SEARCH (facts|said)/.test(step));
    expect(searches.length).toBeGreaterThan(1);
    for (const step of searches) {
      for (const column of ["organization_id", "kind", "key", "user_id"]) {
        expect(step).toContain(`${column}=?`);
      }
    }
  });

  it.each([
    ["one", PROSPECTS],
    ["many", many(PROSPECTS)],
  ])("ask of each person one total, and what they met: %s", async (_name, prospects) => {
    const plan = await planOf(markDue("o", prospects));
    const searches = plan.filter((step) => /^SEARCH (counted|met) /.test(step));
    expect(searches).toEqual([
      expect.stringContaining("organization_id=? AND metric=? AND user_id=?"),
      expect.stringContaining("crit_id=? AND user_id=?"),
    ]);
  });
});
