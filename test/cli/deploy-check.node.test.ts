// `rosette deploy check`: what it finds missing, and what it cannot know.
import { expect, it } from "vitest";
import { run } from "../../src/cli/main.ts";

interface Need {
  readonly name: string;
  readonly state: string;
  readonly found: string;
}

/** Run at the project's own folder, whose wrangler.toml has the addresses of an example. */
async function check(variables: Readonly<Record<string, string>>) {
  let stdout = "";
  const code = await run(["deploy", "check", "--json"], {
    stdout: { write: (text) => (stdout += text) },
    stderr: { write: () => {} },
    variables,
  });
  const { ok, needs } = JSON.parse(stdout) as { ok: boolean; needs: Need[] };
  return {
    code,
    ok,
    state: Object.fromEntries(needs.map(({ name, state }) => [name, state])),
    needs,
  };
}

it("takes the addresses of an example for none, and does not claim to see secrets", async () => {
  const { code, ok, state, needs } = await check({});
  expect([code, ok]).toEqual([1, false]);
  expect(state).toEqual({
    PUBLIC_URL: "missing",
    DATABASE_URL: "missing",
    DATABASE_AUTH_TOKEN: "unseen",
    SECRET_KEY: "unseen",
    SMTP_URL: "unseen",
    images: "note",
  });
  expect(needs[0]?.found).toBe("https://badges.example.org");
});

it.each([
  ["PUBLIC_URL", "http://badges.city.test"],
  ["PUBLIC_URL", "badges.city.test"],
  ["DATABASE_URL", "file:data/rosette.db"],
  ["DATABASE_URL", "http://db.city.test"],
])("%s=%s will not do there", async (name, value) => {
  expect((await check({ [name]: value })).state[name]).toBe("missing");
});

it("asks the database whether its schema is there", async () => {
  const { code, state } = await check({
    PUBLIC_URL: "https://badges.city.test",
    DATABASE_URL: "https://127.0.0.1:1",
    SECRET_KEY: "x".repeat(32),
    DATABASE_AUTH_TOKEN: "x",
    SMTP_URL: "smtps://mail.city.test",
  });
  expect(code).toBe(1);
  expect(state).toMatchObject({
    PUBLIC_URL: "ok",
    DATABASE_URL: "ok",
    schema: "missing",
    SECRET_KEY: "ok",
    SMTP_URL: "ok",
  });
});
