// Scopes of Open Badges 2.1 (section Scopes), and what each lets an app do.
import type { Permission } from "../pages/words/apps.ts";

const BASE = "https://purl.imsglobal.org/spec/ob/v2p1/scope/";

export const READ_ASSERTIONS = `${BASE}assertion.readonly`;
export const CREATE_ASSERTIONS = `${BASE}assertion.create`;
export const READ_PROFILE = `${BASE}profile.readonly`;
export const UPDATE_PROFILE = `${BASE}profile.update`;
/** Asks for a refresh token; no address, so no manifest lists it (OB21-M-07). */
export const OFFLINE_ACCESS = "offline_access";

/** What the manifest offers, in its order. */
export const OFFERED_SCOPES = [
  READ_ASSERTIONS,
  CREATE_ASSERTIONS,
  READ_PROFILE,
  UPDATE_PROFILE,
] as const;

/** All that can be asked for. */
export const SCOPES = [...OFFERED_SCOPES, OFFLINE_ACCESS] as const;
export type Scope = (typeof SCOPES)[number];

/** Whether a scope means something here. */
export function isScope(text: string): text is Scope {
  return SCOPES.some((scope) => scope === text);
}

/** Those of a space-separated list (RFC 6749, section 3.3) that are known here, each once. */
export function knownScopes(list: string): Scope[] {
  return SCOPES.filter((scope) => list.split(" ").includes(scope));
}

/** What each lets an app do, by the name its sentences on pages have. */
export const PERMISSIONS: Readonly<Record<Scope, Permission>> = {
  [READ_ASSERTIONS]: "read",
  [CREATE_ASSERTIONS]: "create",
  [READ_PROFILE]: "profile",
  [UPDATE_PROFILE]: "update",
  [OFFLINE_ACCESS]: "stay",
};
