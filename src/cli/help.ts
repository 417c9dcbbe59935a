// What `--help` prints: the verbs, and each verb's operands, options, examples and exit codes.
import { columns } from "./out.ts";
import { optionsOf, type Verb } from "./verb.ts";

const EXIT_CODES = "Exit codes: 0 done, 1 it failed, 2 the command line was not understood.";

/** All verbs, or those of one group such as `badge`. */
export async function overview(
  verbs: Readonly<Record<string, () => Promise<Verb>>>,
  group: string | null,
): Promise<string> {
  const names = Object.keys(verbs).filter((name) => group === null || name.startsWith(`${group} `));
  const rows = await Promise.all(
    names.map(async (name) => {
      const verb = await verbs[name]?.();
      return [`  ${[name, verb?.operands].filter(Boolean).join(" ")}`, verb?.summary ?? ""];
    }),
  );
  return [
    `usage: rosette ${group === null ? "VERB" : `${group} VERB`} [operand …] [option …]`,
    "",
    ...columns(rows),
    "",
    "`rosette VERB --help` explains a verb. All take --json.",
    EXIT_CODES,
  ].join("\n");
}

export function usageOf(name: string, verb: Verb): string {
  const options = Object.entries(optionsOf(verb)).map(([option, { value, short, help }]) => [
    `  --${option}${value ? ` ${value}` : ""}${short ? `, -${short}` : ""}`,
    help,
  ]);
  return [
    `usage: rosette ${[name, verb.operands, "[option …]"].filter(Boolean).join(" ")}`,
    "",
    `${verb.summary}.`,
    ...(verb.about ? ["", verb.about] : []),
    "",
    "Options",
    ...columns(options),
    "",
    "Examples",
    ...verb.examples.map((example) => `  rosette ${example}`),
    "",
    verb.exitCodes ?? EXIT_CODES,
  ].join("\n");
}
