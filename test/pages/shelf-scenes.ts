// People with backpacks in every state that the pages know, and one with words that try to break them.
import { eq } from "drizzle-orm";
import {
  authorizationServers,
  type Backpack,
  backpacks,
  connections,
  tokens,
} from "../../src/db/backpacks.ts";
import type { Writable } from "../../src/db/database.ts";
import { backpackEvents, type DeliveryState, deliveries } from "../../src/db/deliveries.ts";
import { externalBadges } from "../../src/db/externals.ts";
import { users } from "../../src/db/organizations.ts";
import type { Env } from "../../src/env.ts";
import { newId } from "../../src/ids.ts";
import { SCOPES } from "../../src/oauth/scopes.ts";
import { givenAward, givenBadge, givenOrganization, givenPerson, type Person } from "../given.ts";

const MINUTE = 60_000;
const DAY = 86_400_000;
/** One word that no line can hold. */
const LONG_WORD =
  "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft";
const HOSTILE = `${LONG_WORD} </title><script>alert(1)</script> ‮evil`;

type Insert<T extends { $inferInsert: unknown }> = Partial<T["$inferInsert"]>;

const write = (env: Env, ...rows: Writable[]) => env.db.batch(rows);

export async function givenBackpack(
  env: Env,
  over: Insert<typeof backpacks> = {},
  server: Insert<typeof authorizationServers> = {},
): Promise<Backpack> {
  const id = newId(env);
  const origin = over.backpack_web_url ?? `https://backpack-${id.slice(-6)}.example`;
  const issuer = {
    id: newId(env),
    name: over.name ?? "Harbour Backpack",
    manifest_url: `${origin}/.well-known/badgeconnect.json`,
    authorization_url: `${origin}/oauth/authorize`,
    token_url: `${origin}/oauth/token`,
    registration_url: `${origin}/oauth/register`,
    scopes_offered: [SCOPES.create, SCOPES.read, SCOPES.profile],
    updated_at: env.now(),
    ...server,
  };
  const row = {
    id,
    name: "Harbour Backpack",
    api_version: "v2p1" as const,
    backpack_api_url: `${origin}/ims/ob/v2p1`,
    backpack_web_url: origin,
    oauth2_issuer_id: issuer.id,
    updated_at: env.now(),
    ...over,
  };
  await write(
    env,
    env.db.orm.insert(authorizationServers).values(issuer),
    env.db.orm.insert(backpacks).values(row),
  );
  const [made] = await env.db.orm.select().from(backpacks).where(eq(backpacks.id, id));
  return made as Backpack;
}

/** With a token, unless its grant is gone. */
export async function givenConnection(
  env: Env,
  { user }: Person,
  backpack: Backpack,
  over: Insert<typeof connections> = {},
  scopes: readonly string[] = [SCOPES.create, SCOPES.read, SCOPES.profile],
): Promise<string> {
  const id = newId(env);
  const of = { user_id: user.id, external_backpack_id: backpack.id };
  const connection = env.db.orm.insert(connections).values({
    id,
    ...of,
    auto_sync: true,
    connected_at: env.now() - DAY,
    updated_at: env.now(),
    ...over,
  });
  const token = env.db.orm.insert(tokens).values({
    id: newId(env),
    ...of,
    issuer_id: backpack.oauth2_issuer_id ?? "",
    connection_id: id,
    token: "sealed",
    scope: scopes.join(" "),
    updated_at: env.now(),
  });
  await write(env, connection, ...(over.status === "reconnect" ? [] : [token]));
  return id;
}

export async function givenDelivery(
  env: Env,
  { user }: Person,
  connectionId: string,
  award: { readonly id: string; readonly organization_id: string },
  state: DeliveryState,
  over: Insert<typeof deliveries> = {},
): Promise<string> {
  const id = newId(env);
  await write(
    env,
    env.db.orm.insert(deliveries).values({
      id,
      award_id: award.id,
      connection_id: connectionId,
      organization_id: award.organization_id,
      user_id: user.id,
      state,
      delivered_at: state === "delivered" ? env.now() - MINUTE : null,
      next_try_at: state === "pending" || state === "unknown" ? env.now() + 7 * MINUTE : null,
      updated_at: env.now(),
      ...over,
    }),
  );
  return id;
}

const BADGES = [
  ["Streak Champion", "delivered", {}],
  ["First Aid at Events", "pending", { attempts: 3, last_problem: "host_error" }],
  ["Hundred Hours", "unknown", { attempts: 1, last_problem: "no_answer" }],
  [
    "Bridge Builder",
    "refused",
    {
      attempts: 1,
      last_problem: "recipient_mismatch",
      last_answer: "Recipient does not match this account.",
    },
  ],
  ["Night Walk Guide", "parked", { attempts: 31, last_problem: "unreachable" }],
  ["Warm Welcome", "sending", {}],
  ["Safeguarding, Level 1", "withdrawn", {}],
  ["First Session", null, {}],
] as const satisfies readonly (readonly [
  string,
  DeliveryState | null,
  Insert<typeof deliveries>,
])[];

const PULLED = [
  ["valid", "Open Water Swimmer", null, true],
  ["expired", "Forklift Licence", "This badge expired on 2026-03-01T00:00:00Z.", true],
  ["revoked", "Regional Speaker", "The issuer revoked this badge.", true],
  ["could-not-check", null, "The issuer’s server does not answer.", false],
  ["invalid", "Nobel Prize", "The record does not come from where its issuer publishes.", false],
] as const;

export interface Shelves {
  /** Connected, with a delivery in every state. */
  readonly noor: Person;
  /** Somebody to whom nothing happened yet. */
  readonly kim: Person;
  readonly administrator: Person;
  readonly connected: Backpack;
  readonly reconnect: Backpack;
  readonly offered: Backpack;
  readonly off: Backpack;
  readonly hostile: Backpack;
  readonly empty: Backpack;
  readonly connections: Readonly<
    Record<"connected" | "reconnect" | "off" | "hostile" | "empty", string>
  >;
  /** Deliveries of the connected one, by their state. */
  readonly deliveries: Readonly<Partial<Record<DeliveryState, string>>>;
  /** An award of Noor's that was never put on its way. */
  readonly unsent: string;
}

export async function givenShelves(env: Env): Promise<Shelves> {
  const organization = await givenOrganization(env);
  const noor = await givenPerson(env, organization, {
    name: "Noor Haddad",
    email: "noor@example.org",
  });
  const kim = await givenPerson(env, organization, { name: "Kim Osei" });
  const administrator = await givenPerson(env, organization, { name: "Ada Lindqvist" });
  await write(
    env,
    env.db.orm
      .update(users)
      .set({ is_site_administrator: true })
      .where(eq(users.id, administrator.user.id)),
  );
  const connected = await givenBackpack(env, { name: "Harbour Backpack", sort_order: 1 });
  const reconnect = await givenBackpack(env, { name: "Learners’ Locker", sort_order: 2 });
  const offered = await givenBackpack(env, { name: "City Badge Shelf", sort_order: 3 });
  const off = await givenBackpack(env, { name: "Old Portfolio", sort_order: 4, is_enabled: false });
  const hostile = await givenBackpack(env, {
    name: HOSTILE,
    sort_order: 5,
    added_by_user_id: noor.user.id,
    backpack_web_url: `https://${"very-long-name.".repeat(12)}example`,
  });
  const empty = await givenBackpack(env, { name: "Quiet Corner", sort_order: 6 });
  const connections = {
    connected: await givenConnection(env, noor, connected, {
      email: "noor@example.org",
      last_pulled_at: env.now() - 20 * MINUTE,
    }),
    reconnect: await givenConnection(env, noor, reconnect, {
      status: "reconnect",
      problem: "revoked",
      auto_sync: false,
    }),
    off: await givenConnection(env, noor, off),
    hostile: await givenConnection(
      env,
      noor,
      hostile,
      { email: `${LONG_WORD}@example.org`, last_pull_problem: "unreachable" },
      [SCOPES.read],
    ),
    empty: await givenConnection(env, kim, empty),
  };
  const given: Partial<Record<DeliveryState, string>> = {};
  let unsent = "";
  for (const [name, state, over] of BADGES) {
    const badge = await givenBadge(env, organization, { name });
    const award = await givenAward(
      env,
      badge,
      noor,
      state === "withdrawn" ? { revoked_at: env.now() } : {},
    );
    if (state === null) unsent = award.id;
    else given[state] = await givenDelivery(env, noor, connections.connected, award, state, over);
  }
  await givenPulled(env, connections.connected);
  await givenEvents(env, connections.connected);
  await givenHostile(env, noor, connections.hostile);
  return {
    noor,
    kim,
    administrator,
    connected,
    reconnect,
    offered,
    off,
    hostile,
    empty,
    connections,
    deliveries: given,
    unsent,
  };
}

async function givenPulled(env: Env, connectionId: string): Promise<void> {
  const rows = PULLED.map(([verdict, name, detail, theirs], i) => ({
    id: newId(env),
    backpack_id: connectionId,
    collection_name: i === 0 ? "Sports" : null,
    entity_id: `entity-${i}`,
    assertion: {},
    canonical_id: `https://elsewhere-${i}.example/assertions/${i}`,
    name,
    issuer_name: name === null ? null : "Harbour Swimming Club",
    issued_on: env.now() - (i + 1) * 40 * DAY,
    verdict,
    verdict_detail: detail,
    is_theirs: theirs,
    checked_at: env.now() - 20 * MINUTE,
    updated_at: env.now(),
  }));
  await write(env, ...rows.map((row) => env.db.orm.insert(externalBadges).values(row)));
}

async function givenEvents(env: Env, connectionId: string): Promise<void> {
  const rows = [
    { kind: "connected", created_at: env.now() - DAY },
    { kind: "pulled", created_at: env.now() - 20 * MINUTE, detail: { added: 5 } },
  ];
  await write(
    env,
    ...rows.map((row) =>
      env.db.orm
        .insert(backpackEvents)
        .values({ id: newId(env), connection_id: connectionId, ...row }),
    ),
  );
}

async function givenHostile(env: Env, noor: Person, connectionId: string): Promise<void> {
  const organization = await givenOrganization(env, { name: HOSTILE });
  const badge = await givenBadge(env, organization, { name: HOSTILE, language: "ar" });
  const award = await givenAward(env, badge, noor);
  await givenDelivery(env, noor, connectionId, award, "refused", {
    last_problem: "invalid_badge",
    last_answer: `${HOSTILE} ${"no ".repeat(150)}`,
  });
  await write(
    env,
    env.db.orm.insert(externalBadges).values({
      id: newId(env),
      backpack_id: connectionId,
      collection_name: HOSTILE,
      entity_id: "javascript:alert(1)",
      assertion: {},
      canonical_id: "javascript:alert(1)",
      name: HOSTILE,
      issuer_name: HOSTILE,
      image_url: "https://tracker.example/pixel.png",
      verdict: "<b>valid</b>",
      verdict_detail: HOSTILE,
      is_theirs: false,
      checked_at: env.now(),
      updated_at: env.now(),
    }),
  );
}

/** So many awards more, all of them sent; for what must not grow with them. */
export async function givenManyDeliveries(
  env: Env,
  person: Person,
  connectionId: string,
  count: number,
): Promise<void> {
  const organization = await givenOrganization(env);
  const badge = await givenBadge(env, organization, { max_awards_per_user: null });
  const { id } = await givenAward(env, badge, person, { award_slot: "r0" });
  const same = [
    "badge_id",
    "user_id",
    "organization_id",
    "awarded_at",
    "awarded_by",
    "recipient_identity_id",
    "recipient_type",
    "recipient_identity",
    "recipient_salt",
    "updated_at",
  ].join(", ");
  const numbers = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?)";
  await env.db.batch([
    {
      sql: `INSERT INTO badge_issues (id, unique_hash, award_slot, ${same})
        ${numbers} SELECT printf('many-%06d', i), printf('%040x', i), 'r' || i, ${same}
        FROM n, badge_issues WHERE id = ?`,
      params: [count, id],
    },
    {
      sql: `INSERT INTO deliveries
          (id, award_id, connection_id, organization_id, user_id, state, delivered_at, updated_at)
        ${numbers} SELECT printf('many-%06d', i), printf('many-%06d', i), ?, ?, ?, 'delivered', ?, ?
        FROM n`,
      params: [count, connectionId, organization.id, person.user.id, env.now(), env.now()],
    },
  ]);
}
