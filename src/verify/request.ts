// One question put to the verifier, by whatever surface: its turn, the verifier's answer, and a receipt if one is asked for.
import { detectKind } from "../bakery/detect.ts";
import type { Env, Picture } from "../env.ts";
import { sha256Hex } from "../ids.ts";
import type { PublicFetch } from "../net/public-fetch.ts";
import { readInput } from "./input.ts";
import type { Memory } from "./reading.ts";
import { type ReceiptSigner, receiptClaims, signReceipt } from "./receipt.ts";
import type { Verification } from "./result.ts";
import { TURNS } from "./turns.ts";
import { verifyBadge } from "./verify.ts";

/** Addresses that one question may ask to be compared with the recipient. */
export const MAX_RECIPIENTS = 20;
/** Characters of one of them: as long as the longest address that a badge is made out to. */
export const MAX_RECIPIENT_LENGTH = 2_048;
/** Characters of a badge's text that a page carries, to ask the same again. */
export const MAX_CARRIED = 256 * 1024;
/** Bytes of a picture that an answer repeats. */
export const MAX_SHOWN_PICTURE = 256 * 1024;

export interface Question {
  /** A link, JSON or a JWS as text; or the bytes of a file. */
  readonly input: string | Uint8Array<ArrayBuffer>;
  /** To whom it should have been awarded: e-mail addresses and the like. */
  readonly recipient: readonly string[];
  readonly receipt: boolean;
  /**
   * Of the batch that this belongs to. Not used where a receipt is asked for, which names all that
   * was read for it, nor by whom shows the picture.
   */
  readonly memory?: Memory;
}

export interface Reply {
  readonly verification: Verification;
  /** A compact JWS; null where none was asked for. */
  readonly receipt: string | null;
  /** What the badge looks like, as its issuer publishes it; null where that could not be read. */
  readonly picture: Picture | null;
}

/** What was read on the way, as far as the answer repeats it. */
interface Seen {
  readonly digests: Map<string, string>;
  readonly pictures: Map<string, Picture>;
}

/** Throws a `too-many-verifications` Problem when it is not its turn; nothing for what is given. */
export function ask(
  env: Pick<Env, "publicFetch" | "urls" | "now" | "readRsaKey">,
  question: Question,
  caller: string | null,
  signer: () => Promise<ReceiptSigner>,
): Promise<Reply> {
  return TURNS.take(caller, async () => {
    const seen: Seen = { digests: new Map(), pictures: new Map() };
    const verification = await verifyBadge(question.input, {
      fetchPublic: watched(env.publicFetch, seen, question.receipt),
      now: env.now,
      recipient: question.recipient,
      readRsaKey: env.readRsaKey,
      memory: question.receipt ? undefined : question.memory,
    });
    const receipt = question.receipt
      ? await receiptOf(env, question, verification, seen, await signer())
      : null;
    return { verification, receipt, picture: pictureOf(verification, seen) };
  });
}

function watched(fetchPublic: PublicFetch, seen: Seen, withDigests: boolean): PublicFetch {
  return async (url, options) => {
    const fetched = await fetchPublic(url, options);
    if (!fetched.ok) return fetched;
    if (withDigests) seen.digests.set(url, await sha256Hex(fetched.bytes));
    const picture = pictureIn(fetched.bytes);
    if (picture) seen.pictures.set(url, picture);
    return fetched;
  };
}

async function receiptOf(
  env: Pick<Env, "urls" | "now">,
  { input }: Question,
  verification: Verification,
  { digests }: Seen,
  signer: ReceiptSigner,
): Promise<string> {
  const facts = { issuer: env.urls.base, now: env.now(), inputDigest: await sha256Hex(input) };
  return signReceipt(receiptClaims(verification, { ...facts, digests }), signer);
}

/**
 * The issuer's picture, as it was fetched, and never the file's: anybody can bake a true badge into
 * a picture of their own, and a page that says "valid" beside it would vouch for that picture.
 */
function pictureOf({ badge }: Verification, { pictures }: Seen): Picture | null {
  return badge?.image ? (pictures.get(badge.image) ?? null) : null;
}

/** By its content alone, whatever it was called. */
function pictureIn(bytes: Uint8Array<ArrayBuffer>): Picture | null {
  if (bytes.length > MAX_SHOWN_PICTURE) return null;
  const kind = detectKind(bytes);
  if (kind === "png") return { mediaType: "image/png", bytes };
  return kind === "svg" ? { mediaType: "image/svg+xml", bytes } : null;
}

/**
 * What to give to ask the same again without the file: the link, JSON or JWS that was given or is
 * inside it. Null where there is none, or it is too long to be carried by a page.
 */
export async function carried({ input }: Question): Promise<string | null> {
  const read = await readInput(input);
  return read.ok && read.payload.text.length <= MAX_CARRIED ? read.payload.text : null;
}
