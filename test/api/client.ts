// An organization with a key of its own, and short ways to ask the app and to count what is stored.
import { afterAll, beforeAll } from "vitest";

import type { Scope } from "../../src/auth.ts";
import type { Organization } from "../../src/db/organizations.ts";
import type { FieldError } from "../../src/problem.ts";
import { type TestApp, testApp } from "../app.ts";
import { givenApiKey, givenOrganization } from "../given.ts";

export interface Reply {
  readonly status: number;
  readonly headers: Headers;
  /** The parsed body, `{}` where there is none. */
  readonly body: Record<string, unknown> & {
    readonly id: string;
    readonly hash: string;
    readonly data: Record<string, unknown>[];
    readonly errors: FieldError[];
    readonly urls: Record<string, string>;
  };
}

export interface Client {
  readonly organization: Organization;
  send(
    method: string,
    path: string,
    body?: unknown,
    headers?: Record<string, string>,
  ): Promise<Reply>;
}

export async function givenClient(
  { env, request }: TestApp,
  scopes?: readonly (Scope | "*")[],
): Promise<Client> {
  const organization = await givenOrganization(env);
  const key = await givenApiKey(env, organization, scopes);
  return {
    organization,
    async send(method, path, body, headers = {}) {
      const json: Record<string, string> =
        body === undefined ? {} : { "content-type": "application/json" };
      const response = await request(`/api/v1${path}`, {
        method,
        headers: { authorization: `Bearer ${key}`, ...json, ...headers },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      const text = await response.text();
      const parsed: unknown = text === "" ? {} : JSON.parse(text);
      return {
        status: response.status,
        headers: response.headers,
        body: parsed as Reply["body"],
      };
    },
  };
}

/** One app for all tests of a `describe`: for those that leave nothing behind. */
export function sharedClient(): () => Client & { readonly t: TestApp } {
  let stage: (Client & { readonly t: TestApp }) | undefined;
  beforeAll(async () => {
    const t = await testApp({ shared: true });
    stage = { t, ...(await givenClient(t)) };
  });
  afterAll(async () => stage?.t.close());
  return () => {
    if (stage === undefined) throw new Error("asked for before the tests began");
    return stage;
  };
}

const COUNTED = [
  "users",
  "identities",
  "memberships",
  "images",
  "image_contents",
  "badges",
  "badge_tiers",
  "badge_alignments",
  "badge_relateds",
  "badge_endorsements",
  "badge_issues",
  "hosted_assertions",
  "audit_log",
  "idempotency_keys",
] as const;

/** Rows in every table that badges and awards touch. */
export async function rowCounts({ env }: TestApp): Promise<Record<string, number>> {
  const columns = COUNTED.map((table) => `(select count(*) from ${table})`).join(", ");
  const { rows } = await env.db.read({ sql: `select ${columns}`, params: [] });
  return Object.fromEntries(COUNTED.map((table, i) => [table, Number(rows[0]?.[i])]));
}

/** What became more, and by how much. */
export function growth(
  before: Record<string, number>,
  after: Record<string, number>,
): Record<string, number> {
  return Object.fromEntries(
    Object.entries(after)
      .map(([table, count]) => [table, count - (before[table] ?? 0)] as const)
      .filter(([, more]) => more !== 0),
  );
}

export const BADGE = {
  name: "Streak Champion",
  description: "Ran mentoring sessions in twelve consecutive weeks.",
  criteria: { narrative: "Run a mentoring session in each of twelve consecutive weeks." },
};
