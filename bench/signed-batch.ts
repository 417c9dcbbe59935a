// Judges parts of a batch of signed badges whose documents are at hand, on whatever thread.
import { compactVerify } from "jose";
import type { ReadRsaKey } from "../src/env.ts";
import type { Fetched, PublicFetch } from "../src/net/public-fetch.ts";
import { createMemory } from "../src/verify/reading.ts";
import { type VerifyOptions, verifyBadge } from "../src/verify/verify.ts";

/** What every thread has at hand before anything is measured. */
export interface AtHand {
  /** Documents by their addresses. */
  readonly answers: ReadonlyMap<string, Uint8Array<ArrayBuffer>>;
  readonly publicKey: CryptoKey;
}

export interface SignedPart {
  /** The number of the batch: nothing is kept from one to the next. */
  readonly batch: number;
  readonly tokens: readonly string[];
  /** Who judges: our verifier all of the badge, or jose its signature alone. */
  readonly by: "verifier" | "jose";
}

/** Resolves to how many were valid; throws for one that is not. */
export function signedJudge(
  { answers, publicKey }: AtHand,
  inFlight: number,
  readRsaKey?: ReadRsaKey,
): (part: SignedPart) => Promise<number> {
  const fetchPublic = inMemory(answers);
  let current = -1;
  let memory = createMemory();
  return async ({ batch, tokens, by }) => {
    if (batch !== current) memory = createMemory();
    current = batch;
    const shared = { memory, readRsaKey };
    await each(tokens, inFlight, (token) =>
      by === "jose"
        ? compactVerify(token, publicKey, { algorithms: ["RS256"] })
        : valid(token, fetchPublic, shared),
    );
    return tokens.length;
  };
}

export async function valid(
  given: string,
  fetchPublic: PublicFetch,
  batch: Pick<VerifyOptions, "memory" | "readRsaKey"> = {},
): Promise<void> {
  const options = { fetchPublic, now: () => Date.UTC(2026, 10, 20), ...batch };
  const { verdict, words } = await verifyBadge(given, options);
  if (verdict !== "valid") throw new Error(`the badge should be valid: ${words}`);
}

function inMemory(answers: AtHand["answers"]): PublicFetch {
  return async (url): Promise<Fetched> => {
    const bytes = answers.get(url);
    if (bytes === undefined) return { ok: false, reason: "unreachable", detail: "Nothing there." };
    return { ok: true, url, status: 200, contentType: null, bytes, redirects: [] };
  };
}

/** So many at once, each lane taking the next one. */
async function each(
  tokens: readonly string[],
  inFlight: number,
  one: (token: string) => Promise<unknown>,
): Promise<void> {
  const rest = tokens.values();
  const lane = async () => {
    for (const token of rest) await one(token);
  };
  await Promise.all(Array.from({ length: inFlight }, lane));
}
