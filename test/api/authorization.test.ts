// Every operation of the API × whoever may ask: with a key or signed in, with each role, of the organization or of another.
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { OPEN_OPERATIONS, OPERATIONS, SIGNED_OPERATIONS } from "../../src/api/resources.ts";
import { ADMINISTRATOR, COORDINATOR, SCOPES, type Scope, scopesOf } from "../../src/auth.ts";
import type { Organization } from "../../src/db/organizations.ts";
import { type TestApp, testApp } from "../app.ts";
import { givenApiKey, givenOrganization, givenPerson } from "../given.ts";
import { givenObjects } from "../given-objects.ts";
import { signedIn } from "../signed-in.ts";

/** The answer's status and, of a problem, its code. */
type Ask = (method: string, path: string, body?: string) => Promise<string>;

interface World {
  readonly t: TestApp;
  readonly organization: Organization;
  readonly other: Organization;
  /** By the segment before a parameter and its name: `badges/{id}`. */
  readonly ids: Readonly<Record<string, string>>;
  as(roles: readonly string[], of?: Organization, named?: Organization): Promise<Ask>;
  key(
    scopes: readonly (Scope | "*")[],
    of?: Organization | null,
    named?: Organization,
  ): Promise<Ask>;
}

let world: World;

beforeAll(async () => {
  world = await given();
}, 60_000);
afterAll(() => world.t.close());

async function given(): Promise<World> {
  const t = await testApp({ shared: true });
  const organization = await givenOrganization(t.env);
  const other = await givenOrganization(t.env);
  const base = { t, organization, other };
  const as: World["as"] = async (roles, of = organization, named = of) => {
    const { user } = await givenPerson(t.env, of, { roles: [...roles] });
    const { cookie } = await signedIn(t, user.id);
    return asker(t, { cookie, origin: t.env.config.publicUrl }, named);
  };
  const key: World["key"] = async (scopes, of = organization, named) => {
    const secret = await givenApiKey(t.env, of, scopes);
    return asker(t, { authorization: `Bearer ${secret}` }, named);
  };
  return { ...base, as, key, ids: await givenObjects(t, organization) };
}

function asker(t: TestApp, own: Record<string, string>, named?: Organization): Ask {
  return async (method, path, body) => {
    const response = await t.request(`/api/v1${path}`, {
      method,
      headers: {
        ...own,
        ...(named === undefined ? {} : { "rosette-organization": named.id }),
        ...(method === "GET" ? {} : { "content-type": "application/json" }),
      },
      ...(body === undefined ? {} : { body }),
    });
    const text = await response.text();
    const isProblem = response.headers.get("content-type") === "application/problem+json";
    return isProblem ? `${response.status} ${JSON.parse(text).code}` : String(response.status);
  };
}

/** `/badges/{id}/related/{badge}` with the ids of the world. */
function filled(path: string): string {
  const segments = path.split("/");
  const query = path === "/badges/{id}/progress" ? `?user=${world.ids["users/{id}"]}` : "";
  const named = segments.map((segment, i) => {
    if (!segment.startsWith("{")) return segment;
    const id = world.ids[`${segments[i - 1]}/${segment}`];
    if (id === undefined) throw new TypeError(`nothing is known for ${segment} of ${path}`);
    return encodeURIComponent(id);
  });
  return named.join("/") + query;
}

const named = OPERATIONS.map((operation) => ({
  ...operation,
  name: `${operation.method.toUpperCase()} ${operation.path}`,
  verb: operation.method.toUpperCase(),
}));
const withBody = (verb: string) => (verb === "GET" ? undefined : "{}");
const isAboutOne = ({ path }: { path: string }) => path.includes("{");

/** Everything there is, so that nothing written goes unseen. */
async function stored(): Promise<unknown> {
  const { db } = world.t.env;
  const tables = await db.read({
    sql: "select name from sqlite_master where type = 'table' and name not in ('sessions', 'users', 'identities', 'memberships', 'api_keys')",
    params: [],
  });
  const counts = tables.rows.map(([name]) => `(select count(*) from "${name}")`);
  return (await db.read({ sql: `select ${counts.join(", ")}`, params: [] })).rows;
}

describe("every operation", () => {
  it("is known to this test by what its path names", () => {
    expect(() => named.map(({ path }) => filled(path))).not.toThrow();
    expect(named.length).toBeGreaterThan(100);
  });

  it("asks nobody without a key or a session: 401", async () => {
    const nobody = asker(world.t, {});
    for (const { name, verb, path } of named) {
      expect([name, await nobody(verb, filled(path), withBody(verb))]).toEqual([
        name,
        "401 missing-credentials",
      ]);
    }
  });

  it("is refused to a key with every scope but its own: 403, and stores nothing", async () => {
    const before = await stored();
    for (const scope of SCOPES) {
      const ask = await world.key(SCOPES.filter((one) => one !== scope));
      for (const { name, verb, path } of named.filter((one) => one.scope === scope)) {
        expect([name, await ask(verb, filled(path), withBody(verb))]).toEqual([
          name,
          "403 insufficient-scope",
        ]);
      }
    }
    expect(await stored()).toEqual(before);
  });

  it("that reads one thing shows it to its organization's key, and to no other's: 404", async () => {
    const own = await world.key(["*"]);
    const foreign = await world.key(["*"], world.other);
    for (const { name, verb, path } of named.filter(isAboutOne)) {
      if (verb !== "GET") continue;
      expect([name, await own(verb, filled(path))]).toEqual([name, "200"]);
      // A path of templates names the asking organization's own.
      const expected = path.startsWith("/mail-templates") ? "200" : "404 not-found";
      expect([name, await foreign(verb, filled(path))]).toEqual([name, expected]);
    }
  });

  it("that changes one thing is as unknown to another organization's key, and stores nothing", async () => {
    const foreign = await world.key(["*"], world.other);
    const before = await stored();
    for (const { name, verb, path } of named.filter(isAboutOne)) {
      // A path of templates names the asking organization's own.
      if (verb === "GET" || path.startsWith("/mail-templates")) continue;
      const answer = await foreign(verb, filled(path), "{}");
      expect([name, answer]).toEqual([name, expect.stringMatching(/^4(04|15|22) /)]);
    }
    expect(await stored()).toEqual(before);
  });

  it("is refused to people by their roles: 403 where neither role nor membership allows it", async () => {
    const before = await stored();
    for (const roles of [["member"], ["trainer", "member"], [COORDINATOR]]) {
      const ask = await world.as(roles);
      const scopes = scopesOf(roles);
      for (const { name, verb, path, scope, forMembers } of named) {
        if (forMembers || scopes.includes(scope)) continue;
        expect([name, await ask(verb, filled(path), withBody(verb))]).toEqual([
          name,
          "403 role-required",
        ]);
      }
    }
    expect(await stored()).toEqual(before);
  });

  it("answers people whose role allows it: reading shows it, and no writing is refused for who asks", async () => {
    for (const roles of [[COORDINATOR], [ADMINISTRATOR]]) {
      const ask = await world.as(roles);
      const scopes = scopesOf(roles);
      for (const { name, verb, path, scope } of named) {
        if (verb !== "GET" || !(scopes.includes(scope) || scopes.includes("*"))) continue;
        expect([roles, name, await ask(verb, filled(path))]).toEqual([roles, name, "200"]);
      }
    }
  });

  it("knows no organization that the person is not in: 404, and shows none of it to its own", async () => {
    const before = await stored();
    const stranger = await world.as([ADMINISTRATOR], world.other, world.organization);
    const neighbour = await world.as([ADMINISTRATOR], world.other);
    for (const { name, verb, path } of named) {
      const body = withBody(verb);
      expect([name, await stranger(verb, filled(path), body)]).toEqual([name, "404 not-found"]);
      if (!isAboutOne({ path }) || path.startsWith("/mail-templates")) continue;
      expect([name, await neighbour(verb, filled(path), body)]).toEqual([
        name,
        expect.stringMatching(verb === "GET" ? /^404 / : /^4(04|15|22) /),
      ]);
    }
    expect(await stored()).toEqual(before);
  });

  it("is not made from another site's page with a person's session: 403, and stores nothing", async () => {
    const before = await stored();
    const { user } = await givenPerson(world.t.env, world.organization, { roles: [ADMINISTRATOR] });
    const { cookie } = await signedIn(world.t, user.id);
    const foreign = asker(world.t, { cookie, origin: "https://evil.example" }, world.organization);
    for (const { name, verb, path } of named) {
      if (verb === "GET") continue;
      expect([name, await foreign(verb, filled(path), "{}")]).toEqual([
        name,
        "403 cross-site-request",
      ]);
    }
    expect(await stored()).toEqual(before);
  });

  it("that needs no key is one of these", () => {
    const open = [...OPEN_OPERATIONS, ...SIGNED_OPERATIONS].map(({ method, path }) => {
      return `${method.toUpperCase()} ${path}`;
    });
    expect(open.sort()).toEqual(["POST /event-sources/{id}/events", "POST /verifications"]);
  });
});
