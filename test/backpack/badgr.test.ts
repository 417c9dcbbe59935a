// Badgr's API v2: its envelope judged, its badges imported and listed, its collections kept apart.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { badgr } from "../../src/backpack/badgr.ts";
import { judgeBadgr, MAX_RESULTS } from "../../src/backpack/badgr-answer.ts";
import { listExternalBadges } from "../../src/backpack/external.ts";
import { protocolOf } from "../../src/backpack/protocol.ts";
import { pullConnection } from "../../src/backpack/pull.ts";
import { addOlderBackpack } from "../../src/backpack/site.ts";
import { enterToken } from "../../src/backpack/site-client.ts";
import { tokens } from "../../src/db/backpacks.ts";
import { externalIds } from "../../src/db/externals.ts";
import { jobs } from "../../src/db/jobs.ts";
import type { DialRequest } from "../../src/net/dial.ts";
import type { Fetched, FetchOptions } from "../../src/net/public-fetch.ts";
import { givenAward, givenBadge } from "../given.ts";
import type { Told } from "./host.ts";
import { json, type Members, pullWorld } from "./pull-world.ts";

const API = "https://api.badgr.example/v2";
const NOW = Date.UTC(2026, 9, 4);

const ok = (result: unknown, status: unknown = { success: true, description: "ok" }) => ({
  status,
  result,
});

function fetched(body: unknown, status = 200, headers = {}): Fetched {
  const text = typeof body === "string" ? body : JSON.stringify(body);
  return {
    ok: true,
    url: API,
    status,
    contentType: "application/json",
    headers,
    bytes: new TextEncoder().encode(text),
    redirects: [],
  };
}

describe("what a Badgr host answered", () => {
  it.each([
    ["a list", ok([{ entityId: "a" }]), [{ entityId: "a" }]],
    ["one object", ok({ entityId: "a" }), [{ entityId: "a" }]],
    ["no result", { status: { success: true } }, []],
    ["a null result", ok(null), []],
    ["no status", { result: [] }, []],
    ["a list with strangers in it", ok([1, null, "x", [], { entityId: "a" }]), [{ entityId: "a" }]],
    ["null faults", { ...ok([]), validationErrors: null, fieldErrors: null }, []],
  ])("%s is a success", (_name, body, result) => {
    expect(judgeBadgr(fetched(body), NOW)).toEqual({ kind: "ok", result });
  });

  it.each([
    ["as an object", [{ name: "DUPLICATE_BADGE", description: "You have it." }], 400],
    ["as a text", ["DUPLICATE_BADGE: You have it."], 400],
    ["inside of a 200", [{ name: "DUPLICATE_BADGE" }], 200],
  ])("DUPLICATE_BADGE %s is as good as a success", (_name, validationErrors, status) => {
    expect(judgeBadgr(fetched({ validationErrors }, status), NOW)).toEqual({ kind: "duplicate" });
  });

  it.each([
    [
      "refused for the badge",
      400,
      { validationErrors: [{ name: "FETCH_HTTP_NODE" }] },
      { kind: "refused", reason: "invalid_badge", permanent: false },
    ],
    [
      "refused for its person",
      400,
      { validationErrors: ["VERIFY_RECIPIENT_IDENTIFIER"] },
      { kind: "refused", reason: "recipient_mismatch", permanent: true },
    ],
    [
      "refused for the request",
      400,
      { fieldErrors: { url: ["x"] } },
      { kind: "refused", reason: "invalid_request", permanent: true },
    ],
    [
      "denied inside of a 200",
      200,
      { status: { success: false, description: "no" }, result: [] },
      { kind: "refused", words: "no" },
    ],
    ["not signed in", 401, { detail: "x" }, { kind: "unauthenticated", words: "x" }],
    ["not allowed", 403, { detail: "scope" }, { kind: "forbidden" }],
    ["a gate before it", 403, "<html>", { kind: "unknown", code: "host_error" }],
    ["not there", 404, {}, { kind: "failed", code: "not_there" }],
    ["asked too much", 429, {}, { kind: "rate-limited" }],
    ["not a method", 405, {}, { kind: "refused", reason: "not_supported" }],
    ["in trouble", 502, "<html>", { kind: "unknown", code: "host_error" }],
    ["HTML", 200, "<!doctype html>", { kind: "unknown", code: "bad_answer" }],
    ["half of it", 200, '{"status":{"succ', { kind: "unknown", code: "bad_answer" }],
    ["a list", 200, [], { kind: "unknown", code: "bad_answer" }],
    ["a result that is a text", 200, ok("x"), { kind: "unknown", code: "bad_answer" }],
    ["HTML for a 400", 400, "<html>", { kind: "unknown", code: "bad_answer" }],
  ] as const)("%s is told apart", (_name, status, body, expected) => {
    expect(judgeBadgr(fetched(body, status), NOW)).toMatchObject(expected);
  });

  it("reads no more than its bound, and never throws", () => {
    const many = Array.from({ length: MAX_RESULTS + 1 }, () => ({ entityId: "a" }));
    const judged = judgeBadgr(fetched(ok(many)), NOW);
    expect(judged.kind === "ok" && judged.result.length).toBe(MAX_RESULTS);
    fc.assert(
      fc.property(fc.jsonValue(), fc.integer({ min: 100, max: 599 }), (body, status) => {
        expect(judgeBadgr(fetched(body ?? "x", status), NOW).kind).toBeTypeOf("string");
      }),
    );
  });
});

/** A protocol's requests, answered from a table by path. */
function asking(pages: Readonly<Record<string, Fetched>>) {
  const asked: { url: string; options: FetchOptions | undefined }[] = [];
  const net = {
    now: () => NOW,
    publicFetch: async (url: string, options?: FetchOptions): Promise<Fetched> => {
      asked.push({ url, options });
      return pages[url.replace(API, "")] ?? fetched({}, 404);
    },
  };
  const backpack = { backpack_api_url: `${API}/`, provider: "badgr" };
  const access = { backpack, token: "secret", uid: null, email: null };
  return { net, access, asked };
}

const award = { id: "https://badges.example.org/ob/v2/assertions/1", assertion: { id: "1" } };

describe("Badgr v2 as a protocol", () => {
  it("imports a badge by its address, and keeps its own id of it", async () => {
    const { net, access, asked } = asking({
      "/backpack/import": fetched(ok([{ entityId: "e-1" }]), 201),
    });
    expect(await badgr.send(net, access, award)).toEqual({ kind: "delivered", remoteId: "e-1" });
    expect(asked).toMatchObject([
      {
        url: `${API}/backpack/import`,
        options: {
          method: "POST",
          body: JSON.stringify({ url: award.id }),
          headers: { authorization: "Bearer secret" },
        },
      },
    ]);
  });

  it("what it has already is as good as delivered", async () => {
    const duplicate = fetched({ validationErrors: [{ name: "DUPLICATE_BADGE" }] }, 400);
    const { net, access } = asking({ "/backpack/import": duplicate });
    expect(await badgr.send(net, access, award)).toEqual({ kind: "duplicate", remoteId: null });
  });

  it("finds a badge by its address, page after page", async () => {
    const link = `<${API}/backpack/assertions?num=100&page=2>; rel="next"`;
    const { net, access } = asking({
      "/backpack/assertions?num=100": fetched(
        ok([{ entityId: "x", openBadgeId: "https://a.example/1" }]),
        200,
        { link },
      ),
      "/backpack/assertions?num=100&page=2": fetched(
        ok([{ entityId: "e-1", openBadgeId: award.id }]),
      ),
    });
    expect(await badgr.find(net, access, award.id, null)).toEqual({
      kind: "found",
      remoteId: "e-1",
    });
    expect(await badgr.find(net, access, "https://a.example/2", null)).toEqual({ kind: "absent" });
  });

  it("asks nothing without a token that could stand in a header", async () => {
    const { net, access, asked } = asking({});
    for (const token of [null, "", "two words", "line\nbreak"]) {
      expect(await badgr.send(net, { ...access, token }, award)).toMatchObject({
        kind: "unauthenticated",
      });
    }
    expect(asked).toEqual([]);
  });

  it.each([
    ["an id that is a path", "../users/self"],
    ["an empty id", ""],
    ["a long id", "x".repeat(129)],
  ])("asks for no collection by %s", async (_name, collection) => {
    const { net, access, asked } = asking({});
    expect(await badgr.list(net, access, { collection })).toMatchObject({ kind: "unknown" });
    expect(asked).toEqual([]);
  });

  it("entries without an id or an address are passed over", async () => {
    const entries = [
      { entityId: "a", openBadgeId: "https://a.example/1" },
      { entityId: "../x", openBadgeId: "https://a.example/2" },
      { entityId: "b" },
      { openBadgeId: "https://a.example/3" },
      { entityId: 7, openBadgeId: 8 },
    ];
    const { net, access } = asking({ "/backpack/assertions?num=100": fetched(ok(entries)) });
    expect(await badgr.list(net, access, {})).toMatchObject({
      kind: "page",
      badges: [{ remoteId: "a", assertion: "https://a.example/1", jws: null }],
      skipped: 4,
    });
  });

  it("OB21-F-05 says who the person is there; what it says is its word alone", async () => {
    const self = {
      entityId: "p-1",
      firstName: "Kim",
      lastName: "Lee",
      emails: [{ email: "old@example.org" }, { email: "kim@example.org", primary: true }],
    };
    const { net, access } = asking({ "/users/self": fetched(ok([self])) });
    expect(await badgr.profile(net, access)).toEqual({
      kind: "profile",
      profile: { uid: "p-1", name: "Kim Lee", email: "kim@example.org" },
    });
    const strange = asking({ "/users/self": fetched(ok([{ entityId: [], emails: "x" }])) });
    expect(await badgr.profile(strange.net, strange.access)).toEqual({
      kind: "profile",
      profile: { uid: null, name: null, email: null },
    });
  });

  it("is spoken", () => {
    expect(protocolOf("v2")).toBe(badgr);
  });
});

/** A Badgr that somebody is connected to by a token that an administrator entered. */
async function badgrWorld() {
  const world = await pullWorld();
  const { env, sites, person } = world;
  const answers = new Map<string, Told>();
  const asked: DialRequest[] = [];
  sites.set("https://api.badgr.example", (request) => {
    asked.push(request);
    return answers.get(request.url.pathname) ?? json({}, { status: 404 });
  });
  const added = await addOlderBackpack(env, {
    version: "v2",
    name: "Badgr",
    apiUrl: `${API}/`,
    webUrl: "https://badgr.example",
  });
  if (!added.ok) throw new Error(added.detail);
  const { backpack } = added;
  const entered = await enterToken(env, backpack.id, {
    userId: person.user.id,
    accessToken: "badgr-access-token",
  });
  if (!entered.ok) throw new Error(entered.detail);
  const list = (entries: readonly Members[]) =>
    answers.set("/v2/backpack/assertions", json(ok(entries)));
  return { ...world, backpack, badgrId: entered.connectionId, answers, asked, list };
}

describe("a pull from Badgr", () => {
  it("verifies each badge at its own address, and keeps the collections apart", async () => {
    const { env, issuer, answers, list, badgrId, person, rows } = await badgrWorld();
    const one = await issuer.award("one");
    const two = await issuer.award("two");
    list([
      { entityId: "e1", openBadgeId: one.id, badgeclassName: "<b>Forged</b>" },
      { entityId: "e2", openBadgeId: two.id },
    ]);
    answers.set("/v2/backpack/collections", json(ok([{ entityId: "c1", name: "Work\u202e" }])));
    answers.set(
      "/v2/backpack/collections/c1",
      json(ok([{ entityId: "c1", assertions: ["e2", "e9", "../e1"] }])),
    );
    expect(await pullConnection(env, badgrId)).toMatchObject({ ok: true, theirs: 2, full: true });
    const kept = (await rows()).map((row) => [row.collection_id, row.entity_id, row.verdict]);
    expect(kept.sort()).toEqual([
      ["-1", "e1", "valid"],
      ["-1", "e2", "valid"],
      ["c1", "e2", "valid"],
    ]);
    const { badges } = await listExternalBadges(env.db, person.user.id);
    expect(badges.map(({ heldIn }) => heldIn[0]?.collections)).toEqual([[], ["Work"]]);
    expect(badges[0]?.name).toBe("Streak");
  });

  it("knows its ids of our own awards, also in a collection", async () => {
    const { env, organization, person, answers, list, badgrId, rows, backpack } =
      await badgrWorld();
    const mine = await givenAward(env, await givenBadge(env, organization), person);
    list([{ entityId: "e1", openBadgeId: env.urls.assertion(mine.unique_hash) }]);
    answers.set("/v2/backpack/collections", json(ok([{ entityId: "c1", name: "Work" }])));
    answers.set("/v2/backpack/collections/c1", json(ok([{ entityId: "c1", assertions: ["e1"] }])));
    expect(await pullConnection(env, badgrId)).toMatchObject({ ours: 1, unreadable: 0 });
    expect(await rows()).toEqual([]);
    expect(await env.db.orm.select().from(externalIds)).toMatchObject([
      {
        site_backpack_id: backpack.id,
        internal_id: mine.unique_hash,
        external_id: "e1",
        type: "assertion",
      },
    ]);
    await pullConnection(env, badgrId);
    expect(await env.db.orm.select().from(externalIds)).toHaveLength(1);
  });

  it("takes a badge out of a collection with the next pull", async () => {
    const { env, issuer, answers, list, badgrId, rows, test } = await badgrWorld();
    const one = await issuer.award("one");
    list([{ entityId: "e1", openBadgeId: one.id }]);
    answers.set("/v2/backpack/collections", json(ok([{ entityId: "c1", name: "Work" }])));
    answers.set("/v2/backpack/collections/c1", json(ok([{ assertions: ["e1"] }])));
    await pullConnection(env, badgrId);
    expect(await rows()).toHaveLength(2);
    test.clock.advance(3_600_000);
    answers.set("/v2/backpack/collections/c1", json(ok([{ assertions: [] }])));
    expect(await pullConnection(env, badgrId)).toMatchObject({ full: true, gone: 1 });
    expect(await rows()).toHaveLength(1);
  });

  it("a token that was entered is sealed, and its connection begins like any other", async () => {
    const { env, backpack, person, badgrId } = await badgrWorld();
    const [row] = (await env.db.orm.select().from(tokens)).filter(
      ({ connection_id }) => connection_id === badgrId,
    );
    expect(JSON.stringify(row)).not.toContain("badgr-access-token");
    const waiting = await env.db.orm.select().from(jobs);
    expect(waiting).toMatchObject([{ kind: "backpack.connected", dedupe_key: badgrId }]);
    expect(JSON.stringify(waiting)).not.toContain("badgr-access-token");
    const give = (accessToken: string) =>
      enterToken(env, backpack.id, { userId: person.user.id, accessToken });
    expect(await give("two words")).toMatchObject({ reason: "client-malformed" });
    expect(await give("")).toMatchObject({ reason: "client-malformed" });
    expect(await give("another")).toMatchObject({ ok: true, connectionId: badgrId });
  });
});
