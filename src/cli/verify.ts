// `rosette verify`: checks badges of any issuer, one or many, and ends with a code that says the verdict.

import type { Check } from "../verify/result.ts";
import { columns } from "./out.ts";
import { printable } from "./printable.ts";
import { checkReceiptFile } from "./receipt.ts";
import { type Call, type Out, UsageError, type Verb } from "./verb.ts";
import { type OpenAsker, openAsker } from "./verifier.ts";
import { toldInOrder } from "./verify-many.ts";
import { MARKS, markOf, type Result, VERDICT_WORDS, verifyOne } from "./verify-one.ts";

/** Of several badges, the code of the first of these that occurs: what is known to be bad, first. */
const GRAVEST = [5, 4, 3, 6];

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
    const [only = ""] = operands;
    if (operands.length > 1) return await verifyMany(call, asker);
    const result = await verifyOne(asker, only);
    show(out, result);
    out.record(result);
    return result.exit;
  } finally {
    await asker.close();
  }
}

async function verifyMany({ operands, out }: Call, asker: OpenAsker): Promise<number> {
  const exits: number[] = [];
  for await (const { exit, text } of toldInOrder(asker, operands, out.json)) {
    exits.push(exit);
    out.progressDone();
    out.line(text);
    out.recordText(text);
    out.progress(`verifying ${exits.length} of ${operands.length} …`);
  }
  out.progressDone();
  out.line(`\n${summary(exits)}`);
  return GRAVEST.find((code) => exits.includes(code)) ?? 0;
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
