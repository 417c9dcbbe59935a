// Verifies any badge: what was given, what it leads to, what the checks say, and one verdict.
import type { ReadRsaKey } from "../env.ts";
import type { PublicFetch } from "../net/public-fetch.ts";
import { type Finding, failed, notPossible, warned } from "./checks/finding.ts";
import type { Node } from "./contexts/expand.ts";
import { readAssertion } from "./documents/assertion.ts";
import { readBadgeClass } from "./documents/badge-class.ts";
import { dateTimeText } from "./documents/date-time.ts";
import { readProfile } from "./documents/profile.ts";
import type { Reader } from "./documents/reader.ts";
import { CLASS, classOf } from "./documents/vocabulary.ts";
import { asLoaded } from "./follow.ts";
import { type Input, readInput } from "./input.ts";
import { decide, type Judgement, judge, revoked } from "./judge.ts";
import { judgeLegacy } from "./legacy.ts";
import { type Dossier, loadAssertion, loadBadge, loadIssuer, NO_DOSSIER } from "./load.ts";
import { type Memory, Reading } from "./reading.ts";
import type { BadgeSummary, Verdict, Verification } from "./result.ts";
import { findRoot, type Root, type RootDocument } from "./root.ts";
import { summarise } from "./summary.ts";

export interface VerifyOptions {
  /** Called with `accept` alone; bounds time, size and addresses itself, and never rejects. */
  readonly fetchPublic: PublicFetch;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Identities of the person who shows the badge, of any kinds; none leaves that open. */
  readonly recipient?: readonly string[];
  /** Shared by the badges of one batch, so that their issuers are asked once. */
  readonly memory?: Memory;
  /** The runtime's own way to judge signatures; jose's, where not given. */
  readonly readRsaKey?: ReadRsaKey;
  /**
   * `award`, where not given: only an award to somebody can be valid. `any`: a badge's description or
   * an issuer's profile is judged for what it is.
   */
  readonly subject?: "award" | "any";
}

/**
 * Verifies a link, a badge's JSON, a compact JWS, or a file. Whatever is given and whatever the
 * network answers, there is a verdict: it never rejects, and never calls valid what it could not
 * see. The answer is plain JSON.
 *
 * @see Open Badges 2.0, section Verification; rules OB20-VF-01 to VF-03
 */
export async function verifyBadge(
  given: string | Uint8Array,
  options: VerifyOptions,
): Promise<Verification> {
  return (await examine(given, options)).verification;
}

/** A verification, and what it was made from. */
export interface Examined {
  readonly verification: Verification;
  /** Null where what was given is nothing that leads to a document. */
  readonly root: Root | null;
  /** Null where there is none: the root was not to be had, or is of 0.5. */
  readonly dossier: Dossier | null;
}

/** `verifyBadge`, for those who also keep what was read. */
export async function examine(
  given: string | Uint8Array,
  options: VerifyOptions,
): Promise<Examined> {
  const input = await readInput(given);
  const reading = new Reading(options);
  if (!input.ok) {
    const verification = answer(input, null, refusedInput(input), reading, options);
    return { verification, root: null, dossier: null };
  }
  const root = await findRoot(reading, input.payload);
  const judged = root.ok ? await judgeRoot(root, reading, options) : refusedRoot(root);
  const verification = answer(input, root, judged, reading, options);
  return { verification, root, dossier: judged.dossier };
}

interface Judged extends Judgement {
  readonly dossier: Dossier | null;
  readonly summary: BadgeSummary | null;
  readonly verification: "hosted" | "signed" | null;
}

const NOTHING = {
  matched: null,
  endorsements: [],
  dossier: null,
  summary: null,
  verification: null,
};

const single = (finding: Finding): Judged => ({ ...NOTHING, findings: [finding] });

/** A file that claims to hold a badge and is broken is invalid; where none is, none can be judged. */
function refusedInput({ reason, words }: Extract<Input, { ok: false }>): Judged {
  const broken = reason === "file-damaged";
  return single(broken ? failed("input", reason, words) : notPossible("input", reason, words));
}

function refusedRoot(root: Extract<Root, { ok: false }>): Judged {
  const { reason, definite, address, revocationReason } = root;
  const evidence = { document: address ?? undefined };
  if (reason === "revoked") return single(revoked(address, revocationReason ?? null));
  const id = reason.startsWith("context") ? "context" : address === null ? "input" : "assertion";
  return single((definite ? failed : notPossible)(id, reason, root.words, evidence));
}

async function judgeRoot(
  root: Extract<Root, { ok: true }>,
  reading: Reading,
  options: VerifyOptions,
): Promise<Judged> {
  const { document, signed } = root;
  const { recipient = [], readRsaKey } = options;
  const terms = { now: options.now(), recipient, readRsaKey };
  if (document.version === "0.5" && document.url !== null) {
    const legacy = await judgeLegacy(document.json, document.url, terms);
    return { ...NOTHING, ...legacy, verification: "hosted" };
  }
  const subject = subjectOf(document);
  const dossier = await loadRoot(reading, document, subject, signed);
  const judgement = await judge(dossier, terms);
  const findings = [
    ...checkSubject(subject, document, options.subject ?? "award"),
    ...checkVersion(document),
    ...judgement.findings,
  ];
  const { assertion } = dossier;
  const verification = assertion?.ok ? (assertion.model.verification?.type ?? null) : null;
  return { ...judgement, findings, dossier, summary: summarise(dossier), verification };
}

type Subject = "assertion" | "badge" | "issuer" | null;

/** What a document is by its types; 1.0 had none, and is known by what it holds. */
function subjectOf({ node, version, json }: RootDocument): Subject {
  const named = classOf(node.types);
  if (named === "Assertion") return "assertion";
  if (named === "BadgeClass") return "badge";
  if (named === "Issuer" || named === "Profile") return "issuer";
  if (version !== "1.0" || node.types.length > 0) return null;
  if ("badge" in json || "recipient" in json) return "assertion";
  return "criteria" in json ? "badge" : "origin" in json || "url" in json ? "issuer" : null;
}

function loadRoot(
  reading: Reading,
  document: RootDocument,
  subject: Subject,
  token: Parameters<typeof loadAssertion>[2],
): Promise<Dossier> {
  if (subject === "badge") return loadBadge(reading, asLoaded(document, readBadgeClass));
  if (subject === "issuer") return loadIssuer(reading, asLoaded(document, readProfile));
  // What is nothing that is known is still read as the award it should be, for its faults.
  if (subject === null && !looksAwarded(document.node)) return Promise.resolve(NO_DOSSIER);
  return loadAssertion(reading, asLoaded(document, readAssertion), token);
}

function looksAwarded(node: Node): boolean {
  return ["badge", "recipient"].some((name) =>
    node.properties.has(`https://w3id.org/openbadges#${name}`),
  );
}

function checkSubject(
  subject: Subject,
  document: RootDocument,
  wanted: "award" | "any",
): Finding[] {
  const evidence = {
    document: document.url ?? undefined,
    found: document.node.types.join(" ").slice(0, 200),
  };
  if (subject === "assertion") return [];
  if (subject === null) return typeFaults(document, evidence);
  if (wanted === "any") return [];
  const words =
    subject === "badge"
      ? "This describes a badge that can be earned. It was not awarded to anybody."
      : "This describes an issuer of badges. It is not a badge.";
  return [failed("subject", "not-an-assertion", words, evidence)];
}

function typeFaults(document: RootDocument, evidence: Finding["evidence"]): Finding[] {
  const faults = asLoaded(document, (reader: Reader) =>
    reader.type([CLASS.Assertion], "Assertion"),
  ).faults;
  const [fault] = faults;
  const reason = fault?.reason ?? "type-missing";
  return [
    failed(
      "subject",
      reason,
      `This is not a badge. ${fault?.words ?? "There is no type."}`,
      evidence,
    ),
  ];
}

function checkVersion({ version }: RootDocument): Finding[] {
  if (version === "2.0") return [];
  const words = `This badge is of version ${version}. It was checked by the rules of its time.`;
  return [warned("version", "version-old", words, { found: version })];
}

function answer(
  input: Input,
  root: Root | null,
  judged: Judged,
  reading: Reading,
  { now }: VerifyOptions,
): Verification {
  const { verdict, by } = decide(judged.findings);
  const at = dateTimeText(now());
  const given = input.ok && input.payload.kind === "url" ? input.payload.text : null;
  return {
    verdict,
    reason: by?.reason ?? null,
    words: wordsFor(verdict, by, judged.summary),
    checkedAt: at,
    input: {
      kind: input.kind,
      url: given ?? (root?.ok ? root.document.url : (root?.address ?? null)),
    },
    version: root?.ok ? root.document.version : null,
    verification: judged.verification,
    badge: judged.summary,
    matched: judged.matched,
    checks: judged.findings.map(({ id, outcome, reason, words, evidence }) => {
      return { id, outcome, reason, words, evidence, at };
    }),
    endorsements: judged.endorsements,
    documents: reading.asked(),
  };
}

const OPENINGS: Readonly<Record<Exclude<Verdict, "valid">, string>> = {
  expired: "This badge is genuine and no longer current.",
  revoked: "This badge was revoked and no longer counts.",
  "not-yet-valid": "This badge is not valid yet.",
  invalid: "This badge is not valid.",
  "could-not-check": "This could not be checked, so it is not known whether the badge is valid.",
};

function wordsFor(verdict: Verdict, by: Finding | null, badge: BadgeSummary | null): string {
  if (verdict === "valid") {
    return `This badge is valid. ${badge?.issuer.name ?? "Its issuer"} vouches for it, and it still stands.`;
  }
  return by === null ? OPENINGS[verdict] : `${OPENINGS[verdict]} ${by.words}`;
}
