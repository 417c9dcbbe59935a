// Signed badges: the compact form held to its letter, then the signature by a key somebody vouches for.
import { compactVerify, errors, importSPKI } from "jose";
import type { ReadRsaKey, RsaHash } from "../env.ts";
import { parseStrictJson } from "../strict-json.ts";
import type { Reason } from "./result.ts";

/** Longest token, in characters. */
export const MAX_TOKEN_LENGTH = 512 * 1024;
/** Fewest bits of an RSA key that can still be trusted (RFC 7518, section 3.3). */
export const MIN_RSA_BITS = 2_048;

/** RS256 is what the standard asks for; the other two are met and do no harm (OB20-S-02, S-03). */
const ALGORITHMS = ["RS256", "RS384", "RS512"] as const;
export type Algorithm = (typeof ALGORITHMS)[number];

/** Members by which a token would bring its own key: looked at by nobody here. */
const KEY_MEMBERS = ["jku", "jwk", "x5c", "x5t", "x5t#S256", "x5u"];

export interface Token {
  readonly text: string;
  readonly algorithm: Algorithm;
  /** The payload as text: not verified until a key of the issuer's says so. */
  readonly payload: string;
  /** Names of members that tried to bring a key. */
  readonly ignored: readonly string[];
}

/** Whether a text can be nothing but a compact JWS; whether it is one, `parseToken` says. */
export function looksSigned(text: string): boolean {
  return /^ey[\w-]*\.[\w-]+\.[\w-]+$/.test(text);
}

export type ParsedToken =
  | { readonly ok: true; readonly token: Token }
  | { readonly ok: false; readonly reason: Reason; readonly words: string };

const refuse = (reason: Reason, words: string): Extract<ParsedToken, { ok: false }> => ({
  ok: false,
  reason,
  words,
});

/**
 * Reads a compact JWS (RFC 7515, section 7.1): three parts in the base64url alphabet, no padding, no
 * blanks, no bits left over; a JSON header that can mean one thing only. Never throws.
 *
 * @see rules OB20-S-01, S-02, S-04 and S-05
 */
export function parseToken(text: string): ParsedToken {
  if (text.length > MAX_TOKEN_LENGTH) {
    return refuse(
      "token-malformed",
      `The signed badge is longer than ${MAX_TOKEN_LENGTH} characters.`,
    );
  }
  const parts = text.split(".");
  const [header = "", payload = "", signature = ""] = parts;
  const octets = parts.length === 3 ? octetsOf(payload) : null;
  if (octets === null || !isBase64url(header) || !isBase64url(signature)) {
    return refuse(
      "token-malformed",
      "The signed badge is not three parts of base64url text joined by dots. Copy it again, whole.",
    );
  }
  if (header === "" || payload === "" || signature === "") {
    return refuse("token-malformed", "A part of the signed badge is empty.");
  }
  const judged = judgeHeader(header);
  if (!judged.ok && judged.reason === "token-malformed") return judged;
  const payloadText = textOf(octets);
  if (payloadText === null) {
    return refuse("token-malformed", "The content of the signed badge is not UTF-8 text.");
  }
  return judged.ok ? { ok: true, token: { text, ...judged.header, payload: payloadText } } : judged;
}

type JudgedHeader =
  | { readonly ok: true; readonly header: Pick<Token, "algorithm" | "ignored"> }
  | Extract<ParsedToken, { ok: false }>;

/** Headers say little, and the same in all that one issuer signs. */
const headers = new Map<string, JudgedHeader>();
const MAX_HEADERS = 64;
/** In characters; a longer one is read each time. */
const MAX_KNOWN_HEADER = 256;

function judgeHeader(part: string): JudgedHeader {
  const known = headers.get(part);
  if (known) return known;
  const members = readHeader(textOf(octetsOf(part) ?? ""));
  const judged =
    members === null
      ? refuse("token-malformed", "The header of the signed badge is not a JSON object.")
      : judgeMembers(members);
  if (headers.size >= MAX_HEADERS) headers.clear();
  if (part.length <= MAX_KNOWN_HEADER) headers.set(part, judged);
  return judged;
}

function judgeMembers(members: Readonly<Record<string, unknown>>): JudgedHeader {
  // "none" and the HMAC family: the second would take the issuer's public key for a shared secret.
  const algorithm = ALGORITHMS.find((name) => name === members.alg);
  if (algorithm === undefined) {
    const named = typeof members.alg === "string" ? `"${members.alg.slice(0, 20)}"` : "none at all";
    return refuse(
      "algorithm-refused",
      `The signature's algorithm is ${named}; RS256 is asked for.`,
    );
  }
  // A critical extension changes what the token means, and none is known here (RFC 7515, 4.1.11).
  if ("crit" in members || "b64" in members) {
    const words = "The signed badge asks for extensions of the signature that are not known here.";
    return refuse("critical-header", words);
  }
  const ignored = KEY_MEMBERS.filter((name) => name in members);
  return { ok: true, header: { algorithm, ignored } };
}

const BASE64URL = /^[A-Za-z0-9_-]*$/;
/** Last characters of a part whose last octet ends before the character does. */
const ENDS_AFTER_2 = /[AQgw]$/;
const ENDS_AFTER_3 = /[AEIMQUYcgkosw048]$/;

/**
 * Whether text is strict base64url: what a lenient reader would repair is not, and neither is one
 * with bits left over, which would let one signature be written in several ways.
 */
export function isBase64url(text: string): boolean {
  if (!BASE64URL.test(text)) return false;
  const rest = text.length % 4;
  if (rest === 2) return ENDS_AFTER_2.test(text);
  return rest === 0 || (rest === 3 && ENDS_AFTER_3.test(text));
}

/**
 * The octets of a part, one character each; null for what `isBase64url` refuses. Written again they
 * must give the same text: one comparison for everything that a lenient reader would repair.
 */
function octetsOf(part: string): string | null {
  if (part.includes("+") || part.includes("/")) return null;
  const text = part.replaceAll("-", "+").replaceAll("_", "/");
  let octets: string;
  try {
    octets = atob(text);
  } catch {
    return null;
  }
  const padding = "=".repeat((4 - (text.length % 4)) % 4);
  return btoa(octets) === text + padding ? octets : null;
}

/** The UTF-8 text that these octets are; null where they are none. */
function textOf(octets: string): string | null {
  if (ASCII.test(octets)) return octets;
  try {
    const bytes = Uint8Array.from(octets, (octet) => octet.charCodeAt(0));
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return null;
  }
}

const ASCII = /^[\x00-\x7f]*$/;

function readHeader(text: string | null): Readonly<Record<string, unknown>> | null {
  const parsed = text === null ? null : parseStrictJson(text);
  if (!parsed?.ok || typeof parsed.value !== "object" || parsed.value === null) return null;
  return Array.isArray(parsed.value) ? null : Object.fromEntries(Object.entries(parsed.value));
}

/** A key by which signatures of one algorithm are judged. */
export type ImportedKey =
  | {
      readonly ok: true;
      /** Whether this key signed the token. Never rejects. */
      readonly signed: (token: Token) => Promise<boolean>;
    }
  | { readonly ok: false; readonly words: string };

const PEM = /^-----BEGIN PUBLIC KEY-----\s([A-Za-z0-9+/=\s]+)-----END PUBLIC KEY-----$/;

/** Most keys that stay imported; importing one takes as long as judging a signature by it. */
const MAX_IMPORTED = 256;
/** Longer than the PEM of an RSA key of 16,384 bits, in characters. */
const MAX_PEM_LENGTH = 4_096;

type Imported = Map<string, Promise<ImportedKey>>;
const byJose: Record<Algorithm, Imported> = {
  RS256: new Map(),
  RS384: new Map(),
  RS512: new Map(),
};
const byRuntime = new WeakMap<ReadRsaKey, Record<Algorithm, Imported>>();

/**
 * A key for one algorithm from PEM: an RSA SubjectPublicKeyInfo of at least `MIN_RSA_BITS`, nothing
 * else, and nothing private (OB20-K-03). Never rejects. Imported keys are remembered by their text,
 * which says all that they are. `readRsaKey`: the runtime's own way, jose's where it has none.
 */
export function importKey(
  pem: string,
  algorithm: Algorithm,
  readRsaKey?: ReadRsaKey,
): Promise<ImportedKey> {
  const imported = importedBy(readRsaKey)[algorithm];
  const known = imported.get(pem);
  if (known) return known;
  if (imported.size >= MAX_IMPORTED) imported.clear();
  const key = importPem(pem.trim(), algorithm, readRsaKey);
  if (pem.length <= MAX_PEM_LENGTH) imported.set(pem, key);
  return key;
}

function importedBy(readRsaKey?: ReadRsaKey): Record<Algorithm, Imported> {
  if (readRsaKey === undefined) return byJose;
  const known = byRuntime.get(readRsaKey);
  if (known) return known;
  const none = { RS256: new Map(), RS384: new Map(), RS512: new Map() };
  byRuntime.set(readRsaKey, none);
  return none;
}

async function importPem(
  pem: string,
  algorithm: Algorithm,
  readRsaKey?: ReadRsaKey,
): Promise<ImportedKey> {
  const base64 = pem.length <= MAX_PEM_LENGTH ? PEM.exec(pem)?.[1] : undefined;
  if (base64 === undefined) {
    return { ok: false, words: "The issuer's key is not a public key in PEM form." };
  }
  const key = readRsaKey
    ? runtimeKey(base64, algorithm, readRsaKey)
    : await joseKey(pem, algorithm);
  if (key === null) {
    return { ok: false, words: "The issuer's key is not an RSA key that can be read." };
  }
  const { bits, signed } = key;
  if (bits >= MIN_RSA_BITS) return { ok: true, signed };
  return { ok: false, words: `The issuer's key has ${bits} bits; ${MIN_RSA_BITS} are needed.` };
}

interface Key {
  readonly bits: number;
  readonly signed: (token: Token) => Promise<boolean>;
}

const HASH: Readonly<Record<Algorithm, RsaHash>> = {
  RS256: "sha256",
  RS384: "sha384",
  RS512: "sha512",
};

function runtimeKey(base64: string, algorithm: Algorithm, readRsaKey: ReadRsaKey): Key | null {
  let spki: Uint8Array<ArrayBuffer>;
  try {
    spki = Uint8Array.from(atob(base64), (octet) => octet.charCodeAt(0));
  } catch {
    return null;
  }
  const key = readRsaKey(spki);
  if (key === null) return null;
  const signed = ({ text, algorithm: named }: Token): Promise<boolean> => {
    // What a key was imported for is what it judges, as WebCrypto has it.
    if (named !== algorithm) return Promise.resolve(false);
    const end = text.lastIndexOf(".");
    return key.verify(HASH[algorithm], text.slice(0, end), text.slice(end + 1));
  };
  return { bits: key.bits, signed };
}

async function joseKey(pem: string, algorithm: Algorithm): Promise<Key | null> {
  let key: CryptoKey;
  try {
    key = await importSPKI(pem, algorithm);
  } catch {
    return null;
  }
  const bits = "modulusLength" in key.algorithm ? Number(key.algorithm.modulusLength) : 0;
  const signed = async ({ text }: Token): Promise<boolean> => {
    try {
      await compactVerify(text, key, { algorithms: [algorithm] });
      return true;
    } catch (error) {
      if (error instanceof errors.JOSEError || error instanceof TypeError) return false;
      throw error;
    }
  };
  return { bits, signed };
}
