// Scopes of Open Badges 2.1 (section Scopes), and what each lets an app do, in words a person decides by.

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

interface Words {
  /** Completes “This app will be able to …”. */
  readonly may: string;
  readonly more: string;
}

export const SCOPE_WORDS: Readonly<Record<Scope, Words>> = {
  [READ_ASSERTIONS]: {
    may: "See your badges",
    more: "Those kept here for you, and those awarded to you here.",
  },
  [CREATE_ASSERTIONS]: {
    may: "Add badges to your collection",
    more: "And bring those it added up to date. Each is verified first, and none is removed.",
  },
  [READ_PROFILE]: {
    may: "See your name and the addresses you have confirmed",
    more: "Addresses you have not confirmed stay unseen.",
  },
  [UPDATE_PROFILE]: {
    may: "Suggest an e-mail address of yours",
    more: "It counts only once you have confirmed it from a mail we send there.",
  },
  [OFFLINE_ACCESS]: {
    may: "Keep this access when you are away",
    more: "Without it the app has to ask you again after an hour.",
  },
};
