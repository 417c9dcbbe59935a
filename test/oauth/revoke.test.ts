import { eq } from "drizzle-orm";
import { describe, expect, it } from "vitest";
import { connections, tokens } from "../../src/db/backpacks.ts";
import { backpackEvents } from "../../src/db/deliveries.ts";
import { jobs } from "../../src/db/jobs.ts";
import { drain } from "../../src/jobs/drain.ts";
import { GIVE_UP_MS, revokeAtHost, revokeHandler } from "../../src/oauth/revoke.ts";
import { type Connected, connected } from "./connecting.ts";
import { type Answering, json, manifest } from "./host.ts";

const work = ({ env }: Connected) => drain(env, { "oauth.revoke": revokeHandler }, { limit: 10 });

const revocations = ({ host }: Connected) =>
  host.at("revoke").map(({ form }) => [form.get("token_type_hint"), form.get("token")]);

const waiting = ({ env }: Connected) =>
  env.db.orm.select().from(jobs).where(eq(jobs.kind, "oauth.revoke"));

const payloads = async (it: Connected) => (await waiting(it)).map(({ payload }) => payload);

/** What a disconnection does to the rows. */
async function dropRows({ env }: Connected) {
  await env.db.batch([
    env.db.orm.delete(tokens),
    env.db.orm.delete(backpackEvents),
    env.db.orm.delete(connections),
  ]);
}

async function scene(revoke?: Answering) {
  return connected((host) => {
    if (revoke) host.answers.revoke = revoke;
  });
}

describe("revoking at the host", () => {
  it("OB21-V-03 OB21-V-04 sends both tokens by Basic, as a form, the lasting one first", async () => {
    const it = await scene();
    await revokeAtHost(it.env, it.connectionId);
    expect(revocations(it)).toEqual([
      ["refresh_token", "refresh-1"],
      ["access_token", "access-1"],
    ]);
    for (const asked of it.host.at("revoke")) {
      expect(asked.method).toBe("POST");
      expect(asked.headers.get("authorization")).toMatch(/^Basic /);
      expect(asked.headers.get("content-type")).toContain("application/x-www-form-urlencoded");
    }
    expect(await waiting(it)).toEqual([]);
  });

  it("OB21-M-10 asks nothing of a host that revokes nothing", async () => {
    for (const tokenRevocationUrl of [null, undefined]) {
      const it = await connected((host) => {
        host.answers.manifest = () => json(manifest({}, { tokenRevocationUrl }));
      });
      await revokeAtHost(it.env, it.connectionId);
      expect(it.host.asked).toEqual([]);
      expect(await waiting(it)).toEqual([]);
    }
  });

  it.each<[string, Answering]>([
    ["an unknown token", () => json({ error: "invalid_request" }, 400)],
    ["a forgotten client", () => json({ error: "invalid_client" }, 401)],
    ["a kind it does not revoke", () => json({ error: "unsupported_token_type" }, 400)],
    ["a page", () => new Response("<html>", { status: 404 })],
    ["204", () => new Response(null, { status: 204 })],
  ])("takes %s for an answer", async (_name, answering) => {
    const it = await scene(answering);
    await revokeAtHost(it.env, it.connectionId);
    expect(it.host.at("revoke")).toHaveLength(2);
    expect(await waiting(it)).toEqual([]);
  });

  it("says nothing of a connection that is gone", async () => {
    const it = await scene();
    await revokeAtHost(it.env, "gone");
    expect(it.host.asked).toEqual([]);
  });
});

describe("a host that does not answer", () => {
  const down: Answering = () => new Response("down", { status: 503 });

  it("is asked again by a job that needs none of the rows, and keeps nothing then", async () => {
    const it = await scene(down);
    await revokeAtHost(it.env, it.connectionId);
    await dropRows(it);
    const [job] = await waiting(it);
    expect(JSON.stringify(job)).not.toMatch(/access-1|refresh-1|secret 1/);
    expect(await work(it)).toMatchObject({ done: 0, failed: 1 });
    it.host.answers.revoke = undefined;
    it.host.asked.length = 0;
    it.test.clock.advance(3_600_000);
    expect(await work(it)).toMatchObject({ done: 1 });
    expect(revocations(it)).toEqual([
      ["refresh_token", "refresh-1"],
      ["access_token", "access-1"],
    ]);
    expect(await waiting(it)).toMatchObject([{ done_at: it.test.clock.now }]);
    expect(await payloads(it)).toEqual([{}]);
  });

  it("for a day is given up, and nothing is kept", async () => {
    const it = await scene(down);
    await revokeAtHost(it.env, it.connectionId);
    it.test.clock.advance(GIVE_UP_MS - 1);
    expect(await work(it)).toMatchObject({ failed: 1 });
    it.test.clock.advance(3_600_000);
    expect(await work(it)).toMatchObject({ done: 1 });
    expect(await payloads(it)).toEqual([{}]);
  });

  it("a job's tokens open in that job alone", async () => {
    const it = await scene(down);
    await revokeAtHost(it.env, it.connectionId);
    await it.env.db.batch([it.env.db.orm.update(jobs).set({ dedupe_key: "another" })]);
    it.host.asked.length = 0;
    expect(await work(it)).toMatchObject({ done: 1 });
    expect(it.host.asked).toEqual([]);
    expect(await payloads(it)).toEqual([{}]);
  });

  it("waits as long as the host asks", async () => {
    const it = await scene(
      () => new Response("later", { status: 429, headers: { "retry-after": "7200" } }),
    );
    await revokeAtHost(it.env, it.connectionId);
    await work(it);
    it.host.asked.length = 0;
    it.test.clock.advance(7_199_000);
    expect(await work(it)).toEqual({ done: 0, failed: 0, parked: 0 });
    it.test.clock.advance(1_000);
    expect(await work(it)).toMatchObject({ failed: 1 });
  });
});
