// Whether the badge was made out to one of the identities that the asker knows.
import { inLowerCase, matchIdentity } from "../../obv2/identity.ts";
import type { Recipient } from "../documents/assertion.ts";
import { type Finding, failed, notPossible, passed, warned } from "./finding.ts";

export interface RecipientFindings {
  readonly findings: readonly Finding[];
  readonly matched: string | null;
}

/** `known`: identities of one person, of any kinds; none means that nobody asks (OB20-R-13). */
export async function checkRecipient(
  recipient: Recipient | null,
  known: readonly string[],
): Promise<RecipientFindings> {
  if (recipient === null) return { findings: [], matched: null };
  const findings: Finding[] = [];
  const { type, typeName, identity, hashed, salt } = recipient;
  if (type === null) {
    const words = "The badge names its recipient in a way that is not known here.";
    findings.push(
      warned("recipient", "identity-type-unknown", words, { found: typeName.slice(0, 200) }),
    );
  }
  if (hashed && identity.startsWith("md5$")) {
    const words = "The recipient is hidden by an md5 hash, which hides little.";
    findings.push(warned("recipient", "hash-weak", words));
  }
  if (known.length === 0) return { findings, matched: null };
  if (type === null) {
    const words = "It cannot be compared with the identity that was given.";
    return {
      findings: [...findings, notPossible("recipient", "recipient-not-comparable", words)],
      matched: null,
    };
  }
  const trimmed = known.map((one) => one.trim());
  const match = await matchIdentity({ type, hashed, identity, salt: salt ?? undefined }, trimmed);
  const plain =
    hashed || type !== "email" ? undefined : trimmed.find((one) => sameAddress(one, identity));
  const matched = match.ok ? match.matched : (plain ?? null);
  findings.push(
    matched === null
      ? failed(
          "recipient",
          "recipient-mismatch",
          "The badge was awarded to somebody else than was asked for.",
        )
      : passed("recipient", "The badge was awarded to the identity that was asked for."),
  );
  return { findings, matched };
}

const sameAddress = (a: string, b: string) => inLowerCase(a) === inLowerCase(b);
