// From what the verifier found out to what is kept of a pulled badge, and under which name.
import { sha256Hex } from "../ids.ts";
import { namedBy, type VerifiedAward } from "../verify/award.ts";
import { decide } from "../verify/judge.ts";
import type { Verdict, Verification } from "../verify/result.ts";
import { MAX_DETAIL_LENGTH, MAX_ID_LENGTH, shortText, webAddress } from "./external-text.ts";

/** Most characters of an assertion that is kept whole; of a longer one its name is enough. */
export const MAX_ASSERTION_LENGTH = 65_536;

/** A badge as it was judged for one person. */
export interface JudgedBadge {
  /** The same for the same badge wherever it is held; see `canonicalId`. */
  readonly canonicalId: string;
  readonly verdict: Verdict;
  readonly words: string;
  /** Made out to an identity that the person has proven. */
  readonly isTheirs: boolean;
  /** Null where nothing but the verdict is known: it is gone, or could not be read. */
  readonly badge: {
    readonly assertion: Record<string, unknown>;
    readonly jws: string | null;
    readonly name: string | null;
    readonly issuerName: string | null;
    readonly imageUrl: string | null;
    readonly issuedOn: number | null;
  } | null;
}

/**
 * Null where nothing says which badge it is: there is no id that anybody would vouch for, and so
 * nothing that could be told apart from the next one.
 */
export async function judged(verified: VerifiedAward): Promise<JudgedBadge | null> {
  const canonical = await canonicalId(verified);
  if (canonical === null) return null;
  const { verification } = verified;
  return { canonicalId: canonical, ...verdictOf(verification), badge: contentOf(verified) };
}

/**
 * The id in normal form. A web address is compared as addresses are: scheme and host without case,
 * no default port, no fragment; its path as it is, since another case there is another badge. Any
 * other id, and an address that no host of its issuer's vouches for, is only its issuer's word, so it
 * counts together with the issuer.
 */
async function canonicalId(verified: VerifiedAward): Promise<string | null> {
  const { id } = verified;
  if (id === null) return null;
  const address = normalAddress(id);
  const issuer = namedBy(verified);
  if (address !== null && issuer === null) return address;
  return await boundedId(
    `${id.startsWith("urn:uuid:") ? id.toLowerCase() : (address ?? id)} ${issuer ?? ""}`.trim(),
  );
}

/** The normal form of a web address; null for what is none, or is too long to be kept. */
export function normalAddress(id: string): string | null {
  const address = webAddress(id);
  return address === null ? null : address.replace(/#.*$/s, "");
}

/** The id itself, or a digest in its place where it is too long to be kept. */
export async function boundedId(id: string): Promise<string> {
  return id.length <= MAX_ID_LENGTH ? id : `sha256:${await sha256Hex(id)}`;
}

const NOT_YOURS = "It is made out to an address that is not confirmed here.";

/**
 * The badge's own verdict: one that is made out to somebody else is not invalid for that, it is not
 * theirs. `matched` is the verifier's word, and the only one that counts.
 */
function verdictOf(
  verification: Verification,
): Pick<JudgedBadge, "verdict" | "words" | "isTheirs"> {
  const { checks, matched } = verification;
  const words = (text: string) => shortText(text, MAX_DETAIL_LENGTH) ?? "";
  const foreign = checks.some(({ reason }) => reason === "recipient-mismatch");
  if (!foreign) {
    const { verdict } = verification;
    // Nobody vouches for what a forged badge, or one that could not be checked, says of its recipient.
    const isVouchedFor = verdict !== "invalid" && verdict !== "could-not-check";
    return {
      verdict,
      words: words(verification.words),
      isTheirs: isVouchedFor && matched !== null,
    };
  }
  const { verdict, by } = decide(checks.filter(({ reason }) => reason !== "recipient-mismatch"));
  const own = verdict === "valid" ? "This badge is genuine." : (by?.words ?? verification.words);
  return { verdict, words: words(`${own} ${NOT_YOURS}`), isTheirs: false };
}

function contentOf({ verification, documents, jws }: VerifiedAward): JudgedBadge["badge"] {
  const { badge } = verification;
  if (badge === null || documents.assertion === null) return null;
  const issued = badge.issuedOn === null ? Number.NaN : Date.parse(badge.issuedOn);
  const fits = jws === null || jws.length <= MAX_ASSERTION_LENGTH;
  return {
    assertion: assertionOf(documents.assertion.json),
    jws: fits ? jws : null,
    name: shortText(badge.name),
    issuerName: shortText(badge.issuer.name),
    imageUrl: webAddress(badge.image),
    issuedOn: Number.isFinite(issued) ? issued : null,
  };
}

/** The document as it was served; of one that nobody needs that long, what it is called. */
function assertionOf(json: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const text = JSON.stringify(json);
  if (text.length <= MAX_ASSERTION_LENGTH) return JSON.parse(text) as Record<string, unknown>;
  const { id, type } = json;
  return {
    ...(typeof id === "string" && id.length <= MAX_ID_LENGTH ? { id } : {}),
    ...(typeof type === "string" && type.length <= MAX_ID_LENGTH ? { type } : {}),
  };
}
