// The same request twice changes once; also at the same moment, also when the answer is a secret.
import { describe, expect, it } from "vitest";
import { KEPT_MS, MAX_KEY_LENGTH } from "../../src/api/idempotency.ts";
import { createDatabase } from "../../src/db/database.ts";
import { idempotencyKeys, sweepIdempotencyKeys } from "../../src/db/idempotency.ts";
import { users } from "../../src/db/organizations.ts";
import { testApp } from "../app.ts";
import { givenApiKey, givenOrganization } from "../given.ts";
import { asking, everything } from "./ask.ts";

const KIM = { name: "Kim", identities: [{ type: "email", identity: "kim@example.org" }] };
const NOOR = { name: "Noor", identities: [{ type: "email", identity: "noor@example.org" }] };

async function own() {
  const t = await testApp();
  const organization = await givenOrganization(t.env);
  const ask = asking(t, await givenApiKey(t.env, organization));
  const add = (body: unknown, key: string) =>
    ask("POST", "/users", { body, headers: { "idempotency-key": key } });
  return { t, organization, ask, add };
}

describe("Idempotency-Key", () => {
  it("gives the first answer again, and says so", async () => {
    const { t, add } = await own();
    const first = await add(KIM, "one");
    const stored = await everything(t);
    const again = await add(KIM, "one");
    expect(first.status).toBe(201);
    expect([again.status, again.text]).toEqual([first.status, first.text]);
    expect(again.headers.get("location")).toBe(first.headers.get("location"));
    expect(first.headers.has("idempotent-replayed")).toBe(false);
    expect(again.headers.get("idempotent-replayed")).toBe("true");
    expect(await everything(t)).toBe(stored);
  });

  it("counts for a change and an end as well: the second of either is told what the first was", async () => {
    const { t, ask, add } = await own();
    const { json } = await add(KIM, "one");
    const path = `/users/${json.id}`;
    const headers = { "if-match": (await ask("GET", path)).headers.get("etag") ?? "" };
    const change = (key: string) =>
      ask("PATCH", path, {
        body: { name: "Kim Berg" },
        headers: { ...headers, "idempotency-key": key },
      });
    const first = await change("two");
    expect(first.status).toBe(200);
    t.clock.advance(61_999);
    const again = await change("two");
    expect([again.status, again.json.name, again.headers.get("age")]).toEqual([
      200,
      "Kim Berg",
      "61",
    ]);
    const tag = (await ask("GET", path)).headers.get("etag");
    expect([first.headers.get("etag"), again.headers.get("etag")]).toEqual([tag, tag]);
    // Another press finds another object than it was shown.
    expect((await change("three")).status).toBe(412);
    const other = await ask("POST", `${path}/identities`, {
      body: { type: "email", identity: "kim@work.example" },
    });
    const end = () =>
      ask("DELETE", `${path}/identities/${other.json.id}`, {
        headers: { "idempotency-key": "four" },
      });
    expect([(await end()).status, (await end()).status]).toEqual([204, 204]);
  });

  it("refuses the key for another body, even one of the same meaning, and for another address", async () => {
    const { t, ask, add } = await own();
    await add(KIM, "one");
    const stored = await everything(t);
    const { identities, name } = KIM;
    const others = [
      await add(NOOR, "one"),
      await add({ identities, name }, "one"),
      await ask("POST", "/users?x=1", { body: KIM, headers: { "idempotency-key": "one" } }),
      await ask("POST", "/badges", { body: KIM, headers: { "idempotency-key": "one" } }),
    ];
    for (const said of others) {
      expect([said.status, said.json.code]).toEqual([422, "idempotency-key-reused"]);
    }
    expect(await everything(t)).toBe(stored);
  });

  it("belongs to the caller: another's same key is another key", async () => {
    const { t, organization, add } = await own();
    const other = asking(t, await givenApiKey(t.env, organization));
    await add(KIM, "one");
    const said = await other("POST", "/users", {
      body: NOOR,
      headers: { "idempotency-key": "one" },
    });
    expect(said.status).toBe(201);
  });

  it("of a site's key stands for one organization only", async () => {
    const t = await testApp();
    const [a, b] = [await givenOrganization(t.env), await givenOrganization(t.env)];
    const ask = asking(t, await givenApiKey(t.env, null));
    const add = (organization: string) =>
      ask("POST", "/users", {
        body: KIM,
        headers: { "idempotency-key": "one", "rosette-organization": organization },
      });
    expect((await add(a.id)).status).toBe(201);
    expect((await add(a.slug)).headers.get("idempotent-replayed")).toBe("true");
    expect((await add(b.id)).json.code).toBe("idempotency-key-reused");
  });

  it("answers many of the same request at once with one effect and one answer", async () => {
    const { t, add } = await own();
    const said = await Promise.all(Array.from({ length: 60 }, () => add(KIM, "one")));
    expect(new Set(said.map(({ status }) => status))).toEqual(new Set([201]));
    expect(new Set(said.map(({ text }) => text)).size).toBe(1);
    expect(said.filter(({ headers }) => !headers.has("idempotent-replayed"))).toHaveLength(1);
    expect(await t.env.db.orm.select().from(users)).toHaveLength(1);
    expect(await t.env.db.orm.select().from(idempotencyKeys)).toHaveLength(1);
  });

  it("gives the first answer to a twin that finds the first one's deed and would refuse it", async () => {
    const twin = { isDue: false, send: async () => {} };
    const t = await testApp({
      override: ({ db }) => ({
        db: createDatabase({
          async read(statement) {
            const found = await db.read(statement);
            if (twin.isDue && statement.sql.includes("idempotency_keys")) {
              twin.isDue = false;
              await twin.send();
            }
            return found;
          },
          write: (statements) => db.batch(statements),
          close: () => db.close(),
        }),
      }),
    });
    const ask = asking(t, await givenApiKey(t.env, await givenOrganization(t.env)));
    const add = () => ask("POST", "/users", { body: KIM, headers: { "idempotency-key": "one" } });
    const first = { text: "" };
    // The second has found no kept answer yet when the first one is answered.
    Object.assign(twin, { isDue: true, send: async () => void Object.assign(first, await add()) });
    const second = await add();
    expect([second.status, second.text]).toEqual([201, first.text]);
    expect(second.headers.get("idempotent-replayed")).toBe("true");
    expect(await t.env.db.orm.select().from(users)).toHaveLength(1);
  });

  it("lets one of two different requests with one key at once through", async () => {
    const { t, add } = await own();
    const said = await Promise.all([KIM, NOOR, KIM, NOOR].map((body) => add(body, "one")));
    expect(await t.env.db.orm.select().from(users)).toHaveLength(1);
    const refused = said.filter(({ status }) => status === 422);
    expect(refused).toHaveLength(2);
    for (const { json } of refused) expect(json.code).toBe("idempotency-key-reused");
  });

  it("keeps no refusal: the corrected request may use the key", async () => {
    const { add } = await own();
    expect((await add({ ...KIM, status: "gone" }, "one")).status).toBe(422);
    expect((await add(KIM, "one")).status).toBe(201);
  });

  it("is kept for at least a day, and may be used anew once it has expired", async () => {
    const { t, add } = await own();
    expect(KEPT_MS).toBeGreaterThanOrEqual(24 * 60 * 60 * 1000);
    await add(KIM, "one");
    t.clock.advance(KEPT_MS - 1);
    expect((await add(KIM, "one")).headers.get("idempotent-replayed")).toBe("true");
    t.clock.advance(1);
    const said = await add(NOOR, "one");
    expect([said.status, said.headers.has("idempotent-replayed")]).toEqual([201, false]);
    expect((await add(NOOR, "one")).text).toBe(said.text);
  });

  it("is swept once it has expired, and not before", async () => {
    const { t, add } = await own();
    await add(KIM, "old");
    t.clock.advance(1);
    await add(NOOR, "new");
    t.clock.advance(KEPT_MS - 1);
    await t.env.db.batch([sweepIdempotencyKeys(t.env.db, t.env.now())]);
    const left = await t.env.db.orm.select().from(idempotencyKeys);
    expect(left.map(({ key }) => key)).toEqual(["new"]);
  });

  it.each([
    ["one character", "x", 201],
    ["the longest", "x".repeat(MAX_KEY_LENGTH), 201],
    ["every visible character", "!\"#$%&'()*+,-./09:;<=>?@AZ[\\]^_`az{|}~", 201],
    ["empty", "", 400],
    ["one too long", "x".repeat(MAX_KEY_LENGTH + 1), 400],
    ["with a blank", "a b", 400],
    ["beyond ASCII", "k\u00e9y", 400],
  ])("%s", async (_name, key, status) => {
    const { t, add } = await own();
    const before = await everything(t);
    const said = await add(KIM, key);
    expect(said.status).toBe(status);
    if (status === 201) return;
    expect(said.json.code).toBe("idempotency-key-invalid");
    expect(await everything(t)).toBe(before);
  });

  it("gives a made API key again, but never writes it down readably", async () => {
    const { t, ask } = await own();
    const make = () =>
      ask("POST", "/api-keys", {
        body: { name: "CI", scopes: ["badges:read"] },
        headers: { "idempotency-key": "one" },
      });
    const first = await make();
    const again = await make();
    expect(again.json.key).toBe(first.json.key);
    expect(again.headers.get("idempotent-replayed")).toBe("true");
    const stored = await everything(t);
    expect(stored).not.toContain(first.json.key);
    expect(stored).toContain(first.json.prefix);
  });

  it("a sealed answer moved to another key's row does not open", async () => {
    const { t, ask } = await own();
    const make = (key: string) =>
      ask("POST", "/api-keys", {
        body: { name: "CI", scopes: ["badges:read"] },
        headers: { "idempotency-key": key },
      });
    await make("one");
    await make("two");
    const [row] = await t.env.db.orm.select().from(idempotencyKeys);
    await t.env.db.batch([t.env.db.orm.update(idempotencyKeys).set({ body: row?.body ?? "" })]);
    const other = await make(row?.key === "one" ? "two" : "one");
    expect(other.status).toBe(500);
    expect(other.text).not.toContain("ros_");
  });
});
