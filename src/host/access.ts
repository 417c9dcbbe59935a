// Who calls the API, and for whom: a bearer token, under a grant that stands, with the scope of the call.
import { findAccessToken, type LivingToken, noteGrantUsed } from "../db/authorization-records.ts";
import type { Env } from "../env.ts";
import { sha256Hex } from "../ids.ts";
import { Refusal } from "./envelope.ts";
import type { Scope } from "./scopes.ts";

/** That a grant is used is written down no more often. */
const USED_EVERY_MS = 5 * 60_000;

const BEARER = /^Bearer +([A-Za-z0-9._~+/=-]{1,512}) *$/i;

/**
 * The token of a request's Authorization header; one in the address or the body is not looked for
 * (OB21-T-08). Throws a Refusal: 401 in either case, since that is what the standard has also for
 * a scope that is missing (OB21-S-06).
 */
export async function requireAccess(
  env: Env,
  request: Request,
  scope: Scope,
): Promise<LivingToken> {
  const given = BEARER.exec(request.headers.get("authorization") ?? "")?.[1];
  const now = env.now();
  const token =
    given === undefined ? null : await findAccessToken(env.db, await sha256Hex(given), now);
  if (token === null) {
    const error = given === undefined ? "" : ', error="invalid_token"';
    const words = "The access token is missing, unknown, expired or revoked.";
    throw new Refusal(401, "UNAUTHENTICATED", words, challenge(error));
  }
  if (!token.scope.split(" ").includes(scope)) {
    const error = `, error="insufficient_scope", scope="${scope}"`;
    const words = `The access token does not have the scope ${scope}.`;
    throw new Refusal(401, "PERMISSION_DENIED", words, challenge(error));
  }
  if (now - (token.lastUsedAt ?? 0) >= USED_EVERY_MS) {
    // Nobody waits for it, and nothing is refused because it could not be written.
    env.background(env.db.batch([noteGrantUsed(token.grantId, now)]));
  }
  return token;
}

/** RFC 6750, section 3. */
function challenge(error: string) {
  return { "www-authenticate": `Bearer realm="badges"${error}` };
}
