// The special-purpose blocks of IANA's registries as a reader of them would note them down, and ways to spell an address.

/** Blocks no request may reach; each is refused whole unless PUBLIC_INSIDE has a part of it. */
export const PRIVATE_BLOCKS: Readonly<Record<string, string>> = {
  "this network": "0.0.0.0/8",
  "private use, 10": "10.0.0.0/8",
  "shared address space": "100.64.0.0/10",
  loopback: "127.0.0.0/8",
  "link local": "169.254.0.0/16",
  "private use, 172": "172.16.0.0/12",
  "IETF protocol assignments": "192.0.0.0/24",
  "documentation 1": "192.0.2.0/24",
  "6to4 relay anycast": "192.88.99.0/24",
  "private use, 192": "192.168.0.0/16",
  benchmarking: "198.18.0.0/15",
  "documentation 2": "198.51.100.0/24",
  "documentation 3": "203.0.113.0/24",
  multicast: "224.0.0.0/4",
  reserved: "240.0.0.0/4",
  broadcast: "255.255.255.255/32",
  "Azure's platform": "168.63.129.16/32",
  unspecified: "::/128",
  "loopback, version 6": "::1/128",
  "IPv4-compatible": "::/96",
  "IPv4-mapped": "::ffff:0:0/96",
  "NAT64, well known": "64:ff9b::/96",
  "NAT64, local": "64:ff9b:1::/48",
  "discard only": "100::/64",
  "dummy prefix": "100:0:0:1::/64",
  Teredo: "2001::/32",
  "benchmarking, version 6": "2001:2::/48",
  "old ORCHID": "2001:10::/28",
  "protocol assignments, version 6": "2001::/23",
  "documentation, version 6": "2001:db8::/32",
  "6to4": "2002::/16",
  "documentation, version 6, large": "3fff::/20",
  "segment routing": "5f00::/16",
  "unique local": "fc00::/7",
  "link local, version 6": "fe80::/10",
  "site local": "fec0::/10",
  "multicast, version 6": "ff00::/8",
};

/** Globally reachable by the registries, or next to what is not. */
export const PUBLIC_BLOCKS: Readonly<Record<string, string>> = {
  "AS112, version 4": "192.31.196.0/24",
  "AMT, version 4": "192.52.193.0/24",
  "direct delegation AS112, version 4": "192.175.48.0/24",
  "AMT, version 6": "2001:3::/32",
  "AS112, version 6": "2001:4:112::/48",
  ORCHIDv2: "2001:20::/28",
  "drone identifiers": "2001:30::/28",
  "direct delegation AS112, version 6": "2620:4f:8000::/48",
  "a resolver anyone knows": "8.8.8.0/24",
  "the same in version 6": "2001:4860::/32",
};

export interface Range {
  readonly bits: 32 | 128;
  readonly first: bigint;
  readonly last: bigint;
}

export function rangeOf(cidr: string): Range {
  const [text = "", prefix = ""] = cidr.split("/");
  const bits = text.includes(":") ? 128 : 32;
  const size = 1n << BigInt(bits - Number(prefix));
  const first = numberOf(text);
  return { bits, first, last: first + size - 1n };
}

/** Reads canonical text by way of the platform's own URL parser, not of the code under test. */
export function numberOf(text: string): bigint {
  if (!text.includes(":")) {
    return text.split(".").reduce((sum, part) => (sum << 8n) + BigInt(part), 0n);
  }
  const canonical = new URL(`http://[${text}]/`).hostname.slice(1, -1);
  const [head = "", tail] = canonical.split("::");
  const left = head === "" ? [] : head.split(":");
  const right = tail === undefined || tail === "" ? [] : tail.split(":");
  const middle = tail === undefined ? [] : Array<string>(8 - left.length - right.length).fill("0");
  return [...left, ...middle, ...right].reduce(
    (sum, group) => (sum << 16n) + BigInt(`0x${group}`),
    0n,
  );
}

export function textOf(value: bigint, bits: 32 | 128): string {
  if (bits === 32) return [24n, 16n, 8n, 0n].map((shift) => (value >> shift) & 0xffn).join(".");
  const groups = Array.from({ length: 8 }, (_, i) => (value >> BigInt(112 - 16 * i)) & 0xffffn);
  return new URL(`http://[${groups.map((group) => group.toString(16)).join(":")}]/`).hostname.slice(
    1,
    -1,
  );
}

/** The first and the last address of a block. */
export function ends(cidr: string): string[] {
  const { bits, first, last } = rangeOf(cidr);
  return [...new Set([textOf(first, bits), textOf(last, bits)])];
}

/** Hosts of a URL that mean this address, or carry it inside another. */
export function spellings(text: string): string[] {
  return text.includes(":") ? spellingsOf6(text) : spellingsOf4(text);
}

function spellingsOf4(text: string): string[] {
  const parts = text.split(".").map(Number);
  const [a = 0, b = 0, c = 0, d = 0] = parts;
  const whole = ((a * 256 + b) * 256 + c) * 256 + d;
  const hex = whole.toString(16).padStart(8, "0");
  const groups = `${hex.slice(0, 4)}:${hex.slice(4)}`;
  const octal = (n: number) => `0${n.toString(8)}`;
  return [
    text,
    `${text}.`,
    String(whole),
    `0x${hex}`,
    `0X${hex.toUpperCase()}`,
    octal(whole),
    parts.map((n) => `0x${n.toString(16)}`).join("."),
    parts.map(octal).join("."),
    parts.map((n) => `000${n.toString(8)}`).join("."),
    `${a}.${b}.${c * 256 + d}`,
    `${a}.${(b * 256 + c) * 256 + d}`,
    `0x${a.toString(16)}.${octal(b)}.${c}.${d}`,
    text.replaceAll(".", "%2e"),
    text.replaceAll(".", "\u3002"),
    text.replace(/\d/g, (digit) => String.fromCodePoint(0xff10 + Number(digit))),
    `[::ffff:${text}]`,
    `[::ffff:${groups}]`,
    `[0:0:0:0:0:FFFF:${text}]`,
    `[::${text}]`,
    `[2002:${groups}::1]`,
    `[64:ff9b::${text}]`,
    `[64:ff9b:1::${groups}]`,
    `[2001:0:${groups}::]`,
  ];
}

function spellingsOf6(text: string): string[] {
  const value = numberOf(text);
  const groups = Array.from({ length: 8 }, (_, i) =>
    ((value >> BigInt(112 - 16 * i)) & 0xffffn).toString(16),
  );
  const last = textOf(value & 0xffffffffn, 32);
  return [
    `[${text}]`,
    `[${text.toUpperCase()}]`,
    `[${groups.join(":")}]`,
    `[${groups.map((group) => group.padStart(4, "0")).join(":")}]`,
    `[${groups.slice(0, 6).join(":")}:${last}]`,
    `[${text}%25eth0]`,
    `[${text}%eth0]`,
  ];
}
