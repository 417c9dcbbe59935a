// The organization whose pages are measured: a hundred thousand awards, and of everything else what goes with them.
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { createApp } from "../src/app.ts";
import { ADMINISTRATOR, COORDINATOR } from "../src/auth.ts";
import { type Migration, migrate } from "../src/db/migrate.ts";
import { openFile } from "../src/runtime/libsql-file.ts";
import { setSiteAdministrator } from "../src/signin/administrator.ts";
import { givenOrganization, givenPerson } from "../test/given.ts";
import { givenMany, type Sizes } from "../test/given-many.ts";
import { givenObjects } from "../test/given-objects.ts";
import { oneOf } from "../test/multiply.ts";
import { idsIn } from "../test/routes-of-rooms.ts";
import { pushingEnv } from "./deliveries-env.ts";

/** What a run needs to know of a file that another run filled. */
export interface PagesWorld {
  readonly organization: string;
  /** By the segment before a parameter and its name. */
  readonly ids: Readonly<Record<string, string>>;
  /** Users, by what they are. */
  readonly users: Readonly<Record<Reader, string>>;
}

export const READERS = ["administrator", "coordinator", "recipient", "site administrator"] as const;
export type Reader = (typeof READERS)[number];

const FIRST = [
  "Ada",
  "Noor",
  "Kim",
  "Lena",
  "Tomasz",
  "Ines",
  "Yusuf",
  "Mirjam",
  "Olu",
  "Sofia",
  "Jan",
];
const LAST = [
  "Abara",
  "Haddad",
  "Berger",
  "Kowalska",
  "Ferreira",
  "Nguyen",
  "Okafor",
  "Lindqvist",
  "Ito",
];
const LINE = "Took over the Tuesday group and kept it going through the winter.";

const typed: Sizes["typed"] = (what) => {
  if (what === "badge") return oneOf(["Mentor", "Night Walk Guide", "First Aid", "Bridge Builder"]);
  if (what === "person") return `(${oneOf(FIRST)} || ' ' || ${oneOf(LAST, "n / 11")} || ' ' || n)`;
  return what === "line" ? `'${LINE}'` : `'${LINE} ${LINE} ${LINE}'`;
};

/**
 * A copy of the filled file at `folder`/pages-run.db, and what is in it. It is filled once and kept,
 * the last migration in its name; what an interrupted run leaves does not look finished.
 */
export async function pagesWorld(
  folder: string,
  awards: number,
  migrations: readonly Migration[],
): Promise<PagesWorld & { readonly file: string }> {
  const stem = `pages-${awards}-`;
  const kept = join(folder, `${stem}${migrations.at(-1)?.name}.db`);
  if (!existsSync(kept)) {
    mkdirSync(folder, { recursive: true });
    for (const file of readdirSync(folder)) {
      if (file.startsWith(stem)) rmSync(join(folder, file));
    }
    const world = await filled(`${kept}.partial`, awards, migrations);
    writeFileSync(`${kept}.json`, JSON.stringify(world));
    renameSync(`${kept}.partial`, kept);
  }
  const file = join(dirname(kept), "pages-run.db");
  for (const suffix of ["", "-wal", "-shm"]) rmSync(file + suffix, { force: true });
  copyFileSync(kept, file);
  return { ...(JSON.parse(readFileSync(`${kept}.json`, "utf8")) as PagesWorld), file };
}

async function filled(
  path: string,
  awards: number,
  migrations: readonly Migration[],
): Promise<PagesWorld> {
  const engine = openFile(path, Math.random, Date.now);
  await migrate(engine, migrations);
  await engine.close();
  const { env } = await pushingEnv(path, []);
  const app = createApp(env);
  const request = async (to: string, init?: RequestInit) =>
    app.request(new URL(to, env.config.publicUrl).href, init);
  const organization = await givenOrganization(env, { name: "Northside Peer Mentors" });
  const site = await setSiteAdministrator(env, "operator@example.org", true);
  if (!site.ok) throw new Error(site.reason);
  const objects = await givenObjects({ env, request }, organization);
  const { recipient, ids } = await givenMany(env, organization, objects, {
    people: awards / 2,
    badges: Math.max(200, awards / 80),
    awards,
    others: awards / 20,
    typed,
  });
  const as = async (role: string) =>
    (await givenPerson(env, organization, { name: "Cora Vance", roles: [role] })).user.id;
  const users = {
    administrator: await as(ADMINISTRATOR),
    coordinator: await as(COORDINATOR),
    recipient: recipient.user.id,
    "site administrator": site.userId,
  };
  await env.db.close();
  for (const left of ["-wal", "-shm"]) rmSync(path + left, { force: true });
  return { organization: organization.id, ids: { ...idsIn(objects), ...ids }, users };
}
