// `rosette backpack`: the backpacks people here can connect to, added by address and tried out.
import { type Probe, probeBackpack } from "../backpack/probe.ts";
import { addBackpack } from "../backpack/site.ts";
import { backpackHealth } from "../backpack/site-health.ts";
import { listBackpacks } from "../db/site-backpacks.ts";
import { withEnv } from "./here.ts";
import { isoOf, printTable } from "./listing.ts";
import { columns } from "./out.ts";
import { printable } from "./printable.ts";
import { siteFailure } from "./site-failure.ts";
import { EXIT, Failure, type Out, type Verb } from "./verb.ts";

export const backpackAdd: Verb = {
  operands: "ADDRESS",
  summary: "Let people connect to a backpack, by its address",
  about:
    "ADDRESS is the backpack's host name, any page of it, or its manifest. It is tried out at once;\nwhat does not work is said, and the backpack is added all the same.",
  options: {
    "no-auto-sync": {
      type: "boolean",
      help: "Do not suggest that new badges are sent by themselves",
    },
  },
  examples: ["backpack add backpack.example.org"],
  remote: false,
  run: (call) =>
    withEnv(call, async (env) => {
      const { operands, options, out } = call;
      const added = await addBackpack(env, {
        address: operands[0] ?? "",
        autoSyncDefault: !options.flag("no-auto-sync"),
      });
      if (!added.ok) throw siteFailure(added);
      const { backpack } = added;
      if (out.watched) out.progress(`trying ${printable(backpack.name)} …`);
      const probe = await probeBackpack(env, backpack.id);
      out.progressDone();
      out.line(`Added ${printable(backpack.name)}\n  Id  ${backpack.id}`);
      if (probe !== null) showProbe(out, probe);
      const { id, name, backpack_web_url: url, api_version: version } = backpack;
      out.document({ id, name, url, api_version: version, probe });
      return EXIT.done;
    }),
};

export const backpackProbe: Verb = {
  operands: "ADDRESS|ID",
  summary: "Try out what works at a backpack, without connecting to it",
  about:
    "Nothing is registered, sent or read there. With an ID what was found is kept for the page\nof administrators.",
  exitCodes:
    "Exit codes: 0 people can connect, 1 it failed or something needed does not work, 2 the command\nline was not understood.",
  options: {},
  examples: ["backpack probe backpack.example.org", "backpack probe 0199…"],
  remote: false,
  run: (call) =>
    withEnv(call, async (env) => {
      const { operands, out } = call;
      const asked = operands[0] ?? "";
      if (out.watched) out.progress(`trying ${printable(asked)} …`);
      const probe = await probeBackpack(env, asked);
      out.progressDone();
      if (probe === null) {
        const detail = "No backpack here has this id.";
        throw new Failure(`${detail}\n  \`rosette backpack list\` lists them.`, {
          code: "not-found",
          detail,
        });
      }
      showProbe(out, probe);
      out.document(probe);
      return probe.works.connect === "yes" ? EXIT.done : EXIT.failed;
    }),
};

const MARKS = { passed: "✔", failed: "✘", warned: "!", "not-possible": "?" } as const;

function showProbe(out: Out, { address, checks, works }: Probe): void {
  out.line(`  At  ${printable(address)}\n`);
  const rows = checks.map(({ name, outcome, words }) => [
    MARKS[outcome],
    printable(name),
    printable(words),
  ]);
  for (const line of columns(rows)) out.line(line);
  const can = Object.entries(works).map(([name, answer]) => `${name} ${answer}`);
  out.line(`\n${can.join(", ")}`);
}

export const backpackList: Verb = {
  operands: "",
  summary: "List the backpacks, in the order people are offered them, with how it goes with each",
  options: {},
  examples: ["backpack list", "backpack list --json"],
  remote: false,
  run: (call) =>
    withEnv(call, async (env) => {
      const [backpacks, health] = await Promise.all([
        listBackpacks(env.db),
        backpackHealth(env.db, env.now()),
      ]);
      const rows = backpacks.map((backpack) => {
        const {
          connected = 0,
          reconnect = 0,
          waiting = 0,
          parked = 0,
          refused = 0,
          delivered = 0,
          lastProblem = null,
          lastSuccessAt = null,
          pausedUntil = null,
        } = health.get(backpack.id) ?? {};
        return {
          id: backpack.id,
          name: printable(backpack.name),
          url: printable(backpack.backpack_web_url),
          api: backpack.api_version,
          state: stateOf(backpack.is_enabled, backpack.added_by_user_id !== null),
          connected,
          reconnect,
          sent: delivered,
          waiting,
          parked,
          refused,
          problem: lastProblem,
          resting_until: isoOf(pausedUntil),
          last_success: isoOf(lastSuccessAt),
        };
      });
      printTable(call.out, rows, [
        "id",
        "name",
        "url",
        "api",
        "state",
        "connected",
        "reconnect",
        "sent",
        "waiting",
        "parked",
        "refused",
        "problem",
        "resting_until",
      ]);
      return EXIT.done;
    }),
};

function stateOf(isEnabled: boolean, isPersonal: boolean): "on" | "off" | "personal" {
  if (!isEnabled) return "off";
  return isPersonal ? "personal" : "on";
}
