// Takes off an Assertion what the standard does not name, for hosts that accept nothing else (OB21-P-07).
import { isObject } from "../strict-json.ts";

/** Members by where they stand: of the Assertion itself, and of the objects inside it. */
const ASSERTION = [
  "@context",
  "id",
  "type",
  "recipient",
  "badge",
  "verification",
  "issuedOn",
  "image",
  "evidence",
  "narrative",
  "expires",
  "revoked",
  "revocationReason",
];

const INSIDE: Readonly<Record<string, readonly string[]>> = {
  recipient: ["type", "identity", "hashed", "salt"],
  verification: ["type", "verificationProperty", "startsWith", "allowedOrigins", "creator"],
  evidence: ["id", "type", "narrative", "name", "description", "genre", "audience"],
  image: ["id", "type", "caption", "author"],
  badge: ["id", "type"],
};

/** A copy with the members that OB 2.0 names, and no others. */
export function withoutExtensions(
  assertion: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  const kept = only(assertion, ASSERTION);
  for (const [name, members] of Object.entries(INSIDE)) {
    const value = kept[name];
    if (Array.isArray(value)) kept[name] = value.map((item) => inside(item, members));
    else if (value !== undefined) kept[name] = inside(value, members);
  }
  return kept;
}

function inside(value: unknown, members: readonly string[]): unknown {
  return isObject(value) ? only(value, members) : value;
}

function only(
  value: Readonly<Record<string, unknown>>,
  names: readonly string[],
): Record<string, unknown> {
  return Object.fromEntries(Object.entries(value).filter(([name]) => names.includes(name)));
}
