// A person with a connected backpack, and issuers elsewhere whose badges it lists: what a pull meets.

import { exportSPKI, generateKeyPair, SignJWT } from "jose";
import { isFirstOfDay } from "../../src/backpack/pull-progress.ts";
import type { Connection } from "../../src/db/backpacks.ts";
import { connections } from "../../src/db/backpacks.ts";
import { backpackEvents } from "../../src/db/deliveries.ts";
import { type ExternalBadge, externalBadges } from "../../src/db/externals.ts";
import type { Organization } from "../../src/db/organizations.ts";
import type { Env } from "../../src/env.ts";
import { type Answer, DialFailure, type DialRequest } from "../../src/net/dial.ts";
import { createPublicFetch } from "../../src/net/public-fetch.ts";
import { hashIdentity } from "../../src/obv2/identity.ts";
import { type TestApp, testApp } from "../app.ts";
import { IDAT, IEND, ihdr, pngOf } from "../bakery/fixtures.ts";
import { givenOrganization, givenPerson, type Person } from "../given.ts";
import { noDeadline } from "../no-deadline.ts";
import {
  BadgeHost,
  type ConnectionWish,
  givenConnection,
  givenHostedBackpack,
  type Told,
} from "./host.ts";

export const ISSUER = "https://issuer.example";
export const BACKPACK = "https://backpack.example.net";
export const EMAIL = "kim@example.org";
const V2 = "https://w3id.org/openbadges/v2";

export type Members = Record<string, unknown>;

/** Anything that answers at an origin. */
export type Site = (request: DialRequest) => Told | Promise<Told>;

export const json = (value: unknown, over: Told = {}): Told => ({
  status: 200,
  headers: { "content-type": "application/json", ...over.headers },
  body: JSON.stringify(value),
  ...(over.status === undefined ? {} : { status: over.status }),
});

const keys = generateKeyPair("RS256", { extractable: true });

/** An issuer that hosts as many awards as it is asked to, each changeable by its path. */
export class IssuerSite {
  readonly origin: string;
  readonly asked: string[] = [];
  /** What is told at an address instead of what is usual; a function is asked each time. */
  readonly pages = new Map<string, Told | "silent">();

  constructor(origin = ISSUER) {
    this.origin = origin;
  }

  at(path: string): string {
    return `${this.origin}/${path}`;
  }

  /** The assertion of that name, made out to `identity`, as it is hosted from now on. */
  async award(name: string, identity = EMAIL, over: Members = {}): Promise<Members> {
    const assertion = {
      "@context": V2,
      type: "Assertion",
      id: this.at(`assertions/${name}`),
      recipient: {
        type: "email",
        hashed: true,
        salt: "deadsea",
        identity: await hashIdentity(identity, "deadsea"),
      },
      badge: this.at("badge"),
      verification: { type: "HostedBadge" },
      issuedOn: "2026-01-01T00:00:00Z",
      ...over,
    };
    this.pages.set(this.at(`assertions/${name}`), json(assertion));
    return assertion;
  }

  /** The same as a compact JWS; hosted nowhere. */
  async signed(name: string, identity = EMAIL, over: Members = {}): Promise<string> {
    const assertion = await this.award(name, identity, {
      verification: { type: "SignedBadge", creator: this.at("key") },
      ...over,
    });
    this.pages.delete(this.at(`assertions/${name}`));
    const { privateKey } = await keys;
    return new SignJWT(assertion).setProtectedHeader({ alg: "RS256" }).sign(privateKey);
  }

  gone(name: string, reason: string): void {
    const id = this.at(`assertions/${name}`);
    this.pages.set(id, json({ "@context": V2, id, revoked: true, reason }, { status: 410 }));
  }

  silent(name: string): void {
    this.pages.set(this.at(`assertions/${name}`), "silent");
  }

  readonly answer: Site = async ({ url }) => {
    this.asked.push(url.href);
    const page = this.pages.get(url.href) ?? (await this.usual(url.pathname.slice(1)));
    if (page === "silent") throw new DialFailure("connection-lost");
    return page;
  };

  private async usual(path: string): Promise<Told> {
    const documents: Record<string, Members> = {
      badge: {
        type: "BadgeClass",
        name: "Streak",
        description: "For a streak.",
        image: this.at("badge.png"),
        criteria: { narrative: "Keep going." },
        issuer: this.at("issuer"),
      },
      issuer: {
        type: "Issuer",
        name: "Northside",
        url: this.origin,
        email: "badges@northside.example",
        publicKey: this.at("key"),
        revocationList: this.at("list"),
      },
      key: {
        type: "CryptographicKey",
        owner: this.at("issuer"),
        publicKeyPem: await exportSPKI((await keys).publicKey),
      },
      list: { type: "RevocationList", issuer: this.at("issuer"), revokedAssertions: [] },
    };
    if (path === "badge.png") {
      return { headers: { "content-type": "image/png" }, body: () => bytes(PIXEL) };
    }
    const document = documents[path];
    return document
      ? json({ "@context": V2, id: this.at(path), ...document })
      : json({}, { status: 404 });
  }
}

const PIXEL = pngOf(ihdr(), IDAT, IEND);

async function* bytes(content: Uint8Array): AsyncGenerator<Uint8Array> {
  yield content;
}

async function toAnswer({ status = 200, headers = {}, body = "" }: Told): Promise<Answer> {
  async function* text(): AsyncGenerator<Uint8Array> {
    if (typeof body === "string" && body !== "") yield new TextEncoder().encode(body);
  }
  return {
    status,
    header: (name) => headers[name] ?? null,
    body: typeof body === "string" ? text() : body(),
    discard: () => {},
  };
}

export interface PullWorld {
  readonly test: TestApp;
  readonly env: Env;
  readonly host: BadgeHost;
  readonly issuer: IssuerSite;
  readonly sites: Map<string, Site>;
  readonly organization: Organization;
  readonly person: Person;
  readonly backpackId: string;
  readonly connectionId: string;
  /** One more backpack that the person is connected to; its site is the test's to answer for. */
  another(origin: string, name: string): Promise<string>;
  /** Puts something into the backpack, newest last. */
  hold(...assertions: readonly (Members | string)[]): void;
  rows(): Promise<ExternalBadge[]>;
  connection(): Promise<Connection>;
  events(): Promise<{ kind: string; detail: Readonly<Record<string, unknown>> | null }[]>;
}

export interface PullWish extends ConnectionWish {
  readonly shared?: boolean;
  readonly email?: string;
}

export async function pullWorld(wish: PullWish = {}): Promise<PullWorld> {
  const sites = new Map<string, Site>();
  const issuer = new IssuerSite();
  sites.set(issuer.origin, issuer.answer);
  const clock = { now: () => 0 };
  const host = new BadgeHost(BACKPACK, () => clock.now());
  const test = await testApp({
    ...(wish.shared ? { shared: true } : {}),
    override: () => ({
      publicFetch: createPublicFetch({
        dial: async (request) => {
          if (request.url.origin === BACKPACK && !sites.has(BACKPACK)) return host.dial(request);
          const site = sites.get(request.url.origin);
          if (!site) throw new DialFailure("name-not-found");
          return toAnswer(await site(request));
        },
        deadline: noDeadline,
        userAgent: "Rosette (+https://badges.example.org)",
        loopbackOrigins: [],
      }),
    }),
  });
  const { env } = test;
  clock.now = env.now;
  const organization = await givenOrganization(env);
  const person = await givenPerson(env, organization, { email: wish.email ?? EMAIL });
  const backpack = await givenHostedBackpack(env, host);
  const connectionId = await givenConnection(env, backpack, person.user.id, wish);
  startOfDay(test, connectionId);
  return {
    test,
    env,
    host,
    issuer,
    sites,
    organization,
    person,
    backpackId: backpack.id,
    connectionId,
    async another(origin, name) {
      const apiBase = `${origin}/ims/ob/v2p1`;
      const other = await givenHostedBackpack(env, { origin, apiBase }, { name, sort_order: 1 });
      return givenConnection(env, other, person.user.id);
    },
    hold(...assertions) {
      for (const assertion of assertions) {
        const id = typeof assertion === "string" ? assertion : String(assertion.id);
        host.kept.push({ id, assertion: assertion as Members, at: env.now() });
      }
    },
    rows: () => env.db.orm.select().from(externalBadges).orderBy(externalBadges.canonical_id),
    async connection() {
      const rows = await env.db.orm.select().from(connections);
      const row = rows.find(({ id }) => id === connectionId);
      if (row === undefined) throw new Error("no connection");
      return row;
    },
    async events() {
      const rows = await env.db.orm.select().from(backpackEvents).orderBy(backpackEvents.id);
      return rows.map(({ kind, detail }) => ({ kind, detail }));
    },
  };
}

/** To where the connection's own day begins, so that no test runs over its end by chance. */
function startOfDay({ clock }: TestApp, id: string): void {
  const minute = 60_000;
  const isFirst = (now: number) =>
    isFirstOfDay({ id, last_pulled_at: now - minute, pulled_since: now - minute }, now);
  while (!isFirst(clock.now)) clock.advance(minute);
}

/** A page of GET /assertions as a host would answer it. */
export function page(members: Members, headers: Readonly<Record<string, string>> = {}): Told {
  return json(
    { status: { error: null, statusCode: 200, statusText: "OK" }, ...members },
    { headers },
  );
}
