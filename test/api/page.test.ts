// Pages: what a cursor may be, and that a walk sees each row once while others are added.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { cursorAfter, MAX_LIMIT, readCursor } from "../../src/api/page.ts";
import { newId } from "../../src/ids.ts";
import { countingRandom, TEST_NOW, testApp } from "../app.ts";
import { givenApiKey, givenOrganization, givenPerson } from "../given.ts";
import { asking } from "./ask.ts";

const ID = "01a10738-b7c0-71bf-9c30-327903a7ea10";

describe("readCursor", () => {
  it.each([
    ["empty", ""],
    ["an id as it is", ID],
    ["not base64url", "!!!"],
    ["another prefix", btoa(`behind:${ID}`).replaceAll("=", "")],
    ["no prefix", btoa(ID).replaceAll("=", "")],
    ["upper case id", cursorAfter(ID.toUpperCase())],
    ["padded", `${cursorAfter(ID)}=`],
    ["cut short", cursorAfter(ID).slice(0, -1)],
    ["with more behind", `${cursorAfter(ID)}AA`],
    ["SQL", btoa("before:' or 1=1 --").replaceAll("=", "")],
    ["very long", "A".repeat(10_000)],
  ])("refuses a cursor that is %s", (_name, text) => {
    expect(readCursor(text)).toBeNull();
  });

  it("reads back every id that was given out", () => {
    const random = countingRandom();
    for (let i = 0; i < 200; i++) {
      const id = newId({ now: () => TEST_NOW + i, random });
      expect(readCursor(cursorAfter(id))).toBe(id);
    }
  });

  it("accepts only what it would give out itself", () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.base64String()), (text) => {
        const id = readCursor(text);
        if (id !== null) expect(cursorAfter(id)).toBe(text);
      }),
      { numRuns: 1_000 },
    );
  });
});

describe("a list in pages", () => {
  it("shows each row once, newest first, and rows added meanwhile not at all", async () => {
    const t = await testApp();
    const organization = await givenOrganization(t.env);
    const ask = asking(t, await givenApiKey(t.env, organization));
    const ids: string[] = [];
    for (let i = 0; i < 7; i++) {
      t.clock.advance(1);
      ids.unshift((await givenPerson(t.env, organization)).user.id);
    }
    const seen: string[] = [];
    let path: string | null = "/users?limit=3";
    while (path !== null) {
      const page = await ask("GET", path);
      expect(page.status).toBe(200);
      seen.push(...page.json.data.map(({ id }) => id));
      const link: string | undefined =
        /^<https:\/\/badges\.example\.org\/api\/v1([^>]+)>; rel="next"$/.exec(
          page.headers.get("link") ?? "",
        )?.[1];
      expect(link === undefined).toBe(page.json.next_cursor === null);
      if (link !== undefined) expect(link).toContain(page.json.next_cursor);
      path = link ?? null;
      t.clock.advance(1);
      await givenPerson(t.env, organization);
    }
    expect(seen).toEqual(ids);
  });

  it("ends exactly at a full page", async () => {
    const t = await testApp();
    const organization = await givenOrganization(t.env);
    const ask = asking(t, await givenApiKey(t.env, organization));
    await givenPerson(t.env, organization);
    await givenPerson(t.env, organization);
    const page = await ask("GET", "/users?limit=2");
    expect(page.json.data).toHaveLength(2);
    expect(page.json.next_cursor).toBeNull();
    expect(page.headers.has("link")).toBe(false);
  });

  it("keeps its filters on the next page", async () => {
    const t = await testApp();
    const organization = await givenOrganization(t.env);
    const ask = asking(t, await givenApiKey(t.env, organization));
    for (const name of ["Kim A", "Noor", "Kim B"]) await givenPerson(t.env, organization, { name });
    const first = await ask("GET", "/users?limit=1&q=kim");
    expect(first.headers.get("link")).toContain("q=kim");
    const second = await ask("GET", `/users?limit=1&q=kim&cursor=${first.json.next_cursor}`);
    expect([first, second].map(({ json }) => json.data[0]?.name).sort()).toEqual([
      "Kim A",
      "Kim B",
    ]);
  });

  it.each([
    ["limit=0", "limit", "invalid_limit"],
    [`limit=${MAX_LIMIT + 1}`, "limit", "invalid_limit"],
    ["limit=-1", "limit", "invalid_limit"],
    ["limit=1.5", "limit", "invalid_limit"],
    ["limit=0x10", "limit", "invalid_limit"],
    ["limit=", "limit", "invalid_limit"],
    ["limit=1&limit=2", "limit", "wrong_type"],
    ["cursor=", "cursor", "invalid_cursor"],
    ["cursor=abc", "cursor", "invalid_cursor"],
    ["curser=abc", "curser", "unknown_field"],
  ])("refuses ?%s", async (query, parameter, code) => {
    const t = await testApp();
    const ask = asking(t, await givenApiKey(t.env, await givenOrganization(t.env)));
    const said = await ask("GET", `/users?${query}`);
    expect(said.status).toBe(422);
    expect(said.json.errors).toMatchObject([{ parameter, code }]);
    expect(said.json.errors[0]?.fix).not.toBe("");
  });

  it.each([1, MAX_LIMIT])("takes limit=%i", async (limit) => {
    const t = await testApp();
    const ask = asking(t, await givenApiKey(t.env, await givenOrganization(t.env)));
    expect((await ask("GET", `/users?limit=${limit}`)).status).toBe(200);
  });
});
