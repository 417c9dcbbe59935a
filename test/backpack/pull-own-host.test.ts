// A pull from the backpack that Rosette is itself, through the real doors on both sides, faults included.
import { describe, expect, it } from "vitest";
import { listExternalBadges } from "../../src/backpack/external.ts";
import { probeBackpack } from "../../src/backpack/probe.ts";
import { pullConnection } from "../../src/backpack/pull.ts";
import type { PullProblem } from "../../src/backpack/pull-result.ts";
import { addBackpack } from "../../src/backpack/site.ts";
import { connections } from "../../src/db/backpacks.ts";
import { beginAuthorization } from "../../src/oauth/authorization.ts";
import { finishAuthorization } from "../../src/oauth/callback.ts";
import { SCOPES } from "../../src/oauth/scopes.ts";
import { freshToken } from "../../src/oauth/token.ts";
import { doDeed } from "../../src/simulator/deeds.ts";
import type { Fault } from "../../src/simulator/faults.ts";
import type { TestApp } from "../app.ts";
import { givenAward, givenBadge, givenOrganization, givenPerson } from "../given.ts";
import { type Asked, CookieJar, decide, outcome } from "../host/client.ts";
import { signedIn } from "../signed-in.ts";
import { BACKPACK_ORIGIN, twoSides } from "../simulator.ts";

const EMAIL = "kim@example.org";
const DAY_MS = 86_400_000;
const ALL = [SCOPES.create, SCOPES.read, SCOPES.profile, SCOPES.offline];

/** An award of an installation to its person, and the document that it hosts. */
async function award(app: TestApp, email = EMAIL) {
  const organization = await givenOrganization(app.env);
  const person = await givenPerson(app.env, organization, { email });
  const made = await givenAward(app.env, await givenBadge(app.env, organization), person);
  const path = new URL(app.env.urls.assertion(made.unique_hash)).pathname;
  const document = (await (await app.request(path)).json()) as Record<string, unknown>;
  return { person, document };
}

async function connected() {
  const sides = await twoSides();
  const { issuer, backpack: host } = sides;
  const { env } = issuer;
  const mine = await award(issuer);
  const theirs = await award(host);
  const person = await signedIn(issuer, mine.person.user.id);
  const owner = await signedIn(host, theirs.person.user.id);
  const added = await addBackpack(env, { address: BACKPACK_ORIGIN });
  if (!added.ok) throw new Error(`${added.reason}: ${added.detail}`);
  const { backpack } = added;
  const begun = await beginAuthorization(env, person.session, backpack.id, { autoSync: false });
  if (!begun.ok) throw new Error(`${begun.reason}: ${begun.detail}`);
  const jar = new CookieJar();
  const { pathname, search } = new URL(begun.url);
  const response = await host.request(`${pathname}${search}`, { headers: { accept: "text/html" } });
  jar.keep(response);
  const consent = new URL(response.headers.get("location") ?? "", BACKPACK_ORIGIN).pathname;
  const asked: Asked = { jar, response, consent };
  const decided = await decide(host, owner, asked, [
    ["decision", "allow"],
    ...ALL.map((scope): [string, string] => ["scope", scope]),
  ]);
  const callback = (await outcome(host, asked, decided)).href;
  const finished = await finishAuthorization(env, person.session, backpack.id, callback);
  if (!finished.ok) throw new Error(`${finished.reason}: ${finished.detail}`);
  const { connectionId } = finished;
  /** Puts a badge there, as any app of the person may. */
  async function put(assertion: unknown) {
    const fresh = await freshToken(env, connectionId);
    const answer = await host.request("/ims/ob/v2p1/assertions", {
      method: "POST",
      headers: {
        authorization: `Bearer ${fresh.ok ? fresh.token : ""}`,
        "content-type": "application/json",
      },
      body: JSON.stringify({ assertion }),
    });
    expect(answer.status).toBe(200);
  }
  return { ...sides, env, host, mine, theirs, backpack, connectionId, put };
}

describe("a pull from our own kind", () => {
  it("shows what somebody else awarded, and knows our own again", async () => {
    const { env, mine, theirs, put, connectionId } = await connected();
    await put(theirs.document);
    await put(mine.document);
    expect(await pullConnection(env, connectionId)).toMatchObject({
      ok: true,
      full: true,
      listed: 1,
      theirs: 1,
      ours: 1,
    });
    const { badges } = await listExternalBadges(env.db, mine.person.user.id);
    expect(badges).toMatchObject([
      { canonicalId: theirs.document.id, verdict: "valid", isTheirs: true },
    ]);
    const [row] = await env.db.orm.select().from(connections);
    expect(row?.email).toBe(EMAIL);
  });

  it.each<[Fault, PullProblem]>([
    ["rate-limited", "rate_limited"],
    ["server-error", "host_error"],
    ["html", "bad_answer"],
    ["truncated-json", "bad_answer"],
  ])("that misbehaves, %s, loses nothing and is read again", async (fault, reason) => {
    const { env, theirs, mine, put, connectionId, misbehaviour, issuer } = await connected();
    await put(theirs.document);
    await pullConnection(env, connectionId);
    issuer.clock.advance(DAY_MS);
    misbehaviour.set({
      faults: [fault],
      place: "api",
      share: 1,
      times: 1,
      delayMs: 0,
      retryAfterSeconds: 30,
    });
    expect(await pullConnection(env, connectionId)).toMatchObject({ ok: false, reason });
    expect((await listExternalBadges(env.db, mine.person.user.id)).badges).toHaveLength(1);
    issuer.clock.advance(60_000);
    expect(await pullConnection(env, connectionId)).toMatchObject({ ok: true, gone: 0 });
  });

  it("that revokes the token asks for its person, and deletes nothing by itself", async () => {
    const { env, host, theirs, mine, put, connectionId } = await connected();
    await put(theirs.document);
    await pullConnection(env, connectionId);
    await doDeed(host.env, "revoke-tokens");
    expect(await pullConnection(env, connectionId)).toMatchObject({ reason: "reconnect" });
    const [row] = await env.db.orm.select().from(connections);
    expect(row?.status).toBe("reconnect");
    expect((await listExternalBadges(env.db, mine.person.user.id)).badges).toHaveLength(1);
  });

  it("a probe finds that everything works there", async () => {
    const { env, backpack } = await connected();
    const probe = await probeBackpack(env, backpack.id);
    const troubled = probe?.checks.filter(({ outcome }) => outcome !== "passed");
    expect(troubled?.filter(({ id }) => id !== "clock")).toEqual([]);
    expect(probe?.works).toMatchObject({ connect: "yes", send: "yes", read: "yes", revoke: "yes" });
  });
});
