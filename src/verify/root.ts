// Finds the document that is to be judged: where it is hosted, or what was signed.
import { detectKind } from "../bakery/detect.ts";
import type { Payload } from "../bakery/payload.ts";
import type { Node } from "./contexts/expand.ts";
import { hostedAt, isHosted, isSigned } from "./documents/hosted-at.ts";
import { isHttpUrl } from "./documents/reader.ts";
import { readInput } from "./input.ts";
import { parseToken, type Token } from "./jws.ts";
import { parseText, type Refusal } from "./parse.ts";
import { ACCEPT_DOCUMENT, type Held, type Reading } from "./reading.ts";

export type Root =
  | { readonly ok: true; readonly document: RootDocument; readonly signed: Token | null }
  | (Refusal & { readonly address: string | null });

/** As it was read; one that came in a signature has no address. */
export type RootDocument = Omit<Held, "url"> & { readonly url: string | null };

/** Addresses inside files at addresses inside files: how often that is followed. */
const MAX_STEPS = 3;

const refuse = (address: string | null, refusal: Refusal): Root => ({ ...refusal, address });

/**
 * From a payload to the document itself. JSON that was handed over is only asked for its address:
 * what its host says counts (OB20-H-09). Never rejects.
 */
export function findRoot(reading: Reading, payload: Payload, steps = 0): Promise<Root> {
  if (payload.kind === "jws") return fromToken(reading, payload.text);
  if (payload.kind === "json") return fromJson(reading, payload.text);
  return fromAddress(reading, payload.text, steps);
}

async function fromAddress(reading: Reading, address: string, steps: number): Promise<Root> {
  const answer = await reading.get(address, "assertion", ACCEPT_DOCUMENT);
  if (!answer.ok) return refuse(address, answer);
  const kind = detectKind(answer.bytes);
  if (kind === "json" || kind === "unknown") return hosted(reading, address);
  const input = await readInput(answer.bytes);
  if (!input.ok) {
    const { reason, words } = input;
    const definite = reason === "file-damaged";
    return refuse(address, { ok: false, reason, words, definite, status: answer.status });
  }
  if (steps < MAX_STEPS) return findRoot(reading, input.payload, steps + 1);
  const words = "The address leads from file to file and never to a badge.";
  return refuse(address, {
    ok: false,
    reason: "over-budget",
    words,
    definite: false,
    status: null,
  });
}

async function hosted(reading: Reading, address: string): Promise<Root> {
  const document = await reading.document(address, "assertion");
  return document.ok ? { ok: true, document, signed: null } : refuse(address, document);
}

async function fromJson(reading: Reading, text: string): Promise<Root> {
  const parsed = parseText(text, null);
  const address = parsed.ok ? unsignedAddress(parsed.node) : addressIn(text);
  if (address !== null) return hosted(reading, address);
  if (!parsed.ok) return refuse(null, parsed);
  const words = isSigned(parsed.node)
    ? "This badge is signed, and the signature is missing: give the signed text, or the picture with it."
    : "This badge does not say where it is hosted, so nobody vouches for what it says.";
  const reason = isSigned(parsed.node) ? "signature-missing" : "nowhere-hosted";
  return refuse(null, { ok: false, reason, words, definite: true, status: null });
}

async function fromToken(reading: Reading, text: string): Promise<Root> {
  const parsed = parseToken(text);
  if (!parsed.ok) {
    const { reason, words } = parsed;
    return refuse(null, { ok: false, reason, words, definite: true, status: null });
  }
  const payload = parseText(parsed.token.payload, null);
  if (!payload.ok) return refuse(null, payload);
  const address = isHosted(payload.node) ? hostedAt(payload.node) : null;
  // What says that it is hosted is judged by its host, whoever signed this copy.
  if (address !== null) return hosted(reading, address);
  const document = { ...payload, url: null, differs: null, lies: false, elsewhere: null };
  return { ok: true, document, signed: parsed.token };
}

/** Null for a signed one too: its signature vouches for it, not the host of its id. */
const unsignedAddress = (node: Node) => (isSigned(node) ? null : hostedAt(node));

/** The address in a document whose terms cannot be read: enough to ask its host for a better one. */
function addressIn(text: string): string | null {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return null;
  }
  if (typeof value !== "object" || value === null) return null;
  const id = "id" in value ? value.id : "@id" in value ? value["@id"] : null;
  return typeof id === "string" && isHttpUrl(id) ? id : null;
}
