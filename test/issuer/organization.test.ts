// Slugs made from names, and changes that know what they were based on.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isOvertaken } from "../../src/issuer/audit.ts";
import {
  changeOrganization,
  MAX_SLUG_LENGTH,
  SLUG,
  slugOf,
} from "../../src/issuer/organization.ts";
import { testApp } from "../app.ts";
import { givenOrganization } from "../given.ts";

const ACTOR = { kind: "operator", id: "test" } as const;

describe("slugOf", () => {
  it.each([
    ["Northside Peer Mentors", "northside-peer-mentors"],
    ["  École  nº 7 — Zürich! ", "ecole-no-7-zurich"],
    ["ACME", "acme"],
    ["北区", ""],
    ["!!!", ""],
    ["x".repeat(100), "x".repeat(MAX_SLUG_LENGTH)],
    [`${"x".repeat(MAX_SLUG_LENGTH - 1)} y`, "x".repeat(MAX_SLUG_LENGTH - 1)],
  ])("%j is %j", (name, slug) => expect(slugOf(name)).toBe(slug));

  it("is a slug or nothing, whatever the name", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 200 }), (name) => {
        const slug = slugOf(name);
        expect(slug.length).toBeLessThanOrEqual(MAX_SLUG_LENGTH);
        if (slug !== "") expect(slug).toMatch(SLUG);
        expect(slugOf(slug)).toBe(slug);
      }),
    );
  });
});

describe("changeOrganization", () => {
  it("is overtaken as a whole by a change made since, within the same millisecond too", async () => {
    const { env } = await testApp();
    const current = await givenOrganization(env);
    const first = await changeOrganization(env, current, { name: "First" }, ACTOR);
    const second = await changeOrganization(env, current, { name: "Second" }, ACTOR);
    await env.db.batch(first.writes);
    const error = await env.db.batch(second.writes).catch((caught: unknown) => caught);
    expect(isOvertaken(error)).toBe(true);
    const { rows } = await env.db.read({
      sql: "select name, (select count(*) from audit_log) from organizations",
      params: [],
    });
    expect(rows.map(([name, entries]) => [name, Number(entries)])).toEqual([["First", 1]]);
  });
});
