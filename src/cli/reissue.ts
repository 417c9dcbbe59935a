// `rosette reissue`: corrects an award, by a new one in its place.
import { recipientOf } from "./award.ts";
import { type Document, withInstallation } from "./installation.ts";
import { inner, text } from "./listing.ts";
import { awardNamed } from "./revoke.ts";
import { EXIT, type Options, UsageError, type Verb } from "./verb.ts";

export const reissue: Verb = {
  operands: "HASH",
  summary: "Correct an award: it is revoked, and a corrected one takes its place",
  about:
    "HASH is the 40 characters in the badge's address, the address itself, or the award's id. What is\n" +
    "not given stays as it was. An award that was replaced before is left alone; that is no failure.",
  options: {
    recipient: { type: "string", value: "RECIPIENT", help: "E-mail address, or TYPE:VALUE" },
    name: { type: "string", value: "NAME", help: "The recipient's name, if new here" },
    evidence: {
      type: "string",
      multiple: true,
      value: "URL",
      help: "Instead of the former evidence; may be given several times",
    },
    narrative: { type: "string", value: "TEXT", help: "What was done; Markdown" },
    expires: { type: "string", value: "TIME", help: "ISO 8601, or `never`" },
    tier: { type: "string", value: "LEVEL", help: "1 for the lowest tier" },
    reason: {
      type: "string",
      value: "TEXT",
      help: "Why; shown to everybody who checks the former",
    },
    "idempotency-key": {
      type: "string",
      value: "KEY",
      help: "The same key again gives the same answer: safe to repeat after a failure",
    },
  },
  examples: [
    'reissue 3f0c… --narrative "Ran all twelve sessions."',
    'reissue 3f0c… --recipient kim@example.org --reason "The address was misspelt."',
  ],
  remote: true,
  run: (call) => {
    const { operands, options, out } = call;
    const award = awardNamed(operands[0] ?? "");
    const body = correctionsOf(options);
    const key = options.text("idempotency-key");
    return withInstallation(call, async ({ api }) => {
      const answer = await api("POST", `/awards/${award}/reissue`, {
        body,
        ...(key === undefined ? {} : { headers: { "idempotency-key": key } }),
      });
      out.line(described(answer));
      out.document(answer);
      return EXIT.done;
    });
  },
};

function correctionsOf(options: Options): Record<string, unknown> {
  const [recipient, name] = [options.text("recipient"), options.text("name")];
  if (recipient === undefined && name !== undefined) {
    throw new UsageError("--name goes with --recipient.");
  }
  const tier = options.text("tier");
  if (tier !== undefined && !/^[1-9]\d{0,2}$/.test(tier)) {
    throw new UsageError("--tier must be a whole number from 1.");
  }
  const evidence = options.texts("evidence");
  const [narrative, expires] = [options.text("narrative"), options.text("expires")];
  const corrections = {
    ...(recipient === undefined
      ? {}
      : { recipient: { ...recipientOf(recipient), ...(name === undefined ? {} : { name }) } }),
    ...(narrative === undefined ? {} : { narrative }),
    ...(evidence.length === 0 ? {} : { evidence: evidence.map((id) => ({ id })) }),
    ...(tier === undefined ? {} : { tier_level: Number(tier) }),
    ...(expires === undefined ? {} : { expires_at: expires === "never" ? null : expires }),
  };
  if (Object.keys(corrections).length === 0) {
    throw new UsageError("What is to be corrected? Give --narrative, --evidence, --recipient …");
  }
  const reason = options.text("reason");
  return { ...corrections, ...(reason === undefined ? {} : { reason }) };
}

function described(answer: Document): string {
  const done = answer.reissued !== false;
  const urls = inner(done ? answer : inner(answer, "award"), "urls");
  return `${done ? "Issued again" : "Replaced before, by"}\n  Page  ${text(urls, "page")}`;
}
