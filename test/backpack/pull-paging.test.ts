// GET /assertions as a client: pages by their links and no further, within bounds of time and number.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { MAX_LINK_LENGTH, nextPage } from "../../src/backpack/badge-connect-page.ts";
import {
  MAX_PAGES_A_PULL,
  MAX_STALE_PAGES,
  MAX_TRIES,
  pullBackpack,
  pullConnection,
  pullJob,
  SLICE_MS,
} from "../../src/backpack/pull.ts";
import {
  MAX_PLANNED,
  PLAN_EVERY_MS,
  PULL_EVERY_MS,
  planPulls,
} from "../../src/backpack/pull-plan.ts";
import { isFirstOfDay, readProgress, startOf } from "../../src/backpack/pull-progress.ts";
import { connections } from "../../src/db/backpacks.ts";
import { jobs } from "../../src/db/jobs.ts";
import { users } from "../../src/db/organizations.ts";
import { drain } from "../../src/jobs/drain.ts";
import { enqueue } from "../../src/jobs/outbox.ts";
import { SCOPES } from "../../src/oauth/scopes.ts";
import { SCHEDULE } from "../../src/recurring-work.ts";
import { type Doing, status } from "./host.ts";
import { BACKPACK, EMAIL, json, page, pullWorld } from "./pull-world.ts";

const API = `${BACKPACK}/ims/ob/v2p1/assertions`;
const DAY_MS = 86_400_000;
const nowhere = (n: number) => `https://nowhere.example/${n}`;

/** Pages of so many addresses each, by an opaque cursor; the first is page 0. */
function paged(pages: number, each: number, link = (n: number) => `${API}?cursor=${n}`): Doing {
  return ({ url, path }) => {
    if (!path.endsWith("/assertions")) return undefined;
    const at = Number(url.searchParams.get("cursor") ?? 0);
    const assertions = Array.from({ length: each }, (_, i) => nowhere(at * each + i));
    const next = at + 1 < pages ? { link: `<${link(at + 1)}>; rel="next"` } : {};
    return page({ assertions }, next as Record<string, string>);
  };
}

describe("OB21-G-06, OB21-G-08 further pages are found by their link, and never computed", () => {
  it("follows next to the end, whatever the page's size", async () => {
    const { env, host, connectionId, rows } = await pullWorld();
    host.before = paged(5, 3);
    expect(await pullConnection(env, connectionId)).toMatchObject({ ok: true, listed: 15 });
    expect(await rows()).toHaveLength(15);
    expect(host.at("GET").map(({ url }) => url.searchParams.get("cursor"))).toContain("4");
  });

  it.each([
    ["relative", `<?cursor=1>; rel="next"`, `${API}?cursor=1`],
    ["from the root", `</ims/ob/v2p1/assertions?cursor=1>; rel=next`, `${API}?cursor=1`],
    ["among others", `<${API}?c=9>; rel="last", <${API}?c=1>; rel="next"`, `${API}?c=1`],
    ["in capitals, with several relations", `<${API}?c=1>; REL="last NEXT"`, `${API}?c=1`],
    ["with a fragment", `<${API}?c=1#x>; rel="next"`, `${API}?c=1`],
    ["with a comma in it", `<${API}?c=1,2>; rel="next"; title="a, b"`, `${API}?c=1,2`],
    ["with a slash before its query", `<${API}/?c=1>; rel="next"`, `${API}/?c=1`],
    ["absent", `<${API}?c=1>; rel="prev"`, null],
    ["no link", undefined, null],
    ["broken", `<${API}?c=1; rel="next"`, null],
    ["to another origin", `<https://evil.example/ims/ob/v2p1/assertions>; rel="next"`, undefined],
    [
      "to another scheme",
      `<http://backpack.example.net/ims/ob/v2p1/assertions>; rel="next"`,
      undefined,
    ],
    [
      "to another port",
      `<https://backpack.example.net:8443/ims/ob/v2p1/assertions>; rel="next"`,
      undefined,
    ],
    ["to another path", `<${BACKPACK}/admin/tokens>; rel="next"`, undefined],
    ["above the path", `<${API}/../profile>; rel="next"`, undefined],
    [
      "with a user name",
      `<https://me:pw@backpack.example.net/ims/ob/v2p1/assertions>; rel="next"`,
      undefined,
    ],
    ["no address", `<https://[>; rel="next"`, undefined],
    ["a script", `<javascript:alert(1)>; rel="next"`, undefined],
    ["longer than is read", `<${API}?c=${"x".repeat(MAX_LINK_LENGTH)}>; rel="next"`, undefined],
  ])("a link %s", (_name, link, expected) => {
    expect(nextPage(link, API, API)).toBe(expected);
  });

  it("whatever a Link header holds, the token goes to the list itself or nowhere", () => {
    const pieces = fc.constantFrom(
      "<",
      ">",
      ";",
      ",",
      '"',
      "rel",
      "=",
      "next",
      "https://",
      "evil.example",
      BACKPACK,
      API,
      "/ims/ob/v2p1/assertions",
      "..",
      "//",
      "@",
      "\\",
      " ",
      "?c=1",
      "#",
    );
    const header = fc.oneof(
      fc.string(),
      fc.array(pieces, { maxLength: 20 }).map((all) => all.join("")),
    );
    fc.assert(
      fc.property(header, (link) => {
        const next = nextPage(link, API, API);
        if (next === null || next === undefined) return;
        const { origin, pathname, username } = new URL(next);
        expect([origin, pathname.replace(/\/+$/, ""), username]).toEqual([
          BACKPACK,
          "/ims/ob/v2p1/assertions",
          "",
        ]);
      }),
      { numRuns: 500 },
    );
  });

  it("a page that leads elsewhere ends the pull: nothing is asked there, nothing taken for gone", async () => {
    const { env, host, sites, connectionId, rows } = await pullWorld();
    let asked = 0;
    sites.set("https://evil.example", () => {
      asked++;
      return page({ assertions: [] });
    });
    host.before = paged(2, 1, () => "https://evil.example/ims/ob/v2p1/assertions");
    expect(await pullConnection(env, connectionId)).toMatchObject({
      ok: false,
      reason: "bad_answer",
    });
    expect(asked).toBe(0);
    expect(await rows()).toEqual([]);
  });
});

describe("OB21-G-04, OB21-G-09 since", () => {
  it("OB21-G-03 is sent with its zone, percent-encoded, and only with the first page", async () => {
    const { env, host, connectionId, test } = await pullWorld();
    await pullConnection(env, connectionId);
    const since = encodeURIComponent(new Date(test.clock.now - 300_000).toISOString());
    test.clock.advance(3_600_000);
    host.asked.length = 0;
    host.before = paged(2, 1);
    await pullConnection(env, connectionId);
    const [first, second] = host.at("GET");
    expect(first?.url.search).toContain(`since=${since}`);
    // OB21-G-09: the host's own link keeps it, or does not; it is its link.
    expect(second?.url.href).toBe(`${API}?cursor=1`);
  });

  it("is not sent by the first pull of a day, nor where the clock went back", () => {
    const id = "01900000-0000-7000-8000-000000000000";
    const at = Date.UTC(2026, 9, 4, 12);
    const pulled = (last: number | null) => ({ id, last_pulled_at: last, pulled_since: last });
    expect(isFirstOfDay(pulled(null), at)).toBe(true);
    expect(isFirstOfDay(pulled(at - 3_600_000), at)).toBe(false);
    expect(isFirstOfDay(pulled(at - DAY_MS), at)).toBe(true);
    expect(isFirstOfDay(pulled(at + 3_600_000), at)).toBe(true);
    expect(startOf(at, null)).toMatchObject({ full: true, since: null });
    expect(startOf(at, at)).toMatchObject({ full: false, since: at - 300_000 });
    expect(startOf(at, 0)).toMatchObject({ full: false, since: 0 });
  });
});

describe("OB21-G-01, OB21-E-06 what a page may leave out", () => {
  it.each([
    ["neither list", {}],
    ["both null", { assertions: null, signedAssertions: null }],
    ["both empty", { assertions: [], signedAssertions: [] }],
    ["one of them", { signedAssertions: [] }],
  ])("%s is an empty backpack", async (_name, members) => {
    const { env, host, connectionId } = await pullWorld();
    host.before = () => page(members);
    expect(await pullConnection(env, connectionId)).toMatchObject({
      ok: true,
      listed: 0,
      more: false,
    });
  });

  it.each([
    ["a number", 7],
    ["null", null],
    ["a list", [[]]],
    ["true", true],
    ["an object without id", { type: "Assertion" }],
    ["an id that is no text", { id: { "@id": "x" } }],
    ["an empty id", { id: "" }],
    ["a text that is no address", "badge"],
    ["a script", "javascript:alert(1)"],
    ["an address with credentials", "https://me:pw@issuer.example/assertions/one"],
    ["a very long address", `https://issuer.example/${"x".repeat(5_000)}`],
    ["a data URI", "data:application/json,{}"],
  ])("an entry that is %s is passed over, and the others count", async (_name, entry) => {
    const { env, host, issuer, connectionId, rows } = await pullWorld();
    const good = await issuer.award("one");
    host.before = () => page({ assertions: [entry, good] });
    expect(await pullConnection(env, connectionId)).toMatchObject({ ok: true, theirs: 1 });
    expect((await rows()).map(({ verdict }) => verdict)).toEqual(["valid"]);
  });

  it.each([
    ["no text", 7],
    ["empty", ""],
    ["not three parts", "ey.ey"],
    ["no base64url", "ey!.ey!.xx"],
    ["without an algorithm", `${btoa("{}").replaceAll("=", "")}.e30.AA`],
    ["half a megabyte", `eyJhbGciOiJSUzI1NiJ9.${"A".repeat(600_000)}.AA`],
  ])("a signed entry that is %s is passed over", async (_name, jws) => {
    const { env, host, issuer, connectionId, rows } = await pullWorld();
    const good = await issuer.award("one");
    host.before = () => page({ assertions: [good], signedAssertions: [jws] });
    expect(await pullConnection(env, connectionId)).toMatchObject({ ok: true, theirs: 1 });
    expect((await rows()).filter(({ verdict }) => verdict === "valid")).toHaveLength(1);
  });
});

describe("OB21-E-03, OB21-E-05 an envelope that is not quite as it should be", () => {
  it.each([
    ["error absent", { statusCode: 200, statusText: "OK" }],
    ["error null", { error: null, statusCode: 200, statusText: "OK" }],
    ["error an empty text", { error: "", statusCode: 200, statusText: "OK" }],
    ["no statusText", { error: null, statusCode: 200 }],
    ["members nobody knows", { error: null, statusCode: 200, statusText: "OK", extra: 1 }],
  ])("%s is a success", async (_name, given) => {
    const { env, host, issuer, connectionId } = await pullWorld();
    const good = await issuer.award("one");
    host.before = () => json({ status: given, assertions: [good] });
    expect(await pullConnection(env, connectionId)).toMatchObject({ ok: true, theirs: 1 });
  });

  it.each([
    ["an error inside of a 200", { error: "no", statusCode: 500 }],
    ["a status that is no object", "OK"],
    ["no status at all", undefined],
    ["a 401 inside of a 200", { statusCode: 401, statusText: "UNAUTHENTICATED" }],
  ])("%s is none, whatever is listed beside it", async (_name, given) => {
    const { env, host, issuer, connectionId, rows } = await pullWorld({ refreshToken: null });
    const good = await issuer.award("one");
    host.before = () => json({ status: given, assertions: [good] });
    expect(await pullConnection(env, connectionId)).toMatchObject({ ok: false });
    expect(await rows()).toEqual([]);
  });
});

describe("OB21-G-02 a badge in both lists", () => {
  it("is one, and its hosted copy counts", async () => {
    const { env, host, issuer, connectionId, rows } = await pullWorld();
    const jws = await issuer.signed("one", EMAIL, { verification: { type: "HostedBadge" } });
    const hosted = await issuer.award("one");
    host.before = () => page({ assertions: [hosted], signedAssertions: [jws, jws] });
    expect(await pullConnection(env, connectionId)).toMatchObject({ added: 1 });
    expect(await rows()).toMatchObject([{ canonical_id: hosted.id, jws: null, verdict: "valid" }]);
  });
});

describe("OB21-G-07 a total is only said", () => {
  it.each(["0", "1", "999999999", "-5", "many", "1e9", ""])("%s changes nothing", async (total) => {
    const { env, host, connectionId, issuer } = await pullWorld();
    const good = await issuer.award("one");
    host.before = () => page({ assertions: [good] }, { "x-total-count": total });
    expect(await pullConnection(env, connectionId)).toMatchObject({ listed: 1, more: false });
  });
});

describe("a list without an end", () => {
  it("that leads in a circle is left, and is not taken for whole", async () => {
    const { env, host, issuer, hold, connectionId, rows, test } = await pullWorld();
    hold(await issuer.award("kept"));
    await pullConnection(env, connectionId);
    test.clock.advance(DAY_MS);
    host.asked.length = 0;
    host.before = () => page({ assertions: [nowhere(1)] }, { link: `<${API}?again>; rel="next"` });
    expect(await pullConnection(env, connectionId)).toMatchObject({
      ok: true,
      more: true,
      gone: 0,
    });
    expect(host.at("GET").length).toBeLessThanOrEqual(3);
    expect(await rows()).toHaveLength(2);
  });

  it("that has another address each time and nothing new is left after a few pages", async () => {
    const { env, host, connectionId } = await pullWorld();
    let n = 0;
    host.before = ({ path }) =>
      path.endsWith("/profile")
        ? undefined
        : page({ assertions: [nowhere(1)] }, { link: `<${API}?n=${++n}>; rel="next"` });
    expect(await pullConnection(env, connectionId)).toMatchObject({ more: true, listed: 1 });
    expect(n).toBe(1 + MAX_STALE_PAGES);
  });

  it("is left after so many pages, whatever they hold", async () => {
    const { env, host, connectionId, test } = await pullWorld();
    host.before = paged(MAX_PAGES_A_PULL + 1, 1);
    expect(await pullConnection(env, connectionId)).toMatchObject({
      more: true,
      listed: MAX_PAGES_A_PULL,
    });
    test.clock.advance(DAY_MS);
    host.before = paged(MAX_PAGES_A_PULL, 1);
    expect(await pullConnection(env, connectionId)).toMatchObject({ more: false });
  });

  it("as a body that goes on and on ends at the bound", async () => {
    const { env, host, connectionId } = await pullWorld();
    let sent = 0;
    async function* forEver() {
      for (;;) {
        sent += 65_536;
        yield new Uint8Array(65_536).fill(0x20);
      }
    }
    host.before = () => ({ status: 200, body: forEver });
    expect(await pullConnection(env, connectionId)).toMatchObject({ reason: "answer_too_large" });
    expect(sent).toBeLessThan(8 * 1024 * 1024);
  });
});

describe("OB21-F-01, OB21-F-05 GET /profile", () => {
  const profile =
    (members: unknown): Doing =>
    ({ path }) =>
      path.endsWith("/profile")
        ? json({ status: { error: null, statusCode: 200, statusText: "OK" }, profile: members })
        : undefined;

  it("is kept as the backpack's word, and proves nothing", async () => {
    const { env, host, hold, issuer, connectionId, connection, rows } = await pullWorld();
    hold(await issuer.award("one", "claimed@example.org"));
    host.before = profile({
      id: "https://backpack.example.net/people/7",
      type: "Profile",
      email: ["claimed@example.org", "kim@example.org"],
    });
    await pullConnection(env, connectionId);
    expect(await connection()).toMatchObject({
      email: "claimed@example.org",
      backpack_uid: "https://backpack.example.net/people/7",
    });
    expect((await rows())[0]).toMatchObject({ is_theirs: false });
  });

  it.each([
    ["null", null],
    ["a list", []],
    ["wrong types", { id: 7, email: { a: 1 } }],
    ["too long", { id: "x".repeat(300), email: `${"x".repeat(120)}@example.org` }],
  ])("that is %s is nothing to go by, and the pull goes on", async (_name, members) => {
    const { env, host, connectionId, connection } = await pullWorld();
    host.before = profile(members);
    expect(await pullConnection(env, connectionId)).toMatchObject({ ok: true });
    expect(await connection()).toMatchObject({ email: null, backpack_uid: null });
  });

  it("is not asked without its scope, and its refusal is nobody's trouble", async () => {
    const first = await pullWorld({ scopes: [SCOPES.read] });
    await pullConnection(first.env, first.connectionId);
    expect(first.host.at("GET").filter(({ path }) => path.endsWith("/profile"))).toEqual([]);
    const second = await pullWorld();
    second.host.before = ({ path }) => (path.endsWith("/profile") ? status(500) : undefined);
    expect(await pullConnection(second.env, second.connectionId)).toMatchObject({ ok: true });
  });
});

describe("slices", () => {
  it("a slow backpack is read in several jobs, each ending in time, and as if in one", async () => {
    const { env, host, connectionId, rows, test } = await pullWorld();
    const answer = paged(6, 2);
    host.before = (asked) => {
      test.clock.advance(SLICE_MS);
      return answer(asked);
    };
    await env.db.batch([enqueue(env, pullJob(connectionId, "b1"))]);
    const drained = await drain(
      env,
      { "backpack.pull": pullBackpack },
      { limit: 50, leaseMs: 600_000 },
    );
    expect(drained.done).toBeGreaterThan(5);
    expect(await rows()).toHaveLength(12);
    const all = await env.db.orm.select().from(jobs);
    expect(new Set(all.map(({ lane }) => lane))).toEqual(new Set(["backpack:b1"]));
  });

  it("what one slice has judged the next one passes over", async () => {
    const { env, host, issuer, sites, connectionId, rows, test } = await pullWorld();
    const all = await Promise.all(["1", "2", "3", "4", "5", "6"].map((name) => issuer.award(name)));
    host.before = ({ path }) => (path.endsWith("/profile") ? undefined : page({ assertions: all }));
    sites.set(issuer.origin, async (request) => {
      if (request.url.pathname.startsWith("/assertions/")) test.clock.advance(SLICE_MS);
      return issuer.answer(request);
    });
    expect(await pullConnection(env, connectionId)).toMatchObject({
      listed: 6,
      more: false,
      gone: 0,
    });
    expect(await rows()).toHaveLength(6);
    // Each was asked for once: the second slice went on where the first stood.
    expect(issuer.asked.filter((url) => url.includes("/assertions/"))).toHaveLength(6);
    expect(host.at("GET").filter(({ path }) => path.endsWith("/assertions"))).toHaveLength(2);
  });

  it.each([
    null,
    "x",
    {},
    { startedAt: 1 },
    { ...startOf(1, null), pages: -1 },
    { ...startOf(1, null), since: "now" },
    { ...startOf(1, null), page: 7 },
    { ...startOf(1, null), tally: { listed: 1 } },
    { ...startOf(1, null), collection: "x".repeat(10_000) },
  ])("a progress that is not ours begins anew: %j", (given) => {
    expect(readProgress(given)).toBeNull();
  });

  it("a progress comes back from a job as it was", () => {
    const progress = { ...startOf(5_000_000, 4_000_000), page: `${API}?c=1`, pages: 3, more: true };
    expect(readProgress(JSON.parse(JSON.stringify(progress)))).toEqual(progress);
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const read = readProgress(value);
        expect(read === null || typeof read.startedAt === "number").toBe(true);
      }),
    );
  });

  it("a failure that may pass is tried again when the host says; another is not", async () => {
    const { env, host, connectionId, test } = await pullWorld();
    host.before = () => ({ ...status(503), headers: { "retry-after": "600" } });
    await env.db.batch([enqueue(env, pullJob(connectionId))]);
    const handlers = { "backpack.pull": pullBackpack };
    expect(await drain(env, handlers, { limit: 5 })).toMatchObject({ failed: 1 });
    const [job] = await env.db.orm.select().from(jobs);
    expect(job).toMatchObject({ last_error: "rate_limited", due_at: test.clock.now + 600_000 });
    host.before = () => status(401, "PERMISSION_DENIED");
    test.clock.advance(600_000);
    expect(await drain(env, handlers, { limit: 5 })).toMatchObject({ done: 1 });
  });

  it("is not tried for ever by one job: the connection has its turn again later", async () => {
    const { env, host, connectionId, test, connection } = await pullWorld();
    host.before = () => status(500);
    await env.db.batch([enqueue(env, pullJob(connectionId))]);
    const counts = { done: 0, failed: 0, parked: 0 };
    for (let i = 0; i < MAX_TRIES; i++) {
      const drained = await drain(env, { "backpack.pull": pullBackpack }, { limit: 5 });
      counts.done += drained.done;
      counts.failed += drained.failed;
      counts.parked += drained.parked;
      test.clock.advance(3_600_000);
    }
    expect(counts).toEqual({ done: 1, failed: MAX_TRIES - 1, parked: 0 });
    expect(await connection()).toMatchObject({ last_pull_problem: "host_error" });
  });
});

describe("the plan of pulls", () => {
  it("takes those pulled longest ago, spread over the time till the next look", async () => {
    const { env, connectionId, test, backpackId } = await pullWorld();
    expect(SCHEDULE["backpack.pulls"]).toBe(PLAN_EVERY_MS);
    const [job] = await env.db.orm.select().from(jobs);
    expect(job).toBeUndefined();
    const plan = async () => {
      await env.db.batch([enqueue(env, { kind: "backpack.pulls" })]);
      await drain(env, { "backpack.pulls": planPulls }, { limit: 1 });
      const rows = await env.db.orm.select().from(jobs);
      return rows.filter(({ kind, done_at }) => kind === "backpack.pull" && done_at === null);
    };
    expect(await plan()).toMatchObject([
      { dedupe_key: connectionId, lane: `backpack:${backpackId}`, due_at: test.clock.now },
    ]);
    // It waits already, and is not brought forward.
    test.clock.advance(60_000);
    expect(await plan()).toMatchObject([{ due_at: test.clock.now - 60_000 }]);
    await drain(env, { "backpack.pull": pullBackpack }, { limit: 5 });
    expect(await plan()).toEqual([]);
    test.clock.advance(PULL_EVERY_MS - 1);
    expect(await plan()).toEqual([]);
    test.clock.advance(1);
    expect(await plan()).toHaveLength(1);
  });

  it("brings forward who has proven something else since", async () => {
    const { env, connectionId } = await pullWorld();
    await pullConnection(env, connectionId);
    expect(await planPulls(env, {} as never)).toEqual([]);
    await env.db.batch([env.db.orm.update(connections).set({ pulled_since: null })]);
    expect(await planPulls(env, {} as never)).toHaveLength(1);
  });

  it("leaves alone who may not come in here any more", async () => {
    const { env } = await pullWorld();
    expect(await planPulls(env, {} as never)).toHaveLength(1);
    await env.db.batch([env.db.orm.update(users).set({ status: "suspended" })]);
    expect(await planPulls(env, {} as never)).toEqual([]);
  });

  it("leaves alone who must connect again", async () => {
    const { env } = await pullWorld();
    await env.db.batch([env.db.orm.update(connections).set({ status: "reconnect" })]);
    expect(await planPulls(env, {} as never)).toEqual([]);
    expect(MAX_PLANNED).toBeGreaterThan(0);
  });
});
