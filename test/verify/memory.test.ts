// The badges of one batch share what they read, and each is told what it would be told alone.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { PublicFetch } from "../../src/net/public-fetch.ts";
import {
  ACCEPT_IMAGE,
  createMemory,
  MAX_FETCHES,
  MAX_TOTAL_MS,
  type Memory,
} from "../../src/verify/reading.ts";
import type { Verification } from "../../src/verify/result.ts";
import { type VerifyOptions, verifyBadge } from "../../src/verify/verify.ts";
import { ADDRESS, type Change, documents, type Members, NOW, ORIGIN, world } from "./world.ts";

const ADDRESSES = Object.values(ADDRESS);
const award = (name: string) => `${ORIGIN}/awards/${name.replaceAll(" ", "-")}`;

/** Awards of the one badge that lead to the same documents in ways of their own. */
const AWARDS: Readonly<Record<string, Members>> = {
  plain: {},
  "without a picture": { image: undefined },
  again: { narrative: "The same badge, awarded once more." },
  endorsed: { endorsement: ADDRESS.endorsement },
  "with the badge for a picture": { image: ADDRESS.badge },
  "with the picture of the badge": { image: `${ORIGIN}/badge.png` },
  "with its own address for a badge": { badge: award("with its own address for a badge") },
  "with the badge inside": {
    badge: { type: "BadgeClass", name: "A badge that came along", issuer: ADDRESS.issuer },
  },
  "signed by name only": { verification: { type: "SignedBadge", creator: ADDRESS.key } },
  "endorsed beyond the bounds": {
    endorsement: Array.from({ length: MAX_FETCHES }, (_, i) => `${ORIGIN}/endorsement/${i}`),
  },
  expired: { expires: "2026-02-01T00:00:00Z" },
};

async function batchOf(change: Change) {
  const { assertion } = await documents();
  const signed = await world({ ...change, sign: {} });
  const pages = Object.fromEntries(
    Object.entries(AWARDS).map(([name, members]) => {
      const document = { ...assertion, id: award(name), ...members };
      return [award(name), { body: JSON.stringify(document) }];
    }),
  );
  // The issuer of the signed one, who has a key and a list, is everybody's.
  const hosted = await world({
    ...change,
    change: { ...change.change, issuer: signed.documents.issuer },
    pages: { ...pages, ...change.pages },
  });
  const given = [...Object.keys(AWARDS).map(award), signed.token ?? "", ADDRESS.assertion];
  return { given: [...given, ...given.toReversed()], web: hosted.web };
}

/** Of chains that run side by side the first to ask names what an address is for: not compared. */
function plain({ documents, ...found }: Verification) {
  const read = documents.map((document) => ({ ...document, role: "" }));
  return { ...found, documents: read.toSorted((a, b) => (a.url < b.url ? -1 : 1)) };
}

async function compared(change: Change) {
  const { given, web } = await batchOf(change);
  const options = { fetchPublic: web.fetchPublic, now: () => NOW };
  const verified = async (one: string, memory?: Memory) =>
    plain(await verifyBadge(one, { ...options, ...(memory && { memory }) }));
  const alone = await Promise.all(given.map((one) => verified(one)));
  const inTurn = createMemory();
  for (const [i, one] of given.entries()) {
    expect(await verified(one, inTurn), one).toEqual(alone[i]);
  }
  const atOnce = createMemory();
  expect(await Promise.all(given.map((one) => verified(one, atOnce)))).toEqual(alone);
  return alone;
}

describe("a batch says of each badge what is said of it alone", () => {
  it("where all is well, and where an award goes its own way", async () => {
    const found = await compared({});
    expect(new Set(found.map(({ verdict }) => verdict)).size).toBeGreaterThan(2);
  });

  it("where a member of any document is missing, or of another kind", async () => {
    const all = await documents();
    for (const name of ["badge", "issuer", "key", "list"] as const) {
      for (const member of Object.keys(all[name])) {
        for (const value of [undefined, 7, ADDRESS.assertion, { id: ADDRESS.badge }]) {
          await compared({ change: { [name]: { [member]: value } } });
        }
      }
    }
  });

  it("where an address fails, or answers with something else", async () => {
    for (const address of [...ADDRESSES, `${ORIGIN}/badge.png`]) {
      for (const page of [
        null,
        { status: 404, body: "" },
        { status: 410, body: "" },
        { body: "<p>" },
        { body: "{}", url: "https://elsewhere.example/" },
      ]) {
        await compared({ pages: { [address]: page } });
      }
    }
  });

  it("where any two documents lead to any others", async () => {
    const address = fc.constantFrom(...ADDRESSES, `${ORIGIN}/badge.png`, "urn:nothing");
    const members = fc.record(
      { id: address, image: address, issuer: address, endorsement: address, publicKey: address },
      { requiredKeys: [] },
    );
    await fc.assert(
      fc.asyncProperty(members, members, async (badge, issuer) => {
        await compared({ change: { badge, issuer } });
      }),
      { numRuns: 40 },
    );
  });
});

describe("a badge that would have been told something else is not told what others were", () => {
  const verdicts = async (given: readonly string[], options: VerifyOptions) => {
    const memory = createMemory();
    const found: [string, string | null][] = [];
    for (const one of given) {
      const alone = await verifyBadge(one, options);
      const remembered = await verifyBadge(one, { ...options, memory });
      expect(plain({ ...remembered, checks: [] })).toEqual(plain({ ...alone, checks: [] }));
      found.push([remembered.verdict, remembered.reason]);
    }
    return found;
  };

  it("by a host that answers pictures and documents at one address", async () => {
    const { web } = await batchOf({});
    const fetchPublic: PublicFetch = (url, options) =>
      web.fetchPublic(
        url === ADDRESS.badge && options?.accept === ACCEPT_IMAGE ? `${ORIGIN}/badge.png` : url,
        options,
      );
    const given = ["plain", "with the badge for a picture", "again"].map(award);
    expect(await verdicts(given, { fetchPublic, now: () => NOW })).toEqual([
      ["valid", null],
      ["invalid", "not-json"],
      ["valid", null],
    ]);
    expect(await verdicts(given.toReversed(), { fetchPublic, now: () => NOW })).toHaveLength(3);
  });

  it("by its own slowness", async () => {
    const { web } = await batchOf({});
    let now = NOW;
    const fetchPublic: PublicFetch = (url, options) => {
      if (url === award("without a picture")) now += MAX_TOTAL_MS;
      return web.fetchPublic(url, options);
    };
    // Only the verdicts: the clock is another one each time.
    const memory = createMemory();
    const reasons: (string | null)[] = [];
    for (const name of ["plain", "without a picture", "plain"]) {
      const found = await verifyBadge(award(name), { fetchPublic, now: () => now, memory });
      reasons.push(found.reason);
    }
    expect(reasons).toEqual([null, "over-budget", null]);
  });

  it("by naming another key", async () => {
    const mine = await world({ sign: {} });
    const verification = { type: "SignedBadge", creator: ADDRESS.endorser };
    const other = await world({ sign: {}, change: { assertion: { verification } } });
    const given = [mine, other, mine].map(({ token }) => token ?? "");
    const options = { fetchPublic: mine.web.fetchPublic, now: () => NOW };
    expect(await verdicts(given, options)).toEqual([
      ["valid", null],
      ["invalid", "key-not-listed"],
      ["valid", null],
    ]);
  });
});

describe("a memory keeps no more than it should", () => {
  it("of one batch nothing is left for the next", async () => {
    const before = await world({});
    const after = await world({ change: { issuer: { name: "Renamed" } } });
    const ask = (web: typeof before.web) =>
      verifyBadge(ADDRESS.assertion, { ...web, now: () => NOW, memory: createMemory() });
    expect((await ask(before.web)).badge?.issuer.name).toBe("Northside");
    expect((await ask(after.web)).badge?.issuer.name).toBe("Renamed");
  });

  it("nothing that led to a failure, even where the failure decides nothing", async () => {
    const memory = createMemory();
    const change = { badge: { endorsement: ADDRESS.endorsement } };
    const down = await world({ change, pages: { [ADDRESS.endorser]: null } });
    await verifyBadge(ADDRESS.assertion, { ...down.web, now: () => NOW, memory });
    const up = await world({ change });
    const found = await verifyBadge(ADDRESS.assertion, { ...up.web, now: () => NOW, memory });
    expect(found.endorsements[0]?.verdict).toBe("valid");
    expect(up.web.asked).toContain(ADDRESS.endorser);
  });
});
