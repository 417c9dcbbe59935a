// One of the badges that `rosette verify` is given: its verdict, the code for it, and the line that says so.

import type { Outcome, Verdict, Verification } from "../verify/result.ts";
import type { Asker } from "./asker.ts";
import { readInput } from "./files.ts";
import { printable } from "./printable.ts";
import { Failure } from "./verb.ts";

/** A badge that is not valid yet is not valid: what is decided by the code must not take it. */
export const VERDICT_EXIT: Readonly<Record<Verdict, number>> = {
  valid: 0,
  expired: 3,
  revoked: 4,
  "not-yet-valid": 5,
  invalid: 5,
  "could-not-check": 6,
};

export interface Result {
  readonly input: string;
  readonly exit: number;
  readonly verification: Verification | null;
  /** Why there was nothing to verify. */
  readonly error?: string;
}

export async function verifyOne(asker: Asker, given: string): Promise<Result> {
  try {
    const verification = await asker.ask(await inputFrom(given));
    return { input: given, exit: VERDICT_EXIT[verification.verdict], verification };
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    const { message } = error;
    return {
      input: given,
      exit: VERDICT_EXIT["could-not-check"],
      verification: null,
      error: message,
    };
  }
}

async function inputFrom(given: string): Promise<string | Uint8Array<ArrayBuffer>> {
  if (/^https?:\/\//i.test(given)) return given;
  if (given === "-") return standardInput();
  try {
    return readInput(given);
  } catch (error) {
    if (!(error instanceof Failure) || !given.includes(".") || given.includes("\\")) throw error;
    throw new Failure(`${error.message} (An address begins with https://.)`);
  }
}

async function standardInput(): Promise<Uint8Array<ArrayBuffer>> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of process.stdin) chunks.push(chunk);
  return new Uint8Array(Buffer.concat(chunks));
}

export const VERDICT_WORDS: Readonly<Record<Verdict, string>> = {
  valid: "valid",
  expired: "expired",
  revoked: "revoked",
  "not-yet-valid": "not valid yet",
  invalid: "not valid",
  "could-not-check": "could not check",
};
export const MARKS: Readonly<Record<Outcome, string>> = {
  passed: "✔",
  failed: "✘",
  warned: "!",
  "not-possible": "?",
};

export function markOf(exit: number): string {
  if (exit === 0) return MARKS.passed;
  return exit === VERDICT_EXIT["could-not-check"] ? MARKS["not-possible"] : MARKS.failed;
}

function inOneLine({ input, exit, verification, error }: Result): string {
  const verdict = VERDICT_WORDS[verification?.verdict ?? "could-not-check"];
  return `${markOf(exit)} ${verdict.padEnd(15)}  ${printable(input)}: ${printable(verification?.words ?? error ?? "")}`;
}

/** What is left of a result when it is one of many: its code, and a line for a person or a program. */
export interface Told {
  readonly exit: number;
  readonly text: string;
}

export async function tellOne(asker: Asker, given: string, json: boolean): Promise<Told> {
  const result = await verifyOne(asker, given);
  return { exit: result.exit, text: json ? JSON.stringify(result) : inOneLine(result) };
}
