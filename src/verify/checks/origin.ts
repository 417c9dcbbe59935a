// Whether a hosted badge stands where its issuer says that its badges stand.

import type { OriginPolicy } from "../documents/profile.ts";
import { isHttpUrl } from "../documents/reader.ts";
import { type Finding, failed, passed, warned } from "./finding.ts";

export interface Scope {
  readonly policy: OriginPolicy;
  /** The issuer's id. */
  readonly issuer: string | null;
  /** Where the issuer's profile was read, for an id that is no address. */
  readonly readAt: string | null;
}

/** Whether an id lies within the scope; null where it does, else why not (OB20-V-04 to V-09). */
export function outsideScope(id: string, { policy, issuer, readAt }: Scope): string | null {
  if (!isHttpUrl(id))
    return "The badge has no web address that could be compared with its issuer's.";
  // Text against text: an address is not normalised before it is compared (OB20-V-04).
  const { startsWith, allowedOrigins } = policy;
  if (startsWith.length > 0 && !startsWith.some((prefix) => isUnder(id, prefix))) {
    return `The issuer says that its badges start with ${startsWith.join(" or ").slice(0, 200)}.`;
  }
  const own = issuer !== null && isHttpUrl(issuer) ? issuer : readAt;
  const hosts =
    allowedOrigins.length > 0
      ? allowedOrigins.map((origin) => origin.toLowerCase())
      : own !== null && isHttpUrl(own)
        ? [new URL(own).host]
        : [];
  const { host } = new URL(id);
  if (hosts.includes(host)) return null;
  const named = hosts.join(", ").slice(0, 200) || "nowhere";
  return `The badge is hosted at ${host}, and its issuer's badges are hosted at ${named}.`;
}

/**
 * Both as it is written and as it is asked for: `https://a.example/one/../two` starts with
 * `https://a.example/one/`, and what answers there is `/two`.
 */
function isUnder(id: string, prefix: string): boolean {
  if (!id.startsWith(prefix) || !isHttpUrl(prefix)) return false;
  return new URL(id).href.startsWith(new URL(prefix).href);
}

export function checkOrigin(id: string | null, scope: Scope): Finding[] {
  const findings: Finding[] = [];
  const document = id ?? undefined;
  if (scope.issuer !== null && !isHttpUrl(scope.issuer)) {
    const words =
      "The issuer's id is no web address, so only where its profile was read can be compared.";
    findings.push(
      warned("issuer", "issuer-not-http", words, { found: scope.issuer.slice(0, 200) }),
    );
  }
  const fault = id === null ? "The badge has no id." : outsideScope(id, scope);
  return [
    ...findings,
    fault === null
      ? passed("origin", "The badge is hosted where its issuer hosts its badges.", { document })
      : failed(
          "origin",
          "origin-outside-scope",
          `${fault} Anyone can name an issuer: this one does not vouch for it.`,
          { document },
        ),
  ];
}
