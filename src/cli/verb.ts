// What a verb of the command line is, and how it speaks: results on standard output, the rest on standard error.
import type { ParseArgsOptionsConfig } from "node:util";
import type { Variables } from "../runtime/open.ts";

/** The codes every verb ends with. */
export const EXIT = { done: 0, failed: 1, usage: 2 } as const;

export interface Verb {
  /** What follows the verb, as in `BADGE RECIPIENT`; empty for nothing. */
  readonly operands: string;
  readonly summary: string;
  /** Longer explanation for `--help`, in lines. */
  readonly about?: string;
  /** The line about exit codes, where the verb has others than EXIT. */
  readonly exitCodes?: string;
  /** Beside the common ones; each with a line for `--help`. */
  readonly options: Readonly<Record<string, OptionHelp>>;
  /** Whole command lines, without `rosette`. */
  readonly examples: readonly string[];
  /** Whether it talks to an installation, and so takes --url, --key and --organization. */
  readonly remote: boolean;
  run(call: Call): Promise<number>;
}

export interface OptionHelp {
  readonly type: "string" | "boolean";
  readonly multiple?: boolean;
  readonly short?: string;
  /** What stands for the value, as in `FILE`. */
  readonly value?: string;
  readonly help: string;
}

export interface Call {
  readonly operands: readonly string[];
  readonly options: Options;
  readonly variables: Variables;
  readonly out: Out;
}

/** The options that were given, by name. */
export interface Options {
  text(name: string): string | undefined;
  texts(name: string): readonly string[];
  flag(name: string): boolean;
}

export interface Out {
  readonly json: boolean;
  /** Whether a person watches standard error. */
  readonly watched: boolean;
  /** For a person; nothing with --json. */
  line(text: string): void;
  /** For a program; nothing without --json. */
  document(value: unknown): void;
  /** For a program: one of many documents, on a line of its own. */
  record(value: unknown): void;
  /** The same, of one that is JSON already. */
  recordText(text: string): void;
  /** One line that is rewritten on a terminal; elsewhere a line now and then. */
  progress(text: string): void;
  /** Ends the line that was rewritten. */
  progressDone(): void;
  error(text: string): void;
}

/** A command line that cannot be carried out as it is written: exit code 2. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

/** A failure in words for a person: exit code 1. */
export class Failure extends Error {
  override readonly name = "Failure";
  /** Stable, where there is one: decide by it. */
  readonly code: string | null;
  /** For --json: more than the message. */
  readonly document: object;

  constructor(message: string, document: object = {}) {
    super(message);
    this.code = "code" in document && typeof document.code === "string" ? document.code : null;
    this.document = Object.keys(document).length > 0 ? document : { detail: message };
  }
}

export const COMMON_OPTIONS: Readonly<Record<string, OptionHelp>> = {
  json: { type: "boolean", help: "Answer with one JSON document on standard output" },
  help: { type: "boolean", short: "h", help: "Say how this is used" },
};

export const REMOTE_OPTIONS: Readonly<Record<string, OptionHelp>> = {
  url: {
    type: "string",
    value: "URL",
    help: "Work on the installation at this address, not on the database here (or ROSETTE_URL)",
  },
  key: { type: "string", value: "KEY", help: "API key for --url (or ROSETTE_KEY)" },
  organization: {
    type: "string",
    value: "SLUG",
    help: "Which organization; not needed where there is one only",
  },
};

export function optionsOf(verb: Verb): Readonly<Record<string, OptionHelp>> {
  return { ...verb.options, ...(verb.remote ? REMOTE_OPTIONS : {}), ...COMMON_OPTIONS };
}

export function parseConfig(verb: Verb): ParseArgsOptionsConfig {
  return Object.fromEntries(
    Object.entries(optionsOf(verb)).map(([name, { type, multiple, short }]) => [
      name,
      { type, multiple: multiple ?? false, ...(short ? { short } : {}) },
    ]),
  );
}
