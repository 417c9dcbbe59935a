import { describe, expect, it } from "vitest";
import type { Env } from "../../src/env.ts";
import { drain } from "../../src/jobs/drain.ts";
import { revokeAtHost, revokeHandler } from "../../src/oauth/revoke.ts";
import { freshToken, tokenRejected } from "../../src/oauth/token.ts";
import { beganIn, connected } from "./connecting.ts";
import { givenScene, json } from "./host.ts";

const PLANTED = /planted-[a-z]+-\d+/;

/** Every cell of every table, as text. */
async function dump({ db }: Env): Promise<string> {
  const { rows: tables } = await db.read({
    sql: "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'",
    params: [],
  });
  const cells: string[] = [];
  for (const [name] of tables) {
    const { rows } = await db.read({ sql: `SELECT * FROM "${String(name)}"`, params: [] });
    for (const row of rows) {
      for (const cell of row) {
        cells.push(cell instanceof Uint8Array ? new TextDecoder().decode(cell) : String(cell));
      }
    }
  }
  return cells.join("\n");
}

/** A host all of whose secrets can be recognised. */
const planting = () => {
  let n = 0;
  return givenScene((host) => {
    host.answers.register = ({ text }) =>
      json(
        {
          ...JSON.parse(text),
          client_id: `client-${++n}`,
          client_secret: `planted-secret-${n}`,
          client_secret_expires_at: 0,
        },
        201,
      );
    host.answers.token = () =>
      json({
        access_token: `planted-access-${++n}`,
        refresh_token: `planted-refresh-${n}`,
        token_type: "Bearer",
        expires_in: 3_600,
      });
  });
};

describe("a copy of the database", () => {
  it("opens none of a thousand planted tokens, nor a secret, a code, a state or a verifier", async () => {
    const scene = await planting();
    const { env, host, test } = scene;
    const states: string[] = [];
    let connectionId = "";
    for (let i = 0; i < 5; i++) {
      const one = await beganIn(scene);
      states.push(one.state);
      const finished = await one.finish({ code: `planted-code-${i}` });
      if (finished.ok) connectionId = finished.connectionId;
    }
    const verifiers = host.at("token").map(({ form }) => form.get("code_verifier") ?? "");
    for (let i = 0; i < 500; i++) {
      test.clock.advance(3_600_000);
      await freshToken(env, connectionId);
    }
    // Waiting to be revoked, and begun but not finished.
    host.answers.revoke = () => new Response("down", { status: 503 });
    await revokeAtHost(env, connectionId);
    await drain(env, { "oauth.revoke": revokeHandler }, { limit: 1 });
    const open = await beganIn(scene);
    const all = await dump(env);
    expect(all.length).toBeGreaterThan(5_000);
    expect(all).toContain("client-1");
    expect(all).not.toMatch(PLANTED);
    for (const secret of [...states, open.state, ...verifiers.filter((one) => one !== "")]) {
      expect(all).not.toContain(secret);
    }
  }, 60_000);

  it("what was sealed for one row opens in no other", async () => {
    const scene = await connected();
    const { env, connectionId, host } = scene;
    const other = await connected();
    const [mine, theirs] = [await scene.row(), await other.row()];
    await env.db.batch([
      {
        sql: "UPDATE badge_backpack_oauth2s SET token = ?, refresh_token = ?",
        params: [theirs.token, theirs.refresh_token],
      },
    ]);
    expect(mine.id).not.toBe(theirs.id);
    expect(await freshToken(env, connectionId)).toMatchObject({ reason: "reconnect" });
    await tokenRejected(env, connectionId, 1);
    await revokeAtHost(env, connectionId);
    expect(host.asked).toHaveLength(0);
  });
});
