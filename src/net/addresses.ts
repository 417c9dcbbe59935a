// Which IP addresses anyone on the Internet can reach, and which lead into a network of one's own.

/** A range of addresses and whether the Internet at large reaches it. */
interface Block {
  readonly cidr: string;
  readonly global: boolean;
}

const blocks = (global: boolean, cidrs: readonly string[]): Block[] =>
  cidrs.map((cidr) => ({ cidr, global }));

/**
 * Ranges that differ from what surrounds them; the longest that matches decides. IPv4 is global
 * unless listed, IPv6 only inside 2000::/3 (global unicast, RFC 4291 section 2.4).
 *
 * The facts are the column "Globally Reachable" of IANA's special-purpose address registries for
 * IPv4 and IPv6 (RFC 6890, RFC 8190), read more strictly in four places:
 * - anycast that the nearest router answers (PCP, TURN, DNS-SD SRP) leads into one's own network;
 * - 6to4 (2002::/16) and Teredo (2001::/32) carry an IPv4 address that could be anything;
 * - multicast and the registry's deprecated entries have nobody to speak HTTP with;
 * - 168.63.129.16 is Azure's platform, reached from its own machines only.
 */
export const BLOCKS: readonly Block[] = [
  ...blocks(false, [
    "0.0.0.0/8",
    "10.0.0.0/8",
    "100.64.0.0/10",
    "127.0.0.0/8",
    "168.63.129.16/32",
    "169.254.0.0/16",
    "172.16.0.0/12",
    "192.0.0.0/24",
    "192.0.2.0/24",
    "192.88.99.0/24",
    "192.168.0.0/16",
    "198.18.0.0/15",
    "198.51.100.0/24",
    "203.0.113.0/24",
    "224.0.0.0/4",
    "240.0.0.0/4",
    "255.255.255.255/32",
  ]),
  ...blocks(true, ["2000::/3"]),
  ...blocks(false, ["2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20"]),
  // Inside 2001::/23: AMT, AS112, ORCHIDv2 and drone identifiers.
  ...blocks(true, ["2001:3::/32", "2001:4:112::/48", "2001:20::/28", "2001:30::/28"]),
];

const IPV4_BYTES = 4;
const IPV6_GROUPS = 8;

/**
 * The 4 or 16 bytes of an address in the one spelling that resolvers and URL parsers give: IPv4 as
 * four decimal numbers without leading zeros, IPv6 as RFC 4291 section 2.2 has it. Everything else
 * (octal, hexadecimal, fewer parts, a zone, brackets) is null: what reads one spelling only cannot
 * be made to read an address differently from the one who dials it.
 */
export function parseAddress(text: string): Uint8Array<ArrayBuffer> | null {
  return text.includes(":") ? parseIpv6(text) : parseIpv4(text);
}

function parseIpv4(text: string): Uint8Array<ArrayBuffer> | null {
  const match = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/.exec(text);
  if (!match) return null;
  const parts = match.slice(1);
  if (parts.some((part) => Number(part) > 255 || (part.length > 1 && part.startsWith("0")))) {
    return null;
  }
  return Uint8Array.from(parts, Number);
}

function parseIpv6(text: string): Uint8Array<ArrayBuffer> | null {
  const halves = text.split("::");
  if (halves.length > 2) return null;
  const head = toGroups(halves[0] ?? "", halves.length === 1);
  const tail = toGroups(halves[1] ?? "", true);
  if (!head || !tail) return null;
  const missing = IPV6_GROUPS - head.length - tail.length;
  // "::" stands for one group at least.
  if (halves.length === 2 ? missing < 1 : missing !== 0) return null;
  const groups = [...head, ...Array<number>(missing).fill(0), ...tail];
  return Uint8Array.from(groups.flatMap((group) => [group >> 8, group & 0xff]));
}

/** The 16-bit groups between colons; an IPv4 address may stand for the last two. */
function toGroups(text: string, mayEndInIpv4: boolean): number[] | null {
  if (text === "") return [];
  const pieces = text.split(":");
  const groups: number[] = [];
  for (const [i, piece] of pieces.entries()) {
    if (/^[0-9a-f]{1,4}$/i.test(piece)) {
      groups.push(Number.parseInt(piece, 16));
      continue;
    }
    const embedded = mayEndInIpv4 && i === pieces.length - 1 ? parseIpv4(piece) : null;
    if (!embedded) return null;
    const [a = 0, b = 0, c = 0, d = 0] = embedded;
    groups.push((a << 8) | b, (c << 8) | d);
  }
  return groups;
}

interface ParsedBlock {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly prefix: number;
  readonly global: boolean;
}

function parseBlock({ cidr, global }: Block): ParsedBlock {
  const [address = "", prefix] = cidr.split("/");
  const bytes = parseAddress(address);
  if (!bytes) throw new TypeError(`${cidr} is no block of addresses`);
  return { bytes, prefix: Number(prefix), global };
}

/** The longest prefix first, so that the first match is the one that decides. */
const PARSED = BLOCKS.map(parseBlock).sort((a, b) => b.prefix - a.prefix);

function contains(block: ParsedBlock, address: Uint8Array): boolean {
  if (block.bytes.length !== address.length) return false;
  const whole = block.prefix >> 3;
  for (let i = 0; i < whole; i++) if (block.bytes[i] !== address[i]) return false;
  const rest = 8 - (block.prefix & 7);
  if (rest === 8) return true;
  return (block.bytes[whole] ?? 0) >> rest === (address[whole] ?? 0) >> rest;
}

/**
 * Whether an address, as text or as its 4 or 16 bytes, is one that anyone on the Internet can
 * reach. What is no address, and an IPv6 address that carries an IPv4 one, is not.
 */
export function isPublicAddress(address: string | Uint8Array): boolean {
  const bytes = typeof address === "string" ? parseAddress(address) : address;
  if (!bytes) return false;
  const block = PARSED.find((candidate) => contains(candidate, bytes));
  return block?.global ?? bytes.length === IPV4_BYTES;
}

/** Whether an address is this machine's own: 127.0.0.0/8 or ::1. */
export function isLoopbackAddress(address: string): boolean {
  const bytes = parseAddress(address);
  if (!bytes) return false;
  if (bytes.length === IPV4_BYTES) return bytes[0] === 127;
  return bytes.every((byte, i) => byte === (i === 15 ? 1 : 0));
}
