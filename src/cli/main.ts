// The `rosette` command: finds the verb, reads its options, runs it, and turns every end into an exit code.
import { parseArgs } from "node:util";
import { ConfigError } from "../config.ts";
import { MigrationError } from "../db/migrate.ts";
import { StartError, type Variables } from "../runtime/open.ts";
import { helpOf, overview } from "./help.ts";
import { createOut, type Streams } from "./out.ts";
import {
  EXIT,
  Failure,
  type Options,
  type Out,
  parseConfig,
  UsageError,
  type Verb,
} from "./verb.ts";

/** Loaded when they are asked for: a server needs none of the others. */
export const VERBS: Readonly<Record<string, () => Promise<Verb>>> = {
  serve: async () => (await import("./serve.ts")).serve,
  migrate: async () => (await import("./migrate.ts")).migrateVerb,
  seed: async () => (await import("./seed.ts")).seed,
  doctor: async () => (await import("./doctor.ts")).doctor,
  "deploy check": async () => (await import("./deploy-check.ts")).deployCheck,
  "organization create": async () => (await import("./organization.ts")).organizationCreate,
  "organization list": async () => (await import("./organization.ts")).organizationList,
  "badge create": async () => (await import("./badge.ts")).badgeCreate,
  "badge list": async () => (await import("./badge.ts")).badgeList,
  "badge show": async () => (await import("./badge.ts")).badgeShow,
  "badge clone": async () => (await import("./badge-lifecycle.ts")).badgeClone,
  "badge version": async () => (await import("./badge-lifecycle.ts")).badgeVersion,
  "badge archive": async () => (await import("./badge-lifecycle.ts")).badgeArchive,
  "badge delete": async () => (await import("./badge-lifecycle.ts")).badgeDelete,
  "badge purge": async () => (await import("./badge-lifecycle.ts")).badgePurge,
  "award import": async () => (await import("./award-import.ts")).awardImport,
  award: async () => (await import("./award.ts")).award,
  event: async () => (await import("./event.ts")).event,
  evaluate: async () => (await import("./evaluate.ts")).evaluate,
  progress: async () => (await import("./evaluate.ts")).progress,
  revoke: async () => (await import("./revoke.ts")).revoke,
  reissue: async () => (await import("./reissue.ts")).reissue,
  nominate: async () => (await import("./nomination.ts")).nominate,
  nominations: async () => (await import("./nomination.ts")).nominations,
  approve: async () => (await import("./nomination.ts")).approve,
  decline: async () => (await import("./nomination.ts")).decline,
  renew: async () => (await import("./renew.ts")).renew,
  resend: async () => (await import("./resend.ts")).resend,
  bake: async () => (await import("./bake.ts")).bake,
  unbake: async () => (await import("./unbake.ts")).unbake,
  verify: async () => (await import("./verify.ts")).verify,
  "keys create": async () => (await import("./keys.ts")).keysCreate,
  "keys list": async () => (await import("./keys.ts")).keysList,
  "keys revoke": async () => (await import("./keys.ts")).keysRevoke,
  "administrator add": async () => (await import("./administrator.ts")).administratorAdd,
  "administrator remove": async () => (await import("./administrator.ts")).administratorRemove,
  "administrator list": async () => (await import("./administrator.ts")).administratorList,
  "backpack add": async () => (await import("./backpack.ts")).backpackAdd,
  "backpack add-badgr": async () => (await import("./backpack-older.ts")).backpackAddBadgr,
  "backpack add-displayer": async () => (await import("./backpack-older.ts")).backpackAddDisplayer,
  "backpack token": async () => (await import("./backpack-older.ts")).backpackToken,
  "backpack probe": async () => (await import("./backpack.ts")).backpackProbe,
  "backpack list": async () => (await import("./backpack.ts")).backpackList,
  sync: async () => (await import("./sync.ts")).sync,
  "deliveries list": async () => (await import("./deliveries.ts")).deliveriesList,
  "deliveries replay": async () => (await import("./deliveries.ts")).deliveriesReplay,
  listen: async () => (await import("./listen.ts")).listen,
  export: async () => (await import("./export.ts")).exportVerb,
  setup: async () => (await import("./setup.ts")).setup,
  "signing-keys list": async () => (await import("./signing-keys.ts")).signingKeysList,
  "signing-keys rotate": async () => (await import("./signing-keys.ts")).signingKeysRotate,
  "signing-keys revoke": async () => (await import("./signing-keys.ts")).signingKeysRevoke,
  "jobs parked": async () => (await import("./jobs.ts")).jobsParked,
  "jobs retry": async () => (await import("./jobs.ts")).jobsRetry,
  "webhooks list": async () => (await import("./webhooks.ts")).webhooksList,
  "webhooks add": async () => (await import("./webhooks.ts")).webhooksAdd,
  "webhooks ping": async () => (await import("./webhooks.ts")).webhooksPing,
  "webhooks deliveries": async () => (await import("./webhooks.ts")).webhooksDeliveries,
  "webhooks resend": async () => (await import("./webhooks.ts")).webhooksResend,
};

interface Found {
  readonly name: string;
  readonly verb: Verb;
  readonly rest: readonly string[];
}

/** A verb is one word or two. */
async function find(args: readonly string[]): Promise<Found | null> {
  const [first = "", second = ""] = args;
  for (const [name, length] of [
    [`${first} ${second}`, 2],
    [first, 1],
  ] as const) {
    const load = Object.hasOwn(VERBS, name) ? VERBS[name] : undefined;
    if (load) return { name, verb: await load(), rest: args.slice(length) };
  }
  return null;
}

export interface World extends Streams {
  readonly variables: Variables;
}

/** Runs one command line and resolves to its exit code; throws nothing. */
export async function run(args: readonly string[], world: World): Promise<number> {
  const json = args.includes("--json");
  const out = createOut(json, world);
  try {
    const found = await find(args);
    return found ? await perform(found, out, world) : await withoutVerb(args, out);
  } catch (error) {
    return say(error, out);
  }
}

async function withoutVerb(args: readonly string[], out: Out): Promise<number> {
  const [first] = args.filter((arg) => arg !== "--json");
  const asked =
    first === undefined || first === "help" || args.includes("--help") || first === "-h";
  const group = Object.keys(VERBS).some((name) => name.startsWith(`${first} `));
  if (!asked && !group) {
    throw new UsageError(`There is no verb ${JSON.stringify(first)}. \`rosette help\` lists them.`);
  }
  const { text, document } = await overview(VERBS, group ? (first ?? null) : null);
  if (!asked && out.json) throw new UsageError(`\`rosette ${first}\` needs a verb after it.`);
  if (!asked) {
    out.error(text);
    return EXIT.usage;
  }
  out.line(text);
  out.document(document);
  return EXIT.done;
}

async function perform({ name, verb, rest }: Found, out: Out, world: World): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...rest],
    options: parseConfig(verb),
    allowPositionals: true,
    strict: true,
  });
  if (values.help === true) {
    const { text, document } = helpOf(name, verb);
    out.line(text);
    out.document(document);
    return EXIT.done;
  }
  const least = verb.operands.split(" ").filter((word) => /^[A-Z]/.test(word)).length;
  if (positionals.length < least) {
    throw new UsageError(
      `\`rosette ${name}\` needs ${verb.operands}. \`rosette ${name} --help\` shows examples.`,
    );
  }
  if (verb.operands.split(" ").length < positionals.length && !verb.operands.includes("…")) {
    throw new UsageError(
      `\`rosette ${name}\` does not take ${JSON.stringify(positionals.at(-1))}.`,
    );
  }
  if (verb.operands === "" && positionals.length > 0) {
    throw new UsageError(`\`rosette ${name}\` does not take ${JSON.stringify(positionals[0])}.`);
  }
  return verb.run({
    operands: positionals,
    options: toOptions(values),
    variables: world.variables,
    out,
  });
}

function toOptions(values: Readonly<Record<string, unknown>>): Options {
  return {
    text: (name) => (typeof values[name] === "string" ? values[name] : undefined),
    texts: (name) => (Array.isArray(values[name]) ? values[name].map(String) : []),
    flag: (name) => values[name] === true,
  };
}

/** Every way to fail, in the words of the problem; a fault of the program itself keeps its stack. */
function say(error: unknown, out: Out): number {
  out.progressDone();
  const [message, code, document] = described(error);
  out.error(out.json ? JSON.stringify(document, null, 2) : `rosette: ${message}`);
  return code;
}

function described(error: unknown): [message: string, code: number, document: object] {
  if (error instanceof UsageError || isParseError(error)) {
    return [error.message, EXIT.usage, { code: "usage", detail: error.message }];
  }
  if (error instanceof Failure) return [error.message, EXIT.failed, error.document];
  if (error instanceof ConfigError) {
    const lines = error.faults.map(({ name, message }) => `  ${name} ${message}`);
    const message = ["These settings cannot be used:", ...lines].join("\n");
    return [message, EXIT.failed, { code: "settings", faults: error.faults }];
  }
  if (error instanceof MigrationError) {
    return [error.message, EXIT.failed, { code: error.code, detail: error.message }];
  }
  if (error instanceof StartError) {
    return [error.message, EXIT.failed, { code: "start", detail: error.message }];
  }
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return [stack, EXIT.failed, { code: "internal-error", detail: stack }];
}

function isParseError(error: unknown): error is Error {
  return (
    error instanceof Error &&
    String((error as NodeJS.ErrnoException).code).startsWith("ERR_PARSE_ARGS")
  );
}

/** Who reads no further, as `head` does, has not made anything fail: the exit code stays the answer. */
export function forgiveClosed(error: NodeJS.ErrnoException): void {
  if (error.code !== "EPIPE") throw error;
}

export async function main(args: readonly string[]): Promise<void> {
  const { stdout, stderr, env } = process;
  for (const stream of [stdout, stderr]) stream.on("error", forgiveClosed);
  process.exitCode = await run(args, { stdout, stderr, variables: env });
}
