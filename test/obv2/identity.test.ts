import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { hashIdentity, matchIdentity, recipientDocument } from "../../src/obv2/identity.ts";
import { md5Hex } from "../../src/obv2/md5.ts";
import { identityObject } from "./shapes.ts";

const NOBODY = "sha256$ecf5409f3f4b91ab60cc5ef4c02aef7032354375e70cf4d8e43f6a1d29891942";
const MAYZE = "sha256$7a1a1b3f7d40552e4299180e346e3add12bf9a751a43d9c4ca4518febc2c60c6";

const utf8 = (text: string) => new TextEncoder().encode(text);

describe("recipients as they are published", () => {
  it("OB20-R-05 hashes the identity and then the salt, nothing between", async () => {
    expect(await hashIdentity("nobody@example.org", "deadsea")).toBe(NOBODY);
    expect(await hashIdentity("mayze", "")).toBe(MAYZE);
    expect(await hashIdentity("größe@example.org", "s")).not.toBe(
      await hashIdentity("grosse@example.org", "s"),
    );
  });

  it.each([
    ["email", "email"],
    ["url", "url"],
    ["telephone", "telephone"],
    ["did", "id"],
  ] as const)("OB20-R-01 an identity of type %s is published as %s", async (stored, published) => {
    const recipient = await recipientDocument({
      recipient_type: stored,
      recipient_identity: "someone",
      recipient_salt: "0123456789abcdef0123456789abcdef",
    });
    expect(recipient.type).toBe(published);
    expect(identityObject.safeParse(recipient).error).toBeUndefined();
  });

  it("OB20-R-02 OB20-R-03 OB20-R-06 OB20-R-09 holds a sha256 in text, and says that it is hashed", async () => {
    const recipient = await recipientDocument({
      recipient_type: "email",
      recipient_identity: "nobody@example.org",
      recipient_salt: "deadsea",
    });
    expect(recipient).toEqual({ type: "email", hashed: true, salt: "deadsea", identity: NOBODY });
  });
});

describe("recipients as they are read", () => {
  const hashed = { type: "email", hashed: true, salt: "deadsea", identity: NOBODY } as const;

  it.each<[string, Parameters<typeof matchIdentity>[0], string[], unknown]>([
    ["the address", hashed, ["nobody@example.org"], { ok: true, matched: "nobody@example.org" }],
    [
      "OB20-R-13 the second of three",
      hashed,
      ["a@example.org", "nobody@example.org", "c@example.org"],
      { ok: true, matched: "nobody@example.org" },
    ],
    [
      "OB20-R-07 upper-case digits",
      { ...hashed, identity: `sha256$${NOBODY.slice(7).toUpperCase()}` },
      ["nobody@example.org"],
      { ok: true, matched: "nobody@example.org" },
    ],
    [
      "OB20-R-11 an address typed in capitals, hashed in lower case",
      hashed,
      ["Nobody@Example.ORG"],
      { ok: true, matched: "Nobody@Example.ORG" },
    ],
    [
      "OB20-R-04 without a salt",
      { type: "email", hashed: true, identity: MAYZE },
      ["mayze"],
      { ok: true, matched: "mayze" },
    ],
    [
      "OB20-R-08 md5 is read",
      { type: "email", hashed: true, salt: "", identity: "md5$900150983cd24fb0d6963f7d28e17f72" },
      ["abc"],
      { ok: true, matched: "abc" },
    ],
    [
      "a plain identity",
      { type: "email", hashed: false, identity: "kim@example.org" },
      ["kim@example.org"],
      { ok: true, matched: "kim@example.org" },
    ],
    [
      "a plain identity in other case is typed otherwise",
      { type: "email", hashed: false, identity: "Kim@example.org" },
      ["kim@example.org"],
      { ok: false, reason: "no-match" },
    ],
    ["another person", hashed, ["other@example.org"], { ok: false, reason: "no-match" }],
    ["nobody at all", hashed, [], { ok: false, reason: "no-match" }],
    [
      "OB20-R-06 an algorithm that is not one",
      { ...hashed, identity: `sha512$${"0".repeat(64)}` },
      ["nobody@example.org"],
      { ok: false, reason: "hash-expected" },
    ],
    [
      "OB20-R-06 a tag in capitals",
      { ...hashed, identity: NOBODY.replace("sha256", "SHA256") },
      ["nobody@example.org"],
      { ok: false, reason: "hash-expected" },
    ],
    [
      "OB20-R-06 a digest cut short",
      { ...hashed, identity: NOBODY.slice(0, -1) },
      ["nobody@example.org"],
      { ok: false, reason: "hash-expected" },
    ],
    [
      "OB20-R-09 plain but said to be hashed",
      { ...hashed, identity: "nobody@example.org" },
      ["nobody@example.org"],
      { ok: false, reason: "hash-expected" },
    ],
    [
      "OB20-R-09 hashed but said to be plain",
      { type: "email", hashed: false, identity: NOBODY },
      ["nobody@example.org"],
      { ok: false, reason: "hash-unexpected" },
    ],
  ])("%s", async (_name, recipient, candidates, expected) => {
    expect(await matchIdentity(recipient, candidates)).toEqual(expected);
  });

  it("finds whoever a published recipient was made from", async () => {
    const sources = fc.tuple(fc.emailAddress(), fc.stringMatching(/^[0-9a-f]{0,32}$/));
    await fc.assert(
      fc.asyncProperty(sources, async ([email, salt]) => {
        const identity = email.toLowerCase();
        const recipient = await recipientDocument({
          recipient_type: "email",
          recipient_identity: identity,
          recipient_salt: salt,
        });
        expect(await matchIdentity(recipient, ["x", email])).toEqual({ ok: true, matched: email });
      }),
      { numRuns: 50 },
    );
  });
});

describe("MD5, RFC 1321 appendix A.5", () => {
  it.each([
    ["", "d41d8cd98f00b204e9800998ecf8427e"],
    ["a", "0cc175b9c0f1b6a831c399e269772661"],
    ["abc", "900150983cd24fb0d6963f7d28e17f72"],
    ["message digest", "f96b697d7cb7938d525a2f31aaf161d0"],
    ["abcdefghijklmnopqrstuvwxyz", "c3fcd3d76192e4007dfb496cca67e13b"],
    [
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789",
      "d174ab98d277d9f5a5611c2c9f419d9f",
    ],
    ["1234567890".repeat(8), "57edf4a22be3c955ac49da2e2107b67a"],
    ["x".repeat(55), "04364420e25c512fd958a70738aa8f72"],
    ["x".repeat(56), "668a72d5ba17f08e62dabcafad6db14b"],
    ["x".repeat(64), "c1bb4f81d892b2d57947682aeb252456"],
  ])("%j", (message, digest) => {
    expect(md5Hex(utf8(message))).toBe(digest);
  });
});
