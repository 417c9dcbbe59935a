// RFC 8414: what an authorization server says of itself, where a Badge Connect host has such metadata.
import { discoveryRequest, processDiscoveryResponse } from "oauth4webapi";
import type { Env } from "../env.ts";
import { throughOurDoor } from "./client.ts";
import { faultOf } from "./fault.ts";
import type { ManifestEntry } from "./manifest-entry.ts";

export interface Metadata {
  /** Null where the host has none, or one that speaks of other endpoints. */
  readonly issuer: string | null;
  /** RFC 9207: each answer of the authorization endpoint will carry `iss`. */
  readonly issPromised: boolean;
}

export const NO_METADATA: Metadata = { issuer: null, issPromised: false };

/**
 * The metadata at the authorization endpoint's origin. Null where nobody can say just now: the host
 * did not answer, or answered that it cannot.
 *
 * The manifest wins: it is what Open Badges 2.1 demands and what was judged when the backpack was
 * added. Metadata that names another authorization or token endpoint is not this server's, and is
 * left aside whole, its promise of `iss` too.
 */
export async function readMetadata(
  env: Pick<Env, "publicFetch" | "now">,
  entry: Pick<ManifestEntry, "authorizationUrl" | "tokenUrl">,
): Promise<Metadata | null> {
  const issuer = new URL(new URL(entry.authorizationUrl).origin);
  try {
    const response = await discoveryRequest(issuer, {
      algorithm: "oauth2",
      ...throughOurDoor(env),
    });
    const told = await processDiscoveryResponse(issuer, response);
    const agrees =
      sameAddress(told.authorization_endpoint, entry.authorizationUrl) &&
      sameAddress(told.token_endpoint, entry.tokenUrl);
    if (!agrees) return NO_METADATA;
    return {
      // As it was written: `iss` is compared character by character (RFC 9207, section 2.4).
      issuer: told.issuer,
      issPromised: told.authorization_response_iss_parameter_supported === true,
    };
  } catch (error) {
    const fault = await faultOf(error, env.now());
    return fault.kind === "unreachable" || fault.kind === "unavailable" ? null : NO_METADATA;
  }
}

function sameAddress(told: string | undefined, known: string): boolean {
  return told !== undefined && URL.canParse(told) && new URL(told).href === known;
}
