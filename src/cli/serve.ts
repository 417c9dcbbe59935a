// `rosette serve`: starts the server, says where to look, and stops it cleanly.

import { portOf } from "../runtime/listen.ts";
import { prepare, type Serving, untilStopped } from "../runtime/node.ts";
import { databaseName, type Variables } from "../runtime/open.ts";
import { MIGRATION_NAMES } from "../runtime/schema.ts";
import { urls } from "../urls.ts";
import type { Seeded } from "./demo.ts";
import { UsageError, type Verb } from "./verb.ts";

export const serve: Verb = {
  operands: "",
  summary: "Start the server",
  about:
    "A new database on a local address is filled with a small demo. Settings come from the\n" +
    "environment; the README lists them. SIGTERM and Ctrl+C finish what was accepted, then end.",
  options: {
    empty: { type: "boolean", help: "Leave a new database empty: no demo" },
    port: { type: "string", value: "PORT", help: "Port to listen on (or PORT)" },
  },
  examples: ["serve", "serve --empty", "serve --port 9000"],
  remote: false,
  async run({ options, variables, out }) {
    const port = options.text("port");
    if (port !== undefined && !/^\d+$/.test(port)) {
      throw new UsageError("--port must be a whole number from 0 to 65535.");
    }
    const settings = {
      // A person at the terminal is told in words; lines for programs only when something is wrong.
      ...(out.watched ? { LOG_LEVEL: "warn" } : {}),
      ...variables,
      ...(port === undefined ? {} : { PORT: port }),
      ...(options.flag("empty") ? { DEMO: "false" } : {}),
    };
    const neighbours: string[] = [];
    const serving = await prepare(settings, { neighbours });
    const { config, log } = serving;
    let backpack: Serving | null = null;
    let demo: Demo | null = null;
    let setup: string | null = null;
    try {
      backpack = await withBackpack(serving, settings, neighbours);
      demo = config.demo ? await withDemo(serving, backpack) : null;
      setup = await setupLink(serving, options.flag("empty"));
    } catch (error) {
      // It holds a port already, and nobody would ever be answered there.
      await together(serving, backpack).stop();
      throw error;
    }
    const ended = untilStopped(together(serving, backpack));
    serving.open();
    if (out.json) {
      const url = config.publicUrl;
      const second = backpack && { backpack: backpack.config.publicUrl };
      const first = setup === null ? {} : { setup };
      out.document({ url, port: portOf(serving.server), demo, ...second, ...first });
    } else for (const line of greeting(serving, demo, backpack, setup)) out.line(line);
    log.info("server.started", {
      port: portOf(serving.server),
      public_url: config.publicUrl,
      migrations: serving.applied,
    });
    return ended;
  },
};

/**
 * The demo's second Rosette, which already answers; null where there is no demo, or another process
 * has started it. Its origin becomes a neighbour of the first.
 */
async function withBackpack(
  main: Serving,
  settings: Variables,
  neighbours: string[],
): Promise<Serving | null> {
  const { demo, publicUrlIsLocal } = main.config;
  if (!demo || !publicUrlIsLocal || main.joined) return null;
  const { prepareDemoBackpack, settleDemoPeople } = await import("./demo-backpack.ts");
  const backpack = await prepareDemoBackpack(main, settings);
  try {
    await settleDemoPeople((await backpack.program()).env);
  } catch (error) {
    await backpack.stop();
    throw error;
  }
  neighbours.push(backpack.config.publicUrl);
  backpack.open();
  return backpack;
}

/** Loaded for a local installation only. */
async function withDemo(serving: Serving, backpack: Serving | null): Promise<Demo> {
  const { seedDemo } = await import("./demo.ts");
  const { env } = await serving.program();
  const seeded = await seedDemo(env);
  if (backpack) {
    const { knowDemoBackpack } = await import("./demo-backpack.ts");
    await knowDemoBackpack(env, backpack.config.publicUrl);
  }
  const { demoKey } = await import("./demo-key.ts");
  return { ...seeded, key: serving.config.publicUrlIsLocal ? await demoKey(env) : null };
}

interface Demo extends Seeded {
  /** For the API; null where there is none. */
  readonly key: string | null;
}

/** What one signal stops. */
function together(serving: Serving, backpack: Serving | null): Pick<Serving, "log" | "stop"> {
  const stop = async () =>
    (await Promise.all([serving.stop(), backpack?.stop() ?? true])).every(Boolean);
  return { log: serving.log, stop };
}

/** Of a database that is new or said to be empty, and that nobody looks after yet; else null. */
async function setupLink(serving: Serving, isEmpty: boolean): Promise<string | null> {
  const { config, applied, joined } = serving;
  if (config.demo || joined || !(isEmpty || applied > 0)) return null;
  const { newSetupLink } = await import("../desk/setup/link.ts");
  return newSetupLink((await serving.program()).env, { alone: false });
}

function greeting(
  serving: Serving,
  demo: Demo | null,
  backpack: Serving | null,
  setup: string | null,
): string[] {
  const { config } = serving;
  return [
    `✔ database   ${databaseName(config)} (${migrated(serving)})`,
    ...demoLines(demo),
    ...addressLines(serving),
    "",
    `  Rosette        ${urls(config.publicUrl).home}`,
    ...(setup === null
      ? []
      : [
          `  Set up         ${setup}`,
          "                 (works once, for a day; `npx rosette setup` prints another)",
        ]),
    ...signInLines(serving, demo),
    ...(backpack ? [`  Demo backpack  ${urls(backpack.config.publicUrl).home}`] : []),
    `  API docs       ${config.publicUrl}/docs`,
    ...(demo?.key ? [`  API key        ${demo.key}  (demo only)`] : []),
    "  Stop           Ctrl+C",
    "",
  ];
}

function migrated({ applied }: Serving): string {
  if (applied === 0) return "up to date";
  return applied === MIGRATION_NAMES.length
    ? `created, ${applied} migrations`
    : `migrations applied: ${applied}`;
}

function demoLines(demo: Demo | null): string[] {
  if (demo === null || !demo.seeded) return [];
  const { people, badges, awards } = demo;
  return [
    `✔ demo data  1 organization, ${people} people, ${badges} badges, ${awards} awards` +
      "  (npm start -- --empty skips it)",
  ];
}

/** Links that sign in as people of the demo, who have no mailbox of their own. */
function signInLines({ config }: Serving, demo: Demo | null): string[] {
  if (demo === null) return [];
  const as = (name: string) => `${config.publicUrl}/dev/as/${name}`;
  return [
    `  Sign in as     administrator  ${as("ada")}`,
    `                 coordinator    ${as("cora")}`,
    `                 recipient      ${as("noor")}`,
    `  Mailbox        ${config.publicUrl}/dev/mail`,
  ];
}

/** What somebody will wonder about later, said now. */
function addressLines(serving: Serving): string[] {
  const { config } = serving;
  const lines: string[] = [];
  if (serving.joined) {
    lines.push(
      `✔ address    ${config.publicUrl} is served by another process already; this one joins it on port ${portOf(serving.server)}`,
    );
  } else if (serving.portTaken !== null) {
    lines.push(
      `! port       ${serving.portTaken} is taken by another program: using ${portOf(serving.server)}`,
    );
  }
  if (serving.issuedElsewhere !== null) {
    const { base } = serving.issuedElsewhere;
    lines.push(
      `! address    badges issued earlier say ${base}, and are not found here under that name;`,
      `             set PUBLIC_URL=${base} if that is still where the world finds this server`,
    );
  }
  if (config.publicUrlIsLocal) {
    lines.push(
      `! address    ${config.publicUrl} is local: badges issued now verify on this machine only;`,
      "             set PUBLIC_URL before issuing badges that others should verify",
    );
  }
  return lines;
}
