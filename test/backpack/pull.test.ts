// What a pull makes of a backpack: each badge judged by us, kept once, under the right name.
import { eq } from "drizzle-orm";
import { describe, expect, it } from "vitest";
import { disconnect } from "../../src/backpack/connection.ts";
import { listExternalBadges } from "../../src/backpack/external.ts";
import { MAX_BADGES_A_PULL, pullConnection } from "../../src/backpack/pull.ts";
import { AT_ONCE, MAX_UNREACHABLE } from "../../src/backpack/pull-entries.ts";
import type { PullProblem } from "../../src/backpack/pull-result.ts";
import { backpacks, connections } from "../../src/db/backpacks.ts";
import { identities } from "../../src/db/organizations.ts";
import type { Env } from "../../src/env.ts";
import { newId } from "../../src/ids.ts";
import type { DialFailureCode } from "../../src/net/dial.ts";
import { SCOPES } from "../../src/oauth/scopes.ts";
import { givenAward, givenBadge } from "../given.ts";
import { type Doing, status } from "./host.ts";
import { EMAIL, IssuerSite, json, page, pullWorld } from "./pull-world.ts";

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;

describe("a badge that a backpack lists", () => {
  it("is kept as its issuer serves it, with the verdict and its sentence", async () => {
    const { env, issuer, hold, rows, connectionId, connection, test } = await pullWorld();
    const assertion = await issuer.award("one");
    hold(assertion);
    const result = await pullConnection(env, connectionId);
    expect(result).toMatchObject({ ok: true, full: true, more: false, listed: 1, theirs: 1 });
    const [row] = await rows();
    expect(row).toMatchObject({
      collection_id: "-1",
      entity_id: assertion.id,
      canonical_id: assertion.id,
      assertion,
      jws: null,
      name: "Streak",
      issuer_name: "Northside",
      issued_on: Date.UTC(2026, 0, 1),
      verdict: "valid",
      is_theirs: true,
      checked_at: env.now(),
    });
    expect(row?.verdict_detail).toContain("Northside vouches for it");
    expect(await connection()).toMatchObject({
      pulled_since: test.clock.now,
      last_pulled_at: test.clock.now,
      last_pull_problem: null,
    });
  });

  it("is kept with its text where it is signed", async () => {
    const { env, issuer, host, rows, connectionId } = await pullWorld();
    const jws = await issuer.signed("one");
    host.before = () => page({ signedAssertions: [jws] });
    expect(await pullConnection(env, connectionId)).toMatchObject({ added: 1, theirs: 1 });
    expect((await rows())[0]).toMatchObject({ jws, verdict: "valid", is_theirs: true });
  });

  it("counts as its hosted copy does, whatever the backpack made of it", async () => {
    const { env, issuer, hold, rows, connectionId } = await pullWorld();
    const assertion = await issuer.award("one", "somebody@else.example");
    const forged = await issuer.award("forged");
    issuer.pages.delete(issuer.at("assertions/forged"));
    hold({ ...assertion, recipient: forged.recipient, badge: { name: "Doctor of Everything" } });
    await pullConnection(env, connectionId);
    const [row] = await rows();
    expect(row).toMatchObject({ assertion, name: "Streak", verdict: "valid", is_theirs: false });
  });

  it("is somebody else's where it is made out to nobody they have proven to be", async () => {
    const { env, issuer, hold, rows, connectionId } = await pullWorld();
    hold(await issuer.award("one", "somebody@else.example"));
    expect(await pullConnection(env, connectionId)).toMatchObject({ listed: 1, theirs: 0 });
    const [row] = await rows();
    expect(row).toMatchObject({ is_theirs: false, verdict: "valid" });
    expect(row?.verdict_detail).toContain("not confirmed here");
  });

  it("is not theirs by an address that they only claim", async () => {
    const { env, issuer, hold, rows, connectionId, person } = await pullWorld();
    const unproven = { verified_at: null };
    const where = eq(identities.id, person.identity.id);
    await env.db.batch([env.db.orm.update(identities).set(unproven).where(where)]);
    hold(await issuer.award("one"));
    await pullConnection(env, connectionId);
    expect((await rows())[0]).toMatchObject({ is_theirs: false, verdict: "valid" });
  });

  it.each([
    ["expired", { expires: "2026-02-01T00:00:00Z" }],
    ["not-yet-valid", { issuedOn: "2036-01-01T00:00:00Z" }],
    ["invalid", { badge: "https://issuer.example/nothing-here", issuedOn: "yesterday" }],
  ] as const)("is kept as %s, so that the person sees why", async (verdict, over) => {
    const { env, issuer, hold, rows, connectionId } = await pullWorld();
    hold(await issuer.award("one", EMAIL, over));
    await pullConnection(env, connectionId);
    expect((await rows())[0]).toMatchObject({ verdict });
  });

  it("keeps its own verdict where it is somebody else's too: expired is not invalid", async () => {
    const { env, issuer, hold, rows, connectionId } = await pullWorld();
    hold(await issuer.award("one", "x@else.example", { expires: "2026-02-01T00:00:00Z" }));
    await pullConnection(env, connectionId);
    expect((await rows())[0]).toMatchObject({ verdict: "expired", is_theirs: false });
  });

  it("is never valid by a signature that is not its issuer's, and takes nobody's row", async () => {
    const { env, issuer, host, rows, connectionId } = await pullWorld();
    const hosted = await issuer.award("one");
    const [header, , signature] = (await issuer.signed("other")).split(".");
    const payload = { ...hosted, verification: { type: "SignedBadge", creator: issuer.at("key") } };
    const encoded = btoa(JSON.stringify(payload)).replaceAll("=", "");
    const forged = [header, encoded.replaceAll("+", "-").replaceAll("/", "_"), signature].join(".");
    host.before = () => page({ assertions: [hosted], signedAssertions: [forged] });
    await pullConnection(env, connectionId);
    const kept = await rows();
    expect(kept.map(({ verdict }) => verdict).sort()).toEqual(["invalid", "valid"]);
    expect(new Set(kept.map(({ entity_id }) => entity_id)).size).toBe(2);
    const { badges } = await listExternalBadges(env.db, (await ownerOf(env)).user_id);
    expect(badges).toMatchObject([{ canonicalId: hosted.id, verdict: "valid", isTheirs: true }]);
  });

  it("is no copy of ours: an award made here is recognised and not shown as a stranger's", async () => {
    const { env, issuer, hold, rows, connectionId, organization, person } = await pullWorld();
    const award = await givenAward(env, await givenBadge(env, organization), person);
    hold({ id: env.urls.assertion(award.unique_hash), name: "forged" }, await issuer.award("one"));
    expect(await pullConnection(env, connectionId)).toMatchObject({ ours: 1, listed: 1 });
    expect((await rows()).map(({ canonical_id }) => canonical_id)).toEqual([
      issuer.at("assertions/one"),
    ]);
  });

  it("is judged like any other where it only claims to be ours", async () => {
    const { env, hold, rows, connectionId } = await pullWorld();
    hold({
      "@context": "https://w3id.org/openbadges/v2",
      type: "Assertion",
      id: env.urls.assertion("0".repeat(40)),
    });
    expect(await pullConnection(env, connectionId)).toMatchObject({ ours: 0 });
    expect((await rows()).map(({ verdict }) => verdict)).not.toContain("valid");
  });
});

const ownerOf = async (env: Awaited<ReturnType<typeof pullWorld>>["env"]) => {
  const [row] = await env.db.orm.select().from(connections);
  if (row === undefined) throw new Error("nobody is connected");
  return row;
};

describe("the same badge", () => {
  it("listed a thousand times is verified and kept once", async () => {
    const { env, issuer, host, rows, connectionId } = await pullWorld();
    const assertion = await issuer.award("one");
    host.before = () => page({ assertions: Array.from({ length: 1_000 }, () => assertion) });
    expect(await pullConnection(env, connectionId)).toMatchObject({ listed: 1, added: 1 });
    expect(await rows()).toHaveLength(1);
    expect(issuer.asked.filter((url) => url === assertion.id)).toHaveLength(1);
  });

  it.each([
    ["a host in capitals", "HTTPS://ISSUER.example/assertions/one"],
    ["the default port", "https://issuer.example:443/assertions/one"],
    ["a fragment", "https://issuer.example/assertions/one#me"],
    ["a dot in the path", "https://issuer.example/./assertions/one"],
  ])("under %s is the same", async (_name, id) => {
    const { env, issuer, host, rows, connectionId } = await pullWorld();
    const assertion = await issuer.award("one");
    host.before = () => page({ assertions: [assertion, { ...assertion, id }, id] });
    expect(await pullConnection(env, connectionId)).toMatchObject({ listed: 1 });
    expect(await rows()).toHaveLength(1);
  });

  it("in another case of its path, or with a slash, is another address: its own copy decides", async () => {
    const { env, issuer, host, rows, connectionId } = await pullWorld();
    const assertion = await issuer.award("one");
    const other = await issuer.award("ONE");
    // What answers here says that it is called `one`: that is where it is read, and kept.
    issuer.pages.set(`${assertion.id}/`, json(assertion));
    host.before = () => page({ assertions: [assertion, other, `${assertion.id}/`] });
    await pullConnection(env, connectionId);
    expect((await rows()).map(({ canonical_id }) => canonical_id)).toEqual([
      other.id,
      assertion.id,
    ]);
  });

  it("in two backpacks is shown once, and both are known", async () => {
    const first = await pullWorld();
    const { env, issuer, hold, connectionId, person } = first;
    const assertion = await issuer.award("one");
    hold(assertion);
    await pullConnection(env, connectionId);
    const second = "https://other.example.net";
    first.sites.set(second, () => page({ assertions: [assertion] }));
    const other = await first.another(second, "Other Backpack");
    await pullConnection(env, other);
    const { badges } = await listExternalBadges(env.db, person.user.id);
    expect(badges).toHaveLength(1);
    expect(badges[0]?.heldIn.map(({ backpackName }) => backpackName)).toEqual([
      "Example Backpack",
      "Other Backpack",
    ]);
  });

  it("signed by two issuers under one urn is two badges", async () => {
    const { env, issuer, host, sites, rows, connectionId } = await pullWorld();
    const evil = new IssuerSite("https://evil.example");
    sites.set(evil.origin, evil.answer);
    const id = "urn:uuid:0b6f2f0e-7d52-4c0b-9a3e-5f3a0f9c6b1d";
    const texts = [
      await issuer.signed("one", EMAIL, { id }),
      await evil.signed("one", EMAIL, { id }),
    ];
    host.before = () => page({ signedAssertions: texts });
    await pullConnection(env, connectionId);
    const names = (await rows()).map(({ canonical_id }) => canonical_id);
    expect(names).toEqual([
      `${id} https://evil.example/issuer`,
      `${id} https://issuer.example/issuer`,
    ]);
  });
});

describe("between two pulls", () => {
  it("a badge that is gone from the backpack is gone here, by a pull that read everything", async () => {
    const { env, issuer, hold, host, rows, connectionId, test, events } = await pullWorld();
    hold(await issuer.award("one"), await issuer.award("two"));
    await pullConnection(env, connectionId);
    host.kept.shift();
    test.clock.advance(HOUR_MS);
    expect(await pullConnection(env, connectionId)).toMatchObject({ full: false, gone: 0 });
    expect(await rows()).toHaveLength(2);
    test.clock.advance(DAY_MS);
    expect(await pullConnection(env, connectionId)).toMatchObject({ full: true, gone: 1 });
    expect((await rows()).map(({ canonical_id }) => canonical_id)).toEqual([
      issuer.at("assertions/two"),
    ]);
    expect((await events()).map(({ detail }) => detail)).toMatchObject([
      { added: 2, gone: 0 },
      { added: 0, gone: 1 },
    ]);
  });

  it("a badge whose issuer revoked it is shown as revoked, and stays theirs", async () => {
    const { env, issuer, hold, rows, connectionId, test } = await pullWorld();
    hold(await issuer.award("one"));
    await pullConnection(env, connectionId);
    issuer.gone("one", "by mistake");
    test.clock.advance(DAY_MS);
    expect(await pullConnection(env, connectionId)).toMatchObject({ changed: 1, theirs: 1 });
    const [row] = await rows();
    expect(row).toMatchObject({ verdict: "revoked", is_theirs: true, name: "Streak" });
    expect(row?.verdict_detail).toContain("revoked");
  });

  it("a badge that cannot be checked keeps the last verdict, and the time of it", async () => {
    const { env, issuer, hold, rows, connectionId, test } = await pullWorld();
    hold(await issuer.award("one"));
    await pullConnection(env, connectionId);
    const first = test.clock.now;
    issuer.silent("one");
    test.clock.advance(DAY_MS);
    expect(await pullConnection(env, connectionId)).toMatchObject({ unchecked: 1, gone: 0 });
    expect(await rows()).toMatchObject([
      { verdict: "valid", checked_at: first, updated_at: test.clock.now, is_theirs: true },
    ]);
  });

  it("a badge that could never be checked is shown as that, and checked as soon as it can be", async () => {
    const { env, issuer, hold, rows, connectionId, test } = await pullWorld();
    hold(await issuer.award("one"));
    issuer.silent("one");
    test.clock.advance(HOUR_MS);
    await pullConnection(env, connectionId);
    expect(await rows()).toMatchObject([
      {
        verdict: "could-not-check",
        is_theirs: false,
        name: null,
        assertion: { id: issuer.at("assertions/one") },
      },
    ]);
    await issuer.award("one");
    test.clock.advance(HOUR_MS);
    // Nothing is new to the backpack, so it lists nothing; it is asked for by itself.
    expect(await pullConnection(env, connectionId)).toMatchObject({
      full: false,
      listed: 0,
      changed: 1,
    });
    expect(await rows()).toMatchObject([{ verdict: "valid", is_theirs: true, name: "Streak" }]);
  });

  it("a badge that says later that it is called otherwise is still one", async () => {
    const { env, issuer, hold, rows, connectionId, test } = await pullWorld();
    const real = await issuer.award("real");
    hold(issuer.at("assertions/alias"));
    issuer.silent("alias");
    test.clock.advance(HOUR_MS);
    await pullConnection(env, connectionId);
    expect(await rows()).toMatchObject([{ verdict: "could-not-check" }]);
    issuer.pages.set(issuer.at("assertions/alias"), json(real));
    for (const pause of [HOUR_MS, DAY_MS]) {
      test.clock.advance(pause);
      await pullConnection(env, connectionId);
      expect(await rows()).toMatchObject([{ canonical_id: real.id, verdict: "valid" }]);
    }
  });

  it("a signed badge whose key was not listed, and is now, is still one", async () => {
    const { env, issuer, host, rows, connectionId, test } = await pullWorld();
    const jws = await issuer.signed("one");
    host.before = ({ path }) =>
      path.endsWith("/profile") ? undefined : page({ signedAssertions: [jws] });
    const profile = { "@context": "https://w3id.org/openbadges/v2", id: issuer.at("issuer") };
    const keyless = {
      ...profile,
      type: "Issuer",
      name: "Northside",
      url: issuer.origin,
      email: "a@b.example",
    };
    issuer.pages.set(issuer.at("issuer"), json(keyless));
    await pullConnection(env, connectionId);
    expect(await rows()).toMatchObject([{ verdict: "invalid", is_theirs: false }]);
    issuer.pages.delete(issuer.at("issuer"));
    test.clock.advance(DAY_MS);
    await pullConnection(env, connectionId);
    expect(await rows()).toMatchObject([{ verdict: "valid", is_theirs: true }]);
  });

  it("only what is new is asked for, from a little before the last pull began", async () => {
    const { env, issuer, hold, host, connectionId, test } = await pullWorld();
    hold(await issuer.award("one"));
    test.clock.advance(HOUR_MS);
    await pullConnection(env, connectionId);
    const began = test.clock.now;
    test.clock.advance(HOUR_MS);
    hold(await issuer.award("two"));
    expect(await pullConnection(env, connectionId)).toMatchObject({ listed: 1, added: 1 });
    const since = host.at("GET").map(({ url }) => url.searchParams.get("since"));
    expect(since).toContain(new Date(began - 5 * 60_000).toISOString());
  });

  it("nothing new is no event", async () => {
    const { env, issuer, hold, connectionId, test, events } = await pullWorld();
    hold(await issuer.award("one"));
    for (let i = 0; i < 3; i++) {
      await pullConnection(env, connectionId);
      test.clock.advance(DAY_MS);
    }
    const [event, ...others] = await events();
    expect(event).toMatchObject({ kind: "pulled", detail: { added: 1, changed: 0 } });
    expect(others).toEqual([]);
  });
});

describe("what a person has proven", () => {
  it("decides whose a badge is: another address proven, and all is read anew", async () => {
    const { env, issuer, hold, rows, connectionId, connection, person, test } = await pullWorld();
    hold(await issuer.award("one", "other@example.org"));
    await pullConnection(env, connectionId);
    expect((await rows())[0]).toMatchObject({ is_theirs: false });
    const { id: user_id } = person.user;
    const address = "other@example.org";
    const one = { user_id, type: "email" as const, identity: address, normalised: address };
    const row = { ...one, id: newId(env), verified_at: env.now() };
    await env.db.batch([env.db.orm.insert(identities).values(row)]);
    expect(await connection()).toMatchObject({ pulled_since: null });
    test.clock.advance(HOUR_MS);
    expect(await pullConnection(env, connectionId)).toMatchObject({ full: true, theirs: 1 });
    expect((await rows())[0]).toMatchObject({ is_theirs: true });
  });

  it.each([
    [
      "is no longer proven",
      (env: Env, id: string) => [
        env.db.orm.update(identities).set({ verified_at: null }).where(eq(identities.id, id)),
      ],
    ],
    [
      "is removed",
      (env: Env, id: string) => [env.db.orm.delete(identities).where(eq(identities.id, id))],
    ],
  ])("an address that %s makes nothing theirs from that moment", async (_name, change) => {
    const { env, issuer, hold, rows, connectionId, connection, person } = await pullWorld();
    hold(await issuer.award("one"));
    await pullConnection(env, connectionId);
    expect((await rows())[0]).toMatchObject({ is_theirs: true });
    await env.db.batch(change(env, person.identity.id));
    expect((await rows())[0]).toMatchObject({ is_theirs: false, verdict: "valid" });
    expect(await connection()).toMatchObject({ pulled_since: null });
  });
});

describe("a pull that does not go through", () => {
  it("asks again once with a new token, and then says that the person must reconnect", async () => {
    const { env, host, connectionId, connection, rows, issuer, hold } = await pullWorld();
    hold(await issuer.award("one"));
    host.good.add("never");
    expect(await pullConnection(env, connectionId)).toMatchObject({ ok: true, listed: 1 });
    expect(host.refreshes).toBe(1);
    expect(await rows()).toHaveLength(1);
    host.before = ({ path }) =>
      path === "/oauth/token" ? undefined : status(401, "UNAUTHENTICATED");
    expect(await pullConnection(env, connectionId)).toMatchObject({
      ok: false,
      reason: "reconnect",
    });
    expect(await connection()).toMatchObject({
      status: "reconnect",
      last_pull_problem: "reconnect",
    });
    expect(await rows()).toHaveLength(1);
  });

  it.each([
    ["rate_limited", () => ({ ...status(429), headers: { "retry-after": "120" } })],
    ["host_error", () => status(500)],
    ["not_there", () => status(404, "NOT_FOUND")],
    ["not_allowed", () => status(401, "PERMISSION_DENIED")],
    ["bad_answer", () => ({ status: 200, body: "<!doctype html><title>Log in</title>" })],
    ["bad_answer", () => ({ status: 200, body: '{"status":{"statusCode":200},"assert' })],
    ["bad_answer", () => page({ assertions: "none" })],
    ["unreachable", (): DialFailureCode => "connection-lost"],
    ["redirected", () => ({ status: 302, headers: { location: "http://127.0.0.1/" } })],
    ["answer_too_large", () => ({ status: 200, headers: { "content-length": "99999999" } })],
  ] satisfies (readonly [PullProblem, Doing])[])(
    "leaves what is here as it is: %s",
    async (reason, answer) => {
      const { env, issuer, hold, host, rows, connectionId, connection, events, test } =
        await pullWorld();
      hold(await issuer.award("one"));
      await pullConnection(env, connectionId);
      const { last_pulled_at: before } = await connection();
      test.clock.advance(DAY_MS);
      host.before = answer;
      const result = await pullConnection(env, connectionId);
      expect(result).toMatchObject({ ok: false, reason });
      expect(await rows()).toHaveLength(1);
      expect(await connection()).toMatchObject({
        last_pulled_at: before,
        last_pull_problem: reason,
      });
      await pullConnection(env, connectionId);
      // A problem that lasts is told once.
      expect((await events()).map(({ kind }) => kind)).toEqual(["pulled", "pull_failed"]);
      if (reason === "rate_limited") {
        expect(result).toMatchObject({ retryAt: test.clock.now + 120_000, transient: true });
      }
    },
  );

  it("is not begun without the permission, at a backpack that is switched off, or for nobody", async () => {
    const { env, host, connectionId, backpackId } = await pullWorld({ scopes: [SCOPES.create] });
    expect(await pullConnection(env, connectionId)).toMatchObject({ reason: "not_allowed" });
    const off = env.db.orm.update(backpacks).set({ is_enabled: false });
    await env.db.batch([off.where(eq(backpacks.id, backpackId))]);
    expect(await pullConnection(env, connectionId)).toMatchObject({ reason: "switched_off" });
    expect(await pullConnection(env, "nothing")).toMatchObject({ ok: false, reason: "gone" });
    expect(host.asked).toEqual([]);
  });

  it("writes nothing for a connection that ended meanwhile", async () => {
    const { env, issuer, hold, rows, sites, connectionId, person, events } = await pullWorld();
    hold(await issuer.award("one"));
    let ended = false;
    sites.set(issuer.origin, async (request) => {
      if (!ended) await disconnect(env, person.user.id, connectionId);
      ended = true;
      return issuer.answer(request);
    });
    await pullConnection(env, connectionId);
    expect(ended).toBe(true);
    expect(await rows()).toEqual([]);
    expect(await events()).toEqual([]);
  });
});

describe("two pulls of one connection at once", () => {
  it("keep each badge once, and take nothing for gone", async () => {
    const { env, issuer, hold, rows, connectionId } = await pullWorld();
    const names = Array.from({ length: 40 }, (_, i) => `n${i}`);
    hold(...(await Promise.all(names.map((name) => issuer.award(name)))));
    const results = await Promise.all([1, 2, 3].map(() => pullConnection(env, connectionId)));
    expect(results.map(({ ok }) => ok)).toEqual([true, true, true]);
    expect(await rows()).toHaveLength(40);
  });
});

describe("an issuer that is down", () => {
  it("is not asked for each of its badges, and each is checked when it is back", async () => {
    const { env, host, issuer, rows, connectionId, test } = await pullWorld();
    const names = Array.from({ length: 60 }, (_, i) => `n${i}`);
    const awards = await Promise.all(names.map((name) => issuer.award(name)));
    host.before = ({ path }) =>
      path.endsWith("/profile") ? undefined : page({ assertions: awards });
    for (const name of names) issuer.silent(name);
    expect(await pullConnection(env, connectionId)).toMatchObject({ listed: 60, unchecked: 60 });
    expect(issuer.asked.length).toBeLessThan(MAX_UNREACHABLE + AT_ONCE);
    expect(await rows()).toHaveLength(60);
    for (const name of names) await issuer.award(name);
    test.clock.advance(HOUR_MS);
    expect(await pullConnection(env, connectionId)).toMatchObject({ changed: 60, theirs: 60 });
  });
});

describe("an entry that is nested without end", () => {
  it("is read by its address, and breaks nothing", async () => {
    const { env, host, issuer, rows, connectionId } = await pullWorld();
    const good = await issuer.award("one");
    const deep = `${"[".repeat(100_000)}${"]".repeat(100_000)}`;
    const text = JSON.stringify({
      status: { error: null, statusCode: 200 },
      assertions: [{ ...good, extra: "DEEP" }],
    });
    host.before = () => ({ status: 200, body: text.replace('"DEEP"', deep) });
    const result = await pullConnection(env, connectionId);
    // Either the whole answer is refused, or the entry is found by its address.
    if (result.ok) expect(await rows()).toMatchObject([{ verdict: "valid" }]);
    else expect(result.reason).toBe("bad_answer");
  });
});

describe("a backpack that holds more than is read", () => {
  it("is read up to the limit, and what lies behind it is not taken for gone", async () => {
    const { env, host, rows, connectionId, connection, events } = await pullWorld();
    // Nobody answers at these addresses, so that each is quickly judged.
    const ids = Array.from(
      { length: MAX_BADGES_A_PULL + 1 },
      (_, i) => `https://nowhere.example/${i}`,
    );
    host.before = () => page({ assertions: ids });
    const result = await pullConnection(env, connectionId);
    expect(result).toMatchObject({ ok: true, more: true, listed: MAX_BADGES_A_PULL });
    expect(await rows()).toHaveLength(MAX_BADGES_A_PULL);
    expect(await connection()).toMatchObject({ last_pull_problem: "more_than_read" });
    expect((await events())[0]).toMatchObject({ kind: "pulled", detail: { more: true } });
    host.before = () => page({ assertions: ids.slice(0, MAX_BADGES_A_PULL) });
    expect(await pullConnection(env, connectionId)).toMatchObject({ more: false });
    expect(await connection()).toMatchObject({ last_pull_problem: null });
  });
});
