// What tells apps where everything is: the manifest of OB 2.1 (section Service Discovery) and RFC 8414 metadata.
import { entityTag } from "../obv2/entity-tag.ts";
import type { Urls } from "../urls.ts";
import {
  API_PATH,
  AUTHORIZATION_PATHS,
  LOGO_PATH,
  MANIFEST_PATH,
  PRIVACY_PATH,
  TERMS_PATH,
} from "./addresses.ts";
import { OFFERED_SCOPES, SCOPES } from "./scopes.ts";

export const MANIFEST_CONTEXT = "https://purl.imsglobal.org/spec/ob/v2p1/ob_v2p1.jsonld";

/** Seconds a client need not ask again. */
export const MANIFEST_MAX_AGE = 3_600;

/** A document whose text is the same until the program or the public address changes. */
export interface FixedDocument {
  readonly body: string;
  readonly etag: string;
}

/** The manifest of this backpack (OB21-M-01 to M-08). */
export function manifest(urls: Pick<Urls, "base">) {
  const at = (path: string) => `${urls.base}${path}`;
  return {
    "@context": MANIFEST_CONTEXT,
    id: at(MANIFEST_PATH),
    type: "Manifest",
    badgeConnectAPI: [
      {
        // Those who list several may list several of ours.
        name: `Rosette (${new URL(urls.base).host})`,
        apiBase: at(API_PATH),
        version: "v2p1",
        image: at(LOGO_PATH),
        termsOfServiceUrl: at(TERMS_PATH),
        privacyPolicyUrl: at(PRIVACY_PATH),
        scopesOffered: OFFERED_SCOPES,
        registrationUrl: at(AUTHORIZATION_PATHS.registration),
        authorizationUrl: at(AUTHORIZATION_PATHS.authorization),
        tokenUrl: at(AUTHORIZATION_PATHS.token),
        tokenRevocationUrl: at(AUTHORIZATION_PATHS.revocation),
      },
    ],
  };
}

/** RFC 8414, section 2; RFC 9207, section 3. */
export function authorizationServerMetadata(urls: Pick<Urls, "base">) {
  const at = (path: string) => `${urls.base}${path}`;
  return {
    issuer: urls.base,
    authorization_endpoint: at(AUTHORIZATION_PATHS.authorization),
    token_endpoint: at(AUTHORIZATION_PATHS.token),
    registration_endpoint: at(AUTHORIZATION_PATHS.registration),
    revocation_endpoint: at(AUTHORIZATION_PATHS.revocation),
    jwks_uri: at(AUTHORIZATION_PATHS.jwks),
    scopes_supported: SCOPES,
    response_types_supported: ["code"],
    response_modes_supported: ["query"],
    grant_types_supported: ["authorization_code", "refresh_token"],
    token_endpoint_auth_methods_supported: ["client_secret_basic"],
    revocation_endpoint_auth_methods_supported: ["client_secret_basic"],
    code_challenge_methods_supported: ["S256"],
    authorization_response_iss_parameter_supported: true,
    service_documentation: at("/docs"),
    op_policy_uri: at(PRIVACY_PATH),
    op_tos_uri: at(TERMS_PATH),
  };
}

/** Serialises a document once, with the ETag of that text. */
export async function fixedDocument(document: unknown): Promise<FixedDocument> {
  const body = JSON.stringify(document);
  return { body, etag: await entityTag(body) };
}
