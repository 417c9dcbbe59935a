// What a stranger's words become before they are kept, and how rows become what a person sees.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { listExternalBadges } from "../../src/backpack/external.ts";
import {
  boundedId,
  judged,
  MAX_ASSERTION_LENGTH,
  normalAddress,
} from "../../src/backpack/external-judged.ts";
import {
  MAX_ID_LENGTH,
  MAX_NAME_LENGTH,
  shortText,
  webAddress,
} from "../../src/backpack/external-text.ts";
import { type ExternalBadge, externalIds } from "../../src/db/externals.ts";
import {
  MAX_EXTERNAL_ID_LENGTH,
  oursByExternalId,
  putExternal,
  putExternalId,
} from "../../src/db/externals-pulled.ts";
import { newId } from "../../src/ids.ts";
import type { VerifiedAward } from "../../src/verify/award.ts";
import type { Check, Verification } from "../../src/verify/result.ts";
import { pullWorld } from "./pull-world.ts";

describe("a name that a stranger wrote", () => {
  it.each([
    ["as it is", "Streak Champion", "Streak Champion"],
    ["trimmed, on one line", "  Streak\n\tChampion\u2028! ", "Streak Champion !"],
    ["without what turns it round", "abc\u202egnp.exe\u2066", "abc gnp.exe"],
    ["without nothing that is something", "\u200b\ufeff \u0000", null],
    ["markup is text", "<img src=x onerror=alert(1)>", "<img src=x onerror=alert(1)>"],
    ["half a character is none", "a\ud800b", "a\ufffdb"],
    ["an emoji of several characters", "👩‍🚀 Pilot", "👩‍🚀 Pilot"],
    ["a number", 7, null],
    ["an object", { toString: () => "x" }, null],
    ["null", null, null],
  ])("%s", (_name, given, expected) => {
    expect(shortText(given)).toBe(expected);
  });

  it("is cut at the bound and not before it", () => {
    const whole = "x".repeat(MAX_NAME_LENGTH);
    expect(shortText(whole)).toBe(whole);
    expect(shortText(`${whole}x`)).toBe(`${"x".repeat(MAX_NAME_LENGTH - 1)}…`);
    expect(shortText("🎖".repeat(1_000_000))).toBe(`${"🎖".repeat(MAX_NAME_LENGTH - 1)}…`);
  });

  it("is always short, whole and on one line", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 500 }), (text) => {
        const short = shortText(text);
        if (short === null) return;
        expect(Array.from(short).length).toBeLessThanOrEqual(MAX_NAME_LENGTH);
        expect(short).not.toMatch(
          /[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069\p{Surrogate}]/u,
        );
        expect(shortText(short)).toBe(short);
      }),
    );
  });
});

describe("an address that a stranger wrote", () => {
  it.each([
    ["https://a.example/x", "https://a.example/x"],
    ["HTTP://A.example:80/x", "http://a.example/x"],
    ["https://me:pw@a.example/", null],
    ["javascript:alert(1)", null],
    ["data:text/html,x", null],
    ["//a.example", null],
    ["", null],
    [7, null],
    [`https://a.example/${"x".repeat(MAX_ID_LENGTH)}`, null],
  ])("%s", (given, expected) => {
    expect(webAddress(given)).toBe(expected);
  });

  it("an id is compared without its fragment and its host's case, and with its path's", () => {
    expect(normalAddress("https://A.example/B#c")).toBe("https://a.example/B");
    expect(normalAddress("https://a.example/b")).not.toBe(normalAddress("https://a.example/B"));
    expect(normalAddress("https://a.example/b/")).not.toBe(normalAddress("https://a.example/b"));
    expect(normalAddress("urn:uuid:1")).toBeNull();
  });

  it("is its own normal form, once it has one", () => {
    fc.assert(
      fc.property(fc.webUrl({ withFragments: true, withQueryParameters: true }), (url) => {
        const normal = normalAddress(url);
        if (normal !== null) expect(normalAddress(normal)).toBe(normal);
      }),
    );
  });

  it("an id that is too long is kept as a digest, each as its own", async () => {
    const long = "u".repeat(MAX_ID_LENGTH + 1);
    expect(await boundedId("u".repeat(MAX_ID_LENGTH))).toHaveLength(MAX_ID_LENGTH);
    expect(await boundedId(long)).toMatch(/^sha256:[0-9a-f]{64}$/);
    expect(await boundedId(long)).not.toBe(await boundedId(`${long}u`));
  });
});

const NO_BADGE: NonNullable<Verification["badge"]> = {
  id: null,
  name: "Streak",
  description: null,
  image: "https://issuer.example/badge.png",
  criteria: { id: null, narrative: null },
  issuer: { id: "https://issuer.example/issuer", name: "Northside", url: null, email: null },
  issuedOn: "2026-01-01T00:00:00.000Z",
  expires: null,
  narrative: null,
  evidence: [],
  recipient: null,
  revocationReason: null,
};

function verified(over: Partial<Verification>, rest: Partial<VerifiedAward> = {}): VerifiedAward {
  return {
    verification: {
      verdict: "valid",
      reason: null,
      words: "This badge is valid.",
      checkedAt: "2026-10-04T14:00:00.000Z",
      input: { kind: "json", url: null },
      version: "2.0",
      verification: "hosted",
      badge: NO_BADGE,
      matched: null,
      checks: [],
      endorsements: [],
      documents: [],
      ...over,
    },
    id: "https://issuer.example/1",
    jws: null,
    documents: {
      assertion: { url: "https://issuer.example/1", embedded: false, json: { id: "x" } },
      badge: null,
      issuer: null,
    },
    ...rest,
  };
}

const fault = (over: Partial<Check>): Check => ({
  id: "recipient",
  outcome: "failed",
  reason: "recipient-mismatch",
  words: "The badge was awarded to somebody else.",
  evidence: {},
  at: "2026-10-04T14:00:00.000Z",
  ...over,
});

describe("what was found out about a badge", () => {
  it("is theirs only by the verifier's word", async () => {
    expect(await judged(verified({ matched: "kim@example.org" }))).toMatchObject({
      isTheirs: true,
    });
    expect(await judged(verified({ matched: null }))).toMatchObject({ isTheirs: false });
  });

  it.each([
    ["valid", true],
    ["expired", true],
    ["not-yet-valid", true],
    ["revoked", true],
    ["invalid", false],
    ["could-not-check", false],
  ] as const)("that is %s may be theirs: %s", async (verdict, isTheirs) => {
    expect(await judged(verified({ verdict, matched: "kim@example.org" }))).toMatchObject({
      isTheirs,
    });
  });

  it.each([
    ["valid", []],
    ["expired", [fault({ id: "expiry", reason: "expired", words: "It expired." })]],
    ["not-yet-valid", [fault({ id: "issue-date", reason: "not-yet-valid", words: "Not yet." })]],
    ["invalid", [fault({ id: "badge", reason: "property-missing", words: "A part is missing." })]],
    ["could-not-check", [fault({ id: "key", outcome: "not-possible", reason: "unreachable" })]],
  ] as const)(
    "made out to somebody else it is %s, by its other checks",
    async (verdict, others) => {
      const checks = [fault({}), ...others];
      const over = { verdict: "invalid", reason: "recipient-mismatch", checks } as const;
      const found = await judged(verified(over));
      expect(found).toMatchObject({ verdict, isTheirs: false });
      expect(found?.words).toContain("not confirmed here");
    },
  );

  it("is nothing where no id is to be had", async () => {
    expect(await judged(verified({}, { id: null }))).toBeNull();
  });

  it("an id that is no address counts together with the issuer", async () => {
    const id = "urn:uuid:0B6F2F0E-7d52-4c0b-9a3e-5f3a0f9c6b1d";
    expect(await judged(verified({}, { id }))).toMatchObject({
      canonicalId: "urn:uuid:0b6f2f0e-7d52-4c0b-9a3e-5f3a0f9c6b1d https://issuer.example/issuer",
    });
  });

  it("a document is kept whole up to the bound, and by its name beyond it", async () => {
    const of = (length: number) => {
      const bare = JSON.stringify({ id: "x", type: "Assertion", narrative: "" }).length;
      const json = { id: "x", type: "Assertion", narrative: "y".repeat(length - bare) };
      const assertion = { url: null, embedded: false, json };
      return verified({}, { documents: { assertion, badge: null, issuer: null } });
    };
    const whole = await judged(of(MAX_ASSERTION_LENGTH));
    expect(JSON.stringify(whole?.badge?.assertion)).toHaveLength(MAX_ASSERTION_LENGTH);
    const cut = await judged(of(MAX_ASSERTION_LENGTH + 1));
    expect(cut?.badge?.assertion).toEqual({ id: "x", type: "Assertion" });
  });

  it("names and pictures that are nothing to keep are not kept", async () => {
    const badge = { ...NO_BADGE, name: "x".repeat(1_000_000), image: "data:image/png;base64,AA" };
    const found = await judged(verified({ badge: { ...badge, issuedOn: "yesterday" } }));
    expect(found?.badge).toMatchObject({ imageUrl: null, issuedOn: null });
    expect(found?.badge?.name).toHaveLength(MAX_NAME_LENGTH);
  });
});

describe("what a person sees", () => {
  async function shelf(...rows: readonly Partial<ExternalBadge>[]) {
    const { env, connectionId, another, person } = await pullWorld();
    const other = await another("https://other.example.net", "Other Backpack");
    const at = env.now();
    const write = (row: Partial<ExternalBadge>, i: number) =>
      putExternal({
        id: newId(env),
        backpack_id: connectionId,
        collection_id: "-1",
        collection_name: null,
        entity_id: `e${i}`,
        assertion: {},
        jws: null,
        canonical_id: "https://issuer.example/1",
        name: "Streak",
        issuer_name: "Northside",
        image_url: null,
        issued_on: at,
        verdict: "valid",
        verdict_detail: null,
        is_theirs: true,
        checked_at: at,
        updated_at: at,
        ...row,
        ...(row.backpack_id === "other" ? { backpack_id: other } : {}),
      });
    await env.db.batch(rows.map(write));
    return listExternalBadges(env.db, person.user.id);
  }

  it("is each badge once, with its collections and backpacks", async () => {
    const { badges, more } = await shelf(
      {},
      { collection_id: "c1", collection_name: "Work" },
      { collection_id: "c2", collection_name: "Play" },
      { backpack_id: "other" },
    );
    expect(more).toBe(false);
    expect(badges).toHaveLength(1);
    expect(badges[0]?.heldIn).toMatchObject([
      { backpackName: "Example Backpack", collections: ["Play", "Work"] },
      { backpackName: "Other Backpack", collections: [] },
    ]);
  });

  it("is what was found out last", async () => {
    const { badges } = await shelf(
      { verdict: "valid", checked_at: 1_000 },
      { verdict: "revoked", checked_at: 2_000 },
    );
    expect(badges).toMatchObject([{ verdict: "revoked", checkedAt: 2_000 }]);
  });

  it.each(["invalid", "could-not-check"])("is not %s because a copy is", async (verdict) => {
    const { badges } = await shelf(
      { verdict: "valid", checked_at: 1_000 },
      { verdict, checked_at: 2_000, is_theirs: false, backpack_id: "other" },
    );
    expect(badges).toMatchObject([{ verdict: "valid", checkedAt: 1_000, isTheirs: true }]);
  });

  it("a forged copy makes nothing theirs", async () => {
    const { badges } = await shelf(
      { verdict: "valid", is_theirs: false },
      { verdict: "invalid", is_theirs: true },
    );
    expect(badges).toMatchObject([{ verdict: "valid", isTheirs: false }]);
  });

  it("begins with theirs, the newest first", async () => {
    const { badges } = await shelf(
      { canonical_id: "a", issued_on: 3, is_theirs: false },
      { canonical_id: "b", issued_on: 1 },
      { canonical_id: "c", issued_on: 2 },
      { canonical_id: "d", issued_on: null },
    );
    expect(badges.map(({ canonicalId }) => canonicalId)).toEqual(["c", "b", "d", "a"]);
  });

  it("is nobody else's", async () => {
    const { env, connectionId } = await pullWorld();
    expect(await listExternalBadges(env.db, connectionId)).toEqual({ badges: [], more: false });
  });
});

describe("what a backpack calls something of ours", () => {
  it("is kept once, up to the table's bound, and found again", async () => {
    const { env, backpackId } = await pullWorld();
    const keep = (external: string) =>
      putExternalId(newId(env), backpackId, "assertion", "a".repeat(40), external);
    const longest = "x".repeat(MAX_EXTERNAL_ID_LENGTH);
    expect(keep(`${longest}x`)).toBeNull();
    for (const external of [longest, longest]) {
      const write = keep(external);
      if (write) await env.db.batch([write]);
    }
    expect(await env.db.orm.select().from(externalIds)).toMatchObject([{ external_id: longest }]);
    expect(await oursByExternalId(env.db, backpackId, [longest, "y"])).toEqual(new Set([longest]));
    expect(await oursByExternalId(env.db, "other", [longest])).toEqual(new Set());
  });

  it("is not kept for a backpack that is gone", async () => {
    const { env } = await pullWorld();
    const write = putExternalId(newId(env), "gone", "assertion", "a", "b");
    if (write) await env.db.batch([write]);
    expect(await oursByExternalId(env.db, "gone", ["b"])).toEqual(new Set());
  });
});
