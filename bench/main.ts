// Runs every benchmark and writes what it measured into docs/performance.md, with the noise and the date.
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { availableParallelism, cpus, loadavg } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Migration } from "../src/db/migrate.ts";
import { awardBench } from "./award.ts";
import { bakeBench } from "./bake.ts";
import { coldBench } from "./cold.ts";
import { deliveriesBench } from "./deliveries.ts";
import { eventsBench } from "./events.ts";
import { httpBench } from "./http.ts";
import { type Row, table } from "./measure.ts";
import { pagesBench } from "./pages.ts";
import { signBench } from "./sign.ts";
import { sweepBench } from "./sweep.ts";
import { verifyBench } from "./verify.ts";

const here = dirname(fileURLToPath(import.meta.url));
const root = join(here, "../..");
const folder = join(root, ".rosette/bench");

function migrations(): Migration[] {
  const from = join(root, "migrations");
  return readdirSync(from)
    .filter((file) => file.endsWith(".sql"))
    .sort()
    .map((file) => ({ name: file.slice(0, -4), sql: readFileSync(join(from, file), "utf8") }));
}

const quick = process.argv.includes("--quick");
const only = process.argv
  .find((argument) => argument.startsWith("--only="))
  ?.slice("--only=".length);
const built = {
  entry: join(root, "dist/node.js"),
  limits: join(here, "limits.js"),
  load: join(here, "load.js"),
  hosts: join(here, "deliveries-host.js"),
  worker: join(here, "deliveries-worker.js"),
  sweeper: join(here, "sweep-worker.js"),
};
const timing = { rounds: quick ? 3 : 7, roundMs: quick ? 1000 : 3000 };

const BENCHES: Readonly<Record<string, { title: string; run: () => Promise<Row[]> }>> = {
  http: {
    title: "Hosted assertion over HTTP, 32 connections, ratios of processor time per request",
    run: () =>
      httpBench({
        ...built,
        ...timing,
        folder,
        migrations: migrations(),
        few: 10_000,
        many: quick ? 100_000 : 1_000_000,
      }),
  },
  bake: { title: "Baking and unbaking, to a plain copy of the same bytes", run: bakeBench },
  sign: { title: "Signed badges, RS256, to the RSA signature alone, 8 in flight", run: signBench },
  verify: {
    title:
      "Verifying badges, to the bare fetches, the reference validator, and the signatures alone",
    run: () => verifyBench({ root, folder }),
  },
  award: {
    title: "Awards by the API, durable (synchronous=FULL), to the same rows through libSQL alone",
    run: () => awardBench({ ...built, ...timing, folder, migrations: migrations() }),
  },
  events: {
    title: "Events in, to plain rows inserted and counted through libSQL alone",
    run: () =>
      eventsBench({
        folder,
        migrations: migrations(),
        ...timing,
        people: quick ? 10_000 : 100_000,
      }),
  },
  deliveries: {
    title: "Deliveries to backpacks, among faults, beside a slow one, and to what a host can take",
    run: () =>
      deliveriesBench({
        ...built,
        folder,
        migrations: migrations(),
        rounds: timing.rounds > 3 ? 5 : 2,
        deliveries: quick ? 2_000 : 10_000,
      }),
  },
  sweep: {
    title: "Everybody evaluated, to one plain INSERT … SELECT, and reads that are served meanwhile",
    run: () =>
      sweepBench({
        ...built,
        ...timing,
        folder,
        migrations: migrations(),
        people: quick ? 20_000 : 100_000,
        times: 5,
      }),
  },
  pages: {
    title: "Pages of an organization with 100,000 awards, to as many bytes from Hono",
    run: () =>
      pagesBench({
        ...built,
        folder,
        root,
        migrations: migrations(),
        awards: quick ? 10_000 : 100_000,
        rounds: quick ? 3 : 12,
      }),
  },
  cold: { title: "Cold start to the first 200, and resident memory when idle", run: coldBench },
};

function section(title: string, rows: readonly Row[]): string {
  const number = (value: number) => Math.round(value).toLocaleString("en");
  const lines = rows.map((row) => {
    const verdict =
      row.target === undefined
        ? ""
        : row.ratio >= row.target
          ? `≥ ${row.target} met`
          : `≥ ${row.target} missed`;
    return `| ${row.name} | ${number(row.ops)} | ${number(row.min)}–${number(row.max)} | ${row.ratio.toFixed(row.ratio < 0.1 ? 3 : 2)} | ${verdict} | ${row.note ?? ""} |`;
  });
  return [
    `## ${title}`,
    "",
    circumstances(),
    "",
    "| case | per second, median | rounds, least to most | ratio | asked | |",
    "|---|---|---|---|---|---|",
    ...lines,
    "",
  ].join("\n");
}

const DOCUMENT = join(root, "docs/performance.md");
const INTRO = `# Performance

Written by \`npm run bench\`, each table by the run it names. Cases of a table ran in turn in one run; a
ratio is the median of pairs within a round, so a slow second of the machine slows both sides. The
column of least and most is the noise.
`;

/** Where and when: numbers of two machines are no comparison. */
function circumstances(): string {
  const day = new Date().toISOString().slice(0, 10);
  const machine = `${availableParallelism()} cores of ${cpus()[0]?.model ?? "an unknown processor"}`;
  return `${day}, Node ${process.versions.node}, ${machine}, load average ${loadavg()[0]?.toFixed(2)} at the end.`;
}

/** Puts a table in the document in the place of the one that has its title. */
function record(title: string, text: string): void {
  const before = existsSync(DOCUMENT) ? readFileSync(DOCUMENT, "utf8") : INTRO;
  const [, ...known] = before.split(/^## /m).map((part) => part.trimEnd());
  const titles = Object.values(BENCHES).map((bench) => bench.title);
  const sections = new Map(known.map((part) => [part.split("\n", 1)[0] ?? "", `## ${part}\n`]));
  sections.set(title, text);
  const ordered = titles.flatMap((one) => sections.get(one) ?? []);
  writeFileSync(DOCUMENT, [INTRO, ...ordered].join("\n"));
}

mkdirSync(folder, { recursive: true });
for (const [name, { title, run }] of Object.entries(BENCHES)) {
  if (only !== undefined && only !== name) continue;
  process.stdout.write(`\n${title}\n`);
  const rows = await run();
  process.stdout.write(`${table(rows)}\n`);
  if (!quick) record(title, section(title, rows));
}
