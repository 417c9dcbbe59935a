// Node's own RSA beside jose's: the same keys taken, the same signatures accepted, the same words said.
import { constants, createPublicKey, generateKeyPairSync, type KeyObject, sign } from "node:crypto";
import { describe, expect, it } from "vitest";
import {
  MAX_BITS_IN_PLACE,
  readRsaKey,
  readRsaKeyInPlace,
} from "../../src/runtime/rsa-public-key.ts";
import { importKey, parseToken } from "../../src/verify/jws.ts";
import { ADDRESS, type Change, type Members, otherPair, verify } from "./world.ts";

const ENGINES = [readRsaKey, readRsaKeyInPlace, undefined];

const { publicKey, privateKey } = generateKeyPairSync("rsa", { modulusLength: 2_048 });
const spki = (key: KeyObject) => key.export({ type: "spki", format: "der" });
const pem = (der: Uint8Array) =>
  `-----BEGIN PUBLIC KEY-----\n${Buffer.from(der).toString("base64")}\n-----END PUBLIC KEY-----`;
const der = spki(publicKey);

/** With one octet of the DER changed. */
function changed(at: number, to: number): Uint8Array {
  const copy = Uint8Array.from(der);
  copy[at] = to;
  return copy;
}

const curve = generateKeyPairSync("ec", { namedCurve: "P-256" }).publicKey;
const KEYS: readonly (readonly [name: string, der: Uint8Array, taken: boolean])[] = [
  ["an RSA key", der, true],
  [
    "an RSA key of 3,072 bits",
    spki(generateKeyPairSync("rsa", { modulusLength: 3_072 }).publicKey),
    true,
  ],
  [
    "an RSA key with the exponent 3",
    spki(generateKeyPairSync("rsa", { modulusLength: 2_048, publicExponent: 3 }).publicKey),
    true,
  ],
  [
    "an RSA key of 1,024 bits",
    spki(generateKeyPairSync("rsa", { modulusLength: 1_024 }).publicKey),
    false,
  ],
  [
    "an RSA key for PSS alone",
    spki(generateKeyPairSync("rsa-pss", { modulusLength: 2_048 }).publicKey),
    false,
  ],
  ["a key on a curve", spki(curve), false],
  ["an Ed25519 key", spki(generateKeyPairSync("ed25519").publicKey), false],
  ["an X25519 key", spki(generateKeyPairSync("x25519").publicKey), false],
  ["a private key", privateKey.export({ type: "pkcs8", format: "der" }), false],
  ["a bare RSAPublicKey", publicKey.export({ type: "pkcs1", format: "der" }), false],
  ["nothing", new Uint8Array([0]), false],
  ["a key cut short", der.subarray(0, 200), false],
  ["a key of another algorithm by its name", changed(15, 0x42), false],
];

describe("OB20-K-03 a key", () => {
  it.each(KEYS)("%s", async (_name, bytes, taken) => {
    for (const engine of ENGINES) {
      expect((await importKey(pem(bytes), "RS256", engine)).ok).toBe(taken);
    }
    if (taken) expect(readRsaKey(Uint8Array.from(bytes))?.bits).toBeGreaterThanOrEqual(2_048);
  });

  it("in base64 that is none is taken by none", async () => {
    const broken = pem(der).replace(/\n(.)/, "\n=$1");
    for (const engine of ENGINES) {
      expect((await importKey(broken, "RS256", engine)).ok).toBe(false);
    }
  });

  it("taken for one algorithm judges no other", async () => {
    const token = signed({ alg: "RS512" }, "sha512");
    for (const engine of ENGINES) {
      const key = await importKey(pem(der), "RS256", engine);
      expect(key.ok && (await key.signed(token))).toBe(false);
      const right = await importKey(pem(der), "RS512", engine);
      expect(right.ok && (await right.signed(token))).toBe(true);
    }
  });
});

describe("OB20-S-08 a key with an exponent that is not usual", () => {
  const unusual = generateKeyPairSync("rsa", { modulusLength: 2_048, publicExponent: 0x1000001 });
  const good = signed({ alg: "RS256" }, "sha256", constants.RSA_PKCS1_PADDING, unusual.privateKey);

  it.each([
    ["its own signature", good, true],
    ["another key's signature", signed({ alg: "RS256" }, "sha256"), false],
  ])("%s", async (_name, token, stands) => {
    for (const engine of ENGINES) {
      const key = await importKey(pem(spki(unusual.publicKey)), "RS256", engine);
      expect(key.ok && (await key.signed(token))).toBe(stands);
    }
  });
});

describe("a signature is judged in place", () => {
  const { n } = publicKey.export({ format: "jwk" });
  const withExponent = (hex: string) => {
    const e = Buffer.from(hex, "hex").toString("base64url");
    return createPublicKey({ format: "jwk", key: { kty: "RSA", n, e } });
  };
  const ofBits = (modulusLength: number) => generateKeyPairSync("rsa", { modulusLength }).publicKey;

  it.each([
    ["by a key of the most bits for it", true, () => ofBits(MAX_BITS_IN_PLACE)],
    ["but not by a longer one", false, () => ofBits(MAX_BITS_IN_PLACE + 8)],
    ["by a key with the largest exponent for it", true, () => withExponent("ffffffff")],
    ["but not by one with a larger one", false, () => withExponent("0100000001")],
  ])("%s", async (_name, inPlace, key) => {
    const read = readRsaKeyInPlace(Uint8Array.from(spki(key())));
    let judged: boolean | undefined;
    const judging = read?.verify("sha256", "text", "AAAA").then((stands) => {
      judged = stands;
    });
    // Only what was done in place is there before the event loop turns.
    for (let i = 0; i < 10; i++) await null;
    expect(judged).toBe(inPlace ? false : undefined);
    await judging;
    expect(judged).toBe(false);
  });
});

type Hash = "sha1" | "sha256" | "sha384" | "sha512";

function signed(
  header: Members,
  hash: Hash,
  padding: number = constants.RSA_PKCS1_PADDING,
  key = privateKey,
) {
  const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const input = `${encode(header)}.${encode({ a: 1 })}`;
  const signature = sign(hash, Buffer.from(input), { key, padding });
  return parsed(`${input}.${signature.toString("base64url")}`);
}

function parsed(text: string) {
  const token = parseToken(text);
  if (!token.ok) throw new Error(token.words);
  return token.token;
}

describe("OB20-S-08 a signature", () => {
  const good = signed({ alg: "RS256" }, "sha256");
  const edit = (change: (octets: Buffer) => Buffer) => {
    const [header, payload, signature = ""] = good.text.split(".");
    const octets = change(Buffer.from(signature, "base64url"));
    return parsed(`${header}.${payload}.${octets.toString("base64url")}`);
  };
  const CASES: readonly (readonly [string, ReturnType<typeof parsed>, boolean])[] = [
    ["as it should be", good, true],
    [
      "with an octet changed",
      edit((octets) => Buffer.from(octets.with(7, (octets[7] ?? 0) ^ 1))),
      false,
    ],
    ["with an octet too many", edit((octets) => Buffer.concat([octets, Buffer.of(0)])), false],
    ["with a zero in front", edit((octets) => Buffer.concat([Buffer.of(0), octets])), false],
    ["with an octet too few", edit((octets) => octets.subarray(1)), false],
    ["of one octet", edit(() => Buffer.of(1)), false],
    ["of zeros", edit((octets) => Buffer.alloc(octets.length)), false],
    ["of ones", edit((octets) => Buffer.alloc(octets.length, 0xff)), false],
    ["by another hash than is said", signed({ alg: "RS256" }, "sha512"), false],
    ["by a hash that is broken", signed({ alg: "RS256" }, "sha1"), false],
    ["by PSS", signed({ alg: "RS256" }, "sha256", constants.RSA_PKCS1_PSS_PADDING), false],
  ];

  it.each(CASES)("%s", async (_name, token, stands) => {
    for (const engine of ENGINES) {
      const key = await importKey(pem(der), token.algorithm, engine);
      expect(key.ok && (await key.signed(token))).toBe(stands);
    }
  });
});

describe("what is said of a signed badge", () => {
  it.each<[string, Change]>([
    ["of one that is valid", { sign: {} }],
    ["by RS384", { sign: { alg: "RS384" } }],
    ["by RS512", { sign: { alg: "RS512" } }],
    ["of one that somebody else signed", { sign: { keys: otherPair } }],
    ["of one whose key is none", { sign: {}, change: { key: { publicKeyPem: "none" } } }],
    [
      "of one whose key is too short",
      { sign: {}, change: { key: { publicKeyPem: pem(KEYS[3]?.[1] ?? der) } } },
    ],
    [
      "of one whose key is on a curve",
      { sign: {}, change: { key: { publicKeyPem: pem(spki(curve)) } } },
    ],
    [
      "of one whose key is somebody else's",
      { sign: {}, change: { key: { owner: ADDRESS.endorser } } },
    ],
    [
      "of one that is revoked",
      { sign: {}, change: { list: { revokedAssertions: [ADDRESS.assertion] } } },
    ],
  ])("is the same by each: %s", async (_name, change) => {
    const web = await verify(change);
    for (const engine of [readRsaKey, readRsaKeyInPlace]) {
      expect(await verify({ ...change, options: { readRsaKey: engine } })).toEqual(web);
    }
  });
});
