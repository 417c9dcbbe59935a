// The paths this backpack answers at: what its manifest and its metadata name.

/** The authorization server's own. */
export const AUTHORIZATION_PATHS = {
  authorization: "/oauth/authorize",
  token: "/oauth/token",
  registration: "/oauth/register",
  revocation: "/oauth/revoke",
  jwks: "/oauth/jwks",
} as const;

export const CONSENT_PATH = "/oauth/consent";
export const APPS_PATH = "/me/apps";
export const KEPT_BADGES_PATH = "/me/badges";
/** Ends as the standard demands, without a slash (OB21-M-05). */
export const API_PATH = "/ims/ob/v2p1";
export const TERMS_PATH = "/terms";
export const PRIVACY_PATH = "/privacy";
export const LOGO_PATH = "/logo.svg";
export const LOGO_PNG_PATH = "/logo.png";
export const MANIFEST_PATH = "/.well-known/badgeconnect.json";
export const METADATA_PATH = "/.well-known/oauth-authorization-server";

export function consentPath(uid: string): string {
  return `${CONSENT_PATH}/${uid}`;
}
