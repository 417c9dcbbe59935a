// The authorization response: judged before any token is asked for, then turned into a connection.
import {
  AuthorizationResponseError,
  authorizationCodeGrantRequest,
  OperationProcessingError,
  UnsupportedOperationError,
  validateAuthResponse,
} from "oauth4webapi";
import type { Authorization } from "../db/backpacks.ts";
import { consumeAuthorization, findAuthorization } from "../db/oauth-authorizations.ts";
import { forgetClient } from "../db/oauth-servers.ts";
import type { Env } from "../env.ts";
import { sha256Hex } from "../ids.ts";
import { SealError } from "../seal.ts";
import type { Session } from "../signin/session.ts";
import { type Pinned, unsealPinned } from "./authorization.ts";
import { inLibraryTerms, throughOurDoor } from "./client.ts";
import { type Connected, connect } from "./connect.ts";
import { type Fault, faultOf } from "./fault.ts";
import { type Granted, readGranted } from "./grant.ts";

/** Longer than any answer of a host; servers before us may refuse less. */
export const MAX_CALLBACK_LENGTH = 16_384;
export const MAX_CODE_LENGTH = 4_096;
const STATE = /^[A-Za-z0-9_-]{43}$/;
/** RFC 6749, appendix A.11: visible ASCII and blank. */
const CODE = /^[\x20-\x7e]+$/;

export type FinishReason =
  /** Not the address a backpack leads back to, or one with a parameter twice. */
  | "callback-malformed"
  | "state-missing"
  /** Nobody here began it, or so long ago that nothing is known of it. */
  | "state-unknown"
  | "state-expired"
  | "state-used"
  /** Begun in another browser, or by another person. */
  | "state-foreign"
  /** Begun for another backpack. */
  | "state-swapped"
  | "issuer-missing"
  | "issuer-wrong"
  /** The person, or the host for them, said no. */
  | "denied"
  | "authorization-refused"
  | "code-missing"
  | "code-refused"
  | "client-forgotten"
  | "token-refused"
  | "token-unavailable"
  | "token-unreachable"
  | "token-malformed"
  | Extract<Connected, { ok: false }>["reason"];

export type Finished = Extract<Connected, { ok: true }> | FinishFault;

export interface FinishFault {
  readonly ok: false;
  readonly reason: FinishReason;
  readonly detail: string;
}

const refuse = (reason: FinishReason, detail: string): FinishFault => ({
  ok: false,
  reason,
  detail,
});

type Returning = Pick<Session, "id" | "user">;

/**
 * Ends what `beginAuthorization` began. `state` is checked against the session, the person and the
 * backpack before anything is asked of the host (OB21-Z-08), and counts once, whatever comes of it.
 * The connection, its sealed tokens, an event and the job that fills the backpack are one batch.
 * Rejects with a DatabaseError where the database cannot be read or written.
 */
export async function finishAuthorization(
  env: Env,
  session: Returning,
  backpackId: string,
  callbackUrl: string,
): Promise<Finished> {
  const parameters = parametersOf(callbackUrl);
  if (parameters === null) {
    return refuse("callback-malformed", "The backpack led back to an address that is damaged.");
  }
  const claimed = await claim(env, session, backpackId, parameters.get("state"));
  if (!claimed.ok) return claimed;
  const { request, pinned } = claimed;
  const answer = judgeAnswer(pinned, parameters);
  if (!answer.ok) return answer;
  const work = redeemAndConnect(env, request, pinned, answer.parameters);
  // A code that was sent is spent: what it brings is kept, also when the browser has gone.
  env.background(work);
  return work;
}

/** Null for an address that is too long, or says something twice (RFC 6749, section 3.1). */
function parametersOf(callbackUrl: string): URLSearchParams | null {
  if (callbackUrl.length > MAX_CALLBACK_LENGTH || !URL.canParse(callbackUrl)) return null;
  const { searchParams } = new URL(callbackUrl);
  const names = [...searchParams.keys()];
  return new Set(names).size === names.length ? searchParams : null;
}

type Claimed =
  | { readonly ok: true; readonly request: Authorization; readonly pinned: Pinned }
  | FinishFault;

/** Uses up the request that `state` names, if it is this session's, for this backpack, and in time. */
async function claim(
  env: Env,
  session: Returning,
  backpackId: string,
  state: string | null,
): Promise<Claimed> {
  if (state === null || state === "") {
    return refuse("state-missing", "The backpack's answer does not say what it answers.");
  }
  const unknown = refuse("state-unknown", "Nothing is known here of what the backpack answers.");
  if (!STATE.test(state)) return unknown;
  const request = await findAuthorization(env.db, await sha256Hex(state));
  if (request === null) return unknown;
  // Login cross-site request forgery: somebody else's answer, in this browser.
  if (request.session_id !== session.id || request.user_id !== session.user.id) {
    return refuse("state-foreign", "This answer belongs to a connection begun by somebody else.");
  }
  const now = env.now();
  const [used] = await env.db.batch([consumeAuthorization(request.id, now)]);
  if (used?.rowsAffected !== 1) {
    return refuse("state-used", "This answer was used before.");
  }
  if (request.expires_at <= now) {
    return refuse("state-expired", "This answer came too late.");
  }
  // Mix-up: each backpack leads back to an address of its own (RFC 9700, section 4.4).
  if (request.external_backpack_id !== backpackId) {
    return refuse("state-swapped", "This answer came back by the address of another backpack.");
  }
  try {
    return {
      ok: true,
      request,
      pinned: await unsealPinned(env, request.id, request.verifier_sealed),
    };
  } catch (error) {
    if (!(error instanceof SealError)) throw error;
    env.log.error("oauth.unreadable", { request: request.id, code: error.code });
    return unknown;
  }
}

type Judged = { readonly ok: true; readonly parameters: URLSearchParams } | FinishFault;

/** Everything an answer must be before its code is worth a request. */
function judgeAnswer(pinned: Pinned, parameters: URLSearchParams): Judged {
  const { endpoints, client } = inLibraryTerms(pinned.client);
  const iss = parameters.get("iss");
  if (iss === null && pinned.issPromised) {
    return refuse("issuer-missing", "The answer does not say which server it is from.");
  }
  if (iss !== null && acceptedIssuer(pinned, iss) !== iss) {
    return refuse("issuer-wrong", "The answer is from another server than was asked.");
  }
  try {
    const judged = validateAuthResponse(
      { ...endpoints, issuer: iss ?? endpoints.issuer },
      client,
      parameters,
      parameters.get("state") ?? "",
    );
    const code = judged.get("code") ?? "";
    if (code === "" || code.length > MAX_CODE_LENGTH || !CODE.test(code)) {
      return refuse("code-missing", "The backpack led back without what it should have given.");
    }
    return { ok: true, parameters: judged };
  } catch (error) {
    if (error instanceof AuthorizationResponseError) {
      return error.error === "access_denied"
        ? refuse("denied", "Access was not granted.")
        : refuse("authorization-refused", `The backpack refused: ${printable(error.error)}.`);
    }
    if (error instanceof OperationProcessingError || error instanceof UnsupportedOperationError) {
      return refuse("callback-malformed", "The backpack led back with an answer of another kind.");
    }
    throw error;
  }
}

/**
 * RFC 9207, section 2.4, leaves to us what an `iss` means that nobody promised: without metadata it
 * may only name the server that the code is about to be sent to. A manifest that sends people to one
 * server and their codes to another must have the first one's word for it, its metadata.
 */
function acceptedIssuer({ client }: Pinned, iss: string): string | null {
  if (client.issuer !== null) return client.issuer;
  return URL.canParse(iss) && new URL(iss).origin === new URL(client.tokenUrl).origin ? iss : null;
}

/** An error code is the host's word: shown as far as it is one. */
function printable(error: string): string {
  return /^[\w.-]{1,60}$/.test(error) ? error : "for a reason it did not name";
}

async function redeemAndConnect(
  env: Env,
  request: Authorization,
  pinned: Pinned,
  parameters: URLSearchParams,
): Promise<Finished> {
  const redeemed = await redeem(env, request, pinned, parameters);
  return redeemed.ok ? connect(env, request, pinned.client, redeemed.granted) : redeemed;
}

type Redeemed = { readonly ok: true; readonly granted: Granted } | FinishFault;

/** A code counts once (OB21-Z-06): where its answer is lost, the person begins anew. */
async function redeem(
  env: Env,
  request: Authorization,
  pinned: Pinned,
  parameters: URLSearchParams,
): Promise<Redeemed> {
  const protocol = inLibraryTerms(pinned.client);
  const { endpoints, client, authentication } = protocol;
  const asked = env.now();
  try {
    const response = await authorizationCodeGrantRequest(
      endpoints,
      client,
      authentication,
      parameters,
      request.redirect_uri,
      pinned.verifier,
      // OB21-T-02 demands it beyond RFC 6749.
      { additionalParameters: { scope: request.scopes.join(" ") }, ...throughOurDoor(env) },
    );
    return { ok: true, granted: await readGranted(protocol, response, "code", asked) };
  } catch (error) {
    const fault = await faultOf(error, env.now());
    env.log.warn("oauth.code_not_redeemed", {
      backpack: request.external_backpack_id,
      kind: fault.kind,
    });
    if (fault.kind === "refused" && fault.error === "invalid_client") {
      await env.db.batch([forgetClient(request.issuer_id, pinned.client, env.now())]);
    }
    return toRefusal(fault);
  }
}

function toRefusal(fault: Fault): FinishFault {
  switch (fault.kind) {
    case "unavailable":
      return refuse("token-unavailable", "The backpack cannot answer just now.");
    case "unreachable":
      return refuse("token-unreachable", fault.detail);
    case "bad-answer":
      return refuse("token-malformed", "The backpack gave an answer that is none.");
    case "refused":
      if (fault.error === "invalid_grant") {
        return refuse("code-refused", "The backpack did not accept its own answer again.");
      }
      if (fault.error === "invalid_client") {
        return refuse("client-forgotten", "The backpack does not know this site any more.");
      }
      return refuse("token-refused", `The backpack refused: ${printable(fault.error)}.`);
  }
}
