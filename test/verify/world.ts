// A small world of badge documents that a test changes in one place, then asks to be verified.
import { exportSPKI, generateKeyPair, SignJWT } from "jose";
import { createMemory } from "../../src/verify/reading.ts";
import type { Verification } from "../../src/verify/result.ts";
import { type VerifyOptions, verifyBadge } from "../../src/verify/verify.ts";
import { IDAT, IEND, ihdr, pngOf } from "../bakery/fixtures.ts";
import { type Page, type Web, webOf } from "./web.ts";

export const NOW = Date.UTC(2026, 9, 4, 14);
export const V2 = "https://w3id.org/openbadges/v2";
export const ORIGIN = "https://issuer.example";
export const PIXEL = pngOf(ihdr(), IDAT, IEND);
/** sha256 of nobody@example.org salted with deadsea, as the standard's own example has it. */
export const HASH = "sha256$ecf5409f3f4b91ab60cc5ef4c02aef7032354375e70cf4d8e43f6a1d29891942";

export type Members = Record<string, unknown>;

const at = (path: string) => `${ORIGIN}/${path}`;
export const ADDRESS = {
  assertion: at("assertion"),
  badge: at("badge"),
  issuer: at("issuer"),
  key: at("key"),
  list: at("list"),
  endorsement: "https://endorser.example/endorsement",
  endorser: "https://endorser.example/profile",
} as const;
export type DocumentName = keyof typeof ADDRESS;

const pair = generateKeyPair("RS256", { extractable: true });
export const otherPair = generateKeyPair("RS256", { extractable: true });

/** A whole badge with everything that can hang on it; what a test names is changed in it. */
export async function documents(): Promise<Record<DocumentName, Members>> {
  return {
    assertion: {
      "@context": V2,
      type: "Assertion",
      id: ADDRESS.assertion,
      recipient: { type: "email", hashed: true, salt: "deadsea", identity: HASH },
      badge: ADDRESS.badge,
      verification: { type: "HostedBadge" },
      issuedOn: "2026-01-01T00:00:00Z",
      image: at("baked.png"),
    },
    badge: {
      "@context": V2,
      type: "BadgeClass",
      id: ADDRESS.badge,
      name: "Streak",
      description: "For a streak.",
      image: at("badge.png"),
      criteria: { narrative: "Keep going." },
      issuer: ADDRESS.issuer,
    },
    issuer: {
      "@context": V2,
      type: "Issuer",
      id: ADDRESS.issuer,
      name: "Northside",
      url: "https://northside.example",
      email: "badges@northside.example",
    },
    key: {
      "@context": V2,
      type: "CryptographicKey",
      id: ADDRESS.key,
      owner: ADDRESS.issuer,
      publicKeyPem: await exportSPKI((await pair).publicKey),
    },
    list: {
      "@context": V2,
      type: "RevocationList",
      id: ADDRESS.list,
      issuer: ADDRESS.issuer,
      revokedAssertions: [],
    },
    endorsement: {
      "@context": V2,
      type: "Endorsement",
      id: ADDRESS.endorsement,
      claim: { id: ADDRESS.badge, endorsementComment: "Good." },
      issuer: ADDRESS.endorser,
      issuedOn: "2026-02-01T00:00:00Z",
      verification: { type: "HostedBadge" },
    },
    endorser: {
      "@context": V2,
      type: "Profile",
      id: ADDRESS.endorser,
      name: "Southside",
      url: "https://endorser.example",
      email: "word@endorser.example",
    },
  };
}

export interface Change {
  /** Members put into a document; undefined takes one out. */
  readonly change?: Partial<Record<DocumentName, Members>>;
  /** Answers in place of those of the documents; null for a host that does not answer. */
  readonly pages?: Record<string, Page | null>;
  /** Signs the assertion instead of hosting it, with this header and these keys. */
  readonly sign?: {
    readonly alg?: string;
    readonly header?: Members;
    readonly keys?: Promise<{ readonly privateKey: CryptoKey }>;
  };
  /** What is given to verify; the assertion's address, or the signed text, where not said. */
  readonly given?: string | Uint8Array;
  readonly options?: Partial<VerifyOptions>;
}

export interface World {
  readonly documents: Record<DocumentName, Members>;
  readonly web: Web;
  /** The assertion as a compact JWS, where it is signed. */
  readonly token: string | null;
}

export async function world({ change = {}, pages = {}, sign }: Change): Promise<World> {
  const all = await documents();
  for (const name of Object.keys(ADDRESS) as DocumentName[]) Object.assign(all[name], change[name]);
  if (sign) {
    all.assertion = {
      ...all.assertion,
      verification: { type: "SignedBadge", creator: ADDRESS.key },
      ...change.assertion,
    };
    all.issuer = {
      ...all.issuer,
      publicKey: ADDRESS.key,
      revocationList: ADDRESS.list,
      ...change.issuer,
    };
  }
  const byAddress = new Map(
    (Object.keys(ADDRESS) as DocumentName[]).map((name) => [ADDRESS[name] as string, all[name]]),
  );
  const web = webOf((url) => {
    const page = pages[url];
    if (page !== undefined) return page ?? undefined;
    if (url.endsWith(".png")) return { contentType: "image/png", body: PIXEL };
    const document = byAddress.get(url);
    if (!document || (sign && url === ADDRESS.assertion)) return { status: 404, body: "" };
    return { body: JSON.stringify(document) };
  });
  return { documents: all, web, token: sign ? await signed(all.assertion, sign) : null };
}

async function signed(payload: Members, sign: NonNullable<Change["sign"]>): Promise<string> {
  const { privateKey } = await (sign.keys ?? pair);
  const header = { alg: sign.alg ?? "RS256", ...sign.header };
  const key = /^RS(?:384|512)$/.test(header.alg)
    ? await rehashed(privateKey, header.alg)
    : privateKey;
  return new SignJWT(payload).setProtectedHeader(header).sign(key);
}

/** The same RSA key for another hash: web cryptography ties a key to one. */
async function rehashed(key: CryptoKey, alg: string): Promise<CryptoKey> {
  const jwk = await crypto.subtle.exportKey("jwk", key);
  const hash = `SHA-${alg.slice(2)}`;
  const { n, e, d, p, q, dp, dq, qi } = jwk;
  const parameters = { name: "RSASSA-PKCS1-v1_5", hash };
  return crypto.subtle.importKey(
    "jwk",
    { kty: "RSA", n, e, d, p, q, dp, dq, qi },
    parameters,
    true,
    ["sign"],
  );
}

/** Also verifies twice as one batch, whose memory must change nothing of what is said. */
export async function verify(change: Change = {}): Promise<Verification & { asked: string[] }> {
  const made = await world(change);
  const given = change.given ?? made.token ?? ADDRESS.assertion;
  const options = { fetchPublic: made.web.fetchPublic, now: () => NOW, ...change.options };
  const alone = await verifyBadge(given, options);
  const asked = [...made.web.asked];
  const batch = { memory: createMemory(), ...options };
  for (const _ of ["filling the memory", "using it"]) {
    const remembered = await verifyBadge(given, batch);
    if (JSON.stringify(remembered) !== JSON.stringify(alone)) {
      throw new Error(`with a memory ${JSON.stringify(remembered)}, not ${JSON.stringify(alone)}`);
    }
  }
  return { ...alone, asked };
}

/** The faults, as a test compares them: reason and property. */
export function faults({ checks }: Verification): string[] {
  return checks
    .filter(({ outcome }) => outcome === "failed" || outcome === "not-possible")
    .map(({ reason, evidence }) => [reason, evidence.property].filter(Boolean).join(" "));
}

export function warnings({ checks }: Verification): string[] {
  return checks.filter(({ outcome }) => outcome === "warned").map(({ reason }) => String(reason));
}
