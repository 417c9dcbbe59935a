// Tries out what works at a backpack without being anybody there: nothing is registered, sent or read.
import type { Backpack } from "../db/backpacks.ts";
import { findBackpack, findServerOf, putProbe } from "../db/site-backpacks.ts";
import type { Env } from "../env.ts";
import { isId } from "../ids.ts";
import { type ManifestReason, manifestAddress } from "../oauth/manifest.ts";
import type { Finding } from "../pages/words/probe.ts";
import { probeManifest } from "./probe-manifest.ts";
import { probeApi, probeLogin, probeOlderApi } from "./probe-requests.ts";
import { protocolOf } from "./protocol.ts";
import { providerOf, type Quirks, quirksOf } from "./quirks.ts";

/** Stable: programs decide by these. */
export type ProbeCheckId =
  | "manifest"
  | "manifest-form"
  | "manifest-cache"
  | "hosts"
  | "clock"
  | "registration"
  | "authorization"
  | "token"
  | "revocation"
  | "scopes"
  | "assertions"
  | "profile"
  | "provider";

/** What was found, as pages have a sentence for it. */
export interface Said {
  readonly code: Finding;
  readonly values?: Readonly<Record<string, string | number>>;
  /** Findings that are listed in the sentence. */
  readonly parts?: readonly Said[];
  /** Why a manifest cannot be used, which has sentences of its own. */
  readonly reason?: ManifestReason;
}

export interface ProbeCheck {
  readonly id: ProbeCheckId;
  /** What was tried, in a few words. */
  readonly name: string;
  /** `warned`: it works, and something about it should be known. */
  readonly outcome: "passed" | "failed" | "warned" | "not-possible";
  /** One or two sentences of English, for a person. */
  readonly words: string;
  /** The same for pages in other languages; what an earlier version kept has none. */
  readonly said?: Said | undefined;
  /** How long the answer took, in milliseconds; null where nothing was asked. */
  readonly took: number | null;
}

/** `unknown`: it cannot be said without a person's consent, or because something before it failed. */
export type Works = "yes" | "no" | "unknown";

export interface Probe {
  /** What was probed: the manifest's address, or the API's where there is none. */
  readonly address: string;
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly checks: readonly ProbeCheck[];
  /** What a person could do there, as far as can be seen from outside. */
  readonly works: {
    readonly connect: Works;
    readonly send: Works;
    readonly read: Works;
    readonly collections: Works;
    readonly profile: Works;
    readonly stayConnected: Works;
    readonly revoke: Works;
  };
}

/**
 * Probes a backpack by its id, and keeps what was found; or any address, and keeps nothing. Null
 * for an id that no backpack has. Rejects with a DatabaseError only.
 */
export async function probeBackpack(env: Env, backpackOrAddress: string): Promise<Probe | null> {
  if (!isId(backpackOrAddress)) return probeAddress(env, backpackOrAddress, false);
  const backpack = await findBackpack(env.db, backpackOrAddress);
  if (backpack === null) return null;
  const server = await findServerOf(env.db, backpack.id);
  const probe =
    server?.manifest_url == null
      ? await probeOlder(env, backpack, server)
      : await probeAddress(env, server.manifest_url, server.client_id !== null);
  await env.db.batch([putProbe(backpack.id, probe, env.now())]);
  return probe;
}

async function probeAddress(env: Env, address: string, isRegistered: boolean): Promise<Probe> {
  const at = env.now();
  const read = await probeManifest(env, address);
  const where = manifestAddress(env, address);
  const found = { address: where.ok ? where.url : address.slice(0, 200), at };
  const { entry } = read;
  if (entry === null) return { ...found, checks: read.checks, works: NOTHING_KNOWN };
  const [login, api] = await Promise.all([
    probeLogin(env, entry, isRegistered),
    probeApi(env, entry),
  ]);
  const checks = [...read.checks, ...login, ...api, aboutProvider(entry.apiBase)];
  const went = (id: ProbeCheckId) => checks.find((check) => check.id === id)?.outcome;
  const canConnect = ["registration", "authorization", "token"] as const;
  const connect: Works = canConnect.some((id) => went(id) === "failed") ? "no" : "yes";
  const byScope = (name: string, id: ProbeCheckId): Works => {
    const isOffered = entry.scopesOffered.some((scope) => scope.endsWith(`/scope/${name}`));
    return isOffered && went(id) !== "failed" && connect === "yes" ? "yes" : "no";
  };
  return {
    ...found,
    checks,
    works: {
      connect,
      send: byScope("assertion.create", "assertions"),
      read: byScope("assertion.readonly", "assertions"),
      collections: "no",
      profile: byScope("profile.readonly", "profile"),
      // Whether a refresh token is given shows with the first consent (OB21-T-05).
      stayConnected: "unknown",
      revoke: entry.revocationUrl === null ? "no" : "yes",
    },
  };
}

const NOTHING_KNOWN: Probe["works"] = {
  connect: "unknown",
  send: "unknown",
  read: "unknown",
  collections: "unknown",
  profile: "unknown",
  stayConnected: "unknown",
  revoke: "unknown",
};

/** Of the older protocols there is no manifest: what was entered is tried. */
async function probeOlder(
  env: Env,
  backpack: Backpack,
  server: Awaited<ReturnType<typeof findServerOf>>,
): Promise<Probe> {
  const at = env.now();
  const endpoints = server && {
    name: server.name,
    authorizationUrl: server.authorization_url,
    tokenUrl: server.token_url,
    registrationUrl: null,
    revocationUrl: server.revocation_url,
  };
  const checks = [
    ...(endpoints === null ? [] : await probeLogin(env, endpoints, server?.client_id !== null)),
    await probeOlderApi(env, backpack),
    aboutProvider(backpack.backpack_api_url),
  ];
  const abilities = protocolOf(backpack.api_version)?.abilities ?? null;
  const isBroken = checks.some(({ outcome }) => outcome === "failed");
  const works = (ability: string | null | undefined): Works =>
    ability == null || isBroken ? "no" : "yes";
  return {
    address: backpack.backpack_api_url,
    at,
    checks,
    works: {
      connect: isBroken ? "no" : "yes",
      send: works(abilities?.send),
      read: works(abilities?.list),
      collections: works(abilities?.collections),
      profile: works(abilities?.profile),
      stayConnected: backpack.api_version === "v1" ? "yes" : "unknown",
      revoke: server?.revocation_url == null ? "no" : "yes",
    },
  };
}

/** What is known of its product beforehand. */
function aboutProvider(apiBase: string): ProbeCheck {
  const check = { id: "provider", name: "Known product", outcome: "passed", took: null } as const;
  const provider = providerOf(apiBase);
  if (provider === null) {
    const words = "It is no product that anything special is known of; the standard is expected.";
    return { ...check, words, said: { code: "product-unknown" } };
  }
  const known = quirkWords(quirksOf(provider));
  const list = known.map(([, words]) => words).join(", ");
  return {
    ...check,
    words: `It is ${provider}${known.length > 0 ? `: ${list}. This is taken care of` : ""}.`,
    said: {
      code: known.length > 0 ? "product-quirks" : "product-known",
      values: { name: provider },
      parts: known.map(([code]) => ({ code })),
    },
  };
}

function quirkWords(quirks: Quirks): (readonly [Finding, string])[] {
  const all = [
    [quirks.statusCodeAsText, "quirk-status", "it writes status codes as text"],
    [quirks.emptySuccess, "quirk-empty", "it may answer a success with nothing"],
    [quirks.strictPayload, "quirk-strict", "it takes no members that the standard does not name"],
  ] as const;
  return all.flatMap(([has, code, words]) => (has ? [[code, words] as const] : []));
}
