// What is known of how particular backpacks differ from the standard: data, which the protocols consult.

/** How a provider's answers are read where they are not as the standard has them. */
export interface Quirks {
  /** Codes in `status.error` or `status.statusText` by which it says that a badge is there already. */
  readonly duplicateCodes: readonly string[];
  /** `status.statusCode` may be digits in a string. */
  readonly statusCodeAsText: boolean;
  /** A 2xx without a body is its way to say yes. */
  readonly emptySuccess: boolean;
  /** Members that OB 2.0 does not name are taken off what is sent (OB21-CT-04). */
  readonly strictPayload: boolean;
  /** Badges asked for in one page. */
  readonly pageSize: number;
}

const NONE: Quirks = {
  // Badgr's code, which hosts built on it send under names of their own.
  duplicateCodes: ["DUPLICATE_BADGE"],
  statusCodeAsText: false,
  emptySuccess: false,
  strictPayload: false,
  pageSize: 100,
};

interface Provider {
  readonly name: string;
  /** Hosts of its API; `*.` stands for any name before it. */
  readonly hosts: readonly string[];
  readonly quirks: Partial<Quirks>;
}

/** One product in different regions is different hosts, where the same person is not the same. */
const PROVIDERS: readonly Provider[] = [
  {
    name: "badgr",
    hosts: ["badgr.io", "*.badgr.io", "*.badgr.com"],
    // Seen in Moodle's client: `error` comes as an array, which is read for everybody.
    quirks: { statusCodeAsText: true },
  },
  {
    name: "1edtech-conformance",
    hosts: ["*.imsglobal.org", "*.1edtech.org"],
    quirks: { strictPayload: true },
  },
];

/** Which known product an address belongs to; null for an unknown one. */
export function providerOf(address: string): string | null {
  if (!URL.canParse(address)) return null;
  const { hostname } = new URL(address);
  const known = PROVIDERS.find(({ hosts }) => hosts.some((host) => isAt(hostname, host)));
  return known?.name ?? null;
}

function isAt(hostname: string, pattern: string): boolean {
  return pattern.startsWith("*.") ? hostname.endsWith(pattern.slice(1)) : hostname === pattern;
}

/** What holds for a provider by its name, as `providerOf` gives it; the standard for any other. */
export function quirksOf(provider: string | null): Quirks {
  const known = PROVIDERS.find(({ name }) => name === provider);
  return { ...NONE, ...known?.quirks };
}
