// Every page and form × whoever may ask: nobody, and people with each role, of the organization or of another.
/// <reference types="vite/client" />
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ADMINISTRATOR, COORDINATOR } from "../src/auth.ts";
import type { Organization } from "../src/db/organizations.ts";
import type { Env } from "../src/env.ts";
import { setSiteAdministrator } from "../src/signin/administrator.ts";
import { type TestApp, testApp } from "./app.ts";
import { givenOrganization, givenPerson } from "./given.ts";
import { givenObjects } from "./given-objects.ts";
import { filledPath, idsIn, type RouteOfRoom, routesOf } from "./routes-of-rooms.ts";
import { type SignedInBrowser, signedIn } from "./signed-in.ts";

/** Who may open it: anybody; whoever is signed in; people with a role; those who look after the site. */
type Door = "public" | "person" | "coordinator" | "administrator" | "site";

/** The first that fits decides. What is new is public only if it stands here. */
const DOORS: readonly (readonly [RegExp, Door])[] = [
  [/^\/admin\/(backpacks|health)/, "site"],
  [/^\/admin/, "administrator"],
  // Whoever has a role that a badge asks for gives their word; members nominate.
  [/^\/award\/nominations/, "person"],
  [/^\/award/, "coordinator"],
  [/^\/me(\/|$)/, "person"],
  [
    /^\/$|^\/(b|p|verify|catalog|issuers|problems|assets|images|ob\/v2|\.well-known|badges)(\/|$)/,
    "public",
  ],
  [/^\/(feed\.xml|sitemap\.xml|robots\.txt|oembed|terms|privacy|logo\.(svg|png))$/, "public"],
  // The ways of OAuth ask for a session themselves, where what led there has been checked.
  [/^\/(login|logout|auth|claim|setup|dev|oauth|ims|webhooks|healthz|readyz)(\/|$)/, "public"],
];

interface Route extends RouteOfRoom {
  readonly door: Door | undefined;
}

const ROOMS = import.meta.glob<Record<string, unknown>>("../src/**/routes.{ts,tsx}", {
  eager: true,
});

/** What the rooms themselves say they answer. */
const routesIn = (env: Env): Route[] =>
  routesOf(ROOMS, env).map(({ method, path }) => ({
    method,
    path,
    door: DOORS.find(([pattern]) => pattern.test(path))?.[1],
  }));

interface World {
  readonly t: TestApp;
  readonly routes: readonly Route[];
  readonly organization: Organization;
  /** By the segment before a parameter and its name: `people/:id`. */
  readonly ids: Readonly<Record<string, string>>;
  readonly who: Readonly<
    Record<
      "stranger" | "member" | "coordinator" | "administrator" | "foreign" | "site",
      SignedInBrowser
    >
  >;
}

let world: World;

beforeAll(async () => {
  const t = await testApp({ shared: true });
  const organization = await givenOrganization(t.env);
  const other = await givenOrganization(t.env);
  const as = async (of: Organization, ...roles: string[]) => {
    const { user } = await givenPerson(t.env, of, { roles });
    return signedIn(t, user.id);
  };
  const site = await setSiteAdministrator(t.env, "operator@example.org", true);
  if (!site.ok) throw new Error(site.reason);
  const objects = await givenObjects(t, organization);
  const stranger = await setSiteAdministrator(t.env, "stranger@example.org", true);
  if (!stranger.ok) throw new Error(stranger.reason);
  await setSiteAdministrator(t.env, "stranger@example.org", false);
  world = {
    t,
    organization,
    routes: routesIn(t.env),
    ids: idsIn(objects),
    who: {
      stranger: await signedIn(t, stranger.userId),
      member: await as(organization, "member"),
      coordinator: await as(organization, COORDINATOR),
      administrator: await as(organization, ADMINISTRATOR),
      foreign: await as(other, ADMINISTRATOR),
      site: await signedIn(t, site.userId),
    },
  };
}, 60_000);
afterAll(() => world.t.close());

const filled = (path: string) => filledPath(path, world.ids);
const behind = (...doors: Door[]) =>
  world.routes.filter(({ door }) => door !== undefined && doors.includes(door));
const isAboutOne = ({ path }: Route) =>
  path.split("/").some((segment) => segment.startsWith(":") && segment !== ":kind");
const label = ({ method, path }: Route) => `${method} ${path}`;

/** A browser's request, with its session's form token where it sends a form. */
async function asked(browser: SignedInBrowser, { method, path }: Route): Promise<number> {
  const response =
    method === "GET"
      ? await browser.get(filled(path))
      : await browser.post(filled(path), { organization: world.organization.id });
  return response.status;
}

async function stored(): Promise<unknown> {
  const { db } = world.t.env;
  const tables = await db.read({
    sql: "select name from sqlite_master where type = 'table' and name not like 'sqlite_%'",
    params: [],
  });
  const counts = tables.rows.map(([name]) => `(select count(*) from "${name}")`);
  return (await db.read({ sql: `select ${counts.join(", ")}`, params: [] })).rows;
}

describe("every page and form", () => {
  it("stands behind a door that this test knows", () => {
    expect(world.routes.filter(({ door }) => door === undefined).map(label)).toEqual([]);
    expect(behind("administrator").length).toBeGreaterThan(40);
  });

  it("that is not public leads nobody further than to the way in", async () => {
    const before = await stored();
    for (const route of behind("person", "coordinator", "administrator", "site")) {
      const response = await world.t.request(filled(route.path), {
        method: route.method,
        headers: { accept: "text/html", origin: world.t.env.config.publicUrl },
        ...(route.method === "GET"
          ? {}
          : { body: new URLSearchParams({ organization: world.organization.id }) }),
      });
      const to = response.headers.get("location")?.split("?")[0];
      expect([label(route), response.status, to]).toEqual([label(route), 303, "/login"]);
    }
    expect(await stored()).toEqual(before);
  });

  it.each([
    ["stranger", ["coordinator", "administrator", "site"]],
    ["member", ["coordinator", "administrator", "site"]],
    ["coordinator", ["administrator", "site"]],
    ["administrator", ["site"]],
    ["site", ["coordinator", "administrator"]],
  ] as const)(
    "is closed to a %s where it is for others: 403 or 404, and stores nothing",
    async (who, doors) => {
      const before = await stored();
      for (const route of behind(...doors)) {
        // A form that names an organization which does not know the person has named none.
        const expected = route.method === "POST" ? /^40[34]$/ : /^403$/;
        expect([label(route), String(await asked(world.who[who], route))]).toEqual([
          label(route),
          expect.stringMatching(expected),
        ]);
      }
      expect(await stored()).toEqual(before);
    },
  );

  it.each([
    ["coordinator", ["coordinator"]],
    ["administrator", ["coordinator", "administrator"]],
  ] as const)("is shown to the %s it is for", async (who, doors) => {
    for (const route of behind(...doors)) {
      if (route.method === "POST") continue;
      expect([label(route), await asked(world.who[who], route)]).toEqual([label(route), 200]);
    }
  });

  it("about one thing is as unknown to another organization's administrator as one that is not: 404", async () => {
    const before = await stored();
    for (const route of behind("coordinator", "administrator").filter(isAboutOne)) {
      expect([label(route), await asked(world.who.foreign, route)]).toEqual([label(route), 404]);
    }
    expect(await stored()).toEqual(before);
  });

  it("that changes something takes no form from another page, not even from an administrator: 403", async () => {
    const before = await stored();
    const { administrator, site } = world.who;
    for (const route of behind("person", "coordinator", "administrator", "site")) {
      if (route.method === "GET") continue;
      const { cookie, formToken } = route.door === "site" ? site : administrator;
      const organization = world.organization.id;
      const send = (headers: Record<string, string>, fields: Record<string, string>) =>
        world.t.request(filled(route.path), {
          method: "POST",
          headers: { accept: "text/html", cookie, ...headers },
          body: new URLSearchParams({ organization, ...fields }),
        });
      const forged = [
        await send({ origin: "https://evil.example" }, { form_token: formToken }),
        await send({ origin: world.t.env.config.publicUrl }, {}),
        await send({ origin: world.t.env.config.publicUrl }, { form_token: "A".repeat(43) }),
      ];
      expect([label(route), forged.map(({ status }) => status)]).toEqual([
        label(route),
        [403, 403, 403],
      ]);
    }
    expect(await stored()).toEqual(before);
  });
});
