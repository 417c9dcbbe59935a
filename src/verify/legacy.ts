// Open Badges 0.5: everything in one document, and only its host to vouch for it.
import { matchIdentity } from "../obv2/identity.ts";
import { type Finding, failed, passed, warned } from "./checks/finding.ts";
import { parseLegacyDateTime } from "./documents/date-time.ts";
import type { BadgeSummary } from "./result.ts";

type Members = Readonly<Record<string, unknown>>;

const membersOf = (value: unknown): Members =>
  typeof value === "object" && value !== null ? Object.fromEntries(Object.entries(value)) : {};
const textOf = (value: unknown) => (typeof value === "string" && value !== "" ? value : null);

function instantOf(value: unknown): number | null {
  return typeof value === "string" || typeof value === "number" ? parseLegacyDateTime(value) : null;
}

const resolved = (path: string | null, origin: string | null) =>
  path !== null && URL.canParse(path, origin ?? undefined)
    ? new URL(path, origin ?? undefined).href
    : path;

export interface LegacyJudgement {
  readonly findings: readonly Finding[];
  readonly matched: string | null;
  readonly summary: BadgeSummary;
}

/**
 * Judges a 0.5 badge as far as that goes: it must be where its issuer's origin is, hold what it must
 * hold, and not have expired. `url`: where it was read; null for one that was handed over.
 */
export async function judgeLegacy(
  json: Members,
  url: string,
  terms: { readonly now: number; readonly recipient: readonly string[] },
): Promise<LegacyJudgement> {
  const badge = membersOf(json.badge);
  const issuer = membersOf(badge.issuer);
  const origin = textOf(issuer.origin);
  const issuedOn = instantOf(json.issued_on);
  const expires = instantOf(json.expires);
  const findings: Finding[] = [
    warned(
      "version",
      "version-old",
      "This badge is of version 0.5, the oldest there is. Only its host vouches for it.",
    ),
    ...checkMembers(json, badge, issuer),
    checkHost(origin, url),
    ...checkTimes(issuedOn, expires, json, terms.now),
  ];
  const recipient = textOf(json.recipient);
  const matched = recipient === null ? null : await matchLegacy(recipient, json, terms.recipient);
  if (recipient !== null && terms.recipient.length > 0) {
    findings.push(
      matched === null
        ? failed(
            "recipient",
            "recipient-mismatch",
            "The badge was awarded to somebody else than was asked for.",
          )
        : passed("recipient", "The badge was awarded to the identity that was asked for."),
    );
  }
  return { findings, matched, summary: summaryOf(json, badge, issuer, issuedOn, expires, url) };
}

function checkMembers(json: Members, badge: Members, issuer: Members): Finding[] {
  const required: readonly (readonly [string, unknown])[] = [
    ["recipient", json.recipient],
    ["badge.name", badge.name],
    ["badge.description", badge.description],
    ["badge.image", badge.image],
    ["badge.criteria", badge.criteria],
    ["badge.issuer.name", issuer.name],
    ["badge.issuer.origin", issuer.origin],
  ];
  const missing = required.filter(([, value]) => textOf(value) === null);
  if (missing.length === 0) return [passed("assertion", "The badge's document says what it must.")];
  return missing.map(([property]) =>
    failed("assertion", "property-missing", `"${property}" is missing.`, { property }),
  );
}

function checkHost(origin: string | null, url: string): Finding {
  const evidence = { document: url, found: origin?.slice(0, 200) };
  const same =
    origin !== null && URL.canParse(origin) && new URL(origin).host === new URL(url).host;
  if (same) return passed("origin", "The badge is hosted where its issuer is.", evidence);
  const words =
    "The badge is hosted elsewhere than its issuer, who therefore does not vouch for it.";
  return failed("origin", "origin-outside-scope", words, evidence);
}

function checkTimes(
  issuedOn: number | null,
  expires: number | null,
  json: Members,
  now: number,
): Finding[] {
  const findings: Finding[] = [];
  for (const [name, read] of [
    ["issued_on", issuedOn],
    ["expires", expires],
  ] as const) {
    if (json[name] === undefined || json[name] === null || read !== null) continue;
    findings.push(
      failed("assertion", "property-invalid", `"${name}" is no date.`, { property: name }),
    );
  }
  if (issuedOn !== null && issuedOn > now) {
    findings.push(failed("issue-date", "not-yet-valid", "The badge is dated in the future."));
  }
  if (expires !== null && expires <= now) {
    findings.push(
      failed("expiry", "expired", `The badge expired on ${new Date(expires).toISOString()}.`),
    );
  }
  return findings;
}

async function matchLegacy(
  identity: string,
  json: Members,
  known: readonly string[],
): Promise<string | null> {
  const salt = textOf(json.salt) ?? undefined;
  const hashed = /^(?:sha256|md5)\$/.test(identity);
  const match = await matchIdentity({ type: "email", hashed, identity, salt }, known);
  return match.ok ? match.matched : null;
}

function summaryOf(
  json: Members,
  badge: Members,
  issuer: Members,
  issuedOn: number | null,
  expires: number | null,
  url: string,
): BadgeSummary {
  const origin = textOf(issuer.origin);
  const identity = textOf(json.recipient);
  const iso = (instant: number | null) =>
    instant === null ? null : new Date(instant).toISOString();
  return {
    id: url,
    name: textOf(badge.name),
    description: textOf(badge.description),
    image: resolved(textOf(badge.image), origin),
    criteria: { id: resolved(textOf(badge.criteria), origin), narrative: null },
    issuer: { id: null, name: textOf(issuer.name), url: origin, email: textOf(issuer.contact) },
    issuedOn: iso(issuedOn),
    expires: iso(expires),
    narrative: null,
    evidence: [],
    recipient:
      identity === null
        ? null
        : { type: "email", hashed: identity.includes("$"), identity, salt: textOf(json.salt) },
    revocationReason: null,
  };
}
