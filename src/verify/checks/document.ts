// Whether a document is there, is what it should be, and says what it must.
import type { Found, Loaded } from "../follow.ts";
import type { BadgeVersion, CheckId, Evidence } from "../result.ts";
import { type Finding, failed, passed, refused, warned } from "./finding.ts";

const NAMES: Partial<Record<CheckId, string>> = {
  assertion: "The badge's document",
  badge: "The description of the badge",
  issuer: "The issuer's profile",
  key: "The issuer's key",
  revocation: "The list of revoked badges",
};

/** `from`: the version of the badge; a 2.0 badge leads to documents that name their context. */
export function checkDocument(
  id: CheckId,
  found: Found<unknown>,
  from: BadgeVersion,
  evidence: Evidence = {},
): Finding[] {
  if (found === null) return [];
  if (!found.ok) return [refused(id, found, evidence)];
  const document = found.node.id ?? found.url ?? undefined;
  const findings = [
    ...checkContext(found, from, document),
    ...checkId(found, document),
    ...found.faults.map(({ reason, words, property, found: met, expected }) =>
      failed(id, reason, `${NAMES[id] ?? "A document"}: ${words}`, {
        document,
        property,
        ...(met === undefined ? {} : { found: met }),
        ...(expected === undefined ? {} : { expected }),
      }),
    ),
  ];
  if (findings.some(({ outcome }) => outcome === "failed")) return findings;
  return [...findings, passed(id, `${NAMES[id] ?? "A document"} says what it must.`, { document })];
}

function checkContext(
  { hasContext, version }: Loaded<unknown>,
  from: BadgeVersion,
  document: string | undefined,
): Finding[] {
  if (hasContext || from !== "2.0") return [];
  // A list of 1.0 is read for what it is even by a later issuer.
  const words = "A document of the badge names no context, so its terms mean nothing.";
  const expected = "https://w3id.org/openbadges/v2";
  return version === "2.0"
    ? []
    : [failed("context", "context-missing", words, { document, expected })];
}

function checkId(
  { differs, lies, elsewhere }: Loaded<unknown>,
  document: string | undefined,
): Finding[] {
  if (lies) {
    const words = "A document at the address that it gives as its own gives yet another one.";
    return [failed("identifier", "id-lies", words, { document })];
  }
  const findings: Finding[] = [];
  if (differs !== null) {
    const words = "A document gives another address as its own; the one at that address was used.";
    findings.push(warned("identifier", "id-differs", words, { document, found: differs }));
  }
  if (elsewhere !== null) {
    const words = `A document's own address leads to ${new URL(elsewhere).host.slice(0, 100)}, and what stands there was used. Whoever lets his site lead anywhere lets others speak for him.`;
    findings.push(warned("identifier", "read-elsewhere", words, { document, found: elsewhere }));
  }
  return findings;
}
