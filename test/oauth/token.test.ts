import { describe, expect, it } from "vitest";
import { tokens } from "../../src/db/backpacks.ts";
import { backpackEvents } from "../../src/db/deliveries.ts";
import { DatabaseError } from "../../src/db/errors.ts";
import { updateToken } from "../../src/db/oauth-tokens.ts";
import type { Env } from "../../src/env.ts";
import { enterClient } from "../../src/oauth/entered-client.ts";
import { sealHeld, unsealHeld } from "../../src/oauth/grant.ts";
import { HOLD_OFF_MS, TRIES } from "../../src/oauth/refresh.ts";
import {
  freshToken,
  LEASE_MS,
  REJECTED_AGAIN_MS,
  SKEW_MS,
  tokenRejected,
} from "../../src/oauth/token.ts";
import { beganIn, type Connected, connected } from "./connecting.ts";
import { type Answering, givenScene, json, serverOf } from "./host.ts";

const HOUR_MS = 3_600_000;

/** A connection whose token has ended. */
async function expired(token?: Answering): Promise<Connected> {
  const scene = await connected();
  if (token) scene.host.answers.token = token;
  scene.test.clock.advance(HOUR_MS);
  return scene;
}

describe("a token that is still good", () => {
  it("is given without asking anybody", async () => {
    const { env, host, connectionId } = await connected();
    expect(await freshToken(env, connectionId)).toMatchObject({
      ok: true,
      token: "access-1",
      generation: 1,
    });
    expect(host.asked).toHaveLength(0);
  });

  it.each([
    [SKEW_MS + 1, "access-1"],
    [SKEW_MS, "access-2"],
    [1, "access-2"],
    [0, "access-2"],
    [-HOUR_MS, "access-2"],
  ])("is renewed a minute before it ends: %i ms before, %s", async (before, token) => {
    const { env, test, connectionId } = await connected();
    test.clock.advance(HOUR_MS - before);
    expect(await freshToken(env, connectionId)).toMatchObject({ token });
  });

  it.each([
    [8_001, "access-1"],
    [7_500, "access-2"],
  ])("lives most of a short life: %i ms before its end, %s", async (before, token) => {
    const life = 30;
    const { env, test, connectionId } = await connected((host) => {
      host.answers.token = () =>
        json({
          access_token: `access-${++host.grants}`,
          refresh_token: "r",
          token_type: "Bearer",
          expires_in: life,
        });
    });
    test.clock.advance(life * 1_000 - before);
    expect(await freshToken(env, connectionId)).toMatchObject({ token });
  });

  it("without an end is good until it is rejected", async () => {
    const { env, test, host, connectionId } = await connected((one) => {
      one.answers.token = () =>
        json({ access_token: `a-${++one.grants}`, refresh_token: "r", token_type: "Bearer" });
    });
    test.clock.advance(1_000 * HOUR_MS);
    expect(await freshToken(env, connectionId)).toMatchObject({ token: "a-1", generation: 1 });
    expect(host.asked).toHaveLength(0);
    await tokenRejected(env, connectionId, 1);
    expect(await freshToken(env, connectionId)).toMatchObject({ token: "a-2", generation: 2 });
  });
});

describe("refreshing", () => {
  it("OB21-T-06 OB21-T-01 asks by Basic with the refresh token, and keeps the new one", async () => {
    const { env, host, connectionId, row } = await expired();
    expect(await freshToken(env, connectionId)).toMatchObject({ token: "access-2", generation: 2 });
    const [asked] = host.at("token");
    expect(Object.fromEntries(asked?.form ?? [])).toEqual({
      grant_type: "refresh_token",
      refresh_token: "refresh-1",
    });
    expect(asked?.headers.get("authorization")).toMatch(/^Basic /);
    expect(await row()).toMatchObject({
      generation: 2,
      refresh_lease_until: null,
      refresh_lease_holder: null,
    });
  });

  it("once, however many ask at once", async () => {
    const { env, host, connectionId } = await expired();
    const all = await Promise.all(Array.from({ length: 50 }, () => freshToken(env, connectionId)));
    expect(host.at("token")).toHaveLength(1);
    expect(new Set(all.map((one) => (one.ok ? one.token : one.reason)))).toEqual(
      new Set(["access-2"]),
    );
  });

  it("stores the new token before anybody gets it", async () => {
    const { env, connectionId } = await expired();
    let written = 0;
    const failing: Env = {
      ...env,
      db: {
        ...env.db,
        async batch(writes) {
          const result = await env.db.batch(writes);
          written++;
          return result;
        },
      },
    };
    await freshToken(failing, connectionId);
    // The lease, then the token.
    expect(written).toBe(2);
  });

  it("insists on storing while the database is busy, and gives nothing that is not stored", async () => {
    const { env, connectionId, row, host } = await expired();
    const busyFor = (times: number): Env => {
      let left = times;
      return {
        ...env,
        db: {
          ...env.db,
          batch(writes) {
            const stores = writes.some(
              (one) => !("sql" in one) && one.toSQL().sql.includes('"generation" = ?, '),
            );
            if (stores && left-- > 0) return Promise.reject(new DatabaseError("busy"));
            return env.db.batch(writes);
          },
        },
      };
    };
    expect(await freshToken(busyFor(4), connectionId)).toMatchObject({ token: "access-2" });
    expect((await row()).generation).toBe(2);
    await tokenRejected(env, connectionId, 2);
    await expect(freshToken(busyFor(9), connectionId)).rejects.toThrow(DatabaseError);
    expect((await row()).generation).toBe(2);
    expect(host.grants).toBe(3);
  });

  it("keeps the refresh token where the host sends no other (RFC 6749, section 6)", async () => {
    const { env, test, host, connectionId } = await expired((asked) =>
      asked.form.get("refresh_token") === "refresh-1"
        ? json({ access_token: "a", token_type: "Bearer", expires_in: 10 })
        : json({ error: "invalid_grant" }, 400),
    );
    expect(await freshToken(env, connectionId)).toMatchObject({ token: "a" });
    test.clock.advance(HOUR_MS);
    expect(await freshToken(env, connectionId)).toMatchObject({ generation: 3 });
    expect(host.at("token")).toHaveLength(2);
  });

  it("OB21-CT-03 null members of the answer are absent ones", async () => {
    const { env, connectionId, row } = await expired(() =>
      json({
        access_token: "a",
        token_type: "Bearer",
        expires_in: null,
        refresh_token: null,
        scope: null,
      }),
    );
    const { scope } = await row();
    expect(await freshToken(env, connectionId)).toMatchObject({ token: "a" });
    expect(await row()).toMatchObject({ scope, expires: null });
  });

  it("a scope that became narrower is told", async () => {
    const { env, connectionId } = await expired(() =>
      json({ access_token: "a", token_type: "Bearer", scope: "one" }),
    );
    expect(await freshToken(env, connectionId)).toMatchObject({ scopes: ["one"] });
  });

  it("is brought to its end though whoever asked has gone", async () => {
    const { env, connectionId, row, test } = await expired();
    // Nobody awaits it: the promise is given to the runtime.
    void freshToken(env, connectionId);
    while ((await row()).refresh_lease_holder === null && (await row()).generation === 1) {
      await env.pause(1);
    }
    await test.settle();
    expect((await row()).generation).toBe(2);
  });
});

describe("an answer that is lost", () => {
  const lost: Readonly<Record<string, () => Response>> = {
    "no answer": () => {
      throw new TypeError("reset");
    },
    "half of it": () => new Response('{"access_token":"acc', { status: 200 }),
    "a page instead": () => new Response("<html>signed out</html>", { status: 200 }),
  };

  it.each(Object.entries(lost))(
    "%s: the same refresh token is sent again",
    async (_name, broken) => {
      const { env, host, connectionId } = await expired();
      host.answers.token = (asked) => {
        host.answers.token = undefined;
        // The host did its part.
        host.grant(asked);
        return broken();
      };
      expect(await freshToken(env, connectionId)).toMatchObject({ ok: true, token: "access-3" });
      const sent = host.at("token").map(({ form }) => form.get("refresh_token"));
      expect(sent).toEqual(["refresh-1", "refresh-1"]);
    },
  );

  it("again and again leaves the connection as it is, for later", async () => {
    const { env, host, test, connectionId, connection } = await expired(() => {
      throw new TypeError("reset");
    });
    const retryAt = test.clock.now + HOLD_OFF_MS;
    const answer = await freshToken(env, connectionId);
    expect(answer).toMatchObject({ ok: false, reason: "unreachable", retryAt });
    expect(host.at("token")).toHaveLength(TRIES);
    // Whoever comes meanwhile does not ask either.
    expect(await freshToken(env, connectionId)).toMatchObject({ reason: "unreachable", retryAt });
    expect(host.at("token")).toHaveLength(TRIES);
    expect((await connection()).status).toBe("connected");
    host.answers.token = undefined;
    test.clock.advance(HOLD_OFF_MS);
    expect(await freshToken(env, connectionId)).toMatchObject({ ok: true });
  });
});

describe("a host that cannot answer", () => {
  it.each([
    [429, "120", 120_000],
    [503, "60", 60_000],
    [503, null, HOLD_OFF_MS],
    [500, "1", HOLD_OFF_MS],
  ])("%i with Retry-After %s is left alone for %i ms", async (status, after, wait) => {
    const { env, host, test, connectionId } = await expired(
      () =>
        new Response("later", {
          status,
          headers: after === null ? {} : { "retry-after": after },
        }),
    );
    const retryAt = test.clock.now + wait;
    expect(await freshToken(env, connectionId)).toMatchObject({ reason: "unreachable", retryAt });
    expect(host.at("token")).toHaveLength(1);
    await freshToken(env, connectionId);
    expect(host.at("token")).toHaveLength(1);
    test.clock.advance(wait);
    host.answers.token = undefined;
    expect(await freshToken(env, connectionId)).toMatchObject({ ok: true });
  });

  it.each([
    ["temporarily_unavailable", 400],
    ["server_error", 400],
  ])("saying %s with %i ends no connection", async (error, status) => {
    const { env, connectionId, connection } = await expired(() => json({ error }, status));
    expect(await freshToken(env, connectionId)).toMatchObject({ reason: "unreachable" });
    expect((await connection()).status).toBe("connected");
  });

  it("holds up nobody while the token is good a little longer", async () => {
    const { env, test, host, connectionId } = await connected();
    host.answers.token = () => new Response("later", { status: 503 });
    test.clock.advance(HOUR_MS - SKEW_MS / 2);
    expect(await freshToken(env, connectionId)).toMatchObject({ ok: true, token: "access-1" });
    expect(await freshToken(env, connectionId)).toMatchObject({ ok: true, token: "access-1" });
    expect(host.at("token")).toHaveLength(1);
  });
});

describe("a grant that is gone", () => {
  it("OB21-V-02 ended at the backpack: the connection waits for its person", async () => {
    const { env, test, host, connectionId, connection } = await expired();
    host.forgetGrants();
    expect(await freshToken(env, connectionId)).toMatchObject({
      ok: false,
      reason: "reconnect",
      retryAt: null,
    });
    expect(await connection()).toMatchObject({ status: "reconnect", problem: "grant-gone" });
    const events = await env.db.orm.select().from(backpackEvents);
    expect(events.map(({ kind, detail }) => [kind, detail?.code])).toEqual([
      ["connected", undefined],
      ["reconnect", "grant-gone"],
    ]);
    test.clock.advance(HOUR_MS);
    expect(await freshToken(env, connectionId)).toMatchObject({ reason: "reconnect" });
    expect(host.at("token")).toHaveLength(1);
  });

  it.each<[string, string, Answering]>([
    ["invalid_grant", "grant-gone", () => json({ error: "invalid_grant" }, 400)],
    ["invalid_client", "client-forgotten", () => json({ error: "invalid_client" }, 401)],
    [
      "invalid_client with a challenge",
      "client-forgotten",
      () => json({ error: "invalid_client" }, 401, { "www-authenticate": 'Basic realm="x"' }),
    ],
    ["unauthorized_client", "refresh-refused", () => json({ error: "unauthorized_client" }, 400)],
    [
      "unsupported_grant_type",
      "refresh-refused",
      () => json({ error: "unsupported_grant_type" }, 400),
    ],
  ])("%s: %s", async (_name, problem, answering) => {
    const { env, host, connectionId, connection } = await expired(answering);
    expect(await freshToken(env, connectionId)).toMatchObject({ reason: "reconnect" });
    expect(await connection()).toMatchObject({ status: "reconnect", problem });
    expect(host.at("token")).toHaveLength(1);
  });

  it("a client the host forgot is forgotten here, and registered anew for the next connection", async () => {
    const { env, backpack, connectionId } = await expired(() =>
      json({ error: "invalid_client" }, 401),
    );
    await freshToken(env, connectionId);
    expect(await serverOf(env, backpack)).toMatchObject({
      client_id: null,
      client_secret_sealed: null,
      registration: null,
    });
  });

  it("a client that was entered by hand is not forgotten for it", async () => {
    const scene = await givenScene();
    const { env, backpack, host, test } = scene;
    const server = await serverOf(env, backpack);
    await enterClient(env, server.id, { clientId: "by-hand", clientSecret: "hush" });
    const finished = await (await beganIn(scene)).finish();
    test.clock.advance(HOUR_MS);
    host.answers.token = () => json({ error: "invalid_client" }, 401);
    const id = finished.ok ? finished.connectionId : "";
    expect(await freshToken(env, id)).toMatchObject({ reason: "reconnect" });
    expect(await serverOf(env, backpack)).toMatchObject({ client_id: "by-hand" });
  });

  it("a refusal of ours is no news where a rival has stored a newer token", async () => {
    const scene = await expired();
    const { env, host, connectionId, connection, row } = scene;
    host.answers.token = async (asked) => {
      host.answers.token = undefined;
      // A rival whose lease ran out comes first, and our refresh token is the old one.
      const held = await row();
      const opened = await unsealHeld(env, held);
      const sealed = await sealHeld(env, held.id, { ...opened, accessToken: "the rival's" });
      const expires = scene.test.clock.now + HOUR_MS;
      await env.db.batch([updateToken(env.db, held, { ...sealed, generation: 2, expires })]);
      return asked.form.has("refresh_token") ? json({ error: "invalid_grant" }, 400) : undefined;
    };
    expect(await freshToken(env, connectionId)).toMatchObject({
      ok: true,
      token: "the rival's",
      generation: 2,
    });
    expect((await connection()).status).toBe("connected");
  });

  it("an answer of ours is dropped where a rival has stored a newer token", async () => {
    const { env, host, connectionId, row, test } = await expired();
    host.answers.token = async () => {
      host.answers.token = undefined;
      // Slept past the lease: another process takes it over.
      test.clock.advance(LEASE_MS);
      const rival = await freshToken(env, connectionId);
      expect(rival).toMatchObject({ ok: true, token: "access-2" });
      return json({ access_token: "late", refresh_token: "late", token_type: "Bearer" });
    };
    expect(await freshToken(env, connectionId)).toMatchObject({ ok: true, token: "access-2" });
    expect((await row()).generation).toBe(2);
  });

  it("a token that ended and cannot be renewed", async () => {
    const { env, test, connectionId, connection } = await connected((host) => {
      host.answers.token = () => json({ access_token: "a", token_type: "Bearer", expires_in: 60 });
    });
    test.clock.advance(59_999);
    expect(await freshToken(env, connectionId)).toMatchObject({ ok: true });
    test.clock.advance(1);
    expect(await freshToken(env, connectionId)).toMatchObject({ reason: "reconnect" });
    expect((await connection()).problem).toBe("token-expired");
  });

  it("a connection that is gone", async () => {
    const { env } = await connected();
    expect(await freshToken(env, "gone")).toMatchObject({ reason: "reconnect" });
    await tokenRejected(env, "gone", 1);
  });
});

describe("OB21-T-07 an error that is none of OAuth's", () => {
  it.each<[string, Answering]>([
    [
      "the API's envelope",
      () =>
        json(
          { status: { error: "invalid_grant", statusCode: 400, statusText: "BAD_REQUEST" } },
          400,
        ),
    ],
    ["an error that is a list", () => json({ error: ["invalid_grant"] }, 400)],
    ["an error that is a page", () => new Response("<html>invalid_grant", { status: 400 })],
    ["an error in words", () => json({ error: "" }, 400)],
    ["an error of two lines", () => json({ error: "invalid_grant\n" }, 400)],
    ["an error that succeeds", () => json({ error: "invalid_grant" })],
  ])("%s ends no connection", async (_name, answering) => {
    const { env, connectionId, connection } = await expired(answering);
    expect(await freshToken(env, connectionId)).toMatchObject({ reason: "unreachable" });
    expect((await connection()).status).toBe("connected");
  });
});

describe("a token that the backpack rejects", () => {
  it("is renewed once, and the next rejection is the last", async () => {
    const { env, host, connectionId, connection } = await connected();
    await tokenRejected(env, connectionId, 1);
    expect(await freshToken(env, connectionId)).toMatchObject({ token: "access-2", generation: 2 });
    await tokenRejected(env, connectionId, 2);
    expect(await freshToken(env, connectionId)).toMatchObject({ reason: "reconnect" });
    expect((await connection()).problem).toBe("token-rejected");
    expect(host.at("token")).toHaveLength(1);
  });

  it("by a rejection of an older one is not touched", async () => {
    const { env, host, connectionId } = await connected();
    await tokenRejected(env, connectionId, 1);
    await freshToken(env, connectionId);
    await tokenRejected(env, connectionId, 1);
    expect(await freshToken(env, connectionId)).toMatchObject({ generation: 2 });
    expect(host.at("token")).toHaveLength(1);
  });

  it("by fifty at once is renewed once", async () => {
    const { env, host, connectionId } = await connected();
    const all = await Promise.all(
      Array.from({ length: 50 }, async () => {
        await tokenRejected(env, connectionId, 1);
        return freshToken(env, connectionId);
      }),
    );
    expect(all.every(({ ok }) => ok)).toBe(true);
    expect(host.at("token")).toHaveLength(1);
  });

  it("long after it was renewed is renewed again", async () => {
    const { env, test, connectionId } = await connected();
    await tokenRejected(env, connectionId, 1);
    await freshToken(env, connectionId);
    test.clock.advance(REJECTED_AGAIN_MS);
    await freshToken(env, connectionId);
    await tokenRejected(env, connectionId, 3);
    expect(await freshToken(env, connectionId)).toMatchObject({ ok: true, generation: 4 });
  });

  it("and cannot be renewed waits for its person at once", async () => {
    const { env, connectionId, connection } = await connected((host) => {
      host.answers.token = () => json({ access_token: "a", token_type: "Bearer" });
    });
    await tokenRejected(env, connectionId, 1);
    expect(await connection()).toMatchObject({ status: "reconnect", problem: "token-rejected" });
  });
});

describe("a process that dies", () => {
  it("between the answer and its storing: another takes the lease over and sends the same token", async () => {
    const { env, host, test, connectionId } = await expired();
    const dead: Env = {
      ...env,
      db: {
        ...env.db,
        batch(writes) {
          // It took the lease and asked; nothing after is ever written.
          if (host.at("token").length > 0) return new Promise(() => {});
          return env.db.batch(writes);
        },
      },
      background: () => {},
    };
    void freshToken(dead, connectionId);
    while (host.at("token").length === 0) await env.pause(1);
    expect(await freshToken(env, connectionId)).toMatchObject({ reason: "busy" });
    test.clock.advance(LEASE_MS);
    expect(await freshToken(env, connectionId)).toMatchObject({ ok: true, generation: 2 });
    const sent = host.at("token").map(({ form }) => form.get("refresh_token"));
    expect(sent).toEqual(["refresh-1", "refresh-1"]);
  });
});

describe("what is stored", () => {
  const otherKey = async (env: Env, retired: readonly Uint8Array<ArrayBuffer>[]): Promise<Env> => ({
    ...env,
    config: {
      ...env.config,
      secretKey: new Uint8Array(32).fill(7),
      retiredSecretKeys: retired,
    },
  });

  it("is sealed anew under the present secret as it is used", async () => {
    const { env, connectionId, row, test } = await connected();
    const before = await row();
    const rotated = await otherKey(env, [env.config.secretKey]);
    expect(await freshToken(rotated, connectionId)).toMatchObject({ token: "access-1" });
    await test.settle();
    const after = await row();
    expect(after.generation).toBe(1);
    expect(after.token).not.toBe(before.token);
    const forgotten = await otherKey(env, []);
    expect(await freshToken(forgotten, connectionId)).toMatchObject({ token: "access-1" });
    test.clock.advance(HOUR_MS);
    expect(await freshToken(forgotten, connectionId)).toMatchObject({ token: "access-2" });
  });

  it("under a secret that is gone needs its person", async () => {
    const { env, connectionId, connection, host } = await connected();
    const lost = await otherKey(env, []);
    expect(await freshToken(lost, connectionId)).toMatchObject({ reason: "reconnect" });
    expect((await connection()).problem).toBe("token-unreadable");
    expect(host.asked).toHaveLength(0);
  });

  it("for another row does not open here", async () => {
    const { env, connectionId, row, host, connection } = await connected();
    const mine = await row();
    await env.db.batch([env.db.orm.update(tokens).set({ id: `${mine.id.slice(0, -1)}~` })]);
    expect(await freshToken(env, connectionId)).toMatchObject({ reason: "reconnect" });
    expect((await connection()).problem).toBe("token-unreadable");
    expect(host.asked).toHaveLength(0);
  });

  it("in the other column does not open either", async () => {
    const { env, connectionId, row } = await connected();
    const { token, refresh_token } = await row();
    await env.db.batch([
      env.db.orm.update(tokens).set({ token: refresh_token, refresh_token: token }),
    ]);
    expect(await freshToken(env, connectionId)).toMatchObject({ reason: "reconnect" });
  });
});
