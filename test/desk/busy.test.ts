// A form that is sent while the database is busy: its page says in plain words what to do, and doing that does it once.
import { describe, expect, it } from "vitest";
import { createDatabase } from "../../src/db/database.ts";
import { DatabaseError } from "../../src/db/errors.ts";
import { users } from "../../src/db/organizations.ts";
import { textOf } from "./administrating.ts";
import { deskWorld } from "./world.ts";

async function busyWorld() {
  const state = { isBusy: false };
  const refuseWhileBusy = () => {
    if (state.isBusy) throw new DatabaseError("busy");
  };
  const world = await deskWorld({
    override: ({ db }) => ({
      db: createDatabase({
        read: (statement) => db.read(statement),
        async write(statements) {
          refuseWhileBusy();
          return db.batch(statements);
        },
        close: () => db.close(),
      }),
    }),
  });
  return { ...world, state };
}

const WORDS = [
  ["en", "en", "send the form once more", "Nothing is lost, and nothing is done twice"],
  ["de", "de", "senden Sie das Formular noch einmal", "nichts geschieht doppelt"],
] as const;

describe.each(WORDS)("a busy database, in %s", (_name, language, ...said) => {
  it("tells a person what to do and nothing of headers; sent again it is done, once", async () => {
    const { as, env, request, state } = await busyWorld();
    const html = await (await as.ada.get("/admin/people/new")).text();
    const fields = {
      form_token: as.ada.formToken,
      once: /name="once" value="([^"]+)"/.exec(html)?.[1] ?? "",
      name: "Kim Berg",
      email: "kim@example.net",
    };
    const send = () =>
      request("/admin/people", {
        method: "POST",
        headers: {
          accept: "text/html",
          "accept-language": language,
          cookie: as.ada.cookie,
          origin: env.config.publicUrl,
        },
        body: new URLSearchParams(fields),
      });
    const before = (await env.db.orm.select().from(users)).length;
    state.isBusy = true;
    const refused = await send();
    expect([refused.status, refused.headers.get("retry-after")]).toEqual([503, "5"]);
    const page = textOf(await refused.text());
    for (const words of said) expect(page).toContain(words);
    expect(page).not.toMatch(/Retry-After|Idempotency-Key|database|Datenbank/);
    state.isBusy = false;
    const done = [await send(), await send()];
    expect(done.map(({ status }) => status)).toEqual([303, 303]);
    expect(await env.db.orm.select().from(users)).toHaveLength(before + 1);
  });
});

it("a busy database tells a program of its headers, and a reader to load the page again", async () => {
  const { as, request } = await deskWorld({
    override: ({ db }) => ({
      db: createDatabase({
        async read(statement) {
          if (statement.sql.includes("badge_issues")) throw new DatabaseError("busy");
          return db.read(statement);
        },
        write: (statements) => db.batch(statements),
        close: () => db.close(),
      }),
    }),
  });
  const page = textOf(await (await as.noor.get("/me")).text());
  expect(page).toContain("then load this page again");
  expect(page).not.toContain("send the form");
  const { status, headers } = await request(`/ob/v2/assertions/${"a".repeat(40)}`);
  expect([status, headers.get("retry-after")]).toEqual([503, "5"]);
});
