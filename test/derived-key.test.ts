// Keys from the installation's secret: as RFC 5869 has them, and the same for ever.
import { describe, expect, it } from "vitest";
import { derivedKey } from "../src/derived-key.ts";
import { serverKeys } from "../src/host/keys.ts";
import { unseal } from "../src/seal.ts";
import { keyedHash } from "../src/signin/keyed-hash.ts";

const SECRETS = {
  secretKey: Uint8Array.from({ length: 32 }, (_, i) => i),
  retiredSecretKeys: [],
};

/** RFC 5869, section 2, word for word: extract with a salt of zeros, then expand. */
async function hkdf(secret: Uint8Array<ArrayBuffer>, info: string, length: number) {
  const hmac = async (key: Uint8Array<ArrayBuffer>, data: Uint8Array<ArrayBuffer>) => {
    const algorithm = { name: "HMAC", hash: "SHA-256" };
    const made = await crypto.subtle.importKey("raw", key, algorithm, false, ["sign"]);
    return new Uint8Array(await crypto.subtle.sign("HMAC", made, data));
  };
  const pseudorandom = await hmac(new Uint8Array(32), secret);
  const output: number[] = [];
  let last: Uint8Array<ArrayBuffer> = new Uint8Array(0);
  for (let i = 1; output.length < length; i++) {
    last = await hmac(
      pseudorandom,
      new Uint8Array([...last, ...new TextEncoder().encode(info), i]),
    );
    output.push(...last);
  }
  return new Uint8Array(output.slice(0, length));
}

describe("a key of a purpose", () => {
  it.each([
    ["rosette idempotency: kept answer", 32],
    ["rosette seal: key id", 8],
    ["a longer one than a hash", 80],
  ])("%s, %i bytes, is what the standard says", async (purpose, length) => {
    const expected = await hkdf(SECRETS.secretKey, purpose, length);
    expect(await derivedKey(SECRETS.secretKey, purpose, length)).toEqual(expected);
  });
});

// Made by an earlier version: a new one that cannot read them locks everybody out of what is stored.
describe("what an earlier version made", () => {
  it("opens", async () => {
    const sealed =
      "eyJhbGciOiJkaXIiLCJlbmMiOiJBMjU2R0NNIiwia2lkIjoiWkpwdXFGRjVnWm8iLCJwbGFjZSI6InQvci9jIn0..pxoxRnHPwGYQ0w8h._xbRDeE.sbHdq-ONJcbyOdYpJbwMYA";
    const place = { table: "t", row: "r", column: "c" };
    expect(await unseal(SECRETS, place, sealed)).toEqual({ text: "words", outdated: false });
  });

  it.each([
    ["form", "XIBVwHcGVQrdQDMhxJIFfT-MvV1L7s4nAT6mXK3rK_4"],
    ["link", "eAw5tU3Ah-yDHtSPZh8lT8wksHjIFGXKWrl-lxFqxmg"],
    ["code", "OyhA4YkTR5-bginCrpgMB-gLNsmm0p0cHhZapdBITEA"],
    ["rate limit", "1l2lw9AipfKbJ2DmDb-CrIfQRVvF0bXtOlzkdlvdSeA"],
  ] as const)("is recognised: a %s", async (purpose, hash) => {
    expect(await keyedHash(SECRETS, purpose, "words")).toBe(hash);
  });

  it("is believed: cookies and tokens of the authorization server", async () => {
    const { cookies, jwk } = await serverKeys(SECRETS);
    expect(cookies).toEqual(["6i4NI4TQxMABrBCrAvkGU1RaDQVlltGmC_bx0YSWUqM"]);
    expect(jwk.x).toBe("s7t-2Ak7EKhD7QBCBlXfBD2821OZE2ZpO9aXc26q428");
  });
});
