// Damaged badge files of every form, as many as one likes: FUZZ_RUNS says how many of each.

import fc from "fast-check";
import { afterAll, beforeAll, expect, it } from "vitest";
import { verifyBadge } from "../../src/verify/verify.ts";
import type { TestApp } from "../app.ts";
import { givenStandings, verifyingApp } from "./installation.ts";

/** Five forms: 5,000 files in the usual run. */
const runs = Number(process.env.FUZZ_RUNS ?? 1_000);
/** No file may take longer, whatever it holds. */
const MAX_MILLISECONDS = 2_000;
const timeout = 60_000 + runs * 60;

let t: TestApp;
let forms: Record<string, Uint8Array<ArrayBuffer>>;

beforeAll(async () => {
  const app = await verifyingApp({ shared: true });
  t = app;
  const { valid } = await givenStandings(app);
  const assertion = `/ob/v2/assertions/${valid}`;
  const bytesOf = async (path: string) =>
    new Uint8Array(await (await app.request(`${assertion}${path}`)).arrayBuffer());
  forms = {
    JSON: await bytesOf(""),
    JWS: await bytesOf("/signed"),
    SVG: await bytesOf("/image.svg"),
    "signed SVG": await bytesOf("/image.svg?signed"),
    link: new TextEncoder().encode(t.env.urls.assertion(valid)),
  };
});

afterAll(() => t.close());

/** One thing done to a file: octets changed, cut out, put in, doubled, or everything after it lost. */
const damage = fc.record({
  kind: fc.constantFrom("flip", "cut", "insert", "double", "truncate"),
  at: fc.double({ min: 0, max: 1, noNaN: true }),
  length: fc.integer({ min: 1, max: 64 }),
  octets: fc.uint8Array({ minLength: 1, maxLength: 32 }),
});
type Damage = typeof damage extends fc.Arbitrary<infer T> ? T : never;

function damaged(file: Uint8Array, { kind, at, length, octets }: Damage): Uint8Array<ArrayBuffer> {
  const start = Math.floor(at * file.length);
  const before = file.subarray(0, start);
  const after = file.subarray(start + length);
  if (kind === "truncate") return new Uint8Array(before);
  if (kind === "cut") return new Uint8Array([...before, ...after]);
  if (kind === "insert") return new Uint8Array([...before, ...octets, ...file.subarray(start)]);
  const part = file.subarray(start, start + length);
  if (kind === "double") return new Uint8Array([...before, ...part, ...part, ...after]);
  const flipped = part.map((octet, i) => octet ^ (octets[i % octets.length] ?? 1));
  return new Uint8Array([...before, ...flipped, ...after]);
}

const FORMS = ["JSON", "JWS", "SVG", "signed SVG", "link"];

/** What is looked at as a file; the others are pasted. */
const asGiven = (form: string, bytes: Uint8Array<ArrayBuffer>) =>
  form.endsWith("SVG") ? bytes : decode(bytes);

it.each(FORMS)("undamaged: %s", async (form) => {
  const given = asGiven(form, forms[form] ?? new Uint8Array());
  const found = await verifyBadge(given, { fetchPublic: t.env.publicFetch, now: t.env.now });
  expect(found).toMatchObject({ verdict: "valid" });
});

it.each(FORMS)(`${runs} damaged files: %s`, { timeout }, async (form) => {
  const file = forms[form] ?? new Uint8Array();
  let slowest = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(damage, { minLength: 1, maxLength: 4 }), async (all) => {
      const given = all.reduce(damaged, new Uint8Array(file));
      const start = performance.now();
      const found = await verifyBadge(asGiven(form, given), {
        fetchPublic: t.env.publicFetch,
        now: t.env.now,
      });
      slowest = Math.max(slowest, performance.now() - start);
      expect(found.checks.length).toBeGreaterThan(0);
      expect(JSON.parse(JSON.stringify(found))).toEqual(found);
      // A signature covers every octet of what is valid: only the token as it was is.
      if (form === "JWS" && found.verdict === "valid")
        expect(decode(given)).toContain(decode(file));
    }),
    { numRuns: runs },
  );
  expect(slowest).toBeLessThan(MAX_MILLISECONDS);
});

function decode(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes);
}
