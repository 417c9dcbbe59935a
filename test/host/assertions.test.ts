// GET and POST /assertions as Open Badges 2.1 has them, and what must not get in or out.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { awards } from "../../src/db/awards.ts";
import { listHostedBadges } from "../../src/db/hosted-badges.ts";
import { identities } from "../../src/db/organizations.ts";
import { API_PATH } from "../../src/host/addresses.ts";
import { MAX_PER_PERSON } from "../../src/host/gate.ts";
import { DEFAULT_LIMIT, MAX_LIMIT, pageHeaders, readPage } from "../../src/host/list-page.ts";
import { MAX_BADGES } from "../../src/host/posted.ts";
import {
  CREATE_ASSERTIONS,
  READ_ASSERTIONS,
  READ_PROFILE,
  UPDATE_PROFILE,
} from "../../src/host/scopes.ts";
import { givenAward, givenBadge, givenOrganization, givenPerson } from "../given.ts";
import { signedIn } from "../signed-in.ts";
import { ADDRESS, type Members, world } from "../verify/world.ts";
import { type Backpack, backpack, envelopeOf, idsOf, KIM } from "./backpack.ts";
import { registered, tokensFor } from "./client.ts";

const OK = { error: null, statusCode: 200, statusText: "OK" };

async function statusOf(response: Response) {
  const { status } = await envelopeOf(response);
  expect(status.statusCode).toBe(response.status);
  return [response.status, status.statusText];
}

/** Puts several badges here, one after the other. */
async function filled(names: readonly string[], options = {}): Promise<Backpack> {
  const made = await backpack(options);
  for (const name of names) {
    made.app.clock.advance(1_000);
    const response = await made.put(await made.issuer.badge(name));
    expect(response.status).toBe(200);
  }
  return made;
}

describe("who may call", () => {
  it.each([
    ["no token", {}],
    ["an unknown token", { authorization: `Bearer ${"x".repeat(43)}` }],
    ["credentials of another kind", { authorization: "Basic bm9ib2R5Om5vdGhpbmc=" }],
    ["an API key", { authorization: "Bearer ros_0123456789012345678901234567890123456789012" }],
  ])("OB21-S-06 %s is 401 UNAUTHENTICATED", async (_what, headers) => {
    const { app } = await backpack();
    const response = await app.request(`${API_PATH}/assertions`, { headers });
    expect(response.headers.get("www-authenticate")).toContain("Bearer");
    expect(await statusOf(response)).toEqual([401, "UNAUTHENTICATED"]);
  });

  it("OB21-T-08 a token in the address or the body is not looked for", async () => {
    const { app, token } = await backpack();
    const inAddress = await app.request(`${API_PATH}/assertions?access_token=${token}`);
    expect(await statusOf(inAddress)).toEqual([401, "UNAUTHENTICATED"]);
    const inBody = await app.request(`${API_PATH}/assertions`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ access_token: token, assertion: {} }),
    });
    expect(await statusOf(inBody)).toEqual([401, "UNAUTHENTICATED"]);
  });

  it.each([
    ["OB21-S-01", READ_ASSERTIONS, "GET", "/assertions"],
    ["OB21-S-02", CREATE_ASSERTIONS, "POST", "/assertions"],
    ["OB21-S-03", READ_PROFILE, "GET", "/profile"],
    ["OB21-S-04", UPDATE_PROFILE, "POST", "/profile"],
  ])("%s %s is what %s %s needs, and with it nothing else is allowed", async (_id, scope) => {
    const { app, token } = await backpack({ scope });
    const calls = [
      [READ_ASSERTIONS, "GET", "/assertions"],
      [CREATE_ASSERTIONS, "POST", "/assertions"],
      [READ_PROFILE, "GET", "/profile"],
      [UPDATE_PROFILE, "POST", "/profile"],
    ] as const;
    for (const [needed, method, path] of calls) {
      const body = method === "POST" ? "{}" : null;
      const headers = { authorization: `Bearer ${token}`, "content-type": "application/json" };
      const response = await app.request(`${API_PATH}${path}`, { method, headers, body });
      const [status, text] = await statusOf(response);
      if (needed === scope) expect(text).not.toBe("PERMISSION_DENIED");
      else expect([status, text]).toEqual([401, "PERMISSION_DENIED"]);
    }
  });

  it("shows nobody the badges of somebody else", async () => {
    const { app, get } = await filled(["one"]);
    const stranger = await givenPerson(app.env, await givenOrganization(app.env));
    const browser = await signedIn(app, stranger.user.id);
    const theirs = await tokensFor(app, browser, await registered(app));
    const headers = { authorization: `Bearer ${theirs.access_token}` };
    const response = await app.request(`${API_PATH}/assertions`, { headers });
    expect(await envelopeOf(response)).toEqual({
      assertions: [],
      signedAssertions: [],
      status: OK,
    });
    expect(await idsOf(await get("/assertions"))).toEqual(["one"]);
  });

  it("a token has an end, and a suspended person's gives nothing", async () => {
    const { app, get, person } = await filled(["one"]);
    await app.env.db.batch([
      { sql: "UPDATE users SET status = 'suspended' WHERE id = ?", params: [person.user.id] },
    ]);
    expect(await statusOf(await get("/assertions"))).toEqual([401, "UNAUTHENTICATED"]);
    await app.env.db.batch([
      { sql: "UPDATE users SET status = 'active' WHERE id = ?", params: [person.user.id] },
    ]);
    expect(await statusOf(await get("/assertions"))).toEqual([200, "OK"]);
    app.clock.advance(3_600_000);
    expect(await statusOf(await get("/assertions"))).toEqual([401, "UNAUTHENTICATED"]);
  });
});

describe("how many are kept", () => {
  it("is limited, also among those that arrive together; what is there is still updated", async () => {
    const made = await backpack();
    const { env } = made.app;
    const { id: userId } = made.person.user;
    await env.db.batch([
      {
        sql: `WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < ?)
          INSERT INTO hosted_badges (id, user_id, assertion_id, document, verdict, identity_id, client_id, checked_at, created_at, updated_at)
          SELECT n, ?, n, '{}', 'valid', (SELECT id FROM identities WHERE user_id = ?), 'app', 0, 0, n FROM numbers`,
        params: [MAX_BADGES - 1, userId, userId],
      },
    ]);
    const [one, other] = [await made.issuer.badge("one"), await made.issuer.badge("other")];
    const answers = await Promise.all([made.put(one), made.put(other)]);
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 400]);
    const [kept, refused] = answers[0]?.status === 200 ? [one, other] : [other, one];
    const again = await made.put(refused);
    expect(await statusOf(again.clone())).toEqual([400, "BAD_REQUEST"]);
    expect(await again.text()).toContain(`No more than ${MAX_BADGES} badges`);
    expect((await made.put(kept)).status).toBe(200);
    const revoked = { id: kept.id, type: "Assertion", revoked: true };
    made.issuer.pages.set(kept.id, { "@context": kept["@context"], ...revoked });
    expect((await made.put(kept)).status).toBe(200);
    const all = await listHostedBadges(env.db, userId, { limit: MAX_BADGES });
    expect(all).toHaveLength(MAX_BADGES);
    expect(all[0]).toMatchObject({ assertion_id: kept.id, verdict: "revoked" });
  });
});

describe("the envelope", () => {
  it.each(["PUT", "DELETE", "PATCH"])(
    "OB21-E-04 %s is 405 METHOD_NOT_ALLOWED in it",
    async (method) => {
      const { app } = await backpack();
      for (const path of ["/assertions", "/profile"]) {
        const response = await app.request(`${API_PATH}${path}`, { method });
        expect(response.headers.get("allow")).toContain("POST");
        expect(await statusOf(response)).toEqual([405, "METHOD_NOT_ALLOWED"]);
      }
    },
  );

  it("OB21-E-04 an address the API does not have is 404 NOT_FOUND in it", async () => {
    const { app } = await backpack();
    const response = await app.request(`${API_PATH}/assertion`);
    expect(await statusOf(response)).toEqual([404, "NOT_FOUND"]);
  });

  it("OB21-E-01 OB21-E-02 OB21-E-03 holds the call's members, the status, and nothing else", async () => {
    const { get, put, issuer } = await backpack();
    const listed = await envelopeOf(await get("/assertions"));
    expect(listed).toEqual({ assertions: [], signedAssertions: [], status: OK });
    expect(await envelopeOf(await put(await issuer.badge("one")))).toEqual({ status: OK });
    const { profile: _profile, ...rest } = await envelopeOf(await get("/profile"));
    expect(rest).toEqual({ status: OK });
  });

  it("OB21-E-05 leaves the word out where the standard has none", async () => {
    const { app, get } = await backpack();
    await app.env.db.batch([{ sql: "ALTER TABLE hosted_badges RENAME TO elsewhere", params: [] }]);
    const response = await get("/assertions");
    const { status } = await envelopeOf(response);
    expect(response.status).toBe(500);
    expect(Object.keys(status).sort()).toEqual(["error", "statusCode"]);
    expect(status.error).not.toMatch(/hosted_badges|SQL/);
    expect(app.logged.some(({ event }) => event === "host.failed")).toBe(true);
  });

  it("scripts of any site may read it, and are told so beforehand", async () => {
    const { app, get } = await backpack();
    const response = await get("/assertions", { origin: "https://displayer.example" });
    expect(response.headers.get("access-control-allow-origin")).toBe("*");
    expect(response.headers.get("access-control-expose-headers")).toContain("X-Total-Count");
    expect(response.headers.get("access-control-allow-credentials")).toBeNull();
    const before = await app.request(`${API_PATH}/assertions`, { method: "OPTIONS" });
    expect(before.status).toBe(204);
    expect(before.headers.get("access-control-allow-headers")).toContain("Authorization");
  });
});

describe("GET /assertions", () => {
  it("OB21-G-01 has hosted badges in one list and signed ones in the other", async () => {
    const made = await filled(["hosted"]);
    const { token, documents } = await world({ sign: {} });
    for (const name of ["key", "issuer", "badge", "list"] as const) {
      made.issuer.pages.set(ADDRESS[name], documents[name]);
    }
    made.app.clock.advance(1_000);
    expect((await made.post("/assertions", { signedAssertion: token })).status).toBe(200);
    const { assertions, signedAssertions } = await envelopeOf(await made.get("/assertions"));
    expect(signedAssertions).toEqual([token]);
    expect(assertions?.map(({ id }) => id)).toEqual(["https://issuer.example/assertions/hosted"]);
  });

  it("OB21-G-02 has the last updated first, one entry each, the same on every page", async () => {
    const { get, put, issuer, app } = await filled(["one", "two", "three", "four", "five"]);
    expect(await idsOf(await get("/assertions"))).toEqual(["five", "four", "three", "two", "one"]);
    const paged = [];
    for (const offset of [0, 2, 4]) {
      paged.push(...(await idsOf(await get(`/assertions?limit=2&offset=${offset}`))));
    }
    expect(paged).toEqual(["five", "four", "three", "two", "one"]);
    app.clock.advance(1_000);
    await put(await issuer.badge("two"));
    expect(await idsOf(await get("/assertions"))).toEqual(["two", "five", "four", "three", "one"]);
  });

  it("OB21-G-02 keeps one order also of badges that came in the same millisecond", async () => {
    const made = await backpack();
    const names = Array.from({ length: 7 }, (_, i) => `n${i}`);
    for (const name of names) await made.put(await made.issuer.badge(name));
    const all = await idsOf(await made.get("/assertions"));
    expect(all).toEqual([...names].reverse());
    const paged = [];
    for (let offset = 0; offset < 7; offset += 3) {
      paged.push(...(await idsOf(await made.get(`/assertions?limit=3&offset=${offset}`))));
    }
    expect(paged).toEqual(all);
  });

  it.each([
    "limit=0",
    "limit=-1",
    "limit=ten",
    "limit=1.5",
    "limit=",
    "limit=9999999999",
    "limit=1&limit=2",
    "offset=-1",
    "offset=1e3",
    "offset=9999999999",
    "since=yesterday",
    "since=2026-10-04",
    "since=2026-10-04T14:02:00",
    "since=2026-02-30T00:00:00Z",
    "since=2026-10-04T14:02:00Z'--",
    "since=2026-10-04T14:02:00Z' OR '1'='1",
    "since=0) UNION SELECT * FROM sessions --",
    `since=${"2".repeat(5_000)}`,
  ])("OB21-G-03 %s is 400 REQUEST_VALIDATION_ERROR", async (query) => {
    const { get } = await backpack();
    const response = await get(`/assertions?${encodeURI(query)}`);
    expect(await statusOf(response)).toEqual([400, "REQUEST_VALIDATION_ERROR"]);
  });

  it("OB21-G-03 a zone's plus sign may have come as a blank", () => {
    const read = (text: string) => readPage(new URLSearchParams(text)).since;
    const at = Date.UTC(2026, 9, 4, 12, 2);
    expect(read("since=2026-10-04T14:02:00+02:00")).toBe(at);
    expect(read("since=2026-10-04T14:02:00%2B02:00")).toBe(at);
    expect(read("since=2026-10-04T12:02:00.000Z")).toBe(at);
    expect(() => read("since=2026-10-04 14:02:00Z")).toThrow();
  });

  it("OB21-G-04 since leaves out what was updated then or before", async () => {
    const { get, app } = await filled(["one", "two", "three"]);
    const second = app.clock.now - 1_000;
    const since = (at: number) => get(`/assertions?since=${new Date(at).toISOString()}`);
    expect(await idsOf(await since(second))).toEqual(["three"]);
    expect(await idsOf(await since(second - 1))).toEqual(["three", "two"]);
    expect(await idsOf(await since(app.clock.now))).toEqual([]);
  });

  it("OB21-G-05 limit counts signed and unsigned ones together", async () => {
    const made = await filled(["one", "two"]);
    const { token, documents } = await world({ sign: {} });
    made.issuer.pages.set(ADDRESS.key, documents.key);
    made.issuer.pages.set(ADDRESS.issuer, documents.issuer);
    made.app.clock.advance(1_000);
    await made.post("/assertions", { signedAssertion: token });
    const { assertions, signedAssertions } = await envelopeOf(
      await made.get("/assertions?limit=2"),
    );
    expect([assertions?.length, signedAssertions?.length]).toEqual([1, 1]);
  });

  const relations = (header: string | null) =>
    Object.fromEntries(
      (header ?? "").split(", ").map((link) => {
        const [, address = "", relation = ""] = /^<([^>]+)>; rel="(\w+)"$/.exec(link) ?? [];
        return [relation, new URL(address).search];
      }),
    );

  it.each<[string, number, number, number, Record<string, number>]>([
    ["the first page", 2, 0, 5, { first: 0, next: 2, last: 4 }],
    ["a middle page", 2, 2, 5, { first: 0, prev: 0, next: 4, last: 4 }],
    ["the last page", 2, 4, 5, { first: 0, prev: 2, last: 4 }],
    ["a single page", 5, 0, 5, { first: 0, last: 0 }],
    ["a full last page", 2, 2, 4, { first: 0, prev: 0, last: 2 }],
    ["an empty list", 2, 0, 0, { first: 0, last: 0 }],
    ["beyond the end", 2, 40, 5, { first: 0, prev: 4, last: 4 }],
    ["beyond the end of nothing", 2, 40, 0, { first: 0, prev: 0, last: 0 }],
    ["not a whole page in", 2, 1, 5, { first: 0, prev: 0, next: 3, last: 4 }],
  ])("OB21-G-06 %s has the relations it must have", (_what, limit, offset, total, expected) => {
    const page = { limit, offset, since: null };
    const { link = "" } = pageHeaders("https://h.example/a", page, total);
    const found = relations(link);
    const wanted = Object.entries(expected).map(([r, at]) => [r, `?limit=${limit}&offset=${at}`]);
    expect(found).toEqual(Object.fromEntries(wanted));
  });

  it("OB21-G-06 OB21-G-10 following next from first meets each entry once", async () => {
    const names = ["one", "two", "three", "four", "five", "six", "seven"];
    const { app, token } = await filled(names);
    const seen: string[] = [];
    let next: string | undefined = `${app.env.urls.base}${API_PATH}/assertions?limit=3`;
    while (next !== undefined) {
      const response = await app.request(next, { headers: { authorization: `Bearer ${token}` } });
      const link = response.headers.get("link") ?? "";
      seen.push(...(await idsOf(response)));
      next = /<([^>]+)>; rel="next"/.exec(link)?.[1];
    }
    expect(seen).toEqual([...names].reverse());
  });

  it("OB21-G-07 says how many there are, without regard to the page", async () => {
    const { get } = await filled(["one", "two", "three"]);
    for (const query of ["", "?limit=1", "?offset=50"]) {
      const response = await get(`/assertions${query}`);
      expect(response.headers.get("x-total-count")).toBe("3");
    }
  });

  it("OB21-G-08 has pages of its own size at most", () => {
    const limit = (text: string) => readPage(new URLSearchParams(text)).limit;
    expect(limit("")).toBe(DEFAULT_LIMIT);
    expect(limit(`limit=${MAX_LIMIT}`)).toBe(MAX_LIMIT);
    expect(limit(`limit=${MAX_LIMIT + 1}`)).toBe(MAX_LIMIT);
  });

  it("OB21-G-09 links keep since, in a form that needs no care", async () => {
    const { get, app } = await filled(["one", "two", "three"]);
    const since = new Date(app.clock.now - 60_000).toISOString();
    const zoned = encodeURIComponent(since.replace("Z", "+00:00"));
    const response = await get(`/assertions?limit=1&since=${zoned}`);
    const found = relations(response.headers.get("link"));
    for (const relation of ["first", "next", "last"]) {
      expect(new URLSearchParams(found[relation]).get("since")).toBe(since);
    }
  });

  it("never fails on what is asked, whatever it is", () => {
    const texts = fc.array(
      fc.tuple(fc.constantFrom("limit", "offset", "since", "other"), fc.string()),
    );
    fc.assert(
      fc.property(texts, (pairs) => {
        try {
          const page = readPage(new URLSearchParams(pairs));
          expect(page.limit).toBeGreaterThan(0);
          expect(page.limit).toBeLessThanOrEqual(MAX_LIMIT);
          expect(page.offset).toBeGreaterThanOrEqual(0);
        } catch (error) {
          expect(error).toMatchObject({ status: 400, statusText: "REQUEST_VALIDATION_ERROR" });
        }
      }),
    );
  });

  it("has the awards made here that are theirs, in the same order, as their address serves them", async () => {
    const { app, get, person } = await filled(["one"]);
    app.clock.advance(1_000);
    const badge = await givenBadge(app.env, await givenOrganization(app.env));
    const award = await givenAward(app.env, badge, person);
    const { assertions = [] } = await envelopeOf(await get("/assertions"));
    const own = app.env.urls.assertion(award.unique_hash);
    expect(assertions.map(({ id }) => id)).toEqual([own, "https://issuer.example/assertions/one"]);
    expect(assertions[0]).toEqual(await (await app.request(own)).json());
  });

  it.each<[string, Members]>([
    ["revoked", { revoked_at: 1, revocation_reason: "Issued in error." }],
    ["hidden", { visible: false }],
    ["declined", { claim_state: "declined" }],
  ])("leaves out an award that is %s", async (_what, over) => {
    const { app, get, person } = await backpack();
    const badge = await givenBadge(app.env, await givenOrganization(app.env));
    await givenAward(app.env, badge, person, over as Partial<typeof awards.$inferInsert>);
    expect(await idsOf(await get("/assertions"))).toEqual([]);
  });

  it("has an award that an organization hung on its own record of them, once the address is proven", async () => {
    const { app, get, person } = await backpack();
    const organization = await givenOrganization(app.env);
    const other = await givenPerson(app.env, organization, { email: "other@example.org" });
    const badge = await givenBadge(app.env, organization);
    await givenAward(app.env, badge, other);
    expect(await idsOf(await get("/assertions"))).toEqual([]);
    const moved = (userId: string, id: string, verified: number | null) =>
      app.env.db.orm.insert(identities).values({
        id,
        user_id: userId,
        type: "email",
        identity: "other@example.org",
        normalised: "other@example.org",
        verified_at: verified,
      });
    await app.env.db.batch([
      {
        sql: "UPDATE identities SET verified_at = NULL WHERE user_id = ?",
        params: [other.user.id],
      },
      moved(person.user.id, "claimed", null),
    ]);
    expect(await idsOf(await get("/assertions"))).toEqual([]);
    await app.env.db.batch([
      { sql: "UPDATE identities SET verified_at = 1 WHERE id = 'claimed'", params: [] },
    ]);
    expect(await idsOf(await get("/assertions"))).toHaveLength(1);
  });
});

describe("POST /assertions", () => {
  it("OB21-P-01 of two in one body the signed one counts", async () => {
    const { post, get, issuer } = await backpack();
    const { token, documents } = await world({ sign: {} });
    issuer.pages.set(ADDRESS.key, documents.key);
    issuer.pages.set(ADDRESS.issuer, documents.issuer);
    const assertion = await issuer.badge("hosted");
    const response = await post("/assertions", { assertion, signedAssertion: token });
    expect(await statusOf(response)).toEqual([200, "OK"]);
    const listed = await envelopeOf(await get("/assertions"));
    expect([listed.assertions, listed.signedAssertions]).toEqual([[], [token]]);
  });

  it.each<[string, unknown]>([
    ["neither", {}],
    ["both null", { assertion: null, signedAssertion: null }],
    ["a list of payloads", [{ assertion: { id: "https://issuer.example/a" } }]],
    ["an address in place of the badge", { assertion: "https://issuer.example/assertions/one" }],
    ["a list of badges", { assertion: [{ id: "https://issuer.example/a" }] }],
    ["a badge without an id", { assertion: { type: "Assertion" } }],
    ["an id that is no text", { assertion: { id: 7 } }],
    ["a signed badge that is no text", { signedAssertion: { payload: "" } }],
    ["a text", '"assertion"'],
    ["nothing", ""],
    ["broken JSON", '{"assertion": {'],
    ["two members of one name", '{"assertion": {"id": "a", "id": "b"}}'],
    ["a prototype", '{"assertion": {"id": "a", "__proto__": {}}}'],
    ["too many levels", `{"assertion": ${"[".repeat(40)}${"]".repeat(40)}}`],
    ["a hundred thousand levels", "[".repeat(100_000)],
  ])("OB21-P-02 %s is 400 REQUEST_VALIDATION_ERROR", async (_what, body) => {
    const { post, get } = await backpack();
    expect(await statusOf(await post("/assertions", body))).toEqual([
      400,
      "REQUEST_VALIDATION_ERROR",
    ]);
    expect(await idsOf(await get("/assertions"))).toEqual([]);
  });

  it("OB21-E-06 members that are null are as good as absent", async () => {
    const { post, issuer } = await backpack();
    const assertion = await issuer.badge("one", { evidence: null, tags: [] });
    const response = await post("/assertions", { assertion, signedAssertion: null, more: null });
    expect(await statusOf(response)).toEqual([200, "OK"]);
  });

  it("refuses another media type, and more bytes than it reads", async () => {
    const { post, app } = await backpack();
    const typed = await post("/assertions", "{}", { "content-type": "text/plain" });
    expect(await statusOf(typed)).toEqual([400, "REQUEST_VALIDATION_ERROR"]);
    const huge = JSON.stringify({ assertion: { id: "x".repeat(app.env.config.maxBodyBytes) } });
    const response = await post("/assertions", huge);
    expect(await statusOf(response)).toEqual([413, undefined]);
  });

  it("OB21-P-03 is 200 with its status alone, and the same again makes no second one", async () => {
    const { put, get, issuer, app } = await backpack();
    const badge = await issuer.badge("one");
    await put(await issuer.badge("two"));
    for (let time = 0; time < 3; time++) {
      app.clock.advance(1_000);
      const response = await put(badge);
      expect(response.status).toBe(200);
      expect(await envelopeOf(response)).toEqual({ status: OK });
    }
    expect(await idsOf(await get("/assertions"))).toEqual(["one", "two"]);
  });

  it("OB21-P-04 keeps what its issuer serves, whatever was posted with its id", async () => {
    const { put, get, issuer } = await backpack();
    const served = await issuer.badge("one");
    const posted = {
      ...served,
      issuedOn: "1999-01-01T00:00:00Z",
      badge: { id: "https://mallory.example/badge", type: "BadgeClass", name: "Nobel Prize" },
    };
    expect(await statusOf(await put(posted))).toEqual([200, "OK"]);
    const { assertions = [] } = await envelopeOf(await get("/assertions"));
    expect(assertions[0]).toMatchObject({
      issuedOn: served.issuedOn,
      badge: { name: "Streak", issuer: { name: "Northside" } },
    });
    expect(JSON.stringify(assertions)).not.toContain("Nobel");
  });

  it.each<[string, Members | number]>([
    ["is not there", 404],
    ["is no badge", { type: "Person" }],
    ["was never signed or hosted", { verification: { type: "TrustMe" } }],
    ["begins later", { issuedOn: "2099-01-01T00:00:00Z" }],
  ])("OB21-P-04 a badge that %s is 400 INVALID_BADGE with its reason", async (_what, page) => {
    const { put, get, issuer } = await backpack();
    const badge = await issuer.badge("one");
    issuer.pages.set(badge.id, typeof page === "number" ? page : { ...badge, ...page });
    const response = await put(badge);
    const { status } = await envelopeOf(response);
    expect([response.status, status.statusText]).toEqual([400, "INVALID_BADGE"]);
    expect(status.error?.length).toBeGreaterThan(10);
    expect(await idsOf(await get("/assertions"))).toEqual([]);
  });

  it.each([500, 503, 429])("an issuer that answers %i may be asked again", async (page) => {
    const { put, issuer } = await backpack();
    const badge = await issuer.badge("one");
    issuer.pages.set(badge.id, page);
    expect(await statusOf(await put(badge))).toEqual([503, undefined]);
  });

  it("a badge whose issuer does not answer is not kept, and may be sent again", async () => {
    const { put, get, issuer } = await backpack();
    const badge = await issuer.badge("one");
    issuer.pages.set(badge.id, null);
    const response = await put(badge);
    expect(Number(response.headers.get("retry-after"))).toBeGreaterThan(0);
    expect(await statusOf(response)).toEqual([503, undefined]);
    expect(await idsOf(await get("/assertions"))).toEqual([]);
    await issuer.badge("one");
    expect((await put(badge)).status).toBe(200);
  });

  it("an issuer that does not answer takes nothing away that is kept", async () => {
    const { put, get, issuer } = await filled(["one"]);
    const badge = await issuer.badge("one");
    issuer.pages.set(badge.id, null);
    expect((await put(badge)).status).toBe(503);
    expect(await idsOf(await get("/assertions"))).toEqual(["one"]);
  });

  it.each<[string, Members]>([
    ["plain", { type: "email", hashed: false, identity: "mallory@example.org" }],
    [
      "hashed",
      {
        type: "email",
        hashed: true,
        salt: "deadsea",
        identity: `sha256$${"0".repeat(64)}`,
      },
    ],
  ])(
    "OB21-P-05 somebody else's badge, %s, is 400 RECIPIENT_PROFILE_MISMATCH",
    async (_how, recipient) => {
      const { put, get, issuer } = await backpack();
      const response = await put(await issuer.badge("one", { recipient }));
      expect(await statusOf(response)).toEqual([400, "RECIPIENT_PROFILE_MISMATCH"]);
      expect(await idsOf(await get("/assertions"))).toEqual([]);
    },
  );

  it("OB21-P-05 an address that is not confirmed is nobody's", async () => {
    const { put, issuer, app, person } = await backpack();
    await app.env.db.batch([
      {
        sql: "UPDATE identities SET verified_at = NULL WHERE user_id = ?",
        params: [person.user.id],
      },
    ]);
    const response = await put(await issuer.badge("one"));
    expect(await statusOf(response)).toEqual([400, "RECIPIENT_PROFILE_MISMATCH"]);
  });

  it("OB21-P-05 what was made out to an address that was given up is shown no more", async () => {
    const { get, app, person } = await filled(["one"]);
    await app.env.db.batch([
      {
        sql: "UPDATE identities SET verified_at = NULL WHERE user_id = ?",
        params: [person.user.id],
      },
    ]);
    expect(await idsOf(await get("/assertions"))).toEqual([]);
    expect(await listHostedBadges(app.env.db, person.user.id, { limit: 9 })).toEqual([]);
  });

  it("OB21-P-06 an expired badge is kept with its state", async () => {
    const { put, get, issuer, app, person } = await backpack();
    const badge = await issuer.badge("one", { expires: "2026-02-01T00:00:00Z" });
    expect(await statusOf(await put(badge))).toEqual([200, "OK"]);
    const { assertions = [] } = await envelopeOf(await get("/assertions"));
    expect(assertions[0]?.expires).toBe("2026-02-01T00:00:00Z");
    const [kept] = await listHostedBadges(app.env.db, person.user.id, { limit: 9 });
    expect(kept).toMatchObject({ verdict: "expired", name: "Streak", issuer_name: "Northside" });
  });

  it("OB21-P-06 a revoked badge is refused where it was never kept", async () => {
    const { put, issuer } = await backpack();
    const badge = await issuer.badge("one");
    issuer.pages.set(badge.id, { "@context": badge["@context"], id: badge.id, revoked: true });
    expect(await statusOf(await put(badge))).toEqual([400, "INVALID_BADGE"]);
  });

  it("OB21-P-06 a badge that is revoked after it was kept stays as revoked, and is listed no more", async () => {
    const { put, get, issuer, app, person } = await filled(["one", "two"]);
    const badge = await issuer.badge("one");
    const gone = { id: badge.id, type: "Assertion", revoked: true, revocationReason: "A slip." };
    issuer.pages.set(badge.id, { "@context": badge["@context"], ...gone });
    app.clock.advance(1_000);
    expect(await statusOf(await put(badge))).toEqual([200, "OK"]);
    expect(await idsOf(await get("/assertions"))).toEqual(["two"]);
    const kept = await listHostedBadges(app.env.db, person.user.id, { limit: 9 });
    expect(kept.map(({ verdict }) => verdict)).toEqual(["revoked", "valid"]);
    expect(kept[0]?.verdict_detail).toContain("slip");
  });

  it("OB20-D-10 OB21-P-07 keeps members it does not know as the issuer serves them", async () => {
    const { put, get, issuer } = await backpack();
    await put(await issuer.badge("one", { "extensions:note": { text: "More." } }));
    const { assertions = [] } = await envelopeOf(await get("/assertions"));
    expect(assertions[0]).toHaveProperty("extensions:note");
  });

  it("knows its own awards, and keeps them once", async () => {
    const { app, put, get, person } = await backpack();
    const badge = await givenBadge(app.env, await givenOrganization(app.env));
    const award = await givenAward(app.env, badge, person);
    const own = app.env.urls.assertion(award.unique_hash);
    const document = (await (await app.request(own)).json()) as Members;
    expect(await statusOf(await put(document))).toEqual([200, "OK"]);
    expect(await idsOf(await get("/assertions"))).toEqual([award.unique_hash]);
    await app.env.db.batch([app.env.db.orm.update(awards).set({ revoked_at: app.clock.now })]);
    expect(await statusOf(await put(document))).toEqual([400, "INVALID_BADGE"]);
    const unknown = { ...document, id: app.env.urls.assertion("0".repeat(40)) };
    expect(await statusOf(await put(unknown))).toEqual([400, "INVALID_BADGE"]);
  });

  it("knows its own awards also under an address that only leads to them", async () => {
    const { app, put, get, person, issuer } = await backpack();
    const badge = await givenBadge(app.env, await givenOrganization(app.env));
    const award = await givenAward(app.env, badge, person);
    const own = app.env.urls.assertion(award.unique_hash);
    const read = async (url: string) => (await (await app.request(url)).json()) as Members;
    const document = await read(own);
    const { badge: badgeClass } = document as { badge: string };
    const issuerUrl = String((await read(badgeClass)).issuer);
    for (const url of [own, badgeClass, issuerUrl]) issuer.pages.set(url, await read(url));
    const elsewhere = "https://issuer.example/moved";
    issuer.pages.set(elsewhere, document);
    expect(await statusOf(await put({ ...document, id: elsewhere }))).toEqual([200, "OK"]);
    expect(await idsOf(await get("/assertions"))).toEqual([award.unique_hash]);
    expect(await listHostedBadges(app.env.db, person.user.id, { limit: 9 })).toEqual([]);
  });

  it("does not take somebody else's award of its own", async () => {
    const { app, put } = await backpack();
    const organization = await givenOrganization(app.env);
    const award = await givenAward(
      app.env,
      await givenBadge(app.env, organization),
      await givenPerson(app.env, organization),
    );
    const response = await put({
      id: app.env.urls.assertion(award.unique_hash),
      type: "Assertion",
    });
    expect(await statusOf(response)).toEqual([400, "RECIPIENT_PROFILE_MISMATCH"]);
  });

  it("the same badge sent by many at once is kept once", async () => {
    const { put, get, issuer } = await backpack();
    const badge = await issuer.badge("one");
    const answers = await Promise.all(Array.from({ length: MAX_PER_PERSON }, () => put(badge)));
    expect(answers.map(({ status }) => status)).toEqual(Array(MAX_PER_PERSON).fill(200));
    expect(await idsOf(await get("/assertions"))).toEqual(["one"]);
  });

  it("one person's badge does not become another's by being sent again", async () => {
    const { app, issuer, put } = await filled(["one"]);
    const stranger = await givenPerson(app.env, await givenOrganization(app.env));
    const browser = await signedIn(app, stranger.user.id);
    const theirs = await tokensFor(app, browser, await registered(app));
    const response = await app.request(`${API_PATH}/assertions`, {
      method: "POST",
      headers: {
        authorization: `Bearer ${theirs.access_token}`,
        "content-type": "application/json",
      },
      body: JSON.stringify({ assertion: await issuer.badge("one") }),
    });
    expect(await statusOf(response)).toEqual([400, "RECIPIENT_PROFILE_MISMATCH"]);
    expect((await put(await issuer.badge("one"))).status).toBe(200);
    expect(KIM).not.toBe(stranger.identity.identity);
  });
});
