// Breaks a whole badge in every way there is, one at a time, and asks that each is told by itself.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { MAX_FETCHES } from "../../src/verify/reading.ts";
import { verifyBadge } from "../../src/verify/verify.ts";
import {
  ADDRESS,
  type Change,
  type DocumentName,
  documents,
  faults,
  type Members,
  NOW,
  verify,
  world,
} from "./world.ts";

/** The members a document must have, as Open Badges 2.0 lists them. */
const REQUIRED: Partial<Record<DocumentName, readonly string[]>> = {
  assertion: ["type", "recipient", "badge", "verification", "issuedOn"],
  badge: ["type", "name", "description", "image", "criteria", "issuer"],
  issuer: ["type", "name", "url", "email"],
  key: ["type", "owner", "publicKeyPem"],
};

/** What is wrong with a badge, as far as programs are told. */
async function told(change: Change): Promise<string> {
  const found = await verify(change);
  expect(found.verdict).not.toBe("valid");
  expect(found.reason).not.toBeNull();
  const checks = found.checks.filter(({ outcome }) => outcome !== "passed" && outcome !== "warned");
  return checks
    .map(
      ({ id, reason, evidence }) =>
        `${id} ${reason} ${evidence.property ?? ""} ${evidence.found ?? ""}`,
    )
    .join("; ");
}

describe("each way of breaking a badge has its own reason", () => {
  it("a member taken out", async () => {
    const reasons = new Map<string, string>();
    for (const [name, members] of Object.entries(REQUIRED)) {
      for (const member of members) {
        // An award that is not called one is not loaded as one.
        const key = `${name}.${member}`;
        reasons.set(key, await told({ sign: {}, change: { [name]: { [member]: undefined } } }));
      }
    }
    expect(new Set(reasons.values()).size).toBe(reasons.size);
    for (const [key, reason] of reasons) {
      const [, member = ""] = key.split(".");
      expect([key, reason]).toEqual([
        key,
        expect.stringContaining(`missing ${member === "type" ? "" : member}`),
      ]);
    }
  });

  it("a member of the wrong kind", async () => {
    const reasons = new Map<string, string>();
    for (const [name, members] of Object.entries(REQUIRED)) {
      for (const member of members.filter((one) => one !== "type")) {
        reasons.set(
          `${name}.${member}`,
          await told({ sign: {}, change: { [name]: { [member]: 7 } } }),
        );
      }
    }
    expect(new Set(reasons.values()).size).toBe(reasons.size);
  });

  it("two values where one may be", async () => {
    const all = await documents();
    const reasons = new Set<string>();
    let count = 0;
    for (const [name, members] of Object.entries(REQUIRED) as [DocumentName, string[]][]) {
      for (const member of members.filter((one) => one !== "type")) {
        const value = all[name][member];
        const change = {
          [name]: {
            [member]: [value, member === "criteria" ? { id: "https://a.example" } : value],
          },
        };
        reasons.add(await told({ sign: {}, change }));
        count++;
      }
    }
    expect(reasons.size).toBe(count);
  });

  it("an address that fails, in each way it may", async () => {
    const reasons = new Set<string>();
    const failing = [ADDRESS.assertion, ADDRESS.badge, ADDRESS.issuer];
    for (const address of failing) {
      for (const page of [
        null,
        { status: 404, body: "" },
        { body: "<p>" },
        { body: '{"a":1,"a":2}' },
      ]) {
        const found = await verify({ pages: { [address]: page } });
        expect(found.verdict).toBe(
          page?.status === undefined && page !== null ? "invalid" : "could-not-check",
        );
        reasons.add(`${address} ${faults(found).join()}`);
      }
    }
    expect(reasons.size).toBe(12);
  });
});

/** A member deep inside, changed to something strange. */
function mutate(document: Members, at: number, value: unknown): Members {
  const paths: (string | number)[][] = [];
  const visit = (inner: unknown, path: (string | number)[]) => {
    if (path.length > 0) paths.push(path);
    if (typeof inner !== "object" || inner === null) return;
    for (const [key, one] of Object.entries(inner)) visit(one, [...path, key]);
  };
  visit(document, []);
  const path = paths[at % paths.length] ?? [];
  const copy: Members = structuredClone(document);
  let parent: Members = copy;
  for (const step of path.slice(0, -1)) parent = parent[step] as Members;
  const last = path.at(-1);
  if (last !== undefined) parent[last] = value;
  return copy;
}

const strange = fc.oneof(
  fc.jsonValue({ maxDepth: 4 }),
  fc.constantFrom(
    null,
    "",
    [],
    {},
    "https://a.example/x",
    "urn:uuid:1",
    "did:a:b",
    "data:,",
    "data:image/png;base64,!",
    ADDRESS.assertion,
    ADDRESS.badge,
    ADDRESS.issuer,
    "9999-99-99T99:99:99Z",
    -1,
    1e308,
    "\u0000",
    "__proto__",
    { "@value": 1, "@type": "@id" },
    { "@context": null },
    { "@list": [{ "@list": [] }] },
    ["@id"],
    { "@id": "_:" },
  ),
);

describe("whatever a document says", () => {
  it("there is a verdict, bounded and plain", async () => {
    const name = fc.constantFrom<DocumentName>(
      "assertion",
      "badge",
      "issuer",
      "key",
      "list",
      "endorsement",
      "endorser",
    );
    await fc.assert(
      fc.asyncProperty(name, fc.nat(), strange, fc.boolean(), async (which, at, value, sign) => {
        const all = await documents();
        const linked = { badge: { endorsement: ADDRESS.endorsement } };
        const changed = mutate(all[which], at, value);
        const change = { ...linked, [which]: { ...linked[which as "badge"], ...changed } };
        const made = await world({ change, ...(sign ? { sign: {} } : {}) });
        const given = made.token ?? ADDRESS.assertion;
        const found = await verifyBadge(given, {
          ...made.web,
          now: () => NOW,
          recipient: ["a@b.example"],
        });
        expect(made.web.asked.length).toBeLessThanOrEqual(MAX_FETCHES);
        expect(JSON.parse(JSON.stringify(found))).toEqual(found);
        expect(found.checks.length).toBeGreaterThan(0);
      }),
      { numRuns: 400 },
    );
  });

  it("documents that lead to one another end", async () => {
    const loop = (n: number) => `https://issuer.example/loop${n}`;
    const made = await world({});
    const found = await verifyBadge(loop(0), {
      now: () => NOW,
      fetchPublic: async (url, options) => {
        const n = Number(/loop(\d+)$/.exec(url)?.[1] ?? Number.NaN);
        if (Number.isNaN(n)) return made.web.fetchPublic(url, options);
        const body = JSON.stringify({
          "@context": "https://w3id.org/openbadges/v2",
          type: "Assertion",
          id: loop(n + 1),
        });
        const bytes = new TextEncoder().encode(body);
        return { ok: true, url, status: 200, contentType: null, bytes, redirects: [] };
      },
    });
    expect(found).toMatchObject({ verdict: "invalid", reason: "id-lies" });
    expect(found.documents.length).toBe(2);
  });

  it("time that runs out ends the reading", async () => {
    const made = await world({});
    let now = NOW;
    const found = await verifyBadge(ADDRESS.assertion, {
      now: () => now,
      fetchPublic: (url, options) => {
        now += 31_000;
        return made.web.fetchPublic(url, options);
      },
    });
    expect(found).toMatchObject({ verdict: "could-not-check", reason: "over-budget" });
  });

  it("depth and breadth end in a verdict", async () => {
    const deep = `${'{"a":'.repeat(40)}1${"}".repeat(40)}`;
    const { assertion } = await documents();
    const contexts = {
      ...assertion,
      "@context": Array.from({ length: 2_000 }, () => "https://w3id.org/openbadges/v2"),
    };
    const terms = {
      ...assertion,
      "@context": Object.fromEntries(Array.from({ length: 600 }, (_, i) => [`t${i}`, "a:b"])),
    };
    for (const [body, reason] of [
      [deep, "json-malformed"],
      [JSON.stringify(contexts), "document-too-complex"],
      [JSON.stringify(terms), "document-too-complex"],
    ] as const) {
      expect(await verify({ pages: { [ADDRESS.assertion]: { body } } })).toMatchObject({
        verdict: "invalid",
        reason,
      });
    }
  });
});
