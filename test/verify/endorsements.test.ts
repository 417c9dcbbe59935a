// Signed endorsements: the compact form held to its letter, and the endorser's own word on its keys.
import { exportSPKI, generateKeyPair, SignJWT } from "jose";
import { describe, expect, it } from "vitest";
import type { Reason, Verdict } from "../../src/verify/result.ts";
import {
  ADDRESS,
  type Change,
  documents,
  faults,
  type Members,
  otherPair,
  V2,
  verify,
  warnings,
} from "./world.ts";

const KEY = "https://endorser.example/key";
const LIST = "https://endorser.example/revoked";
const ELSEWHERE = "https://endorser.example/endorsement.jws";
const pair = generateKeyPair("RS256", { extractable: true });

interface Signing {
  /** Members put into the endorsement; undefined takes one out. */
  readonly change?: Members;
  readonly header?: Members;
  readonly keys?: typeof pair;
  /** The text, once it is signed. */
  readonly edit?: (token: string) => string;
}

async function signed({ change, header, keys = pair, edit }: Signing): Promise<string> {
  const { endorsement } = await documents();
  const verification = { type: "SignedBadge", creator: KEY };
  const payload = { ...endorsement, verification, ...change };
  const { privateKey } = await keys;
  const token = await new SignJWT(payload)
    .setProtectedHeader({ alg: "RS256", ...header })
    .sign(privateKey);
  return edit ? edit(token) : token;
}

const page = (document: Members) => ({ body: JSON.stringify({ "@context": V2, ...document }) });

async function endorsing(token: string, how: "inside" | "linked", change: Change = {}) {
  const key = {
    id: KEY,
    type: "CryptographicKey",
    owner: ADDRESS.endorser,
    publicKeyPem: await exportSPKI((await pair).publicKey),
  };
  return verify({
    change: {
      ...change.change,
      badge: { endorsement: how === "inside" ? token : ELSEWHERE },
      endorser: { publicKey: KEY, ...change.change?.endorser },
    },
    pages: {
      [ADDRESS.endorsement]: { status: 404, body: "" },
      [ELSEWHERE]: { contentType: "application/jose", body: `${token}\n` },
      [KEY]: page(key),
      ...change.pages,
    },
  });
}

const flip = (token: string) => {
  const [header, payload, signature = ""] = token.split(".");
  return `${header}.${payload}.${signature.startsWith("A") ? "B" : "A"}${signature.slice(1)}`;
};
const listing = (entry: unknown): Change => ({
  change: { endorser: { publicKey: KEY, revocationList: LIST } },
  pages: {
    [LIST]: page({ id: LIST, type: "RevocationList", revokedAssertions: [entry] }),
  },
});

const CASES: readonly (readonly [string, Signing, Change, Verdict, Reason | null])[] = [
  ["by the endorser's key", {}, {}, "valid", null],
  ["under a urn:uuid", { change: { id: `urn:uuid:${crypto.randomUUID()}` } }, {}, "valid", null],
  ["that names no key", { change: { verification: { type: "SignedBadge" } } }, {}, "valid", null],
  ["by another key", { keys: otherPair }, {}, "invalid", "signature-wrong"],
  ["and changed", { edit: flip }, {}, "invalid", "signature-wrong"],
  [
    "by no algorithm",
    { edit: (token) => token.replace(/^[^.]*/, "eyJhbGciOiJub25lIn0") },
    {},
    "invalid",
    "algorithm-refused",
  ],
  ["with an extension", { header: { crit: ["b64"], b64: true } }, {}, "invalid", "critical-header"],
  [
    "by a key that the endorser does not list",
    {},
    { change: { endorser: { publicKey: "https://endorser.example/other" } } },
    "invalid",
    "key-not-listed",
  ],
  [
    "by an endorser without keys",
    {},
    { change: { endorser: { publicKey: undefined } } },
    "invalid",
    "key-missing",
  ],
  [
    "by a key of the badge's issuer",
    { change: { verification: { type: "SignedBadge", creator: ADDRESS.key } } },
    { change: { endorser: { publicKey: ADDRESS.key } } },
    "invalid",
    "key-owner-differs",
  ],
  [
    "with a key that comes along",
    {
      change: {
        verification: { type: "SignedBadge", creator: { id: KEY, publicKeyPem: "mine" } },
      },
    },
    {},
    "invalid",
    "property-invalid",
  ],
  ["by a key that cannot be had", {}, { pages: { [KEY]: null } }, "could-not-check", "unreachable"],
  [
    "with its endorser inside",
    {
      change: {
        issuer: {
          type: "Profile",
          name: "Mallory",
          url: "https://m.example",
          email: "m@m.example",
        },
      },
    },
    {},
    "invalid",
    "id-missing",
  ],
  [
    "under an address of somebody else's",
    { change: { id: "https://issuer.example/endorsement" } },
    {},
    "invalid",
    "id-lies",
  ],
  [
    "of something else",
    { change: { claim: { id: ADDRESS.issuer } } },
    {},
    "invalid",
    "endorsement-does-not-stand",
  ],
  [
    "of the day after tomorrow",
    { change: { issuedOn: "2027-01-01T00:00:00Z" } },
    {},
    "not-yet-valid",
    "not-yet-valid",
  ],
  ["and on the endorser's list", {}, listing(ADDRESS.endorsement), "revoked", "revoked"],
  ["and another on the endorser's list", {}, listing(`${ADDRESS.endorsement}/2`), "valid", null],
  [
    "and gone at its own address",
    {},
    { pages: { [ADDRESS.endorsement]: { status: 410, body: "" } } },
    "revoked",
    "revoked",
  ],
  [
    "that says it is hosted, and not where",
    {
      change: {
        id: "urn:uuid:0190f3b2-7c55-7d10-9a3e-000000000001",
        verification: { type: "HostedBadge" },
      },
    },
    {},
    "invalid",
    "nowhere-hosted",
  ],
  [
    "that says it is hosted where nothing is",
    { change: { verification: { type: "HostedBadge" } } },
    {},
    "could-not-check",
    "status-refused",
  ],
  [
    "over what is no document",
    { edit: (token) => token.replace(/\.[^.]*\./, ".W10.") },
    {},
    "invalid",
    "json-malformed",
  ],
];

describe.each(["inside", "linked"] as const)("OB20-N-04 an endorsement as a JWS, %s", (how) => {
  it.each(CASES)("signed %s", async (_name, signing, change, verdict, reason) => {
    const found = await endorsing(await signed(signing), how, change);
    expect([found.verdict, faults(found)]).toEqual(["valid", []]);
    expect(found.endorsements).toMatchObject([{ verdict, reason }]);
    expect(warnings(found)).toEqual(verdict === "valid" ? [] : ["endorsement-does-not-stand"]);
  });

  it("is told under its own id, with who gives it and what is said", async () => {
    const found = await endorsing(await signed({}), how);
    expect(found.endorsements).toMatchObject([
      { id: ADDRESS.endorsement, issuer: { name: "Southside" }, comment: "Good." },
    ]);
  });

  it("of which the host has a copy is that copy, where it says that it is hosted", async () => {
    const { endorsement } = await documents();
    const token = await signed({
      change: {
        verification: { type: "HostedBadge" },
        claim: { id: ADDRESS.badge, endorsementComment: "Forged." },
      },
    });
    const found = await endorsing(token, how, {
      pages: { [ADDRESS.endorsement]: page(endorsement) },
    });
    expect(found.endorsements).toMatchObject([{ verdict: "valid", comment: "Good." }]);
  });
});

it("OB20-N-04 an endorsement that says it is signed, and comes without its signature", async () => {
  const change = {
    badge: { endorsement: ADDRESS.endorsement },
    endorsement: { verification: { type: "SignedBadge", creator: KEY } },
  };
  expect((await verify({ change })).endorsements).toMatchObject([
    { verdict: "could-not-check", reason: "signature-missing" },
  ]);
});
