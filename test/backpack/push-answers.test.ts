// What a Badge Connect host may answer, and what is made of it: success only where all of it says so.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { badgeConnect, FIND_MS, FIND_PAGES } from "../../src/backpack/badge-connect.ts";
import { judge, MAX_WORDS } from "../../src/backpack/badge-connect-answer.ts";
import { listedBadges, nextPage } from "../../src/backpack/badge-connect-page.ts";
import type { Access, Net } from "../../src/backpack/protocol.ts";
import { providerOf, quirksOf } from "../../src/backpack/quirks.ts";
import type { DialFailureCode } from "../../src/net/dial.ts";
import { DEFAULT_MAX_BYTES } from "../../src/net/public-fetch.ts";
import { TEST_NOW } from "../app.ts";
import { BadgeHost, type Doing, fetchOf, status, type Told } from "./host.ts";

const ORIGIN = "https://backpack.example.net";
const ID = "https://badges.example.org/ob/v2/assertions/a";
const BADGE = { id: ID, assertion: { id: ID, type: "Assertion", badge: "https://b.example/1" } };

function at(provider: string | null = null, apiBase?: string) {
  const host = new BadgeHost(ORIGIN, () => TEST_NOW);
  const net: Net = { publicFetch: fetchOf(host), now: () => TEST_NOW };
  const access: Access = {
    backpack: { backpack_api_url: apiBase ?? host.apiBase, provider },
    token: "access-1",
    uid: null,
    email: null,
  };
  const send = async (doing: Doing) => {
    host.before = doing;
    return badgeConnect.send(net, access, BADGE);
  };
  return { host, net, access, send };
}

const json = (value: unknown, code = 200, headers = {}): Told => ({
  status: code,
  headers: { "content-type": "application/json", ...headers },
  body: typeof value === "string" ? value : JSON.stringify(value),
});

/** Chunks without end. */
const endless = async function* (): AsyncGenerator<Uint8Array> {
  for (;;) yield new Uint8Array(64 * 1024).fill(0x20);
};

describe("OB21-E-03 a success", () => {
  it.each([
    ["error is null", { error: null, statusCode: 200, statusText: "OK" }],
    ["error is absent", { statusCode: 200, statusText: "OK" }],
    ["error is empty text", { error: "", statusCode: 200, statusText: "OK" }],
    ["error is an empty list", { error: [], statusCode: 200, statusText: "OK" }],
    ["nothing but the code", { statusCode: 200 }],
    ["statusText is null", { statusCode: 200, statusText: null }],
    ["statusText in words of its own", { statusCode: 200, statusText: "Success" }],
  ])("%s", async (_name, given) => {
    expect(await at().send(() => json({ status: given }))).toMatchObject({ kind: "delivered" });
  });

  it("OB21-P-03 201 instead of 200 is one too", async () => {
    const created = json({ status: { statusCode: 201 } }, 201);
    expect(await at().send(() => created)).toMatchObject({ kind: "delivered" });
  });
});

describe("malformed replies are failures, never delivered: of twelve kinds", () => {
  const good = JSON.stringify({ status: { error: null, statusCode: 200, statusText: "OK" } });
  it.each<[string, Told | DialFailureCode, string, string]>([
    ["HTML with 200", json("<!doctype html><p>Welcome</p>"), "unknown", "bad_answer"],
    ["JSON that breaks off", json(good.slice(0, 40)), "unknown", "bad_answer"],
    ["no JSON at all", json("OK"), "unknown", "bad_answer"],
    ["an empty body", json(""), "unknown", "bad_answer"],
    ["JSON without a status", json({ ok: true }), "unknown", "bad_answer"],
    ["a list", json([{ status: { statusCode: 200 } }]), "unknown", "bad_answer"],
    [
      "wrong types",
      json({ status: { statusCode: "200", statusText: 7, error: 0 } }),
      "unknown",
      "bad_answer",
    ],
    [
      "307 elsewhere",
      { status: 307, headers: { location: `${ORIGIN}/x` } },
      "failed",
      "redirected",
    ],
    ["an answer without end", { body: endless }, "unknown", "answer_too_large"],
    ["a body that is cut off", "truncated", "unknown", "no_answer"],
    ["no answer", "connection-lost", "unknown", "no_answer"],
    ["an answer that is not HTTP", "bad-answer", "unknown", "bad_answer"],
  ])("%s", async (_name, told, kind, code) => {
    expect(await at().send(() => told)).toMatchObject({ kind, code });
  });

  it.each([
    ["statusCode is a fraction", { statusCode: 200.5 }],
    ["statusCode is none", { statusCode: 20_000 }],
    ["status is null", null],
    ["status is text", "OK"],
    ["error is an object", { statusCode: 200, error: { code: 1 } }],
    ["error is a list of objects", { statusCode: 200, error: [{}] }],
    ["an error although it went well", { statusCode: 200, error: "Something is wrong." }],
  ])("a 200 in which %s", async (_name, given) => {
    expect(await at().send(() => json({ status: given }))).toMatchObject({
      kind: "unknown",
      code: "bad_answer",
    });
  });

  it("bytes that are no UTF-8", async () => {
    const bytes = async function* () {
      yield new Uint8Array([0x7b, 0xff, 0xfe, 0x7d]);
    };
    expect(await at().send(() => ({ body: bytes }))).toMatchObject({ code: "bad_answer" });
  });

  it("the bound of what is read is the door's", async () => {
    const body = JSON.stringify({
      status: { statusCode: 200, statusText: "OK" },
      padding: "x".repeat(DEFAULT_MAX_BYTES),
    });
    expect(await at().send(() => json(body))).toMatchObject({ code: "answer_too_large" });
  });

  it("whatever comes, nothing but a success is one", async () => {
    const value = fc.oneof(
      fc.json(),
      fc.string(),
      fc
        .record({ status: fc.oneof(fc.jsonValue(), fc.record({ statusCode: fc.jsonValue() })) })
        .map((given) => JSON.stringify(given)),
    );
    await fc.assert(
      fc.asyncProperty(value, fc.integer({ min: 200, max: 599 }), async (body, code) => {
        const fetched = {
          ok: true,
          url: ORIGIN,
          status: code,
          contentType: null,
          bytes: new TextEncoder().encode(body),
          redirects: [],
        } as const;
        const judged = judge(fetched, quirksOf(null), TEST_NOW);
        if (judged.kind !== "ok") return;
        const said = (JSON.parse(body) as { status: { statusCode: number } }).status.statusCode;
        expect(code).toBeLessThan(300);
        expect(said).toBeGreaterThanOrEqual(200);
        expect(said).toBeLessThan(300);
      }),
    );
  });
});

describe("OB21-E-04 what the host says no with", () => {
  it.each([
    [400, "REQUEST_VALIDATION_ERROR", { kind: "refused", reason: "invalid_request" }],
    [400, "RECIPIENT_PROFILE_MISMATCH", { kind: "refused", reason: "recipient_mismatch" }],
    [400, "INVALID_BADGE", { kind: "refused", reason: "invalid_badge", permanent: false }],
    [400, "BAD_REQUEST", { kind: "refused", reason: "invalid_request", permanent: true }],
    [401, "UNAUTHENTICATED", { kind: "unauthenticated" }],
    [401, "PERMISSION_DENIED", { kind: "forbidden" }],
    [404, "NOT_FOUND", { kind: "failed", code: "not_there", retryable: true }],
    [405, "METHOD_NOT_ALLOWED", { kind: "refused", reason: "not_supported" }],
  ])("%i %s, as the status or inside of a 200", async (code, text, outcome) => {
    const said = { error: "Because.", statusCode: code, statusText: text };
    expect(await at().send(() => json({ status: said }, code))).toMatchObject(outcome);
    expect(await at().send(() => json({ status: said }))).toMatchObject(outcome);
    const contradicting = { ...said, statusCode: 200 };
    expect(await at().send(() => json({ status: contradicting }))).toMatchObject(outcome);
  });

  it.each<[number, Record<string, string>, object]>([
    [400, {}, { kind: "refused", reason: "invalid_request" }],
    [401, {}, { kind: "unauthenticated" }],
    [
      401,
      { "www-authenticate": 'Bearer error="insufficient_scope", scope="x"' },
      { kind: "forbidden", scope: "x" },
    ],
    [403, {}, { kind: "unknown", code: "host_error" }],
    [408, {}, { kind: "unknown", code: "no_answer" }],
    [410, {}, { kind: "failed", code: "not_there" }],
    [413, {}, { kind: "refused" }],
    [422, {}, { kind: "refused" }],
    [429, {}, { kind: "rate-limited", retryAt: null }],
    [429, { "retry-after": "7" }, { kind: "rate-limited", retryAt: TEST_NOW + 7_000 }],
    [500, {}, { kind: "unknown", code: "host_error" }],
    [502, {}, { kind: "unknown", code: "host_error" }],
    [503, {}, { kind: "unknown", code: "host_error" }],
    [503, { "retry-after": "7" }, { kind: "rate-limited", retryAt: TEST_NOW + 7_000 }],
    [304, {}, { kind: "unknown", code: "bad_answer" }],
  ])("OB21-E-05 %i %o without a status object", async (code, headers, outcome) => {
    expect(await at().send(() => json("<p>no", code, headers))).toMatchObject(outcome);
  });

  it.each<[DialFailureCode, object]>([
    ["name-not-found", { kind: "failed", code: "unreachable" }],
    ["tls", { kind: "failed", code: "unreachable" }],
    ["address-not-public", { kind: "failed", code: "unreachable" }],
    ["unreachable", { kind: "unknown", code: "unreachable" }],
    ["headers-too-large", { kind: "unknown", code: "answer_too_large" }],
    ["bad-encoding", { kind: "unknown", code: "bad_answer" }],
  ])("%s", async (failure, outcome) => {
    expect(await at().send(() => failure)).toMatchObject(outcome);
  });

  it("words are one short line, from text or a list of it", async () => {
    const words = async (error: unknown) =>
      (await at().send(() => status(400, "BAD_REQUEST", error))) as { words: string | null };
    expect((await words(["one", "two"])).words).toBe("one; two");
    expect((await words("a\n\tb\u202e c")).words).toBe("a b c");
    expect((await words("x".repeat(9_999))).words).toHaveLength(MAX_WORDS);
    const cut = (await words(`${"x".repeat(MAX_WORDS - 1)}😀`)).words;
    expect(cut).toBe("x".repeat(MAX_WORDS - 1));
    expect((await words(" ")).words).toBeNull();
  });
});

describe("quirks of providers", () => {
  it.each([
    ["https://api.badgr.io/v2", "badgr"],
    ["https://api.eu.badgr.io/ims/ob/v2p1", "badgr"],
    ["https://badgr.io", "badgr"],
    ["https://notbadgr.io", null],
    ["https://badgr.io.example.org", null],
    ["https://suite.imsglobal.org/x", "1edtech-conformance"],
    ["https://backpack.example.net", null],
    ["not an address", null],
  ])("%s is %s", (address, provider) => {
    expect(providerOf(address)).toBe(provider);
  });

  it.each([
    ["as an error", status(400, "BAD_REQUEST", ["DUPLICATE_BADGE"])],
    [
      "as an error inside of a 200",
      json({ status: { statusCode: 400, error: "DUPLICATE_BADGE" } }),
    ],
    ["as the text of the status", status(409, "DUPLICATE_BADGE")],
  ])("a duplicate reported %s is there", async (_name, told) => {
    expect(await at("badgr").send(() => told)).toMatchObject({ kind: "duplicate" });
  });

  it("a number as text is read where the provider is known for it, and nowhere else", async () => {
    const told = () => json({ status: { statusCode: "200" } });
    expect(await at("badgr").send(told)).toMatchObject({ kind: "delivered" });
    expect(await at().send(told)).toMatchObject({ kind: "unknown" });
  });
});

describe("what is sent", () => {
  const sent = async (provider: string | null, badge: Parameters<typeof badgeConnect.send>[2]) => {
    const { host, net, access } = at(provider);
    host.before = () => status(200, "OK");
    await badgeConnect.send(net, access, badge);
    return JSON.parse(host.asked[0]?.body ?? "{}");
  };
  const extended = {
    ...BADGE.assertion,
    "@context": ["https://w3id.org/openbadges/v2", "https://x.example/context"],
    "x:mood": "glad",
    recipient: { type: "email", hashed: true, salt: "s", identity: "i", "x:age": 7 },
    verification: { type: "HostedBadge", extra: true },
    evidence: [{ id: "https://e.example", type: "Evidence", "x:size": 1 }],
    badge: { id: "https://b.example/1", type: "BadgeClass", "x:y": 1 },
  };

  it("OB21-P-07 strict mode strips extension members, everywhere; otherwise they are kept", async () => {
    expect(await sent(null, { id: ID, assertion: extended })).toEqual({ assertion: extended });
    const strict = await sent("1edtech-conformance", { id: ID, assertion: extended });
    expect(JSON.stringify(strict)).not.toMatch(/x:|extra/);
    expect(strict.assertion).toMatchObject({
      id: ID,
      recipient: { type: "email", hashed: true, salt: "s", identity: "i" },
      verification: { type: "HostedBadge" },
      evidence: [{ id: "https://e.example", type: "Evidence" }],
    });
  });

  it("OB21-P-01 is a signed badge or an unsigned one, never both", async () => {
    expect(await sent(null, { id: ID, assertion: extended, jws: "a.b.c" })).toEqual({
      signedAssertion: "a.b.c",
    });
  });

  it.each(["", "/", "///"])("OB21-M-05 a base that ends with %j", async (end) => {
    const { host, net, access } = at(null, `${ORIGIN}/ims/ob/v2p1${end}`);
    await badgeConnect.send(net, access, BADGE);
    expect(host.asked[0]?.path).toBe("/ims/ob/v2p1/assertions");
  });

  it.each(["line\nbreak", "bl ank", "", null])("a token that is no header: %j", async (token) => {
    const { host, net, access } = at();
    const outcome = await badgeConnect.send(net, { ...access, token }, BADGE);
    expect(outcome.kind).toBe("unauthenticated");
    expect(host.asked).toEqual([]);
  });
});

describe("a page of badges", () => {
  const jws = (payload: unknown) => `e30.${btoa(JSON.stringify(payload)).replaceAll("=", "")}.sig`;

  it.each([
    ["both absent", {}, 0],
    ["both null", { assertions: null, signedAssertions: null }, 0],
    ["empty", { assertions: [], signedAssertions: [] }, 0],
    ["assertions, and an address of one", { assertions: [{ id: "a" }, "https://b.example"] }, 2],
    ["a signed one, by the id inside", { signedAssertions: [jws({ id: "urn:x" })] }, 1],
  ])("OB21-E-06 %s", (_name, body, count) => {
    expect(listedBadges(body)).toMatchObject({ skipped: 0 });
    expect(listedBadges(body)?.badges).toHaveLength(count);
  });

  it("what is no badge in any form is left out and counted", () => {
    const page = listedBadges({
      assertions: [null, 7, {}, { id: 7 }, { id: "" }, [], ""],
      signedAssertions: [null, "a.b.c", "x", jws({}), jws([1]), "a.b.c.d"],
    });
    expect(page).toEqual({ badges: [], skipped: 13 });
  });

  it("members that are no lists make it none", () => {
    expect(listedBadges({ assertions: {} })).toBeNull();
    expect(listedBadges({ signedAssertions: "a.b.c" })).toBeNull();
  });

  const base = `${ORIGIN}/ims/ob/v2p1/assertions`;
  it.each([
    ["none", undefined, null],
    ["nothing next", `<${base}?x=1>; rel="first"`, null],
    ["quoted", `<${base}?o=2>; rel="next"`, `${base}?o=2`],
    ["bare and in capitals", `<${base}?o=2>;REL=Next`, `${base}?o=2`],
    ["relative", `<?o=2>; rel="next"`, `${base}?o=2`],
    [
      "among others, with commas",
      `<${base}?a=1,2>; rel="first", <${base}?o=2>; title="a, b"; rel="next last"`,
      `${base}?o=2`,
    ],
    ["only the first rel counts", `<${base}?o=2>; rel="first"; rel="next"`, null],
    ["cut off", `<${base}?o=2`, null],
  ])("OB21-G-08 Link: %s", (_name, header, next) => {
    expect(nextPage(header, base, base)).toBe(next);
  });

  it.each(["https://evil.example/", "http://backpack.example.net/x", "//evil.example/x"])(
    "a next page that would carry the token to %s is none, and an error",
    (target) => {
      expect(nextPage(`<${target}>; rel="next"`, base, base)).toBeUndefined();
    },
  );

  it("no header takes long", () => {
    expect(nextPage(`<a>${"; ".repeat(999)}${" ".repeat(1_999)}`, base, base)).toBeNull();
    expect(nextPage(`<a>${"; ".repeat(99_999)}`, base, base)).toBeUndefined();
    fc.assert(
      fc.property(fc.string(), (text) => {
        nextPage(text, base, base);
      }),
    );
  });
});

describe("looking for one badge", () => {
  it("a list that has no end is not walked for ever", async () => {
    const { host, net, access } = at();
    let page = 0;
    host.before = ({ url }) => ({
      ...json({ status: { statusCode: 200 }, assertions: [{ id: `other-${page}` }] }, 200, {
        link: `<${url.origin}${url.pathname}?p=${++page}>; rel="next"`,
      }),
    });
    expect(await badgeConnect.find(net, access, ID, null)).toEqual({ kind: "undecided" });
    expect(host.asked).toHaveLength(FIND_PAGES);
  });

  it("a list whose pages take long is not walked to its end", async () => {
    const { host, net, access } = at();
    let now = TEST_NOW;
    host.before = ({ url }) => {
      now += FIND_MS / 3;
      return json({ status: { statusCode: 200 }, assertions: [{ id: "other" }] }, 200, {
        link: `<${url.origin}${url.pathname}?p=${now}>; rel="next"`,
      });
    };
    const slow = { ...net, now: () => now };
    expect(await badgeConnect.find(slow, access, ID, null)).toEqual({ kind: "undecided" });
    expect(host.asked).toHaveLength(3);
  });

  it("finds it on any page, and a signed one by its id", async () => {
    const { host, net, access } = at();
    const inside = btoa(JSON.stringify({ id: ID })).replaceAll("=", "");
    host.before = () =>
      json({ status: { statusCode: 200 }, signedAssertions: [`e30.${inside}.sig`] });
    expect(await badgeConnect.find(net, access, ID, null)).toMatchObject({ kind: "found" });
  });

  it("OB21-G-03 asks with a time that has a zone", async () => {
    const { host, net, access } = at();
    await badgeConnect.find(net, access, ID, TEST_NOW);
    expect(host.asked[0]?.url.searchParams.get("since")).toBe("2026-10-04T14:02:00.000Z");
  });
});

describe("a profile", () => {
  it("is read for what it tells of the person, and anything else is a failure", async () => {
    const { host, net, access } = at();
    const tell = (profile: unknown) => {
      host.before = () => json({ status: { statusCode: 200 }, profile });
      return badgeConnect.profile(net, access);
    };
    expect(await tell({ id: "https://p.example", name: "Noor", email: ["n@example.org"] })).toEqual(
      {
        kind: "profile",
        profile: { uid: "https://p.example", name: "Noor", email: "n@example.org" },
      },
    );
    expect(await tell({ id: 7, name: {}, email: null })).toEqual({
      kind: "profile",
      profile: { uid: null, name: null, email: null },
    });
    expect(await tell([])).toMatchObject({ kind: "unknown", code: "bad_answer" });
  });
});
