// One API of a manifest, read with strict types and lengths: everything in it was written by a stranger.
import type { Env } from "../env.ts";
import { judgeUrl } from "../net/public-url.ts";
import { isScope, MAX_SCOPES } from "./scopes.ts";

/** Open Badges 2.1, "badgeConnectAPI": an API that the host offers, with what it takes to get in. */
export interface ManifestEntry {
  readonly name: string;
  /** `v<major>p<minor>`. */
  readonly version: string;
  /** Without a slash at its end. */
  readonly apiBase: string;
  readonly termsUrl: string | null;
  readonly policyUrl: string | null;
  /** An address or a `data:` URI of a picture. */
  readonly image: string | null;
  readonly scopesOffered: readonly string[];
  /** Null where clients are not registered by themselves: somebody must enter one. */
  readonly registrationUrl: string | null;
  readonly authorizationUrl: string;
  readonly tokenUrl: string;
  /** Null where tokens cannot be revoked by a request. */
  readonly revocationUrl: string | null;
}

/** A member that cannot be used; `detail` says which and what it must be. */
export interface EntryFault {
  readonly reason: "manifest-member" | "manifest-address";
  readonly detail: string;
}

export type EntryResult =
  | { readonly ok: true; readonly entry: ManifestEntry }
  | ({ readonly ok: false } & EntryFault);

export const MAX_NAME_LENGTH = 200;
export const MAX_ADDRESS_LENGTH = 2_000;
/** A picture as data may be larger than any address. */
export const MAX_PICTURE_LENGTH = 200_000;

/** Carried out of the readers below; never leaves this file. */
class MemberFault extends Error {
  readonly fault: EntryFault;
  constructor(reason: EntryFault["reason"], detail: string) {
    super(reason);
    this.fault = { reason, detail };
  }
}

type Members = Readonly<Record<string, unknown>>;
type Judge = Pick<Env, "loopbackOrigins">;

/** Null counts as absent everywhere. What is required is what no connection can do without. */
export function readEntry(env: Judge, members: Members): EntryResult {
  const optional = (name: string) => address(env, members, name);
  try {
    const apiBase = required(optional("apiBase"), "apiBase");
    const entry: ManifestEntry = {
      name: text(members, "name", MAX_NAME_LENGTH) ?? new URL(apiBase).host,
      version: required(text(members, "version", 20), "version"),
      apiBase: apiBase.replace(/\/+$/, ""),
      termsUrl: optional("termsOfServiceUrl"),
      policyUrl: optional("privacyPolicyUrl"),
      image: picture(env, members),
      scopesOffered: scopes(members),
      registrationUrl: optional("registrationUrl"),
      authorizationUrl: required(optional("authorizationUrl"), "authorizationUrl"),
      tokenUrl: required(optional("tokenUrl"), "tokenUrl"),
      revocationUrl: optional("tokenRevocationUrl"),
    };
    return { ok: true, entry };
  } catch (error) {
    if (error instanceof MemberFault) return { ok: false, ...error.fault };
    throw error;
  }
}

function required<T>(value: T | null, name: string): T {
  if (value === null) throw new MemberFault("manifest-member", `\`${name}\` is missing.`);
  return value;
}

function text(members: Members, name: string, longest: number): string | null {
  const value = members[name] ?? null;
  if (value === null) return null;
  if (typeof value !== "string") {
    throw new MemberFault("manifest-member", `\`${name}\` is not a text.`);
  }
  const trimmed = value.trim();
  if (trimmed.length > longest) {
    throw new MemberFault("manifest-member", `\`${name}\` is longer than ${longest} characters.`);
  }
  return trimmed === "" ? null : trimmed;
}

/** Absolute, without credentials, https unless it is where this server may ask on its own machine. */
function address(env: Judge, members: Members, name: string): string | null {
  const value = text(members, name, MAX_ADDRESS_LENGTH);
  if (value === null) return null;
  const verdict = judgeUrl(value, env.loopbackOrigins ?? []);
  if (verdict.ok) return verdict.url.href;
  throw new MemberFault("manifest-address", `\`${name}\` ${ADDRESS_FAULTS[verdict.reason]}`);
}

const ADDRESS_FAULTS = {
  "bad-url": "is not a complete web address.",
  "not-https": "does not begin with https://.",
  "credentials-in-url": "has a user name or a password in it.",
  "port-not-allowed": "names a port; only 443 is asked.",
  "address-not-public": "is not on the public Internet.",
} as const;

const DATA_PICTURE = /^data:image\/(png|svg\+xml)[;,]/i;

/** A picture is only decoration: one that cannot be used is left out. */
function picture(env: Judge, members: Members): string | null {
  const { image } = members;
  if (typeof image !== "string" || image.length > MAX_PICTURE_LENGTH) return null;
  if (DATA_PICTURE.test(image)) return image;
  const verdict = judgeUrl(image, env.loopbackOrigins ?? []);
  return verdict.ok ? verdict.url.href : null;
}

function scopes(members: Members): string[] {
  const offered = members.scopesOffered ?? [];
  if (!Array.isArray(offered) || offered.length > MAX_SCOPES) {
    throw new MemberFault(
      "manifest-member",
      `\`scopesOffered\` is not a list of at most ${MAX_SCOPES} scopes.`,
    );
  }
  const named = offered.filter((one: unknown) => one !== null && one !== "");
  if (!named.every((one: unknown): one is string => typeof one === "string" && isScope(one))) {
    throw new MemberFault("manifest-member", "`scopesOffered` holds something that is no scope.");
  }
  if (named.length === 0) throw new MemberFault("manifest-member", "`scopesOffered` is empty.");
  return [...new Set(named)];
}
