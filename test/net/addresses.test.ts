// Every special block at its first, last, before and after address, and every spelling of an address.
import fc from "fast-check";
import ipaddr from "ipaddr.js";
import { describe, expect, it } from "vitest";
import {
  BLOCKS,
  isLoopbackAddress,
  isPublicAddress,
  parseAddress,
} from "../../src/net/addresses.ts";
import {
  ends,
  numberOf,
  PRIVATE_BLOCKS,
  PUBLIC_BLOCKS,
  rangeOf,
  spellings,
  textOf,
} from "./special-addresses.ts";

/** By the tables of the test alone: global unicast, outside of what is private, or excepted. */
function expectedPublic(value: bigint, bits: 32 | 128): boolean {
  const within = (cidr: string) => {
    const range = rangeOf(cidr);
    return range.bits === bits && range.first <= value && value <= range.last;
  };
  if (Object.values(PUBLIC_BLOCKS).some(within)) return true;
  if (Object.values(PRIVATE_BLOCKS).some(within)) return false;
  return bits === 32 || within("2000::/3");
}

describe("blocks", () => {
  it.each(Object.entries(PRIVATE_BLOCKS))("%s, %s: private from first to last", (_name, cidr) => {
    for (const address of ends(cidr))
      expect([address, isPublicAddress(address)]).toEqual([address, false]);
    const { bits, first, last } = rangeOf(cidr);
    const middle = (first + last) / 2n;
    expect(isPublicAddress(textOf(middle, bits))).toBe(expectedPublic(middle, bits));
  });

  it.each(Object.entries(PUBLIC_BLOCKS))("%s, %s: public from first to last", (_name, cidr) => {
    for (const address of ends(cidr))
      expect([address, isPublicAddress(address)]).toEqual([address, true]);
  });

  const all = [...Object.values(PRIVATE_BLOCKS), ...Object.values(PUBLIC_BLOCKS)];
  it.each([...new Set([...all, ...BLOCKS.map(({ cidr }) => cidr)])])(
    "%s: the address before it and the one after it are judged by their own blocks",
    (cidr) => {
      const { bits, first, last } = rangeOf(cidr);
      for (const value of [first - 1n, last + 1n]) {
        if (value < 0n || value >= 1n << BigInt(bits)) continue;
        const text = textOf(value, bits);
        expect([text, isPublicAddress(text)]).toEqual([text, expectedPublic(value, bits)]);
      }
    },
  );

  it.each([
    ["192.0.0.9", "PCP, answered by the nearest router"],
    ["192.0.0.192", "a cloud's metadata"],
    ["2001:1::1", "PCP, answered by the nearest router"],
    ["100.100.100.200", "a cloud's metadata"],
    ["169.254.169.254", "a cloud's metadata"],
    ["fd00:ec2::254", "a cloud's metadata"],
    ["::7f00:1", "loopback in an IPv4-compatible address"],
    ["4000::1", "not handed out"],
  ])("%s (%s) is private", (address) => {
    expect(isPublicAddress(address)).toBe(false);
  });

  it("random addresses are judged as the tables say, by text and by bytes", () => {
    const somewhere = fc.constantFrom(...all).chain((cidr) => {
      const { bits, first, last } = rangeOf(cidr);
      return fc.record({
        bits: fc.constant(bits),
        value: fc.oneof(fc.bigInt(first, last), fc.bigInt(0n, (1n << BigInt(bits)) - 1n)),
      });
    });
    fc.assert(
      fc.property(somewhere, ({ bits, value }) => {
        const text = textOf(value, bits);
        const bytes = Uint8Array.from({ length: bits / 8 }, (_, i) =>
          Number((value >> BigInt(bits - 8 - 8 * i)) & 0xffn),
        );
        expect(parseAddress(text)).toEqual(bytes);
        expect(isPublicAddress(text)).toBe(expectedPublic(value, bits));
        expect(isPublicAddress(bytes)).toBe(expectedPublic(value, bits));
      }),
      { numRuns: 2_000 },
    );
  });
});

describe("spellings", () => {
  const good = ["0.0.0.0", "255.255.255.255", "1.2.3.4", "::", "::1", "1::", "1:2:3:4:5:6:7:8"];
  it.each([
    ...good,
    "1::8",
    "::2:3:4:5:6:7:8",
    "::ffff:1.2.3.4",
    "1:2:3:4:5:6:7.8.9.10",
    "FE80::A",
  ])("%s is read", (text) => {
    const bytes = parseAddress(text);
    expect(bytes && Array.from(bytes)).toEqual(ipaddr.parse(text).toByteArray());
  });

  it.each([
    "",
    ".",
    ":",
    "1",
    "1.2",
    "1.2.3",
    "1.2.3.4.5",
    "1.2.3.4.",
    ".1.2.3.4",
    "1..3.4",
    "256.1.1.1",
    "01.2.3.4",
    "0x1.2.3.4",
    "127.1",
    "2130706433",
    "0x7f000001",
    "1.2.3.-4",
    "1.2.3.4 ",
    " 1.2.3.4",
    "1.2.3.4\n",
    "1.2.3.4/8",
    "١.2.3.4",
    ":::",
    "::1::",
    "1:2:3:4:5:6:7",
    "1:2:3:4:5:6:7:8:9",
    "1:::2",
    "1:2:3:4:5:6:7:8::",
    "::1:2:3:4:5:6:7:8",
    ":1",
    "1:",
    "12345::",
    "g::",
    "fe80::1%eth0",
    "fe80::1%25eth0",
    "[::1]",
    "::1.2.3",
    "::1.2.3.4:5",
    "1.2.3.4::",
    "::01.2.3.4",
    "::ffff:0x7f.0.0.1",
    "1:2:3:4:5:6:7:1.2.3.4",
  ])("%j is not an address, and so not public", (text) => {
    expect(parseAddress(text)).toBeNull();
    expect(isPublicAddress(text)).toBe(false);
    expect(isLoopbackAddress(text)).toBe(false);
  });

  it("bytes of another length are not public", () => {
    expect(isPublicAddress(new Uint8Array(0))).toBe(false);
    expect(isPublicAddress(new Uint8Array(5).fill(8))).toBe(false);
  });

  it("what is read is read as an independent reader does", () => {
    const piece = fc.constantFrom(
      "0",
      "1",
      "7f",
      "ffff",
      "10000",
      ":",
      "::",
      ".",
      "127",
      "255",
      "256",
      "%",
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
        const bytes = parseAddress(pieces.join(""));
        if (bytes) expect(Array.from(bytes)).toEqual(ipaddr.parse(pieces.join("")).toByteArray());
      }),
      { numRuns: 5_000 },
    );
  });

  it("in a URL, no spelling of a private address is public", () => {
    let judged = 0;
    for (const cidr of Object.values(PRIVATE_BLOCKS)) {
      for (const host of ends(cidr).flatMap(spellings)) {
        const href = `https://${host}/`;
        if (!URL.canParse(href)) continue;
        const { hostname } = new URL(href);
        expect([host, isPublicAddress(hostname.replace(/^\[|\]$/g, ""))]).toEqual([host, false]);
        judged++;
      }
    }
    expect(judged).toBeGreaterThan(700);
  });

  it("in a URL, IPv4 in any spelling is the same public address", () => {
    const asItself = spellings("8.8.4.4").filter((host) => !host.startsWith("["));
    for (const host of asItself) {
      expect(new URL(`https://${host}/`).hostname).toBe("8.8.4.4");
      expect(isPublicAddress("8.8.4.4")).toBe(true);
    }
    expect(numberOf("8.8.4.4")).toBe(0x08080404n);
  });
});

it.each([
  ["127.0.0.1", true],
  ["127.255.255.254", true],
  ["::1", true],
  ["128.0.0.1", false],
  ["126.255.255.255", false],
  ["::", false],
  ["::2", false],
  ["1::1", false],
  ["::ffff:127.0.0.1", false],
])("isLoopbackAddress(%s) is %s", (address, is) => {
  expect(isLoopbackAddress(address)).toBe(is);
});
