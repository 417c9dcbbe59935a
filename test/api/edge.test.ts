// The API's edge: who may ask, for whom, and in which form; every refusal stores nothing.
import { describe, expect, it } from "vitest";
import { openApiDocument } from "../../src/api/document.ts";
import { OPERATIONS } from "../../src/api/resources.ts";
import { LOCAL_PRINCIPAL, type Principal, SCOPES } from "../../src/auth.ts";
import { apiKeys } from "../../src/db/organizations.ts";
import { TEST_ORIGIN, testApp } from "../app.ts";
import { givenApiKey, givenOrganization } from "../given.ts";
import { type Asked, asking, chunked, everything } from "./ask.ts";

const NEW_USER = { identities: [{ type: "email", identity: "kim@example.org" }] };

async function own(scopes?: Parameters<typeof givenApiKey>[2]) {
  const t = await testApp();
  const organization = await givenOrganization(t.env);
  const key = await givenApiKey(t.env, organization, scopes);
  return { t, organization, key, ask: asking(t, key) };
}

function bytesOf(text: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(text);
}

describe("authentication", () => {
  it.each([
    ["no header", undefined, "missing-credentials", /^Bearer realm="rosette"$/],
    ["another scheme", "Basic a2ltOmtpbQ==", "invalid-credentials", /error="invalid_token"/],
    [
      "an unknown key",
      `Bearer ros_${"a".repeat(43)}`,
      "invalid-credentials",
      /error="invalid_token"/,
    ],
    ["half a key", "Bearer ros_abc", "invalid-credentials", /error="invalid_token"/],
    ["SQL", "Bearer ros_' or 1=1 --", "invalid-credentials", /error="invalid_token"/],
  ])("%s is 401 and says how to ask", async (_name, authorization, code, challenge) => {
    const { t } = await own();
    const headers: Record<string, string> = authorization === undefined ? {} : { authorization };
    const said = await asking(t, null)("GET", "/users", { headers });
    expect(said.status).toBe(401);
    expect(said.json.code).toBe(code);
    expect(said.headers.get("www-authenticate")).toMatch(challenge);
  });

  it.each([
    ["revoked", { revoked_at: 1 }],
    ["expired", { expires_at: 1 }],
  ])("a key that is %s is 401", async (_name, change) => {
    const { t, ask } = await own();
    expect((await ask("GET", "/users")).status).toBe(200);
    await t.env.db.batch([t.env.db.orm.update(apiKeys).set(change)]);
    expect((await ask("GET", "/users")).status).toBe(401);
  });

  it("every operation refuses who has no key, before it looks at anything else", async () => {
    const { t } = await own();
    const before = await everything(t);
    for (const { method, path } of OPERATIONS) {
      const said = await asking(t, null)(method.toUpperCase(), path.replaceAll(/[{}]/g, ""), {});
      expect([method, path, said.status]).toEqual([method, path, 401]);
    }
    expect(await everything(t)).toBe(before);
  });

  it("every operation refuses a key with all scopes but its own", async () => {
    const t = await testApp();
    const organization = await givenOrganization(t.env);
    const before = new Map<string, ReturnType<typeof asking>>();
    for (const scope of SCOPES) {
      const others = SCOPES.filter((one) => one !== scope);
      before.set(scope, asking(t, await givenApiKey(t.env, organization, others)));
    }
    const stored = await everything(t);
    for (const { method, path, scope } of OPERATIONS) {
      const ask = before.get(scope);
      const asked = method === "get" ? {} : { body: {} };
      const said = await ask?.(method.toUpperCase(), path.replaceAll(/[{}]/g, ""), asked);
      expect([method, path, said?.status]).toEqual([method, path, 403]);
      expect(said?.json.code).toBe("insufficient-scope");
      expect(said?.headers.get("www-authenticate")).toContain(`scope="${scope}"`);
    }
    expect(await everything(t)).toBe(stored);
  });

  it("a principal handed over in process needs no key; nothing sent can name one", async () => {
    const { t, organization } = await own();
    const operator: Principal = {
      kind: "operator",
      id: "operator",
      organizationId: organization.id,
      scopes: ["*"],
    };
    const local = await t.app.request(
      `${TEST_ORIGIN}/api/v1/users`,
      {},
      { [LOCAL_PRINCIPAL]: operator },
    );
    expect(local.status).toBe(200);
    const sent = await asking(t, null)("GET", "/users", {
      headers: {
        [String(LOCAL_PRINCIPAL.description).replaceAll(" ", "-")]: JSON.stringify(operator),
      },
    });
    expect(sent.status).toBe(401);
  });
});

describe("the organization", () => {
  it("a key of the site must name it, by id or slug", async () => {
    const { t, organization } = await own();
    const ask = asking(t, await givenApiKey(t.env, null));
    const unnamed = await ask("GET", "/users");
    expect(unnamed.status).toBe(400);
    expect(unnamed.json).toMatchObject({ code: "organization-required" });
    for (const name of [organization.id, organization.slug]) {
      const said = await ask("GET", "/users", { headers: { "Rosette-Organization": name } });
      expect(said.status).toBe(200);
    }
    const unknown = await ask("GET", "/users", { headers: { "Rosette-Organization": "nobody" } });
    expect(unknown.status).toBe(404);
  });

  it("a key of an organization may name its own and no other, known or not", async () => {
    const { t, organization, ask } = await own();
    const other = await givenOrganization(t.env);
    const named = (name: string) =>
      ask("GET", "/users", { headers: { "Rosette-Organization": name } });
    expect((await named(organization.id)).status).toBe(200);
    expect((await named(organization.slug)).status).toBe(200);
    const [foreign, unknown] = [await named(other.slug), await named("nobody")];
    expect(foreign.status).toBe(404);
    const { request_id: _one, ...said } = foreign.json;
    const { request_id: _other, ...same } = unknown.json;
    expect(said).toEqual(same);
  });
});

describe("addresses and methods", () => {
  it("an unknown address is 404 as a problem document", async () => {
    const { ask } = await own();
    const said = await ask("GET", "/nothing");
    expect(said.status).toBe(404);
    expect(said.headers.get("content-type")).toBe("application/problem+json");
  });

  it.each([
    ["PUT", "/users", "GET, HEAD, POST"],
    ["DELETE", "/users/1", "GET, HEAD, PATCH"],
    ["POST", "/memberships", "GET, HEAD"],
    ["OPTIONS", "/users", "GET, HEAD, POST"],
  ])("%s %s is 405 and names what is allowed", async (method, path, allow) => {
    const { ask } = await own();
    const said = await ask(method, path);
    expect(said.status).toBe(405);
    expect(said.headers.get("allow")).toBe(allow);
  });

  it("HEAD answers as GET does, without the body", async () => {
    const { ask, organization } = await own();
    const got = await ask("GET", `/organizations/${organization.id}`);
    const head = await ask("HEAD", `/organizations/${organization.id}`);
    expect(head.status).toBe(200);
    expect(head.text).toBe("");
    expect(head.headers.get("etag")).toBe(got.headers.get("etag"));
  });

  it("OB20-H-11 answers carry no CORS headers and are not stored by caches", async () => {
    const { ask } = await own();
    for (const said of [
      await ask("GET", "/users"),
      await ask("POST", "/users", { body: NEW_USER }),
    ]) {
      expect(said.headers.has("access-control-allow-origin")).toBe(false);
      expect(said.headers.get("cache-control")).toBe("private, no-store");
      expect(said.headers.get("x-content-type-options")).toBe("nosniff");
    }
  });
});

const LIMIT = 1_048_576;

/** A user whose JSON has exactly that many bytes. */
function userOfSize(size: number): string {
  const text = JSON.stringify({ ...NEW_USER, padding: "" });
  return text.replace('"padding":""', `"padding":"${"x".repeat(size - text.length)}"`);
}

describe("bodies", () => {
  const json = { "content-type": "application/json" };
  const NOT_UTF8 = new Uint8Array([...bytesOf('{"name":"'), 0xc3, 0x28, ...bytesOf('"}')]);

  it.each<[string, Asked, number, string]>([
    ["without Content-Type", { raw: bytesOf("{}") }, 415, "unsupported-media-type"],
    [
      "form",
      { raw: "a=b", headers: { "content-type": "application/x-www-form-urlencoded" } },
      415,
      "unsupported-media-type",
    ],
    [
      "text",
      { raw: "{}", headers: { "content-type": "text/plain" } },
      415,
      "unsupported-media-type",
    ],
    ["empty", { raw: "", headers: json }, 400, "invalid-json"],
    ["cut short", { raw: '{"name":', headers: json }, 400, "invalid-json"],
    ["not UTF-8", { raw: NOT_UTF8, headers: json }, 400, "invalid-json"],
    [
      "UTF-16",
      { raw: new Uint8Array([0xff, 0xfe, 0x7b, 0, 0x7d, 0]), headers: json },
      400,
      "invalid-json",
    ],
    [
      "overlong UTF-8",
      { raw: new Uint8Array([0x22, 0xc0, 0xaf, 0x22]), headers: json },
      400,
      "invalid-json",
    ],
    ["duplicate names", { raw: '{"name":"a","name":"b"}', headers: json }, 400, "invalid-json"],
    [
      "deep",
      { raw: `${'{"a":'.repeat(5_000)}1${"}".repeat(5_000)}`, headers: json },
      400,
      "invalid-json",
    ],
    ["deep and huge", { raw: "[".repeat(LIMIT), headers: json }, 400, "invalid-json"],
    ["prototype", { raw: '{"__proto__":{"isAdmin":true}}', headers: json }, 400, "invalid-json"],
    ["array", { raw: "[]", headers: json }, 422, "invalid-request"],
    ["string", { raw: '"x"', headers: json }, 422, "invalid-request"],
    ["null", { raw: "null", headers: json }, 422, "invalid-request"],
    ["too long", { raw: userOfSize(LIMIT + 1), headers: json }, 413, "body-too-large"],
    [
      "too long in chunks",
      { raw: chunked(bytesOf(userOfSize(LIMIT + 1))), headers: json },
      413,
      "body-too-large",
    ],
    [
      "too long by its Content-Length",
      { raw: "{}", headers: { ...json, "content-length": "99999999999" } },
      413,
      "body-too-large",
    ],
    [
      "one name as long as the body",
      { raw: `{"${"n".repeat(LIMIT - 10)}":1}`, headers: json },
      422,
      "invalid-request",
    ],
    [
      "tens of thousands of unknown members",
      { raw: `{${Array.from({ length: 90_000 }, (_, i) => `"${i}":0`).join(",")}}`, headers: json },
      422,
      "invalid-request",
    ],
  ])(
    "%s: refused within 2 s, says what to send, stores nothing",
    { timeout: 2_000 },
    async (_name, asked, status, code) => {
      const { t, ask } = await own();
      const before = await everything(t);
      const said = await ask("POST", "/users", {
        ...asked,
        headers: { "idempotency-key": "k", ...asked.headers },
      });
      expect([said.status, said.json.code]).toEqual([status, code]);
      expect(said.json.fix).not.toBe("");
      expect(said.headers.get("content-type")).toBe("application/problem+json");
      expect(said.text.length).toBeLessThan(65_536);
      expect(await everything(t)).toBe(before);
    },
  );

  it("stops reading a body that never ends", async () => {
    const { ask } = await own();
    let pulled = 0;
    const endless = new ReadableStream<Uint8Array>({
      pull(controller) {
        pulled += 65_536;
        controller.enqueue(new Uint8Array(65_536).fill(0x20));
      },
    });
    const said = await ask("POST", "/users", { raw: endless, headers: json });
    expect(said.status).toBe(413);
    expect(pulled).toBeLessThan(LIMIT + 4 * 65_536);
  });

  it("a body that breaks off is its sender's fault: 400, nothing stored, no failure of ours logged", async () => {
    const { t, ask } = await own();
    const before = await everything(t);
    let pulls = 0;
    const broken = new ReadableStream<Uint8Array>({
      pull(controller) {
        if (pulls++ === 0) controller.enqueue(new TextEncoder().encode('{"name":'));
        else controller.error(new Error("aborted"));
      },
    });
    const said = await ask("POST", "/users", { raw: broken, headers: json });
    expect([said.status, said.json.code]).toEqual([400, "body-incomplete"]);
    expect(t.logged).toEqual([]);
    expect(await everything(t)).toBe(before);
  });

  it("reads up to the limit, in chunks too", async () => {
    const { ask } = await own();
    for (const raw of [userOfSize(LIMIT), chunked(bytesOf(userOfSize(LIMIT)), 30_000)]) {
      const said = await ask("POST", "/users", { raw, headers: json });
      expect(said.status).toBe(422);
      expect(said.json.errors).toMatchObject([{ pointer: "/padding", code: "unknown_field" }]);
    }
  });

  it("takes parameters and any case in Content-Type, and merge patches", async () => {
    const { ask, organization } = await own();
    const posted = await ask("POST", "/users", {
      body: NEW_USER,
      headers: { "content-type": "Application/JSON; charset=UTF-8" },
    });
    expect(posted.status).toBe(201);
    const patched = await ask("PATCH", `/organizations/${organization.id}`, {
      body: { name: "Northside" },
      headers: { "content-type": "application/merge-patch+json" },
    });
    expect(patched.status).toBe(200);
  });

  it("points at every fault at once and guesses what was meant", async () => {
    const { ask } = await own();
    const said = await ask("POST", "/users", {
      body: {
        nmae: "Kim",
        "a/b~c": 1,
        status: "gone",
        roles: [],
        identities: [{ type: "email" }, 7],
      },
    });
    expect(said.status).toBe(422);
    const byPointer = Object.fromEntries(said.json.errors.map((one) => [one.pointer, one]));
    expect(byPointer["/nmae"]).toMatchObject({
      code: "unknown_field",
      fix: expect.stringContaining("`name`"),
    });
    expect(byPointer["/a~1b~0c"]).toMatchObject({ code: "unknown_field" });
    expect(byPointer["/status"]).toMatchObject({
      code: "invalid_value",
      fix: expect.stringContaining("suspended"),
    });
    expect(byPointer["/roles"]).toMatchObject({ code: "too_small" });
    expect(byPointer["/identities/0/identity"]).toMatchObject({ code: "required" });
    expect(byPointer["/identities/1"]).toMatchObject({ code: "wrong_type" });
    for (const error of said.json.errors) expect(error.fix).not.toBe("");
  });
});

describe("entity tags", () => {
  const path = async () => {
    const { ask, organization, t } = await own();
    return { t, ask, at: `/organizations/${organization.id}` };
  };

  it("answers 304 to who has the object already, also in a list of tags or weak", async () => {
    const { ask, at } = await path();
    const tag = (await ask("GET", at)).headers.get("etag") ?? "";
    expect(tag).toMatch(/^"[A-Za-z0-9_-]{22}"$/);
    for (const field of [tag, `W/${tag}`, `"x", ${tag}`, "*"]) {
      const said = await ask("GET", at, { headers: { "if-none-match": field } });
      expect([field, said.status, said.text]).toEqual([field, 304, ""]);
    }
    for (const field of ['"x"', tag.slice(1, -1), ""]) {
      const said = await ask("GET", at, { headers: { "if-none-match": field } });
      expect([field, said.status]).toEqual([field, 200]);
    }
  });

  it("answers HEAD like GET, with 304 too", async () => {
    const { ask, at } = await path();
    const tag = (await ask("HEAD", at)).headers.get("etag") ?? "";
    expect(tag).toBe((await ask("GET", at)).headers.get("etag"));
    for (const [field, status] of [
      [tag, 304],
      ['"x"', 200],
    ] as const) {
      const said = await ask("HEAD", at, { headers: { "if-none-match": field } });
      expect([field, said.status, said.text]).toEqual([field, status, ""]);
    }
  });

  it("changes with every change, also twice within a millisecond", async () => {
    const { ask, at } = await path();
    const tags = new Set<string | null>([(await ask("GET", at)).headers.get("etag")]);
    for (const name of ["A", "B", "A"]) {
      const changed = await ask("PATCH", at, { body: { name } });
      expect(changed.headers.get("etag")).toBe((await ask("GET", at)).headers.get("etag"));
      tags.add(changed.headers.get("etag"));
    }
    expect(tags.size).toBe(4);
  });

  it("refuses a change of what has changed since", async () => {
    const { t, ask, at } = await path();
    const tag = (await ask("GET", at)).headers.get("etag") ?? "";
    const first = await ask("PATCH", at, { body: { name: "First" }, headers: { "if-match": tag } });
    expect(first.status).toBe(200);
    const before = await everything(t);
    for (const field of [tag, `W/${first.headers.get("etag")}`, '"x"', "nonsense"]) {
      const late = await ask("PATCH", at, {
        body: { name: "Late" },
        headers: { "if-match": field },
      });
      expect([field, late.status, late.json.code]).toEqual([field, 412, "precondition-failed"]);
    }
    expect(await everything(t)).toBe(before);
    const any = await ask("PATCH", at, { body: { name: "Any" }, headers: { "if-match": "*" } });
    expect(any.status).toBe(200);
  });

  it("lets one of many changes with the same tag through", async () => {
    const { ask, at } = await path();
    const tag = (await ask("GET", at)).headers.get("etag") ?? "";
    const said = await Promise.all(
      Array.from({ length: 20 }, (_, i) =>
        ask("PATCH", at, { body: { name: `Name ${i}` }, headers: { "if-match": tag } }),
      ),
    );
    const statuses = said.map(({ status }) => status).sort();
    expect(statuses).toEqual([200, ...Array.from({ length: 19 }, () => 412)]);
  });

  it("loses none of many changes without a tag: each is in the audit log or told that it is not", async () => {
    const { t, ask, at } = await path();
    const said = await Promise.all(
      Array.from({ length: 4 }, (_, i) => ask("PATCH", at, { body: { name: `Name ${i}` } })),
    );
    const done = said.filter(({ status }) => status === 200).length;
    expect(said.every(({ status }) => status === 200 || status === 409)).toBe(true);
    expect(done).toBeGreaterThan(0);
    const { rows } = await t.env.db.read({
      sql: "select count(*) from audit_log where action = 'organization.changed'",
      params: [],
    });
    expect(Number(rows[0]?.[0])).toBe(done);
  });
});

describe("the document", () => {
  it("is made of what is served: every operation of it answers, and no other address does", async () => {
    const { t } = await own();
    const document = openApiDocument(t.env, OPERATIONS);
    const described = Object.entries(document.paths ?? {}).flatMap(([path, item]) =>
      Object.keys(item).map((method) => `${method} ${path}`),
    );
    expect(described.sort()).toEqual(
      OPERATIONS.map(({ method, path }) => `${method} /api/v1${path}`).sort(),
    );
  });
});
