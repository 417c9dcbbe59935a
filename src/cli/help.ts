// What `--help` prints: the verbs, and each verb's operands, options, examples and exit codes.
import { columns } from "./out.ts";
import { optionsOf, type Verb } from "./verb.ts";

const EXIT_CODES = "Exit codes: 0 done, 1 it failed, 2 the command line was not understood.";

/** Help as a person reads it, and the same as a document for --json. */
export interface Help {
  readonly text: string;
  readonly document: object;
}

/** All verbs, or those of one group such as `badge`. */
export async function overview(
  verbs: Readonly<Record<string, () => Promise<Verb>>>,
  group: string | null,
): Promise<Help> {
  const chosen = Object.entries(verbs).filter(
    ([name]) => group === null || name.startsWith(`${group} `),
  );
  const listed = await Promise.all(
    chosen.map(async ([name, load]) => {
      const { operands, summary } = await load();
      return { name, operands, summary };
    }),
  );
  const usage = `rosette ${group === null ? "VERB" : `${group} VERB`} [operand …] [option …]`;
  const rows = listed.map(({ name, operands, summary }) => [
    `  ${[name, operands].filter(Boolean).join(" ")}`,
    summary,
  ]);
  const text = [
    `usage: ${usage}`,
    "",
    ...columns(rows),
    "",
    "`rosette VERB --help` explains a verb. All take --json.",
    EXIT_CODES,
  ].join("\n");
  return { text, document: { usage, verbs: listed, exit_codes: EXIT_CODES } };
}

export function helpOf(name: string, verb: Verb): Help {
  const { operands, summary, about = null, examples, exitCodes = EXIT_CODES } = verb;
  const document = {
    name,
    usage: commandLine(name, verb),
    operands,
    summary,
    about,
    options: Object.entries(optionsOf(verb)).map(([option, { help, ...form }]) => ({
      name: `--${option}`,
      short: form.short === undefined ? null : `-${form.short}`,
      value: form.value ?? null,
      multiple: form.multiple ?? false,
      help,
    })),
    examples: examples.map((example) => `rosette ${example}`),
    exit_codes: exitCodes,
  };
  return { text: usageOf(name, verb), document };
}

function commandLine(name: string, { operands }: Verb): string {
  return `rosette ${[name, operands, "[option …]"].filter(Boolean).join(" ")}`;
}

function usageOf(name: string, verb: Verb): string {
  const options = Object.entries(optionsOf(verb)).map(([option, { value, short, help }]) => [
    `  --${option}${value ? ` ${value}` : ""}${short ? `, -${short}` : ""}`,
    help,
  ]);
  return [
    `usage: ${commandLine(name, verb)}`,
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
