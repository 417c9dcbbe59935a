// `rosette award`: gives a badge to one person or to many.
import { awaitMail } from "./award-wait.ts";
import { findBadge } from "./badge.ts";
import { type Api, type Document, type Installation, withInstallation } from "./installation.ts";
import { inner, text } from "./listing.ts";
import { type Call, EXIT, Failure, type Options, UsageError, type Verb } from "./verb.ts";

const TYPES = ["email", "url", "telephone", "did"] as const;

export const award: Verb = {
  operands: "BADGE RECIPIENT…",
  summary: "Award a badge to somebody, known to the organization or not",
  about:
    "BADGE is an id or an exact name. RECIPIENT is an e-mail address, or TYPE:VALUE with one of the\n" +
    "types email, url, telephone, did. Who holds the badge already keeps it; that is no failure.",
  options: {
    name: { type: "string", value: "NAME", help: "The recipient's name, as the badge shows it" },
    evidence: {
      type: "string",
      multiple: true,
      value: "URL",
      help: "Where the work can be seen; may be given several times",
    },
    narrative: { type: "string", value: "TEXT", help: "What was done; Markdown" },
    expires: { type: "string", value: "TIME", help: "ISO 8601, or `never`; else the badge's rule" },
    tier: { type: "string", value: "LEVEL", help: "1 for the lowest tier" },
    "idempotency-key": {
      type: "string",
      value: "KEY",
      help: "The same key again awards nothing again: safe to repeat after a failure",
    },
    wait: { type: "boolean", help: "End once the recipient was mailed, a minute at most" },
  },
  examples: [
    'award "First Activity" kim@example.org --name "Kim Osei"',
    'award "First Activity" kim@example.org noor@example.org ari@example.org',
    "award first-activity kim@person.example --wait",
    "award 0199… did:web:kim.example --evidence https://example.org/report --tier 2",
  ],
  remote: true,
  run: (call) => {
    const [badge = "", ...named] = call.operands;
    const recipients = named.map(recipientOf);
    const details = detailsOf(call.options, recipients.length);
    return withInstallation(call, async (installation) => {
      const { api } = installation;
      const { id } = await findBadge(api, badge);
      const body = { badge: id, ...details };
      return recipients.length === 1
        ? awardOne(call, installation, { ...body, recipient: recipients[0] })
        : awardMany(call, api, body, recipients);
    });
  },
};

interface Recipient {
  readonly type: string;
  readonly identity: string;
}

/** An e-mail address, or TYPE:VALUE. */
export function recipientOf(text: string): Recipient {
  const [, type = "", identity = ""] = /^([a-z]+):(.+)$/s.exec(text) ?? [];
  // A DID and a web address begin with their own scheme.
  if (type === "did" && /^did:[a-z0-9]+:/.test(text)) return { type, identity: text };
  if (/^https?$/.test(type)) return { type: "url", identity: text };
  if (TYPES.some((known) => known === type)) return { type, identity };
  if (text.includes("@")) return { type: "email", identity: text };
  throw new UsageError(
    `${JSON.stringify(text)} is no recipient: give an e-mail address, or TYPE:VALUE with one of ${TYPES.join(", ")}.`,
  );
}

function detailsOf(options: Options, recipients: number): Record<string, unknown> {
  for (const name of ["name", "idempotency-key", "wait"]) {
    if (recipients > 1 && (options.text(name) !== undefined || options.flag(name))) {
      throw new UsageError(`--${name} goes with one recipient only.`);
    }
  }
  const tier = options.text("tier");
  if (tier !== undefined && !/^[1-9]\d{0,2}$/.test(tier)) {
    throw new UsageError("--tier must be a whole number from 1.");
  }
  const evidence = options.texts("evidence");
  const narrative = options.text("narrative");
  const expires = options.text("expires");
  return {
    ...(narrative === undefined ? {} : { narrative }),
    ...(evidence.length === 0 ? {} : { evidence: evidence.map((id) => ({ id })) }),
    ...(tier === undefined ? {} : { tier_level: Number(tier) }),
    ...(expires === undefined ? {} : { expires_at: expires === "never" ? null : expires }),
  };
}

async function awardOne(
  { options, out }: Call,
  installation: Installation,
  body: Record<string, unknown> & { readonly recipient?: Recipient | undefined },
): Promise<number> {
  const name = options.text("name");
  const key = options.text("idempotency-key");
  const recipient = { ...body.recipient, ...(name === undefined ? {} : { name }) };
  const answer = await installation.api("POST", "/awards", {
    body: { ...body, recipient },
    ...(key === undefined ? {} : { headers: { "idempotency-key": key } }),
  });
  for (const line of described(answer)) out.line(line);
  const mail = options.flag("wait") ? { mail: await awaitMail(installation, answer) } : null;
  if (mail !== null) out.line(`  Mail       ${mail.mail ?? "none: nobody is to be told"}`);
  out.document({ ...answer, ...mail });
  return EXIT.done;
}

function described(answer: Document): string[] {
  const held = answer.awarded === false;
  const urls = inner(held ? inner(answer, "award") : answer, "urls");
  return [
    held ? `Not awarded again: ${text(answer, "reason")}` : "Awarded",
    `  Page       ${text(urls, "page")}`,
    `  Assertion  ${text(urls, "assertion")}`,
    `  PNG        ${text(urls, "png")}`,
    `  SVG        ${text(urls, "svg")}`,
  ];
}

/** Goes on after a failure: the others are not to blame. Fails in the end if any did. */
async function awardMany(
  { out }: Call,
  api: Api,
  body: Record<string, unknown>,
  recipients: readonly Recipient[],
): Promise<number> {
  const results: Document[] = [];
  const counts = { awarded: 0, held: 0, failed: 0 };
  for (const [i, recipient] of recipients.entries()) {
    out.progress(`awarding ${i + 1} of ${recipients.length} …`);
    try {
      const answer = await api("POST", "/awards", { body: { ...body, recipient } });
      counts[answer.awarded === false ? "held" : "awarded"]++;
      results.push({ recipient, ...answer });
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      counts.failed++;
      results.push({ recipient, problem: error.document });
      out.progressDone();
      if (!out.json) out.error(`${recipient.identity}: ${error.message}`);
    }
  }
  out.progressDone();
  out.line(`${counts.awarded} awarded, ${counts.held} held it already, ${counts.failed} failed`);
  out.document({ ...counts, results });
  return counts.failed > 0 ? EXIT.failed : EXIT.done;
}
