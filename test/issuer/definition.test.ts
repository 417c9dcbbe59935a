// Definitions in memory: as they are stored now, whichever process changed them, read again only where something changed.
import { eq } from "drizzle-orm";
import { describe, expect, it, onTestFinished } from "vitest";
import { engines } from "#runtime";
import { type Badge, badges, badgeTiers } from "../../src/db/badges.ts";
import { criteria, criterionParams } from "../../src/db/criteria.ts";
import { createDatabase, type Database, type Engine } from "../../src/db/database.ts";
import type { Organization } from "../../src/db/organizations.ts";
import type { Env } from "../../src/env.ts";
import {
  definitionOf,
  definitionsNow,
  definitionsOf,
  definitionsUnder,
} from "../../src/issuer/definition.ts";
import { testApp } from "../app.ts";
import { givenBadge, givenCriteria, givenOrganization } from "../given.ts";
import type { OpenEngine } from "../runtime/engines.ts";

/** What this process has asked the database for. */
interface Watched {
  readonly db: Database;
  readonly reads: string[];
}

function watched(engine: Engine): Watched {
  const reads: string[] = [];
  const db = createDatabase({
    ...engine,
    read(statement) {
      reads.push(statement.sql);
      return engine.read(statement);
    },
    write: (statements) => engine.write(statements),
    close: () => engine.close(),
  });
  return { db, reads };
}

interface Stage {
  readonly env: Env;
  readonly here: Watched;
  readonly there: Watched;
  readonly organization: Organization;
  readonly other: Organization;
  readonly badge: Badge;
}

const HOURS = { criteria_type: "activity_count", criteria_value: 5 } as const;

async function stage(open: OpenEngine): Promise<Stage> {
  const { env: base } = await testApp();
  const opened = await open({ empty: false });
  onTestFinished(opened.remove);
  const [here, there] = [watched(opened.engine), watched(opened.again())];
  const env = { ...base, db: here.db };
  const organization = await givenOrganization(env);
  const other = await givenOrganization(env);
  const badge = await givenBadge(env, organization);
  await givenCriteria(env, badge, HOURS);
  await givenCriteria(env, await givenBadge(env, other), HOURS);
  return { env, here, there, organization, other, badge };
}

const words = (definitions: Awaited<ReturnType<typeof definitionsOf>>) =>
  definitions.map(({ criteria: asked }) => asked.map((each) => each.words("en")).join());

describe.each(Object.entries(engines))("definitions over %s", (_name, open) => {
  it("are the active badges that ask for something, with tiers, method and criteria", async () => {
    const { env, organization, other, badge } = await stage(open);
    const idle = await givenBadge(env, organization, { status: "inactive" });
    await givenCriteria(env, idle, HOURS);
    await givenBadge(env, organization);
    const locked = await givenBadge(env, organization, { status: "active_locked" });
    const cohort = {
      type: "cohort",
      method: 2,
      description: "",
      params: [{ name: "cohort_1", value: "1" }],
    } as const;
    const rows = await givenCriteria(env, locked, { rules: [cohort], rules_method: 2 });
    const tier = { badge_id: locked.id, name: "Bronze", threshold: 3 };
    await env.db.batch([
      env.db.orm.insert(badgeTiers).values([
        { ...tier, level: 2 },
        { ...tier, level: 1 },
      ]),
    ]);
    const definitions = await definitionsOf(env, organization.id);
    expect(definitions.map((each) => each.badge.id)).toEqual([badge.id, locked.id].sort());
    const one = definitions.find((each) => each.badge.id === locked.id);
    expect(one?.method).toBe(2);
    expect(one?.tiers.map(({ level }) => level)).toEqual([1, 2]);
    expect(one?.criteria).toMatchObject([
      {
        id: rows.find((row) => row.criteria_type === "cohort")?.id,
        type: "cohort",
        method: 2,
        touchedBy: ["cohort:1"],
      },
    ]);
    expect((await definitionOf(env, organization.id, idle.id))?.badge.id).toBe(idle.id);
    expect(await definitionOf(env, other.id, idle.id)).toBeNull();
  });

  it("cache_invalidation_on_mutation: any process's change is seen at once, and read once", async () => {
    const { env, here, there, organization, other, badge } = await stage(open);
    const { orm } = env.db;
    const both = [here, there];
    for (const { db } of both) await definitionsOf({ db }, other.id);
    const changes: [string, () => Promise<unknown>, string[]][] = [
      [
        "a param",
        async () => {
          const param = { value: "6" };
          await env.db.batch([
            orm
              .update(criterionParams)
              .set(param)
              .where(eq(criterionParams.name, "metric_activity_count")),
          ]);
        },
        ["Activities: at least 6"],
      ],
      [
        "a tier",
        () =>
          env.db.batch([
            orm.insert(badgeTiers).values({ badge_id: badge.id, level: 1, name: "One" }),
          ]),
        ["Activities: at least 6"],
      ],
      [
        "a badge that is disabled",
        () =>
          env.db.batch([
            orm.update(badges).set({ status: "inactive" }).where(eq(badges.id, badge.id)),
          ]),
        [],
      ],
      [
        "a badge that is enabled",
        () =>
          env.db.batch([
            orm.update(badges).set({ status: "active" }).where(eq(badges.id, badge.id)),
          ]),
        ["Activities: at least 6"],
      ],
      [
        "a new badge",
        async () =>
          givenCriteria(env, await givenBadge(env, organization), {
            criteria_type: "recruiting_milestone",
            criteria_value: 2,
          }),
        ["Activities: at least 6", "Confirmed recruits: at least 2"],
      ],
      [
        "criteria that go",
        () =>
          env.db.batch([
            orm.delete(criterionParams),
            orm.delete(criteria).where(eq(criteria.badge_id, badge.id)),
          ]),
        [""],
      ],
    ];
    for (const [what, change, expected] of changes) {
      await change();
      for (const process of both) {
        const { db } = process;
        const seen = words(await definitionsOf({ db }, organization.id));
        expect([
          what,
          seen.sort().map((line) => (line.startsWith("A criterion") ? "" : line)),
        ]).toEqual([what, [...expected].sort()]);
        process.reads.length = 0;
        await definitionsOf({ db }, organization.id);
        expect([what, process.reads.length]).toEqual([what, 1]);
        expect(process.reads[0]).toContain("definition_versions");
      }
    }
  });

  it("cache_invalidation_on_mutation: other organizations' definitions stay as they are kept", async () => {
    const { env, here, organization, other } = await stage(open);
    const kept = await definitionsOf(env, other.id);
    await givenCriteria(env, await givenBadge(env, organization), HOURS);
    await definitionsOf(env, organization.id);
    here.reads.length = 0;
    expect(await definitionsOf(env, other.id)).toBe(kept);
    expect(here.reads.length).toBe(1);
  });

  it("who read the number before a change gets what others have read since", async () => {
    const { env, here, organization } = await stage(open);
    const { version } = await definitionsNow(env, organization.id);
    await givenCriteria(env, await givenBadge(env, organization), HOURS);
    const since = await definitionsNow(env, organization.id);
    expect(since.version).toBeGreaterThan(version);
    here.reads.length = 0;
    const under = await definitionsUnder(env, organization.id, version);
    expect(under.version).toBe(since.version);
    expect(under.definitions).toBe(since.definitions);
    expect(here.reads).toEqual([expect.stringContaining("definition_versions")]);
  });

  it("a change while they are read makes them be read again", async () => {
    const { env, here, there, organization, badge } = await stage(open);
    let changed = false;
    const slow = createDatabase({
      async read(statement) {
        const result = await here.db.read(statement);
        // Between the badges and their criteria.
        if (!changed && statement.sql.includes('from "badges"')) {
          changed = true;
          const { orm } = there.db;
          await there.db.batch([
            orm.update(criterionParams).set({ value: "9" }),
            orm.update(badges).set({ version: "2" }).where(eq(badges.id, badge.id)),
          ]);
        }
        return result;
      },
      write: () => Promise.reject(new TypeError("nothing is written here")),
      close: async () => {},
    });
    const [definition] = await definitionsOf({ ...env, db: slow }, organization.id);
    expect(definition?.badge.version).toBe("2");
    expect(definition?.criteria[0]?.words("en")).toBe("Activities: at least 9");
  });

  it("what no longer reads is met by nobody, and says why", async () => {
    const { env, organization } = await stage(open);
    const { orm } = env.db;
    await env.db.batch([orm.update(criterionParams).set({ name: "metric_gone" })]);
    const [definition] = await definitionsOf(env, organization.id);
    const [criterion] = definition?.criteria ?? [];
    expect(criterion?.words("en")).toContain("gone");
    expect(criterion?.words("de")).toMatch(/^Nicht zu erfüllen/);
    expect(await criterion?.progress(env.db, "anybody", { now: 0, day: 0 })).toEqual([]);
  });
});

describe("definitions in memory", () => {
  it("are so many at most: organizations not asked for lately are read anew", async () => {
    const asked: string[] = [];
    // A database with nothing in it.
    const db = createDatabase({
      async read({ sql }) {
        asked.push(sql);
        return { rows: [], rowsAffected: 0 };
      },
      write: () => Promise.reject(new TypeError("nothing is written here")),
      close: async () => {},
    });
    // An organization without badges takes one place of 5,000.
    const ids = Array.from({ length: 5_001 }, (_, i) => `organization-${i}`);
    for (const id of ids) await definitionsOf({ db }, id);
    const readsOf = async (id: string) => {
      asked.length = 0;
      await definitionsOf({ db }, id);
      return asked.length;
    };
    expect(await readsOf("organization-5000")).toBe(1);
    expect(await readsOf("organization-1")).toBe(1);
    expect(await readsOf("organization-0")).toBeGreaterThan(1);
  });
});
