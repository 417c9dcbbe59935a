// What the ledger costs where there is nothing to do: a few looks at indexes, in the batch of every award.
import { expect, it } from "vitest";
import type { Statement, Value } from "../../src/db/database.ts";
import {
  jobsOf,
  planAward,
  planByHand,
  planChange,
  planForConnection,
  planForPerson,
  planReplacement,
  WAKEABLE,
} from "../../src/db/deliveries-plan.ts";
import { claim, findDue, nextDue } from "../../src/db/deliveries-send.ts";
import { testApp } from "../app.ts";

const AT = { id: "0193c0de-0000-7000-8000-000000000000", now: 1 };
const AWARD = {
  id: "a",
  organization_id: "o",
  recipient_type: "email",
  recipient_identity: "kim@example.org",
};
const DUE = {
  id: "d",
  award_id: "a",
  state: "pending",
  fence: 0,
  attempts: 0,
  first_attempt_at: null,
  delivered_revision: null,
  created_at: 0,
  unique_hash: "h",
  revision: 1,
  revoked_at: null,
} as const;

const STATEMENTS: Readonly<
  Record<string, Statement | { toSQL(): { sql: string; params: unknown[] } }>
> = {
  "the rows of a new award": planAward(AT, AWARD),
  "the jobs of a new award": jobsOf(AT, WAKEABLE.award("a")),
  "the rows of one that replaces another": planReplacement(AT, "b", AWARD),
  "an award that changed": planChange(AT, "a"),
  "all of a person": planForPerson(AT, "u"),
  "all of a connection": planForConnection(AT, "c"),
  "one by hand": planByHand(AT, "u", "c", "a"),
  "the jobs of a person": jobsOf(AT, WAKEABLE.person("u")),
  "what was forgotten": jobsOf(AT, WAKEABLE.forgotten(1)),
  "a claim": claim(DUE, 1, 2),
};

async function plan(statement: Statement): Promise<string[]> {
  const { env } = await testApp();
  const { rows } = await env.db.read({ ...statement, sql: `EXPLAIN QUERY PLAN ${statement.sql}` });
  return rows.map((row) => String(row.at(-1)));
}

it.each(Object.entries(STATEMENTS))("reads no whole table: %s", async (_name, made) => {
  const { sql, params } = "toSQL" in made ? made.toSQL() : made;
  const steps = await plan({ sql, params: params as Value[] });
  expect(steps.filter((step) => /^SCAN (?!CONSTANT|woken)/.test(step))).toEqual([]);
});

it.each(Object.entries(STATEMENTS))("has a value for each of its marks: %s", (_name, made) => {
  const { sql, params } = "toSQL" in made ? made.toSQL() : made;
  expect(params).toHaveLength(sql.split("?").length - 1);
});

it("due rows of a connection are found in their order", async () => {
  const { env } = await testApp();
  const asked: Statement[] = [];
  const db: typeof env.db = {
    ...env.db,
    read(statement) {
      asked.push(statement);
      return env.db.read(statement);
    },
  };
  await findDue(db, "c", 1, 4);
  await nextDue(db, "c");
  for (const statement of asked) {
    const steps = await plan(statement);
    expect(steps.some((step) => /idx_deliveries_waiting/.test(step))).toBe(true);
    expect(steps.filter((step) => /^SCAN /.test(step))).toEqual([]);
  }
});
