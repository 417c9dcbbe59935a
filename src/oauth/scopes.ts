// Scopes: what a backpack may be asked for, and what is asked of each kind.
import type { ApiVersion } from "../db/backpacks.ts";

const OB21 = "https://purl.imsglobal.org/spec/ob/v2p1/scope";

/** Open Badges 2.1, section "Scopes"; `offline_access` is OpenID Connect Core 1.0, section 11. */
export const SCOPES = {
  read: `${OB21}/assertion.readonly`,
  create: `${OB21}/assertion.create`,
  profile: `${OB21}/profile.readonly`,
  offline: "offline_access",
} as const;

/** Badgr's own; it has no manifest that would list them. */
export const BADGR_SCOPES = { backpack: "rw:backpack", profile: "r:profile" } as const;

/** What is asked of a backpack where it offers it, by the protocol it speaks. */
const NEEDED: Readonly<Record<ApiVersion, readonly string[]>> = {
  v2p1: [SCOPES.create, SCOPES.read, SCOPES.profile],
  v2: [BADGR_SCOPES.backpack, BADGR_SCOPES.profile],
  v1: [],
};

/** RFC 6749, section 3.3: printable ASCII without blank, quotation mark and backslash. */
const SCOPE_TOKEN = /^[\x21\x23-\x5b\x5d-\x7e]+$/;
export const MAX_SCOPE_LENGTH = 300;
export const MAX_SCOPES = 50;

/** Whether a text can be a scope at all, whoever offers it. */
export function isScope(text: string): boolean {
  return text.length <= MAX_SCOPE_LENGTH && SCOPE_TOKEN.test(text);
}

/** The scopes of a space-separated list, each once; what is none is left out. */
export function scopesIn(text: string): string[] {
  const found = new Set(text.split(" ").filter(isScope));
  return [...found].slice(0, MAX_SCOPES);
}

/**
 * What to ask for: what is offered and needed, and what was registered of it where the answer to
 * the registration said less. Of Badge Connect, `offline_access` may be asked for without being
 * offered: it is no URL, so a manifest cannot list it. Badgr gives lasting access by itself. Empty
 * where nothing that is needed is offered.
 */
export function scopesToAsk(
  version: ApiVersion,
  offered: readonly string[],
  registered: readonly string[] | null,
): string[] {
  const may = (scope: string) => registered === null || registered.includes(scope);
  const needed = NEEDED[version].filter((scope) => offered.includes(scope) && may(scope));
  if (needed.length === 0) return [];
  return version === "v2p1" && may(SCOPES.offline) ? [...needed, SCOPES.offline] : needed;
}
