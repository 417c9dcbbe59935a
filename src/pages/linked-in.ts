// LinkedIn's form for a certification, with every field of it filled in.

export interface Certification {
  readonly name: string;
  readonly issuer: string;
  /** Milliseconds since 1970; the day it is in UTC counts, as the badge's page shows it. */
  readonly issuedAt: number;
  /** The same; null for one without an end. */
  readonly expiresAt: number | null;
  /** Where whoever looks at it finds whether it stands. */
  readonly url: string;
  /** The award's public id. */
  readonly id: string;
}

const FORM = "https://www.linkedin.com/profile/add";

/**
 * The address that opens the form. Months are counted from 1. Names may hold any sign: each value is
 * encoded by itself, with %20 for a blank, which every reader of addresses takes for one.
 */
export function linkedInAddress(certification: Certification): string {
  const { name, issuer, issuedAt, expiresAt, url, id } = certification;
  const fields: [string, string | number][] = [
    ["startTask", "CERTIFICATION_NAME"],
    ["name", name],
    ["organizationName", issuer],
    ...month("issue", issuedAt),
    ...(expiresAt === null ? [] : month("expiration", expiresAt)),
    ["certUrl", url],
    ["certId", id],
  ];
  const query = fields.map(([field, value]) => `${field}=${encodeURIComponent(value)}`);
  return `${FORM}?${query.join("&")}`;
}

function month(prefix: "issue" | "expiration", at: number): [string, number][] {
  const day = new Date(at);
  return [
    [`${prefix}Year`, day.getUTCFullYear()],
    [`${prefix}Month`, day.getUTCMonth() + 1],
  ];
}
