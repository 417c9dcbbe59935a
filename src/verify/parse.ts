// What a document's octets say: JSON-LD of any version, expanded, with its version told.
import { isObject, parseStrictJson } from "../strict-json.ts";
import { expand, type Members, type Node } from "./contexts/expand.ts";
import { KNOWN_CONTEXTS, V1_ADDRESSES } from "./contexts/known.ts";
import { OPEN_BADGES_V0_TERMS } from "./contexts/openbadges-v1.ts";
import { type BadgeVersion, MAX_EVIDENCE_LENGTH, type Reason } from "./result.ts";

/** Why something was not to be had. `definite`: the fault is the badge's, and trying again is vain. */
export interface Refusal {
  readonly ok: false;
  readonly reason: Reason;
  readonly words: string;
  readonly definite: boolean;
  /** HTTP status; null where no answer came. */
  readonly status: number | null;
  /** Why it was revoked, where a 410 says so. */
  readonly revocationReason?: string;
}

export const refuse = (
  reason: Reason,
  words: string,
  definite: boolean,
  status: number | null = null,
): Refusal => ({ ok: false, reason, words, definite, status });

/** A document whose meaning is known. */
export interface Parsed {
  readonly ok: true;
  readonly node: Node;
  readonly version: BadgeVersion;
  /** Whether it names a context at all. */
  readonly hasContext: boolean;
  readonly json: Members;
}

/** Reads JSON-LD of any version from its octets. */
export function parseDocument(bytes: Uint8Array, base: string | null): Parsed | Refusal {
  let text: string;
  try {
    text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return refuse("not-json", "The answer is no text in UTF-8.", true);
  }
  return parseText(text, base);
}

export function parseText(text: string, base: string | null): Parsed | Refusal {
  const parsed = parseStrictJson(text);
  if (!parsed.ok) {
    if (parsed.fault === "syntax" && !/^\s*[{[]/.test(text)) {
      const words = "There is something else where a badge's document should be; perhaps a page.";
      return refuse("not-json", words, true);
    }
    const words = `The document is not JSON that can mean one thing only (${parsed.fault.replaceAll("_", " ")}).`;
    return refuse("json-malformed", words, true);
  }
  // A list of one thing is that thing (OB20-D-04).
  const value =
    Array.isArray(parsed.value) && parsed.value.length === 1 ? parsed.value[0] : parsed.value;
  if (!isObject(value)) {
    return refuse("json-malformed", "The document is not one JSON object.", true);
  }
  return interpret(value, base);
}

const NEWER = /credentials\/v[12]|purl\.imsglobal\.org\/spec\/ob\/v3p0/;

function interpret(json: Members, base: string | null): Parsed | Refusal {
  const contexts = [json["@context"] ?? []].flat();
  if (contexts.some((context) => typeof context === "string" && NEWER.test(context))) {
    const words =
      "This is an Open Badges 3.0 credential. Only badges of version 2.0 and older are checked here.";
    return refuse("version-unsupported", words, false);
  }
  const hasContext = contexts.length > 0;
  const expanded = hasContext ? expand(json, base) : expand(json, base, OPEN_BADGES_V0_TERMS);
  if (!expanded.ok) {
    const words = CONTEXT_WORDS[expanded.reason];
    // An address for terms that nobody here knows may stand beside the one that all badges name.
    const known = contexts.some(
      (context) => typeof context === "string" && KNOWN_CONTEXTS.has(context),
    );
    const definite = !(expanded.reason === "context-unknown" && known);
    return refuse(expanded.reason, `${words} (${cut(expanded.detail)})`, definite);
  }
  return { ok: true, node: expanded.node, version: versionOf(json, contexts), hasContext, json };
}

const CONTEXT_WORDS = {
  "context-unknown":
    "The document leans on a list of terms that is not known here, and is not fetched.",
  "context-unsupported":
    "The document gives its terms meanings in a way that is not understood here.",
  "document-too-complex": "The document is more complex than any badge is.",
  "document-ambiguous": "The document can be read in more than one way.",
} as const;

function versionOf(json: Members, contexts: readonly unknown[]): BadgeVersion {
  if (contexts.length === 0) {
    const { badge } = json;
    const embedded = typeof badge === "object" && badge !== null && !("id" in badge);
    return embedded || typeof json.recipient === "string" ? "0.5" : "1.0";
  }
  const first = contexts.some(
    (context) =>
      typeof context === "string" && V1_ADDRESSES.includes(context.replace("http://", "https://")),
  );
  return first ? "1.1" : "2.0";
}

export function cut(text: string): string {
  return text.length > MAX_EVIDENCE_LENGTH ? `${text.slice(0, MAX_EVIDENCE_LENGTH)}…` : text;
}
