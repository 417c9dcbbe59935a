// Another organization's objects: every operation answers as if they were not there, and changes nothing.
import { describe, expect, it } from "vitest";
import type { Operation } from "../../src/api/operation.ts";
import { OPERATIONS } from "../../src/api/resources.ts";
import { type TestApp, testApp } from "../app.ts";
import {
  givenApiKey,
  givenAward,
  givenBadge,
  givenCriteria,
  givenOrganization,
  givenPerson,
  givenSvgImage,
} from "../given.ts";
import { givenNomination, givenVouch } from "../given-nominations.ts";
import { givenNotification } from "../mail/given.ts";
import { type Ask, asking, everything } from "./ask.ts";

interface World {
  readonly t: TestApp;
  readonly ask: Ask;
  /** Ids of the other organization's objects, by the path they are found under. */
  readonly foreign: Readonly<Record<string, readonly string[]>>;
  /** The same kinds of things of the caller's own, for the outer ids of longer paths. */
  readonly own: Readonly<Record<string, string>>;
}

async function objectsOf(
  t: TestApp,
  ask: Ask,
  organization: Awaited<ReturnType<typeof givenOrganization>>,
) {
  const person = await givenPerson(t.env, organization);
  const image = await givenSvgImage(t.env, organization);
  const badge = await givenBadge(t.env, organization, { image_id: image.id });
  const draft = await givenBadge(t.env, organization, { image_id: image.id, status: "inactive" });
  const criteria = await givenCriteria(t.env, draft);
  const award = await givenAward(t.env, badge, person);
  const declined = { award_slot: "r2", claim_state: "declined", visible: false } as const;
  await givenAward(t.env, badge, person, declined);
  const key = await ask("POST", "/api-keys", { body: { name: "k", scopes: ["badges:read"] } });
  expect(key.status).toBe(201);
  const signing = await ask("POST", "/signing-keys");
  expect(signing.status).toBe(201);
  const url = "https://hooks.example.net/in";
  const hook = await ask("POST", "/webhook-endpoints", { body: { url } });
  const ping = await ask("POST", `/webhook-endpoints/${hook.json.id}/ping`);
  expect([hook.status, ping.status]).toEqual([201, 201]);
  const metric = `counted_by_${organization.slug.replaceAll("-", "_")}`;
  const counted = { name: metric, kind: "count", label: "Counted here" };
  expect((await ask("POST", "/metrics", { body: counted })).status).toBe(201);
  const source = await ask("POST", "/event-sources", { body: { name: "Course platform" } });
  expect(source.status).toBe(201);
  const told = await givenNotification(t.env, award);
  const subject = `Words of ${organization.slug}`;
  const words = { subject, body: "%badgelink%" };
  const written = await ask("PUT", "/mail-templates/award.created/de", { body: words });
  expect(written.status).toBe(201);
  const evaluation = await ask("POST", "/evaluations", { body: { dry_run: true } });
  expect(evaluation.status).toBe(202);
  const add = async (path: string, body: unknown) => {
    const made = await ask("POST", path, { body });
    return made.status === 201 ? made.json.id : undefined;
  };
  const sent = await ask("POST", `/imports?badge=${badge.id}`, {
    raw: `email\nsomebody@${organization.slug}.example\n`,
    headers: { "content-type": "text/csv" },
  });
  expect(sent.status).toBe(202);
  const nomination = await givenNomination(t.env, badge, person);
  const vouch = await givenVouch(t.env, draft, person);
  const alignment = await add(`/badges/${draft.id}/alignments`, {
    target_name: "Listening",
    target_url: "https://skills.example/listening",
  });
  return {
    organizations: [organization.id, organization.slug],
    users: [person.user.id],
    identities: [person.identity.id],
    images: [image.id],
    badges: [draft.id, badge.id],
    awardable: [badge.id],
    alignments: alignment === undefined ? [] : [alignment],
    criteria: criteria.flatMap(({ id, criteria_type }) => (criteria_type === "manual" ? [id] : [])),
    awards: [award.id, award.unique_hash],
    imports: [sent.json.id],
    "claim-codes": [await add(`/badges/${draft.id}/claim-codes`, {})].filter(
      (id) => id !== undefined,
    ),
    nominations: [nomination.id],
    vouches: [vouch.id],
    evaluations: [evaluation.json.id],
    metrics: [metric],
    "event-sources": [source.json.id],
    notifications: [told],
    "mail-templates": [subject],
    "api-keys": [key.json.id],
    "signing-keys": [signing.json.id],
    "webhook-endpoints": [hook.json.id],
    "webhook-deliveries": [ping.json.id],
  };
}

async function world(): Promise<World> {
  const t = await testApp();
  const [here, there] = [await givenOrganization(t.env), await givenOrganization(t.env)];
  const ask = asking(t, await givenApiKey(t.env, here));
  const foreign = await objectsOf(t, asking(t, await givenApiKey(t.env, there)), there);
  const mine = await objectsOf(t, ask, here);
  const own = Object.fromEntries(Object.entries(mine).map(([kind, ids]) => [kind, ids[0] ?? ""]));
  return { t, ask, foreign, own };
}

const UNKNOWN = "0193c0de-0000-7000-8000-000000000000";

/** Paths with a foreign id at one parameter and own ids at the others; beside each, an unknown id. */
function foreignPaths({ path }: Operation, { foreign, own }: World): [string, string][] {
  const steps = path.split("/");
  const places = steps.flatMap((step, i) => (step.startsWith("{") ? [i] : []));
  const kindAt = (place: number) => {
    const kind = steps[place - 1] ?? "";
    return kind === "related" ? "badges" : kind;
  };
  const filled = (place: number, id: string) =>
    steps
      .map((step, i) => {
        if (i === place) return id;
        return step.startsWith("{") ? (own[kindAt(i)] ?? UNKNOWN) : step;
      })
      .join("/");
  return places.flatMap((place) =>
    (foreign[kindAt(place)] ?? []).map((id): [string, string] => [
      filled(place, id),
      filled(place, UNKNOWN),
    ]),
  );
}

/** Words of mails are not found by an id: each organization has its own at the same addresses. */
const withParameters = OPERATIONS.filter(
  ({ path }) => path.includes("{") && !path.startsWith("/mail-templates/"),
);

describe("another organization's objects", () => {
  it.each(
    withParameters.map(
      (operation) => [`${operation.method} ${operation.path}`, operation] as const,
    ),
  )("%s: 404 like an unknown one, and nothing changes", async (_name, operation) => {
    const w = await world();
    const paths = foreignPaths(operation, w);
    expect(paths.length).toBeGreaterThan(0);
    const before = await everything(w.t);
    const method = operation.method.toUpperCase();
    const asked = operation.body ? { body: operation.example } : {};
    for (const [path, unknownPath] of paths) {
      const said = await w.ask(method, path, asked);
      const unknown = await w.ask(method, unknownPath, asked);
      expect([path, said.status, said.json.code]).toEqual([path, 404, "not-found"]);
      expect([path, said.json.detail]).toEqual([path, unknown.json.detail]);
    }
    expect(await everything(w.t)).toBe(before);
  });

  it.each(
    OPERATIONS.filter(({ method, path }) => method === "get" && !path.includes("{")).map(
      ({ path }) => [path],
    ),
  )("GET %s shows none of them", async (path) => {
    const { ask, foreign, own } = await world();
    const said = await ask("GET", path);
    expect(said.status).toBe(200);
    for (const id of Object.values(foreign).flat()) expect(said.text).not.toContain(`"${id}"`);
    // Numbers only: whose they are has a test of its own.
    const isCount = path === "/overview";
    expect(isCount || Object.values(own).some((id) => said.text.includes(id))).toBe(true);
  });

  it.each([
    ["POST", "/awards", (w: World) => ({ badge: w.foreign.awardable?.[0], user: w.own.users })],
    ["POST", "/awards", (w: World) => ({ badge: w.own.awardable, user: w.foreign.users?.[0] })],
    ["PATCH", "own organization", (w: World) => ({ image_id: w.foreign.images?.[0] })],
  ])("%s %s does not take them in the body (%#)", async (method, path, body) => {
    const w = await world();
    const before = await everything(w.t);
    const at = path.startsWith("/") ? path : `/organizations/${w.own.organizations}`;
    const said = await w.ask(method, at, { body: body(w) });
    expect([404, 422]).toContain(said.status);
    expect(await everything(w.t)).toBe(before);
  });

  it("the same paths with one's own ids answer 200", async () => {
    const w = await world();
    // Nothing has been said about this badge; and whose progress with it is meant must be said.
    const got = withParameters.filter(
      ({ method, path }) =>
        method === "get" && !path.endsWith("/endorsement") && path !== "/badges/{id}/progress",
    );
    expect(got.length).toBeGreaterThan(5);
    for (const { path } of got) {
      const own = path.replaceAll(
        /([\w-]+)\/\{\w+\}/g,
        (_, kind: string) => `${kind}/${w.own[kind]}`,
      );
      expect([own, (await w.ask("GET", own)).status]).toEqual([own, 200]);
    }
  });
});
