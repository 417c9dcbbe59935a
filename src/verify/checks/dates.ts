// When a badge was issued and whether it is still to be used.
import type { Assertion } from "../documents/assertion.ts";
import { type Finding, failed, passed } from "./finding.ts";

/** How far an issuer's clock may be ahead of ours, in milliseconds. */
export const CLOCK_TOLERANCE = 5 * 60_000;

const iso = (instant: number) => new Date(instant).toISOString();

/** OB20-A-07 and A-08; `now` in milliseconds since 1970. */
export function checkDates({ issuedOn, expires }: Assertion, now: number): Finding[] {
  const findings: Finding[] = [];
  if (issuedOn !== null) {
    findings.push(
      issuedOn > now + CLOCK_TOLERANCE
        ? failed(
            "issue-date",
            "not-yet-valid",
            `The badge is issued on ${iso(issuedOn)}, which is still to come.`,
            { property: "issuedOn", found: iso(issuedOn) },
          )
        : passed("issue-date", `The badge was issued on ${iso(issuedOn)}.`),
    );
  }
  if (expires === null) return findings;
  if (issuedOn !== null && expires <= issuedOn) {
    const words = `The badge expires (${iso(expires)}) before it is issued (${iso(issuedOn)}).`;
    findings.push(
      failed("expiry", "expires-before-issued", words, {
        property: "expires",
        found: iso(expires),
      }),
    );
  } else if (expires <= now) {
    const words = `The badge expired on ${iso(expires)}.`;
    findings.push(failed("expiry", "expired", words, { property: "expires", found: iso(expires) }));
  } else {
    findings.push(passed("expiry", `The badge does not expire before ${iso(expires)}.`));
  }
  return findings;
}
