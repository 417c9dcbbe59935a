// The displayer API v1: nobody signs in there; a person is found by an address that they have proven here.
import { eq } from "drizzle-orm";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { convertEmail, displayer, MAX_ENTRIES } from "../../src/backpack/displayer.ts";
import { connectDisplayer } from "../../src/backpack/displayer-connect.ts";
import { protocolOf } from "../../src/backpack/protocol.ts";
import { pullConnection } from "../../src/backpack/pull.ts";
import { addOlderBackpack, changeBackpack } from "../../src/backpack/site.ts";
import { connections } from "../../src/db/backpacks.ts";
import { jobs } from "../../src/db/jobs.ts";
import { identities } from "../../src/db/organizations.ts";
import { newId } from "../../src/ids.ts";
import type { Fetched, FetchOptions } from "../../src/net/public-fetch.ts";
import { givenPerson } from "../given.ts";
import type { Told } from "./host.ts";
import { EMAIL, json, pullWorld } from "./pull-world.ts";

const API = "https://backpack.example.com";

function asking(answer: (path: string, options?: FetchOptions) => Fetched | undefined) {
  const asked: string[] = [];
  const net = {
    now: () => 0,
    publicFetch: async (url: string, options?: FetchOptions): Promise<Fetched> => {
      const path = url.replace(API, "");
      asked.push(path);
      return answer(path, options) ?? { ok: false, reason: "unreachable", detail: "" };
    },
  };
  const backpack = { backpack_api_url: API, provider: null };
  return { net, access: { backpack, token: null, uid: "42", email: EMAIL }, asked };
}

function fetched(body: unknown, status = 200): Fetched {
  const text = typeof body === "string" ? body : JSON.stringify(body);
  const bytes = new TextEncoder().encode(text);
  return { ok: true, url: API, status, contentType: null, bytes, redirects: [] };
}

describe("whom an address belongs to", () => {
  it.each([
    ["a number", { status: "okay", userId: 42 }, { kind: "known", uid: "42" }],
    ["a text", { status: "okay", userId: "42" }, { kind: "known", uid: "42" }],
    ["missing", { status: "missing" }, { kind: "nobody" }],
    ["no id", { status: "okay" }, { kind: "unknown", code: "bad_answer" }],
    ["a path", { status: "okay", userId: "../1" }, { kind: "unknown", code: "bad_answer" }],
    ["a fraction", { status: "okay", userId: 4.2 }, { kind: "unknown", code: "bad_answer" }],
    ["an object", { status: "okay", userId: {} }, { kind: "unknown", code: "bad_answer" }],
    ["HTML", "<html>", { kind: "unknown", code: "bad_answer" }],
    ["a list", [], { kind: "unknown", code: "bad_answer" }],
  ])("%s", async (_name, body, expected) => {
    const { net, access, asked } = asking(() => fetched(body));
    expect(await convertEmail(net, access, "kim+x@example.org")).toMatchObject(expected);
    expect(asked).toEqual(["/displayer/convert/email"]);
  });

  it("is sent as a form, percent-encoded", async () => {
    let sent: FetchOptions | undefined;
    const { net, access } = asking((_path, options) => {
      sent = options;
      return fetched({}, 404);
    });
    expect(await convertEmail(net, access, "kim+x&y=z@example.org")).toEqual({ kind: "nobody" });
    expect(sent).toMatchObject({ method: "POST", body: "email=kim%2Bx%26y%3Dz%40example.org" });
  });
});

describe("what a displayer shows", () => {
  it("is its public groups, and nothing outside of them", async () => {
    const groups = [
      { groupId: 1, name: "Work", badges: 2 },
      { groupId: "2", name: null },
      { groupId: "../3", name: "x" },
      { name: "without" },
      7,
    ];
    const { net, access } = asking(() => fetched({ userId: 42, groups }));
    expect(await displayer.collections(net, access)).toEqual({
      kind: "collections",
      collections: [
        { id: "1", name: "Work" },
        { id: "2", name: "2" },
      ],
    });
    expect(await displayer.list(net, access, {})).toMatchObject({ kind: "page", badges: [] });
  });

  it.each([
    ["its address", { hostedUrl: "https://a.example/1" }, "https://a.example/1"],
    [
      "its address before the copy",
      { hostedUrl: "https://a.example/1", assertion: { id: "https://evil.example" } },
      "https://a.example/1",
    ],
    [
      "where 1.x says it is",
      { assertion: { verify: { type: "hosted", url: "https://a.example/1" } } },
      "https://a.example/1",
    ],
    ["the id of a newer one", { assertion: { id: "https://a.example/1" } }, "https://a.example/1"],
    ["an address alone", { assertion: "https://a.example/1" }, "https://a.example/1"],
  ])("a badge is known by %s", async (_name, entry, assertion) => {
    const { net, access } = asking(() => fetched({ badges: [entry] }));
    const listed = await displayer.list(net, access, { collection: "1" });
    expect(listed).toMatchObject({ badges: [{ assertion, jws: null, collectionId: "1" }] });
  });

  it("a signed one by its text", async () => {
    const { net, access } = asking(() => fetched({ badges: [{ assertion: "eyJ.eyJ.xx" }] }));
    expect(await displayer.list(net, access, { collection: "1" })).toMatchObject({
      badges: [{ assertion: null, jws: "eyJ.eyJ.xx" }],
    });
  });

  it.each([
    null,
    7,
    "x",
    {},
    { hostedUrl: 7 },
    { hostedUrl: "javascript:alert(1)" },
    { assertion: [] },
  ])("an entry like %j is passed over", async (entry) => {
    const { net, access } = asking(() => fetched({ badges: [entry] }));
    const listed = await displayer.list(net, access, { collection: "1" });
    expect(listed).toMatchObject({ kind: "page", badges: [], skipped: 1 });
  });

  it("is read up to its bound, and never throws whatever it is", async () => {
    const many = Array.from({ length: MAX_ENTRIES + 1 }, (_, i) => ({
      hostedUrl: `https://a.example/${i}`,
    }));
    const { net, access } = asking(() => fetched({ badges: many }));
    const listed = await displayer.list(net, access, { collection: "1" });
    expect(listed.kind === "page" && [listed.badges.length, listed.skipped]).toEqual([
      MAX_ENTRIES,
      1,
    ]);
    await fc.assert(
      fc.asyncProperty(fc.jsonValue(), async (body) => {
        const strange = asking(() => fetched(body ?? "null"));
        const outcomes = [
          await displayer.list(strange.net, strange.access, { collection: "1" }),
          await displayer.collections(strange.net, strange.access),
          await convertEmail(strange.net, strange.access, EMAIL),
        ];
        for (const { kind } of outcomes) expect(kind).toBeTypeOf("string");
      }),
    );
  });

  it("takes nothing in, and asks nothing for somebody it has not found", async () => {
    const { net, access, asked } = asking(() => fetched({}));
    const badge = { id: "https://a.example/1", assertion: {} };
    expect(await displayer.send(net, access, badge)).toMatchObject({ reason: "not_supported" });
    for (const uid of [null, "../1", ""]) {
      expect(await displayer.collections(net, { ...access, uid })).toMatchObject({
        kind: "refused",
      });
      expect(await displayer.list(net, { ...access, uid }, { collection: "1" })).toMatchObject({
        kind: "refused",
      });
    }
    expect(await displayer.list(net, access, { collection: "../1" })).toMatchObject({
      kind: "unknown",
    });
    expect(asked).toEqual([]);
    expect(protocolOf("v1")).toBe(displayer);
  });
});

async function displayerWorld() {
  const world = await pullWorld();
  const { env, sites } = world;
  const answers = new Map<string, Told>([
    ["/displayer/convert/email", json({ status: "okay", userId: 42, email: EMAIL })],
    ["/displayer/42/groups.json", json({ userId: 42, groups: [{ groupId: 7, name: "Work" }] })],
  ]);
  sites.set(
    API,
    ({ url }) => answers.get(url.pathname) ?? json({ status: "missing" }, { status: 404 }),
  );
  const added = await addOlderBackpack(env, {
    version: "v1",
    name: "Old Backpack",
    apiUrl: `${API}/`,
    webUrl: API,
  });
  if (!added.ok) throw new Error(added.detail);
  const { backpack } = added;
  const connect = (userId: string, identityId: string) =>
    connectDisplayer(env, userId, backpack.id, identityId);
  return { ...world, answers, backpack, connect };
}

describe("connecting to a displayer", () => {
  it("takes a proven address, and its badges are judged like any others", async () => {
    const { env, issuer, answers, connect, person, rows } = await displayerWorld();
    const theirs = await issuer.award("one");
    const other = await issuer.award("two", "somebody@else.example");
    answers.set(
      "/displayer/42/group/7.json",
      json({
        badges: [{ hostedUrl: theirs.id, assertion: { forged: true } }, { hostedUrl: other.id }],
      }),
    );
    const connected = await connect(person.user.id, person.identity.id);
    if (!connected.ok) throw new Error(connected.reason);
    const waiting = await env.db.orm.select().from(jobs);
    expect(waiting).toMatchObject([{ kind: "backpack.pull", dedupe_key: connected.connectionId }]);
    expect(await pullConnection(env, connected.connectionId)).toMatchObject({
      ok: true,
      theirs: 1,
    });
    expect(await rows()).toMatchObject([
      { collection_id: "7", collection_name: "Work", canonical_id: theirs.id, is_theirs: true },
      { canonical_id: other.id, is_theirs: false, verdict: "valid" },
    ]);
    const [row] = await env.db.orm
      .select()
      .from(connections)
      .where(eq(connections.id, connected.connectionId));
    expect(row).toMatchObject({
      email: EMAIL,
      backpack_uid: "42",
      auto_sync: false,
      status: "connected",
    });
    // Again is the same connection.
    expect(await connect(person.user.id, person.identity.id)).toEqual(connected);
  });

  it("refuses an address that was not proven, or is somebody else's, or none of e-mail", async () => {
    const { env, connect, person, organization } = await displayerWorld();
    const claim = async (over: Partial<typeof identities.$inferInsert>) => {
      const id = newId(env);
      const row = {
        id,
        user_id: person.user.id,
        type: "email" as const,
        identity: id,
        normalised: id,
      };
      await env.db.batch([env.db.orm.insert(identities).values({ ...row, ...over })]);
      return id;
    };
    const somebody = await givenPerson(env, organization, { email: "else@example.org" });
    const refused = [
      await claim({ verified_at: null }),
      await claim({ verified_at: env.now(), type: "telephone" }),
      somebody.identity.id,
      "nothing",
    ];
    for (const identityId of refused) {
      expect(await connect(person.user.id, identityId)).toMatchObject({
        reason: "identity-not-proven",
      });
    }
    expect(await env.db.orm.select().from(connections)).toHaveLength(1);
  });

  it.each([
    ["not-known-there", json({ status: "missing" }, { status: 404 })],
    ["host_error", json({}, { status: 500 })],
    ["bad_answer", { status: 200, body: "<html>" }],
  ] as const)("says why not: %s", async (reason, answer) => {
    const { env, answers, connect, person } = await displayerWorld();
    answers.set("/displayer/convert/email", answer);
    const refused = await connect(person.user.id, person.identity.id);
    expect(refused).toMatchObject({ ok: false, reason });
    expect(await env.db.orm.select().from(connections)).toHaveLength(1);
  });

  it("is not possible where it is switched off, gone, or another kind of backpack", async () => {
    const { env, backpack, backpackId, connect, person } = await displayerWorld();
    const at = (id: string) => connectDisplayer(env, person.user.id, id, person.identity.id);
    expect(await at(backpackId)).toMatchObject({ reason: "not-a-displayer" });
    expect(await at("gone")).toMatchObject({ reason: "backpack-gone" });
    await changeBackpack(env, backpack.id, { isEnabled: false });
    expect(await connect(person.user.id, person.identity.id)).toMatchObject({
      reason: "backpack-disabled",
    });
  });
});
