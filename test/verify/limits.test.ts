// Every limit of the verifier, at the last value that is allowed and the first that is not.
import { describe, expect, it } from "vitest";
import { bakePng } from "../../src/bakery/bake-png.ts";
import { checkExtensions, MAX_EXTENSIONS } from "../../src/verify/checks/extension.ts";
import { MAX_CONTEXT_TERMS, MAX_CONTEXTS } from "../../src/verify/contexts/active.ts";
import { expand, MAX_DEPTH, type Node } from "../../src/verify/contexts/expand.ts";
import { excerpt, MAX_FAULTS } from "../../src/verify/documents/reader.ts";
import { MAX_KEYS } from "../../src/verify/follow.ts";
import { MAX_TOKEN_LENGTH, parseToken } from "../../src/verify/jws.ts";
import {
  ACCEPT_DOCUMENT,
  createMemory,
  MAX_FETCHES,
  MAX_REMEMBERED,
  MAX_TOTAL_BYTES,
  MAX_TOTAL_MS,
  Reading,
} from "../../src/verify/reading.ts";
import { MAX_EVIDENCE_LENGTH } from "../../src/verify/result.ts";
import { verifyBadge } from "../../src/verify/verify.ts";
import { webOf } from "./web.ts";
import { ADDRESS, faults, type Members, NOW, PIXEL, V2, verify, world } from "./world.ts";

describe("reading for one badge", () => {
  const answerOf = (length: number) => webOf(() => ({ body: new Uint8Array(length) }));
  const ask = (reading: Reading, n: number) =>
    reading.get(`https://a.example/${n}`, "badge", ACCEPT_DOCUMENT);
  const refused = { ok: false, reason: "over-budget" };

  it("asks so many addresses and no more, and an address once", async () => {
    const web = answerOf(1);
    const reading = new Reading({ ...web, now: () => 0 });
    for (let n = 0; n < MAX_FETCHES; n++) expect((await ask(reading, n)).ok).toBe(true);
    expect(await ask(reading, MAX_FETCHES)).toMatchObject(refused);
    expect((await ask(reading, 0)).ok).toBe(true);
    expect(web.asked.length).toBe(MAX_FETCHES);
  });

  it.each([
    [MAX_TOTAL_BYTES - 1, true],
    [MAX_TOTAL_BYTES, false],
  ])("goes on after %i octets: %s", async (length, ok) => {
    const reading = new Reading({ ...answerOf(length), now: () => 0 });
    await ask(reading, 0);
    expect((await ask(reading, 1)).ok).toBe(ok);
  });

  it.each([
    [MAX_TOTAL_MS - 1, true],
    [MAX_TOTAL_MS, false],
  ])("goes on after %i milliseconds: %s", async (elapsed, ok) => {
    let now = 0;
    const reading = new Reading({ ...answerOf(1), now: () => now });
    now = elapsed;
    expect((await ask(reading, 0)).ok).toBe(ok);
  });

  it("follows addresses in files a few times", async () => {
    const chain = async (length: number) => {
      const pages: Record<string, { body: Uint8Array<ArrayBuffer> }> = {};
      for (let n = 0; n < length; n++) {
        const next = n + 1 < length ? `https://a.example/${n + 1}` : ADDRESS.assertion;
        const baked = await bakePng(PIXEL, next);
        if (!baked.ok) throw new Error(baked.reason);
        pages[`https://a.example/${n}`] = { body: baked.bytes };
      }
      return verify({ pages, given: "https://a.example/0" });
    };
    expect((await chain(3)).verdict).toBe("valid");
    expect(await chain(4)).toMatchObject({ verdict: "could-not-check", reason: "over-budget" });
  });
});

describe("the memory of a batch", () => {
  it("asks an issuer once, and each award every time", async () => {
    const memory = createMemory();
    const made = await world({ change: { issuer: { revocationList: ADDRESS.list } } });
    const options = { ...made.web, now: () => NOW, memory };
    const first = await verifyBadge(ADDRESS.assertion, options);
    const second = await verifyBadge(ADDRESS.assertion, options);
    expect(second).toEqual(first);
    const times = (address: string) => made.web.asked.filter((url) => url === address).length;
    expect([ADDRESS.assertion, ADDRESS.badge, ADDRESS.issuer, ADDRESS.list].map(times)).toEqual([
      2, 1, 1, 1,
    ]);
  });

  it("keeps nothing that failed", async () => {
    const memory = createMemory();
    const down = await world({ pages: { [ADDRESS.issuer]: null } });
    const up = await world({});
    const found = await verifyBadge(ADDRESS.assertion, { ...down.web, now: () => NOW, memory });
    expect(found.verdict).toBe("could-not-check");
    const again = await verifyBadge(ADDRESS.assertion, { ...up.web, now: () => NOW, memory });
    expect(again.verdict).toBe("valid");
  });

  it("forgets when it is full", async () => {
    const memory = createMemory();
    const web = webOf(() => ({ body: "{}" }));
    for (let n = 0; n < MAX_REMEMBERED; n++) {
      await new Reading({ ...web, now: () => 0, memory }).get(
        `https://a.example/${n}`,
        "badge",
        "*/*",
      );
    }
    expect(memory.answers.size).toBe(MAX_REMEMBERED);
    await new Reading({ ...web, now: () => 0, memory }).get(
      "https://a.example/more",
      "badge",
      "*/*",
    );
    expect(memory.answers.size).toBe(1);
  });
});

describe("one document", () => {
  const complex = { ok: false, reason: "document-too-complex" };

  it("has so many contexts", () => {
    // The list of them counts as one.
    const withContexts = (n: number) =>
      expand({ "@context": Array.from({ length: n - 1 }, () => V2) }, null);
    expect(withContexts(MAX_CONTEXTS).ok).toBe(true);
    expect(withContexts(MAX_CONTEXTS + 1)).toMatchObject(complex);
  });

  it("gives so many terms a meaning", () => {
    const withTerms = (n: number) =>
      expand(
        { "@context": Object.fromEntries(Array.from({ length: n }, (_, i) => [`t${i}`, "a:b"])) },
        null,
      );
    expect(withTerms(MAX_CONTEXT_TERMS).ok).toBe(true);
    expect(withTerms(MAX_CONTEXT_TERMS + 1)).toMatchObject(complex);
  });

  it("is so deep, in objects and in lists", () => {
    const objects = (n: number): Members => (n === 0 ? {} : { "a:b": objects(n - 1) });
    const lists = (n: number): unknown => (n === 0 ? 1 : [lists(n - 1)]);
    expect(expand(objects(MAX_DEPTH), null).ok).toBe(true);
    expect(expand(objects(MAX_DEPTH + 1), null)).toMatchObject(complex);
    expect(expand({ "a:b": lists(MAX_DEPTH) }, null).ok).toBe(true);
    expect(expand({ "a:b": lists(MAX_DEPTH + 1) }, null)).toMatchObject(complex);
  });

  it.each([
    [MAX_FAULTS, MAX_FAULTS],
    [MAX_FAULTS + 1, MAX_FAULTS],
  ])("with %i faults is told %i of them", async (present, told) => {
    const alignment = Array.from({ length: present }, () => ({ targetUrl: "https://a.example" }));
    expect(faults(await verify({ change: { badge: { alignment } } })).length).toBe(told);
  });

  it("has so many extensions looked at", () => {
    const withExtensions = (n: number) => {
      const one = { type: ["Extension", "extensions:Other"] };
      const expanded = expand(
        { "@context": V2, "extensions:x": Array.from({ length: n }, () => one) },
        null,
      );
      return checkExtensions(expanded.ok ? expanded.node : ({} as Node)).length;
    };
    expect(withExtensions(MAX_EXTENSIONS)).toBe(MAX_EXTENSIONS);
    expect(withExtensions(MAX_EXTENSIONS + 1)).toBe(MAX_EXTENSIONS);
  });

  it("is repeated in so many characters", () => {
    const text = "a".repeat(MAX_EVIDENCE_LENGTH);
    expect(excerpt(text)).toBe(text);
    expect(excerpt(`${text}a`)).toBe(`${text}…`);
  });
});

describe("a signed badge", () => {
  it("has so many characters", () => {
    const start = `${btoa('{"alg":"RS256"}').replaceAll("=", "")}.`;
    const ofLength = (length: number) => {
      const room = length - start.length - 1;
      const payload = "YWFh".repeat(Math.floor(room / 4) - 1);
      return `${start}${payload}.${"A".repeat(room - payload.length)}`;
    };
    // Whatever the length leaves for the signature: not the one that no base64url has.
    const longest = [0, 1, 2, 3]
      .map((less) => MAX_TOKEN_LENGTH - less)
      .find((n) => parseToken(ofLength(n)).ok);
    expect(longest).toBeGreaterThanOrEqual(MAX_TOKEN_LENGTH - 1);
    for (const more of [1, 2, 3, 4])
      expect(parseToken(ofLength(MAX_TOKEN_LENGTH + more)).ok).toBe(false);
  });

  it.each([
    [MAX_KEYS - 1, "valid"],
    [MAX_KEYS, "invalid"],
  ])(
    "that names no key is tried with the first few: %i others before its own, %s",
    async (others, verdict) => {
      const publicKey = [
        ...Array.from({ length: others }, (_, i) => `https://issuer.example/k${i}`),
        ADDRESS.key,
      ];
      const other = { body: JSON.stringify({ "@context": V2, type: "CryptographicKey" }) };
      const pages = Object.fromEntries(
        publicKey.slice(0, others).map((address) => [address, other]),
      );
      const assertion = { verification: { type: "signed" } };
      const found = await verify({ sign: {}, change: { assertion, issuer: { publicKey } }, pages });
      expect(found.verdict).toBe(verdict);
    },
  );
});
