// What badges asked for before there were criteria is carried over as rows, and shown as it was.
import { asc } from "drizzle-orm";
import { describe, expect, it, onTestFinished } from "vitest";
import { engines, readMigrations } from "#runtime";
import { showForms } from "../../src/api/criteria-schema.ts";
import { criteriaOfBadges, definitionVersions } from "../../src/db/criteria.ts";
import { createDatabase, type Value } from "../../src/db/database.ts";
import { migrate } from "../../src/db/migrate.ts";

const ENGINE = /_awards_engine$/;
const ORGANIZATION = "0193c0de-0000-7000-8000-000000000000";

const ORGANIZE =
  "INSERT INTO organizations (id, slug, name, url, email, updated_at) VALUES (?, 'o', 'O', 'https://o.example', 'o@o.example', 0)";
const DEFINE = `INSERT INTO badges (id, organization_id, name, description, status, eligibility_roles,
  criteria_narrative, tags, updated_at, trigger_type, trigger_condition_json, criteria_type, criteria_value)
  VALUES (?, ?, ?, 'D', ?, '[]', 'N', '[]', 0, ?, ?, ?, ?)`;

interface Before {
  readonly status?: string;
  /** trigger_type, trigger_condition_json, criteria_type, criteria_value */
  readonly columns: readonly [string, string | null, string | null, number | null];
  /** Type, method and params of the one criterion. */
  readonly after: readonly [string, number, Readonly<Record<string, string>>];
  readonly shown: Readonly<Record<string, unknown>>;
}

const NOMINATED = {
  role_coordinator: "coordinator",
  role_organization_administrator: "organization_administrator",
};
const condition = (metric: string, threshold: number, window: string | null) =>
  JSON.stringify({ metric, threshold, window });

const BADGES: Readonly<Record<string, Before>> = {
  "one that coordinators nominate for": {
    columns: ["coordinator_nomination", null, null, null],
    after: ["manual", 2, NOMINATED],
    shown: { trigger_type: "coordinator_nomination", trigger_condition: null },
  },
  "one with a condition and a window": {
    columns: ["auto", condition("activity_count", 12, "P90D"), null, null],
    after: ["metric", 1, { metric_activity_count: "12", window_activity_count: "P90D" }],
    shown: {
      trigger_type: "auto",
      trigger_condition: { metric: "activity_count", threshold: 12, window: "P90D" },
      criteria_type: null,
    },
  },
  "one with a condition without one": {
    columns: ["auto", condition("streak_days", 7, null), null, null],
    after: ["metric", 1, { metric_streak_days: "7" }],
    shown: { trigger_type: "auto", criteria_type: "streak_length", criteria_unit: "day" },
  },
  "one with a threshold": {
    columns: ["coordinator_nomination", null, "training_completion", 3],
    after: ["metric", 1, { metric_training_completion: "3" }],
    shown: { trigger_type: "auto", criteria_type: "training_completion", criteria_value: 3 },
  },
  "a streak, whose unit was never said": {
    status: "active_locked",
    columns: ["coordinator_nomination", null, "streak_length", 5],
    after: ["metric", 1, { metric_streak_length: "5", unit_streak_length: "day" }],
    shown: { criteria_type: "streak_length", criteria_value: 5, criteria_unit: "day" },
  },
  "an archived one with both": {
    status: "archived",
    columns: ["auto", condition("activity_count", 9, null), "activity_count", 9],
    after: ["metric", 1, { metric_activity_count: "9" }],
    shown: { trigger_type: "auto", criteria_type: "activity_count", criteria_value: 9 },
  },
};

describe.each(Object.entries(engines))("badges from before, on %s", (_name, open) => {
  it("have their criteria as rows", async () => {
    const { engine, remove } = await open({ empty: true });
    onTestFinished(remove);
    const migrations = readMigrations();
    const before = migrations.findIndex(({ name }) => ENGINE.test(name));
    await migrate(engine, migrations.slice(0, before));
    const ids = Object.keys(BADGES).map((_, i) => `0193c0de-0000-7000-8000-00000000000${i + 1}`);
    const rows = Object.entries(BADGES).map(([name, { status, columns }], i) => ({
      sql: DEFINE,
      params: [ids[i] ?? "", ORGANIZATION, name, status ?? "active", ...columns] satisfies Value[],
    }));
    await engine.write([{ sql: ORGANIZE, params: [ORGANIZATION] }, ...rows]);
    await migrate(engine, migrations);
    const db = createDatabase(engine);
    const criteria = await criteriaOfBadges(db, ids);
    for (const [i, [name, { after, shown }]] of Object.entries(BADGES).entries()) {
      const own = criteria.get(ids[i] ?? "") ?? [];
      const overall = own.find(({ criteria_type }) => criteria_type === "overall");
      const [only, ...more] = own.filter((row) => row !== overall);
      expect([name, overall?.method, overall?.params, more]).toEqual([name, 1, [], []]);
      const params = Object.fromEntries(
        only?.params.map(({ name: param, value }) => [param, value]) ?? [],
      );
      expect([name, only?.criteria_type, only?.method, params]).toEqual([name, ...after]);
      expect([name, showForms(own)]).toMatchObject([name, shown]);
      for (const { id } of own)
        expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    }
    const versions = await db.orm
      .select()
      .from(definitionVersions)
      .orderBy(asc(definitionVersions.version));
    expect(versions.map(({ organization_id }) => organization_id)).toEqual([ORGANIZATION]);
  });
});
