import { decode, encode } from "jose/base64url";
import { beforeAll, describe, expect, it } from "vitest";
import {
  checkReceipt,
  type Jwks,
  MAX_RECEIPT_LENGTH,
  RECEIPT_TYPE,
  type ReceiptClaims,
  type ReceiptSigner,
  readJwks,
  receiptClaims,
  signReceipt,
} from "../../src/verify/receipt.ts";
import type { Verification } from "../../src/verify/result.ts";

const VERIFICATION: Verification = {
  verdict: "valid",
  reason: null,
  words: "The badge is valid.",
  checkedAt: "2026-10-04T14:02:00.000Z",
  input: { kind: "url", url: "https://issuer.example/a/1" },
  version: "2.0",
  verification: "hosted",
  badge: {
    id: "https://issuer.example/a/1",
    name: "Streak Champion",
    description: "…",
    image: null,
    criteria: { id: null, narrative: null },
    issuer: { id: "https://issuer.example/i", name: "Northside", url: null, email: null },
    issuedOn: "2026-10-01T00:00:00Z",
    expires: null,
    narrative: null,
    evidence: [],
    recipient: { type: "email", hashed: true, identity: `sha256$${"0".repeat(64)}`, salt: "s" },
    revocationReason: null,
  },
  matched: "kim@example.org",
  checks: [
    {
      id: "revocation",
      outcome: "passed",
      reason: null,
      words: "…",
      evidence: { found: "secret words of the issuer" },
      at: "2026-10-04T14:02:00.000Z",
    },
  ],
  endorsements: [],
  documents: [
    { url: "https://issuer.example/a/1", role: "assertion", status: 200, bytes: 10 },
    { url: "https://issuer.example/i", role: "issuer", status: null, bytes: 0 },
  ],
};
const FACTS = {
  issuer: "https://badges.example.org",
  now: Date.UTC(2026, 9, 4, 14, 2, 0, 999),
  inputDigest: "ab".repeat(32),
  digests: new Map([["https://issuer.example/a/1", "cd".repeat(32)]]),
};

interface Key extends ReceiptSigner {
  readonly jwk: Readonly<Record<string, unknown>>;
}

const RS256 = { name: "RSASSA-PKCS1-v1_5", hash: "SHA-256" };

async function key(keyId: string): Promise<Key> {
  const pair = await crypto.subtle.generateKey(
    { ...RS256, modulusLength: 2048, publicExponent: new Uint8Array([1, 0, 1]) },
    true,
    ["sign", "verify"],
  );
  const { n, e } = await crypto.subtle.exportKey("jwk", pair.publicKey);
  return {
    keyId,
    jwk: { kty: "RSA", n, e, alg: "RS256", use: "sig", kid: keyId },
    sign: async (bytes) =>
      new Uint8Array(await crypto.subtle.sign(RS256.name, pair.privateKey, bytes)),
  };
}

let own: Key;
let other: Key;
let jwks: Jwks;
let receipt: string;

beforeAll(async () => {
  own = await key("own");
  other = await key("other");
  jwks = { keys: [other.jwk, own.jwk] };
  receipt = await signReceipt(receiptClaims(VERIFICATION, FACTS), own);
});

/** A token of whatever header and payload, signed rightly. */
async function token(header: object, payload: unknown, signer: Key = own): Promise<string> {
  const signed = [header, payload].map((part) => encode(JSON.stringify(part))).join(".");
  return `${signed}.${encode(await signer.sign(new TextEncoder().encode(signed)))}`;
}

const HEADER = { alg: "RS256", typ: RECEIPT_TYPE, kid: "own" };
const claims = () => receiptClaims(VERIFICATION, FACTS);

describe("a receipt", () => {
  it("says what was checked, when, by whom, and what was found", async () => {
    const checked = await checkReceipt(receipt, jwks);
    expect(checked).toEqual({ ok: true, claims: claims() });
    expect(claims()).toMatchObject({
      iss: "https://badges.example.org",
      iat: Date.UTC(2026, 9, 4, 14, 2, 0) / 1000,
      verdict: "valid",
      input: { kind: "url", sha256: "ab".repeat(32) },
      badge: { id: "https://issuer.example/a/1", recipient: { type: "email", salt: "s" } },
      recipient_matched: true,
      checks: [{ id: "revocation", outcome: "passed", reason: null }],
      documents: [{ sha256: "cd".repeat(32) }, { sha256: null }],
    } satisfies Partial<Record<keyof ReceiptClaims, unknown>>);
  });

  it("does not hold the address that was compared, nor what the evidence repeats", () => {
    const text = JSON.stringify(claims());
    expect(text).not.toContain("kim@example.org");
    expect(text).not.toContain("secret words");
  });

  it("is a compact JWS of a type of its own", () => {
    const [header = ""] = receipt.split(".");
    expect(JSON.parse(new TextDecoder().decode(decode(header)))).toEqual(HEADER);
  });

  it("is genuine with blanks around it, as files have them", async () => {
    expect(await checkReceipt(`\n${receipt}\r\n`, jwks)).toMatchObject({ ok: true });
  });
});

describe("what is not genuine", () => {
  const cases: readonly [fault: string, reason: string, make: () => Promise<string> | string][] = [
    ["nothing", "receipt-malformed", () => ""],
    ["two parts", "receipt-malformed", () => receipt.split(".").slice(0, 2).join(".")],
    ["four parts", "receipt-malformed", () => `${receipt}.AAAA`],
    ["padding", "receipt-malformed", () => `${receipt}=`],
    ["a header that is no JSON", "receipt-malformed", () => `AAAA.${receipt.slice(5)}`],
    [
      "a header with a name twice",
      "receipt-malformed",
      () => `${encode('{"alg":"RS256","alg":"none"}')}.e30.AAAA`,
    ],
    [
      "a signature written in another way, by its last bits",
      "receipt-malformed",
      () => {
        // 256 octets end before their 342nd character does: its four last bits say nothing.
        expect(receipt).toMatch(/[AQgw]$/);
        const next = { A: "B", Q: "R", g: "h", w: "x" }[receipt.at(-1) ?? ""];
        return receipt.slice(0, -1) + next;
      },
    ],
    ["too long", "receipt-malformed", () => `${receipt}${"A".repeat(MAX_RECEIPT_LENGTH)}`],
    ["another type", "receipt-type", () => token({ ...HEADER, typ: "JWT" }, claims())],
    ["no type", "receipt-type", () => token({ alg: "RS256", kid: "own" }, claims())],
    ["alg none", "receipt-algorithm", () => token({ ...HEADER, alg: "none" }, claims())],
    ["alg HS256", "receipt-algorithm", () => token({ ...HEADER, alg: "HS256" }, claims())],
    [
      "a key of its own",
      "receipt-algorithm",
      () => token({ ...HEADER, jwk: other.jwk }, claims(), other),
    ],
    ["crit", "receipt-algorithm", () => token({ ...HEADER, crit: ["exp"] }, claims())],
    ["an unknown key", "key-unknown", () => token({ ...HEADER, kid: "third" }, claims())],
    ["no key named", "key-unknown", () => token({ alg: "RS256", typ: RECEIPT_TYPE }, claims())],
    ["another's signature", "signature-wrong", () => token(HEADER, claims(), other)],
    [
      "another verdict",
      "signature-wrong",
      () => {
        const [header, , signature] = receipt.split(".");
        const changed = encode(JSON.stringify({ ...claims(), verdict: "revoked" }));
        return `${header}.${changed}.${signature}`;
      },
    ],
    ["a payload that is no receipt's", "receipt-malformed", () => token(HEADER, { iss: "x" })],
    ["a payload that is no object", "receipt-malformed", () => token(HEADER, ["x"])],
  ];

  it.each(cases)("%s: %s", async (_fault, reason, make) => {
    expect(await checkReceipt(await make(), jwks)).toMatchObject({ ok: false, reason });
  });

  it.each([
    ["of another kind", { kty: "EC", crv: "P-256", kid: "own" }],
    ["for encryption", { kty: "RSA", n: "AQAB", e: "AQAB", use: "enc", kid: "own" }],
    ["of a few bits", { kty: "RSA", n: "AQAB", e: "AQAB", kid: "own" }],
  ])("a key %s", async (_kind, jwk) => {
    const checked = await checkReceipt(receipt, { keys: [jwk] });
    expect(checked.ok ? "ok" : checked.reason).toMatch(/^(key-unusable|signature-wrong)$/);
  });
});

describe("a JWK Set", () => {
  it("is read", () => {
    expect(readJwks('{"keys":[{"kid":"a"}]}')).toEqual({ keys: [{ kid: "a" }] });
  });
  it.each(["", "{}", "[]", '{"keys":{}}', '{"keys":[1]}', '{"keys":[],"keys":[]}', "nonsense"])(
    "%j is none",
    (text) => {
      expect(readJwks(text)).toBe(null);
    },
  );
});
