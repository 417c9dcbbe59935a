// An organization asked over the API by a key and by people, with a look at the tables and indexes beneath.
import type { Scope } from "../../src/auth.ts";
import type { Value } from "../../src/db/database.ts";
import type { Organization } from "../../src/db/organizations.ts";
import { drain } from "../../src/jobs/drain.ts";
import { enqueue } from "../../src/jobs/outbox.ts";
import { HANDLERS } from "../../src/work.ts";
import { BADGE, givenClient, type Reply } from "../api/client.ts";
import { asPerson, type SendAs } from "../api/person.ts";
import { type TestApp, testApp } from "../app.ts";
import { givenPerson, type Person } from "../given.ts";

export interface SeedWorld {
  readonly t: TestApp;
  readonly organization: Organization;
  /** With a key that may do all. */
  readonly send: SendAs;
  person(...roles: string[]): Promise<Person>;
  /** Somebody with these roles, who is signed in. */
  as(...roles: string[]): Promise<SendAs>;
  /** Defines a badge, active and given by hand unless said otherwise; fails where it is refused. */
  badge(over?: object): Promise<Reply["body"]>;
  award(badge: string, user: string, more?: object): Promise<Reply>;
  /** So many sessions of the person's become known, by events of one each. */
  happened(user: string, count: number, metric?: string): Promise<void>;
  /** Does all work that is due. */
  work(): Promise<void>;
  /** Runs the nightly evaluation of everybody. */
  night(): Promise<void>;
  rows(sql: string, ...params: Value[]): Promise<readonly (readonly Value[])[]>;
}

const EVALUATING = Object.fromEntries(
  Object.entries(HANDLERS).filter(([kind]) => kind.startsWith("award.")),
);

export async function seedWorld(scopes?: readonly (Scope | "*")[]): Promise<SeedWorld> {
  const t = await testApp();
  const { organization, send } = await givenClient(t, scopes);
  let ordinal = 0;
  const rows: SeedWorld["rows"] = async (sql, ...params) =>
    (await t.env.db.read({ sql, params })).rows;
  const work = async () => {
    await drain(t.env, EVALUATING, { limit: 1_000 });
  };
  return {
    t,
    organization,
    send,
    rows,
    work,
    person: (...roles) =>
      givenPerson(t.env, organization, roles.length === 0 ? {} : { roles: [...roles] }),
    async as(...roles) {
      const { user } = await givenPerson(t.env, organization, { roles });
      return asPerson(t, user.id, organization.slug);
    },
    async badge(over = {}) {
      const made = await send("POST", "/badges", { ...BADGE, name: `Badge ${++ordinal}`, ...over });
      if (made.status !== 201) throw new Error(JSON.stringify(made.body));
      return made.body;
    },
    award: (badge, user, more = {}) => send("POST", "/awards", { badge, user, ...more }),
    async happened(user, count, metric = "activity_count") {
      const events = Array.from({ length: count }, () => ({
        id: `e-${++ordinal}`,
        user,
        metric,
        occurred_at: new Date(t.clock.now).toISOString(),
      }));
      const sent = await send("POST", "/events", { events });
      if (sent.status !== 200) throw new Error(JSON.stringify(sent.body));
    },
    async night() {
      await t.env.db.batch([enqueue(t.env, { kind: "award.sweep" })]);
      await work();
    },
  };
}

/** The status of a refusal, and the codes of the rules it names, each once. */
export const refusal = ({ status, body }: Reply): unknown[] => [
  status,
  ...new Set((body.errors ?? []).map(({ code }) => code)),
];

/** Names of a table's columns, generated ones included. */
export async function columnsOf({ rows }: SeedWorld, table: string): Promise<unknown[]> {
  return (await rows("select name from pragma_table_xinfo(?)", table)).map(([name]) => name);
}

export interface Index {
  readonly table: unknown;
  readonly columns: readonly unknown[];
  readonly unique: boolean;
  /** The condition of a partial index; null where it holds for all rows. */
  readonly where: string | null;
}

/** As SQLite knows it; null where there is none of this name. */
export async function indexNamed({ rows }: SeedWorld, name: string): Promise<Index | null> {
  const [found] = await rows(
    "select tbl_name, sql from sqlite_master where type = 'index' and name = ?",
    name,
  );
  if (found === undefined) return null;
  const [table, sql] = found;
  const columns = await rows("select name from pragma_index_info(?) order by seqno", name);
  return {
    table: table ?? null,
    columns: columns.map(([column]) => column),
    unique: /^create unique/i.test(String(sql)),
    where: / where (.*)$/i.exec(String(sql))?.[1] ?? null,
  };
}
