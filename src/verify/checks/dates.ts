// When a badge was issued and whether it is still to be used.
import type { Assertion } from "../documents/assertion.ts";
import { dateTimeText } from "../documents/date-time.ts";
import { type Finding, failed, passed } from "./finding.ts";

/** How far an issuer's clock may be ahead of ours, in milliseconds. */
export const CLOCK_TOLERANCE = 5 * 60_000;

/** OB20-A-07 and A-08; `now` in milliseconds since 1970. */
export function checkDates({ issuedOn, expires }: Assertion, now: number): Finding[] {
  const findings: Finding[] = [];
  if (issuedOn !== null) {
    findings.push(
      issuedOn > now + CLOCK_TOLERANCE
        ? failed(
            "issue-date",
            "not-yet-valid",
            `The badge is issued on ${dateTimeText(issuedOn)}, which is still to come.`,
            { property: "issuedOn", found: dateTimeText(issuedOn) },
          )
        : passed("issue-date", `The badge was issued on ${dateTimeText(issuedOn)}.`),
    );
  }
  if (expires === null) return findings;
  if (issuedOn !== null && expires <= issuedOn) {
    const words = `The badge expires (${dateTimeText(expires)}) before it is issued (${dateTimeText(issuedOn)}).`;
    findings.push(
      failed("expiry", "expires-before-issued", words, {
        property: "expires",
        found: dateTimeText(expires),
      }),
    );
  } else if (expires <= now) {
    const words = `The badge expired on ${dateTimeText(expires)}.`;
    findings.push(
      failed("expiry", "expired", words, { property: "expires", found: dateTimeText(expires) }),
    );
  } else {
    findings.push(passed("expiry", `The badge does not expire before ${dateTimeText(expires)}.`));
  }
  return findings;
}
