// Values in addresses and headers that nobody means well by: answered, never a fault of ours.
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { OPERATIONS } from "../../src/api/resources.ts";
import { type TestApp, testApp } from "../app.ts";
import { givenApiKey, givenOrganization, givenPerson } from "../given.ts";
import { type Ask, asking, everything } from "./ask.ts";

let t: TestApp;
let ask: Ask;

beforeAll(async () => {
  t = await testApp({ shared: true });
  const organization = await givenOrganization(t.env);
  await givenPerson(t.env, organization);
  ask = asking(t, await givenApiKey(t.env, organization));
});
afterAll(() => t.close());

const NASTY = [
  "%00",
  "%ff",
  "%c0%af",
  "%ed%a0%80",
  "..%2f..%2fetc",
  "'%20or%201=1--",
  "%25%5f",
  "__proto__",
  "constructor",
  "%F0%9F%98%80",
  "%",
  "a".repeat(5_000),
  "null",
  "-1",
];

const gets = OPERATIONS.filter(({ method }) => method === "get");

describe("values in addresses", () => {
  it.each(NASTY)("%s as an id is a 404 everywhere", async (value) => {
    const before = await everything(t);
    for (const { method, path, body, example } of OPERATIONS) {
      if (!path.includes("{")) continue;
      const at = path.replaceAll(/\{\w+\}/g, value);
      const said = await ask(method.toUpperCase(), at, body ? { body: example } : {});
      expect([method, path, said.status]).toEqual([method, path, 404]);
    }
    expect(await everything(t)).toBe(before);
  });

  it.each(NASTY)("%s as a parameter is answered or refused", async (value) => {
    for (const { path } of gets) {
      if (path.includes("{")) continue;
      for (const name of ["limit", "cursor", "q", "email", "identity", "role", "name", "badge"]) {
        const said = await ask("GET", `${path}?${name}=${value}`);
        expect([200, 422]).toContain(said.status);
      }
      const unknown = await ask("GET", `${path}?${value}=1`);
      expect([path, unknown.status]).toEqual([path, 422]);
    }
  });

  it("no text in a query or a header makes a fault of ours", async () => {
    const anyText = fc.string({ unit: "binary", maxLength: 60 });
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...gets),
        anyText,
        anyText,
        async ({ path }, name, value) => {
          const query = new URLSearchParams({ [name]: value, q: value, cursor: name });
          const said = await ask("GET", `${path.replaceAll(/[{}]/g, "")}?${query}`);
          expect(said.status).toBeLessThan(500);
        },
      ),
      { numRuns: 150 },
    );
    const visible = fc.string({ unit: "grapheme-ascii", maxLength: 80 });
    await fc.assert(
      fc.asyncProperty(visible, async (value) => {
        for (const name of ["authorization", "rosette-organization", "if-none-match", "if-match"]) {
          const said = await ask("GET", "/users", { headers: { [name]: value } });
          expect(said.status).toBeLessThan(500);
        }
      }),
      { numRuns: 60 },
    );
  });
});
