// From everything that was gathered to the checks, and from the checks to one verdict.
import type { ReadRsaKey } from "../env.ts";
import { checkDates } from "./checks/dates.ts";
import { checkDocument } from "./checks/document.ts";
import { checkEndorsements, judgeEndorsement } from "./checks/endorsement.ts";
import { checkExtensions } from "./checks/extension.ts";
import { type Finding, failed, isDoubt } from "./checks/finding.ts";
import { checkImage } from "./checks/image.ts";
import { checkOrigin } from "./checks/origin.ts";
import { checkRecipient } from "./checks/recipient.ts";
import { checkRevocation } from "./checks/revocation.ts";
import { checkSignature, isOwnName } from "./checks/signature.ts";
import type { Assertion } from "./documents/assertion.ts";
import type { Loaded } from "./follow.ts";
import type { Dossier } from "./load.ts";
import type { BadgeVersion, EndorsementResult, Reason, Verdict } from "./result.ts";

export interface Judgement {
  readonly findings: readonly Finding[];
  readonly matched: string | null;
  readonly endorsements: readonly EndorsementResult[];
}

export interface Terms {
  /** Milliseconds since 1970. */
  readonly now: number;
  /** Identities of the person the badge should be of; none to leave that open. */
  readonly recipient: readonly string[];
  readonly readRsaKey?: ReadRsaKey;
}

/** Every check of a dossier. No network, no clock: the same dossier is always judged alike. */
export async function judge(dossier: Dossier, terms: Terms): Promise<Judgement> {
  const { assertion, badge, issuer } = dossier;
  if (assertion?.ok && assertion.model.revoked) return judgeRevoked(assertion);
  const version = (assertion ?? badge ?? issuer)?.ok ? versionOf(dossier) : "2.0";
  const endorsements: EndorsementResult[] = [];
  for (const one of dossier.endorsements) endorsements.push(await judgeEndorsement(one, terms));
  const described = describe(dossier, version);
  const findings: Finding[] = [
    ...checkDocument("assertion", assertion, version),
    ...described.documents,
    ...(assertion?.ok ? checkExtensions(assertion.node) : []),
    ...described.extensions,
  ];
  let matched: string | null = null;
  if (assertion?.ok) {
    const { model } = assertion;
    const recipient = await checkRecipient(model.recipient, terms.recipient);
    matched = recipient.matched;
    findings.push(...checkDates(model, terms.now), ...recipient.findings);
    findings.push(...(await checkSource(dossier, assertion, terms)));
    if (dossier.tombstone) findings.push(revoked(assertion.node.id, dossier.tombstone.reason));
    else if (issuer?.ok) findings.push(...checkRevocation(dossier.list, model, issuer.version));
    findings.push(...checkImage("assertion", model.image, dossier.images.assertion));
  }
  findings.push(...described.images, ...checkEndorsements(endorsements, dossier.unread));
  return { findings, matched, endorsements };
}

function versionOf({ assertion, badge, issuer }: Dossier) {
  for (const document of [assertion, badge, issuer]) if (document?.ok) return document.version;
  return "2.0";
}

/** What is found of a badge and its issuer, whoever earned it. */
interface Description {
  readonly of: Pick<Dossier, "badge" | "issuer" | "images">;
  readonly version: BadgeVersion;
  readonly documents: readonly Finding[];
  readonly extensions: readonly Finding[];
  readonly images: readonly Finding[];
}

/** By the badge, which a batch shares with all that hangs on it. */
const descriptions = new WeakMap<object, Description>();

function describe({ badge, issuer, images }: Dossier, version: BadgeVersion): Description {
  const known = badge === null ? undefined : descriptions.get(badge);
  if (
    known?.version === version &&
    known.of.issuer === issuer &&
    known.of.images.badge === images.badge &&
    known.of.images.issuer === images.issuer
  ) {
    return known;
  }
  const description = {
    of: { badge, issuer, images },
    version,
    documents: [
      ...checkDocument("badge", badge, version),
      ...checkDocument("issuer", issuer, version),
    ],
    extensions: [badge, issuer].flatMap((one) => (one?.ok ? checkExtensions(one.node) : [])),
    images: [
      ...(badge?.ok ? checkImage("badge", badge.model.image, images.badge) : []),
      ...(issuer?.ok ? checkImage("issuer", issuer.model.image, images.issuer) : []),
    ],
  };
  if (badge !== null) descriptions.set(badge, description);
  return description;
}

function judgeRevoked({ model, node }: Loaded<Assertion>): Judgement {
  const findings = [revoked(node.id, model.revocationReason)];
  return { findings, matched: null, endorsements: [] };
}

/** Said at the badge's own address, or in it. */
export function revoked(document: string | null, reason: string | null): Finding {
  const why = reason ? ` The reason given: ${reason.slice(0, 200)}` : "";
  const evidence = { document: document ?? undefined, found: reason ?? undefined };
  return failed("revocation", "revoked", `The issuer has revoked this badge.${why}`, evidence);
}

/** Who stands behind the badge: the host of its address, or the key that signed it. */
async function checkSource(
  dossier: Dossier,
  assertion: Loaded<Assertion>,
  { readRsaKey }: Terms,
): Promise<Finding[]> {
  const { token, issuer } = dossier;
  const says = assertion.model.verification?.type ?? null;
  if (token !== null && says === "signed") {
    const creator = assertion.model.verification?.creator ?? null;
    const signer = { issuer, keys: dossier.keys, creator, version: assertion.version };
    return [...checkNames(dossier), ...(await checkSignature(token, signer, readRsaKey))];
  }
  if (says === "signed") {
    const words =
      "The badge says that it is signed, and comes without its signature: give the signed text, or the picture with it.";
    return [failed("signature", "signature-missing", words)];
  }
  if (token !== null && says === "hosted") {
    // Where its host can be asked the token was never judged: nothing else vouches for what it says.
    const words =
      "The badge says that it is hosted and not where, so its signature is nobody's and its host is unknown.";
    return [failed("origin", "nowhere-hosted", words)];
  }
  if (says === null || !issuer?.ok) return [];
  const { policy } = issuer.model;
  return checkOrigin(assertion.model.id, { policy, issuer: issuer.node.id, readAt: issuer.url });
}

/** What is signed names itself, and the badge that stands in it, by addresses of its issuer's. */
function checkNames({ assertion, badge, issuer }: Dossier): Finding[] {
  const signed = [assertion?.ok ? assertion : null, badge?.ok && badge.embedded ? badge : null];
  return signed.flatMap((document) => {
    const id = document?.node.id ?? null;
    if (id === null || !issuer?.ok || isOwnName(id, issuer)) return [];
    const words = "The signed badge names itself by an address that is not its issuer's.";
    return [failed("identifier", "id-lies", words, { document: id })];
  });
}

/** Faults that leave nobody behind the badge: whatever else it says, it says by itself. */
const NOT_GENUINE: ReadonlySet<Reason> = new Set([
  "id-lies",
  "origin-outside-scope",
  "algorithm-refused",
  "critical-header",
  "key-missing",
  "key-not-listed",
  "key-owner-differs",
  "key-unusable",
  "nowhere-hosted",
  "signature-missing",
  "signature-wrong",
]);

const LIFE: Partial<Record<Reason, Verdict>> = {
  revoked: "revoked",
  expired: "expired",
  "not-yet-valid": "not-yet-valid",
};

/**
 * One verdict, and the finding that decided. A forged badge is called invalid whatever else it is;
 * a revoked one revoked; what could not be checked is never called valid, nor merely expired.
 */
export function decide(findings: readonly Finding[]): {
  readonly verdict: Verdict;
  readonly by: Finding | null;
} {
  if (!findings.some(isDoubt)) return { verdict: "valid", by: null };
  const faults = findings.filter(({ outcome }) => outcome === "failed");
  const ends = (verdict: Verdict) => (finding: Finding) =>
    (LIFE[finding.reason ?? "input-empty"] ?? "invalid") === verdict;
  const order: readonly (readonly [Verdict, Finding | undefined])[] = [
    ["invalid", faults.find(({ reason }) => reason !== null && NOT_GENUINE.has(reason))],
    ["revoked", faults.find(ends("revoked"))],
    ["invalid", faults.find(ends("invalid"))],
    ["could-not-check", findings.find(({ outcome }) => outcome === "not-possible")],
    ["expired", faults.find(ends("expired"))],
    ["not-yet-valid", faults.find(ends("not-yet-valid"))],
  ];
  for (const [verdict, by] of order) if (by !== undefined) return { verdict, by };
  return { verdict: "valid", by: null };
}
