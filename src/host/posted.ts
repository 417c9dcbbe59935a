// POST /assertions: a badge that an app puts here is judged with its issuer, and only then kept.
import type { LivingToken } from "../db/authorization-records.ts";
import {
  findHostedBadge,
  type HostedBadge,
  isOverBadgeLimit,
  keepHostedBadge,
} from "../db/hosted-badges.ts";
import type { Identity } from "../db/organizations.ts";
import { provenIdentities } from "../db/people.ts";
import type { Env } from "../env.ts";
import { newId } from "../ids.ts";
import { namedBy, type VerifiedAward, verifyAward } from "../verify/award.ts";
import type { Reason, Verification } from "../verify/result.ts";
import type { Turns } from "../verify/turns.ts";
import { Refusal, success } from "./envelope.ts";
import { readMembers } from "./json-body.ts";
import { MAX_DOCUMENT_LENGTH, nestedDocument } from "./nested-document.ts";
import { ownAward } from "./own-award.ts";

/** Of one person; a refusal past it tells the app, and what is there can still be updated. */
export const MAX_BADGES = 2_000;
/** Seconds after which an issuer that did not answer may. */
const TRY_LATER = "300";

type Members = Readonly<Record<string, unknown>>;

/** Answers 200 with nothing but its status, whether the badge is new here or known (OB21-P-03). */
export async function postAssertion(
  env: Env,
  token: LivingToken,
  gate: Turns,
  request: Request,
): Promise<Response> {
  const posted = postedBadge(await readMembers(env, request));
  const identities = await provenIdentities(env.db, token.userId);
  const own = await ownAward(env, token.userId, posted);
  if (own !== "elsewhere") {
    if (own !== null) throw own;
    return success();
  }
  if (identities.length === 0) throw notTheirs();
  const recipient = identities.flatMap(({ identity, normalised }) => [identity, normalised]);
  const verified = await gate.take(token.userId, () =>
    verifyAward(env, posted, { recipient: [...new Set(recipient)] }),
  );
  const { verdict } = verified.verification;
  // One of ours under an address that only leads to it.
  const found = await ownAward(env, token.userId, { id: verified.id });
  if (found !== "elsewhere") {
    if (found !== null) throw found;
    return success();
  }
  if (verdict === "revoked") await keepRevoked(env, token, verified);
  else await keepStanding(env, token, verified, identities);
  return success();
}

/** OB21-P-01: of the two the signed one counts. Throws a Refusal where there is neither. */
function postedBadge({ assertion, signedAssertion }: Members): string | object {
  if (typeof signedAssertion === "string" && signedAssertion !== "") return signedAssertion;
  if (signedAssertion !== undefined && signedAssertion !== null) {
    throw invalid("signedAssertion must be a compact JWS.");
  }
  if (assertion === undefined || assertion === null) {
    throw invalid("The body must have assertion or signedAssertion.");
  }
  if (typeof assertion !== "object" || Array.isArray(assertion)) {
    throw invalid("assertion must be one JSON object.");
  }
  if (!("id" in assertion) || typeof assertion.id !== "string") {
    throw invalid("assertion.id must be the badge's address.");
  }
  return assertion;
}

function invalid(words: string): Refusal {
  return new Refusal(400, "REQUEST_VALIDATION_ERROR", words);
}

/**
 * What cannot be verified is not kept, and its reason is told. Where an issuer did not answer, that
 * is no word against the badge: 503, so that it is sent again.
 */
async function keepStanding(
  env: Env,
  token: LivingToken,
  verified: VerifiedAward,
  identities: readonly Identity[],
): Promise<void> {
  const { verification, jws, documents } = verified;
  const { verdict, reason, words, matched } = verification;
  if (verdict === "could-not-check" && !isForGood(verification)) {
    const why = `The badge could not be verified now: ${words} Send it again later.`;
    throw new Refusal(503, null, why, { "retry-after": TRY_LATER });
  }
  if (reason === "recipient-mismatch") throw notTheirs();
  if (verdict !== "valid" && verdict !== "expired") throw invalidBadge(words);
  const identity = identities.find((one) => one.identity === matched || one.normalised === matched);
  if (identity === undefined) throw notTheirs();
  const { assertion } = documents;
  const name = nameOf(verified);
  if (name === null || assertion === null) throw invalidBadge("The badge has no document.");
  const document = nestedDocument(documents);
  if (document === null || (jws?.length ?? 0) > MAX_DOCUMENT_LENGTH) {
    throw invalidBadge("The badge's document is too large to be kept.");
  }
  await write(env, {
    id: newId(env),
    user_id: token.userId,
    assertion_id: name,
    document,
    jws,
    name: verification.badge?.name ?? null,
    issuer_name: verification.badge?.issuer.name ?? null,
    verdict,
    verdict_detail: verdict === "valid" ? null : words,
    identity_id: identity.id,
    client_id: token.clientId,
    checked_at: Date.parse(verification.checkedAt),
    updated_at: env.now(),
  });
}

/**
 * A badge that was kept here and is revoked now stays, as revoked: so a revocation that is pushed
 * arrives. One that was never kept is refused (OB21-P-06).
 */
async function keepRevoked(env: Env, token: LivingToken, verified: VerifiedAward): Promise<void> {
  const { verification } = verified;
  const name = nameOf(verified);
  const kept = name === null ? null : await findHostedBadge(env.db, token.userId, name);
  if (kept === null) throw invalidBadge(verification.words);
  const { created_at: _written, ...row } = kept;
  await write(env, {
    ...row,
    verdict: "revoked",
    verdict_detail: verification.badge?.revocationReason ?? verification.words,
    client_id: token.clientId,
    checked_at: Date.parse(verification.checkedAt),
    updated_at: env.now(),
  });
}

/** What a badge is kept under: its id, together with its issuer's where the id is only that one's word. */
function nameOf(verified: VerifiedAward): string | null {
  const issuer = namedBy(verified);
  return verified.id === null || issuer === null ? verified.id : `${verified.id} ${issuer}`;
}

/** Why a badge could not be read that no later try will read either. */
const FOR_GOOD: readonly (Reason | null)[] = [
  "address-unusable",
  "address-refused",
  "not-json",
  "too-large",
];
/** A host that says so means to be asked again. */
const ASK_AGAIN: readonly number[] = [408, 425, 429];

function isForGood({ reason, documents }: Verification): boolean {
  if (reason !== "status-refused") return FOR_GOOD.includes(reason);
  const refusal = documents.find((document) => document.reason === "status-refused");
  const status = refusal?.status ?? 500;
  return status >= 400 && status < 500 && !ASK_AGAIN.includes(status);
}

function notTheirs(): Refusal {
  const words = "The badge was not made out to an address that this person has confirmed here.";
  return new Refusal(400, "RECIPIENT_PROFILE_MISMATCH", words);
}

function invalidBadge(words: string): Refusal {
  return new Refusal(400, "INVALID_BADGE", words);
}

async function write(env: Env, badge: Omit<HostedBadge, "created_at">): Promise<void> {
  try {
    await env.db.batch([keepHostedBadge(env.db, badge, MAX_BADGES)]);
  } catch (error) {
    if (!isOverBadgeLimit(error)) throw error;
    const words = `No more than ${MAX_BADGES} badges are kept for one person.`;
    throw new Refusal(400, "BAD_REQUEST", words);
  }
}
