// An organization that imports awards: its files are sent over the API, its jobs are run by hand.

import type { Badge } from "../../src/db/badges.ts";
import type { Organization } from "../../src/db/organizations.ts";
import { drain } from "../../src/jobs/drain.ts";
import type { FieldError } from "../../src/problem.ts";
import { HANDLERS } from "../../src/work.ts";
import { type TestApp, type TestOptions, testApp } from "../app.ts";
import { givenApiKey, givenBadge, givenOrganization } from "../given.ts";

export interface ShownImport {
  readonly id: string;
  readonly state: string;
  readonly rows: number;
  readonly done: number;
  readonly awarded: number;
  readonly held: number;
  readonly refused: number;
  readonly reading: {
    readonly encoding: string;
    readonly delimiter: string;
    readonly unknown_columns: readonly string[];
  };
  readonly code?: string;
  readonly errors: readonly FieldError[];
}

export interface ShownRow {
  readonly line: number;
  readonly outcome: string | null;
  readonly code: string | null;
  readonly field: string | null;
  readonly detail: string | null;
  readonly award: { readonly id: string; readonly page: string } | null;
  readonly values: Readonly<Record<string, string>>;
}

export interface Importing {
  readonly t: TestApp;
  readonly organization: Organization;
  readonly badge: Badge;
  /** Sends a file; `query` without its question mark. */
  send(csv: BodyInit, query?: string, type?: string): Promise<Response>;
  get(path: string): Promise<Response>;
  post(path: string): Promise<Response>;
  /** Sends a file, runs every job there is, and reads the import again. */
  run(csv: BodyInit, query?: string): Promise<ShownImport>;
  drain(): Promise<unknown>;
  rows(id: string, query?: string): Promise<readonly ShownRow[]>;
  /** Rows of a table. */
  count(table: string): Promise<number>;
}

export async function importing(
  over: Partial<Badge> = {},
  options: TestOptions = {},
): Promise<Importing> {
  const t = await testApp(options);
  const organization = await givenOrganization(t.env);
  const badge = await givenBadge(t.env, organization, {
    name: "First Session",
    max_awards_per_user: 1,
    ...over,
  });
  const key = await givenApiKey(t.env, organization);
  const authorization = `Bearer ${key}`;
  const get = (path: string) => t.request(`/api/v1${path}`, { headers: { authorization } });
  const post = (path: string) =>
    t.request(`/api/v1${path}`, { method: "POST", headers: { authorization } });
  const send: Importing["send"] = (csv, query = `badge=${badge.id}`, type = "text/csv") =>
    t.request(`/api/v1/imports?${query}`, {
      method: "POST",
      headers: { authorization, "content-type": type },
      body: csv,
    });
  const drained = () => drain(t.env, HANDLERS, { limit: 100, concurrency: 1 });
  return {
    t,
    organization,
    badge,
    send,
    get,
    post,
    drain: drained,
    async run(csv, query) {
      const begun = await send(csv, query);
      if (begun.status !== 202) throw new Error(await begun.text());
      await drained();
      return (await (
        await get(`/imports/${((await begun.json()) as ShownImport).id}`)
      ).json()) as ShownImport;
    },
    async rows(id, query = "limit=100") {
      const page = await (await get(`/imports/${id}/rows?${query}`)).json();
      return (page as { data: ShownRow[] }).data;
    },
    async count(table) {
      const { rows } = await t.env.db.read({ sql: `select count(*) from ${table}`, params: [] });
      return Number(rows[0]?.[0]);
    },
  };
}

/** A heading and that many people. */
export function people(count: number, from = 0): string {
  const lines = Array.from(
    { length: count },
    (_, i) => `person-${from + i}@example.org,Person ${from + i}`,
  );
  return `email,name\n${lines.join("\n")}\n`;
}
