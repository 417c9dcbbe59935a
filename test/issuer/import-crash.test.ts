// An import that is cut off: before and after each batch it writes, by a rival, and by whoever cancels it.
import { describe, expect, it } from "vitest";
import { importReader } from "../../src/api/import-reader.ts";
import type { Database } from "../../src/db/database.ts";
import type { Env } from "../../src/env.ts";
import { runImport, SLICE_ROWS, SLICES_A_RUN } from "../../src/issuer/import-run.ts";
import { givenApiKey } from "../given.ts";
import { type Importing, importing, people, type ShownImport } from "./importing.ts";

class Crash extends Error {}

/** A process that dies at its n-th batch: before it is written, or after, when nobody hears of it. */
function dyingAt({ env }: Importing["t"], n: number, when: "before" | "after"): Env {
  let batches = 0;
  const db: Database = {
    ...env.db,
    async batch(writes) {
      const dies = batches++ === n;
      if (dies && when === "before") throw new Crash();
      const results = await env.db.batch(writes);
      if (dies) throw new Crash();
      return results;
    },
  };
  return { ...env, db };
}

const ROWS = 2 * SLICE_ROWS + 7;
/** Everybody twice: what is doubled shows, also where a badge may be awarded often. */
const FILE = people(ROWS) + people(ROWS).split("\n").slice(1).join("\n");

async function begun(over = {}) {
  const world = await importing({ max_awards_per_user: null, ...over });
  const { id } = (await (await world.send(FILE)).json()) as ShownImport;
  const run = (env: Env) => runImport(env, world.organization.id, id, importReader);
  return { ...world, id, run };
}

async function expectWhole({ count, get, t }: Pick<Importing, "count" | "get" | "t">, id: string) {
  const ended = await (await get(`/imports/${id}`)).json();
  expect(ended).toMatchObject({
    state: "done",
    rows: 2 * ROWS,
    awarded: ROWS,
    held: ROWS,
    refused: 0,
  });
  expect([
    await count("badge_issues"),
    await count("users"),
    await count("hosted_assertions"),
  ]).toEqual([ROWS, ROWS, ROWS]);
  const { rows } = await t.env.db.read({
    sql: `select (select count(distinct user_id) from badge_issues),
      (select count(*) from import_rows where outcome = 'awarded' and award_id in (select id from badge_issues)),
      (select count(*) from audit_log where action = 'award.created')`,
    params: [],
  });
  expect(rows).toEqual([[ROWS, ROWS, ROWS]]);
}

describe("a crash", () => {
  it.each(["before", "after"] as const)("%s any batch loses and doubles nothing", async (when) => {
    for (let n = 0; ; n++) {
      const world = await begun();
      const crashed = await world.run(dyingAt(world.t, n, when)).catch((error: unknown) => error);
      if (!(crashed instanceof Crash)) {
        expect(n).toBeGreaterThan(2);
        break;
      }
      await world.run(world.t.env);
      await expectWhole(world, world.id);
    }
  });

  it("of a dry run does not make it forget what it foresaw", async () => {
    const world = await importing();
    const { id } = (await (
      await world.send(FILE, `badge=${world.badge.id}&dry_run=true`)
    ).json()) as ShownImport;
    const run = (env: Env) => runImport(env, world.organization.id, id, importReader);
    await expect(run(dyingAt(world.t, 3, "after"))).rejects.toBeInstanceOf(Crash);
    await run(world.t.env);
    expect(await (await world.get(`/imports/${id}`)).json()).toMatchObject({
      state: "done",
      awarded: ROWS,
      held: ROWS,
    });
    expect(await world.count("badge_issues")).toBe(0);
  });
});

describe("a dry run of more rows than one run of its job does", () => {
  it.each([
    ["goes on with what it foresaw", (env: Env) => env],
    [
      "in another process reads it off its rows",
      (env: Env): Env => ({ ...env, db: { ...env.db } }),
    ],
  ])("%s", async (_what, another) => {
    const world = await importing();
    const count = SLICE_ROWS * SLICES_A_RUN + 3;
    const again = people(5).split("\n").slice(1).join("\n");
    const { id } = (await (
      await world.send(people(count) + again, `badge=${world.badge.id}&dry_run=true`)
    ).json()) as ShownImport;
    const { env } = world.t;
    expect(await runImport(env, world.organization.id, id, importReader)).toBe(true);
    expect(await runImport(another(env), world.organization.id, id, importReader)).toBe(false);
    expect(await (await world.get(`/imports/${id}`)).json()).toMatchObject({
      state: "done",
      awarded: count,
      held: 5,
    });
  });
});

describe("at the same time", () => {
  it("two workers on one import share no row", async () => {
    const world = await begun();
    await Promise.all([world.run(world.t.env), world.run(world.t.env), world.run(world.t.env)]);
    await world.run(world.t.env);
    await expectWhole(world, world.id);
  });

  it("two imports of one file award each person once", async () => {
    const world = await begun();
    const { id } = (await (await world.send(FILE)).json()) as ShownImport;
    const other = () => runImport(world.t.env, world.organization.id, id, importReader);
    await Promise.all([world.run(world.t.env), other()]);
    const both = [];
    for (const one of [world.id, id]) {
      both.push((await (await world.get(`/imports/${one}`)).json()) as ShownImport);
    }
    expect(both.map(({ state }) => state)).toEqual(["done", "done"]);
    expect(both.reduce((sum, { awarded }) => sum + awarded, 0)).toBe(ROWS);
    expect(both.reduce((sum, { held }) => sum + held, 0)).toBe(3 * ROWS);
    expect(await world.count("badge_issues")).toBe(ROWS);
    expect(await world.count("users")).toBe(ROWS);
  });

  it("who cancels stops it between two slices", async () => {
    const world = await begun();
    let batches = 0;
    const db: Database = {
      ...world.t.env.db,
      async batch(writes) {
        if (++batches === 2)
          expect((await world.post(`/imports/${world.id}/cancel`)).status).toBe(200);
        return world.t.env.db.batch(writes);
      },
    };
    expect(await world.run({ ...world.t.env, db })).toBe(false);
    const ended = await (await world.get(`/imports/${world.id}`)).json();
    expect(ended).toMatchObject({ state: "cancelled", done: SLICE_ROWS, awarded: SLICE_ROWS });
    expect(await world.count("badge_issues")).toBe(SLICE_ROWS);
  });

  it("a person who is awarded by hand meanwhile is held, and the others are not kept waiting", async () => {
    const world = await importing();
    const { id } = (await (await world.send(people(5))).json()) as ShownImport;
    const authorization = `Bearer ${await givenApiKey(world.t.env, world.organization)}`;
    let batches = 0;
    const db: Database = {
      ...world.t.env.db,
      async batch(writes) {
        if (++batches === 1) {
          await world.t.request("/api/v1/awards", {
            method: "POST",
            headers: { authorization, "content-type": "application/json" },
            body: JSON.stringify({
              badge: world.badge.id,
              recipient: { type: "email", identity: "person-2@example.org" },
            }),
          });
        }
        return world.t.env.db.batch(writes);
      },
    };
    await runImport({ ...world.t.env, db }, world.organization.id, id, importReader);
    expect((await world.rows(id)).map(({ outcome }) => outcome)).toEqual([
      "awarded",
      "awarded",
      "held",
      "awarded",
      "awarded",
    ]);
    expect(await world.count("badge_issues")).toBe(5);
  });
});
