// `rosette verify`: checks badges of any issuer, one or many, and ends with a code that says the verdict.

import type { Check, Outcome, Verdict, Verification } from "../verify/result.ts";
import { readInput } from "./files.ts";
import { columns } from "./out.ts";
import { printable } from "./printable.ts";
import { checkReceiptFile } from "./receipt.ts";
import { type Call, Failure, type Out, UsageError, type Verb } from "./verb.ts";
import { type Asker, openAsker } from "./verifier.ts";

/** A badge that is not valid yet is not valid: what is decided by the code must not take it. */
export const VERDICT_EXIT: Readonly<Record<Verdict, number>> = {
  valid: 0,
  expired: 3,
  revoked: 4,
  "not-yet-valid": 5,
  invalid: 5,
  "could-not-check": 6,
};

/** Of several badges, the code of the first of these that occurs: what is known to be bad, first. */
const GRAVEST = [5, 4, 3, 6];

/** Badges of a batch that are looked at together. */
const AT_ONCE = 4;

export const verify: Verb = {
  operands: "[URL|FILE|-]…",
  summary: "Verify badges of any issuer",
  about: [
    "URL is a badge's link; FILE its PNG, SVG, JSON or signed text; - reads one from standard input.",
    "Nothing but the addresses that the badge names is asked, and only on the public Internet: a",
    "badge under a local address verifies where its own database is. With --json there is one line",
    'for each badge: {"input", "exit", "verification"}, or "error" where there was nothing to read.',
  ].join("\n"),
  options: {
    recipient: {
      type: "string",
      multiple: true,
      value: "EMAIL",
      help: "Whom it should have been awarded to; repeat for several addresses of one person",
    },
    receipt: {
      type: "string",
      value: "FILE",
      help: "Write a receipt there, signed with the key of the installation here",
    },
    "check-receipt": {
      type: "string",
      value: "FILE",
      help: "Instead, check a receipt: 0 when it is genuine, whatever its verdict, 5 when not",
    },
    jwks: {
      type: "string",
      value: "FILE|URL",
      help: "The keys of whoever made the receipt, if it was not the installation here",
    },
  },
  exitCodes:
    "Exit codes: 0 valid, 1 it failed, 2 the command line was not understood, 3 expired, 4 revoked,\n5 invalid or not valid yet, 6 could not be checked. Of several: 5, else 4, else 3, else 6, else 0.",
  examples: [
    "verify https://badges.example.org/b/3f0c…",
    "verify badge.png --recipient kim@example.org",
    "verify inbox/*.png --json",
    "verify badge.png --receipt receipt.jwt",
    "verify --check-receipt receipt.jwt --jwks https://badges.example.org/.well-known/jwks.json",
  ],
  remote: false,
  async run(call) {
    const { operands, options } = call;
    const receipt = options.text("check-receipt");
    if (receipt !== undefined) {
      if (operands.length > 0) {
        throw new UsageError("--check-receipt looks at one receipt and takes no badge beside it.");
      }
      return checkReceiptFile(call, receipt);
    }
    if (operands.length === 0) throw new UsageError("Name a link, a file, or - to verify.");
    if (options.text("jwks") !== undefined) throw new UsageError("--jwks needs --check-receipt.");
    if (options.text("receipt") !== undefined && operands.length > 1) {
      throw new UsageError("A receipt is of one badge: name one with --receipt.");
    }
    return verifyAll(call);
  },
};

async function verifyAll(call: Call): Promise<number> {
  const { operands, out } = call;
  const asker = await openAsker(call);
  try {
    const exits: number[] = [];
    for await (const result of inOrder(operands, (given) => verifyOne(asker, given))) {
      exits.push(result.exit);
      if (operands.length > 1) {
        out.progressDone();
        out.line(inOneLine(result));
        out.progress(`verifying ${exits.length} of ${operands.length} …`);
      } else {
        show(out, result);
      }
      out.record(result);
    }
    out.progressDone();
    if (operands.length > 1) out.line(`\n${summary(exits)}`);
    return GRAVEST.find((code) => exits.includes(code)) ?? 0;
  } finally {
    await asker.close();
  }
}

interface Result {
  readonly input: string;
  readonly exit: number;
  readonly verification: Verification | null;
  /** Why there was nothing to verify. */
  readonly error?: string;
}

async function verifyOne(asker: Asker, given: string): Promise<Result> {
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

/** The results in the order of what was given, a few being worked on ahead. */
async function* inOrder<T, R>(
  given: readonly T[],
  work: (item: T) => Promise<R>,
): AsyncGenerator<R> {
  const ahead: Promise<R>[] = [];
  let next = 0;
  const start = () => {
    const item = given[next++];
    if (item === undefined) return;
    const working = work(item);
    // Awaited later; that it failed must not end the program before.
    working.catch(() => {});
    ahead.push(working);
  };
  for (let i = 0; i < AT_ONCE; i++) start();
  for (let current = ahead.shift(); current !== undefined; current = ahead.shift()) {
    yield await current;
    start();
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

const VERDICT_WORDS: Readonly<Record<Verdict, string>> = {
  valid: "valid",
  expired: "expired",
  revoked: "revoked",
  "not-yet-valid": "not valid yet",
  invalid: "not valid",
  "could-not-check": "could not check",
};
const MARKS: Readonly<Record<Outcome, string>> = {
  passed: "✔",
  failed: "✘",
  warned: "!",
  "not-possible": "?",
};

function markOf(exit: number): string {
  if (exit === 0) return MARKS.passed;
  return exit === VERDICT_EXIT["could-not-check"] ? MARKS["not-possible"] : MARKS.failed;
}

function inOneLine({ input, exit, verification, error }: Result): string {
  const verdict = VERDICT_WORDS[verification?.verdict ?? "could-not-check"];
  return `${markOf(exit)} ${verdict.padEnd(15)}  ${printable(input)}: ${printable(verification?.words ?? error ?? "")}`;
}

function show(out: Out, { input, exit, verification, error }: Result): void {
  if (verification === null) {
    out.line(`${markOf(exit)} ${VERDICT_WORDS["could-not-check"]}: ${error ?? printable(input)}`);
    return;
  }
  const { badge, verdict, words, matched, checks } = verification;
  out.line(`${markOf(exit)} ${VERDICT_WORDS[verdict]}: ${printable(words)}`);
  if (badge !== null) {
    const facts = [
      ["  Badge", badge.name],
      ["  Issuer", badge.issuer.name],
      ["  Issued", badge.issuedOn],
      ["  Expires", badge.expires],
      ["  Recipient", matched],
      ["  Record", badge.id],
    ].flatMap(([name, value]) => (name && value ? [[name, printable(value)]] : []));
    for (const line of columns(facts)) out.line(line);
  }
  out.line("");
  const rows = checks.map((check) => [MARKS[check.outcome], check.id, wordsOf(check)]);
  for (const line of columns(rows)) out.line(line);
}

function wordsOf({ words, reason }: Check): string {
  return printable(reason === null ? words : `${words} (${reason})`);
}

function summary(exits: readonly number[]): string {
  const names: readonly [number, string][] = [
    [0, "valid"],
    [3, "expired"],
    [4, "revoked"],
    [5, "not valid"],
    [6, "not to be checked"],
  ];
  return names
    .map(([code, name]) => [exits.filter((exit) => exit === code).length, name] as const)
    .filter(([count]) => count > 0)
    .map(([count, name]) => `${count} ${name}`)
    .join(", ");
}
