// Dynamic client registration (RFC 7591): once for each host, however many people connect at once.
import {
  dynamicClientRegistrationRequest,
  processDynamicClientRegistrationResponse,
} from "oauth4webapi";
import type { AuthorizationServer } from "../db/backpacks.ts";
import { backpacksOf, findServer, leaseRegistration, updateServer } from "../db/oauth-servers.ts";
import type { Env } from "../env.ts";
import { answerOf } from "./answer.ts";
import { type Client, clientIn, isCredential, sealSecret, throughOurDoor } from "./client.ts";
import { type Fault, faultOf } from "./fault.ts";
import { scopesIn, scopesToAsk } from "./scopes.ts";

/** The same in every installation, whatever it is called (RFC 7591, section 2). */
export const SOFTWARE_ID = "0b6f2f0e-7d52-4c0b-9a3e-5f3a0f9c6b1d";
/** As in package.json. */
export const SOFTWARE_VERSION = "0.1.0";

/** How long one process may take to register before another one does. */
export const LEASE_MS = 30_000;
/** A secret that ends while somebody consents is of no use to them. */
export const SECRET_MARGIN_MS = 15 * 60_000;
/** How long somebody waits while another process registers: 12 times, a little longer each time. */
const LOOKS = 12;
const LONGEST_PAUSE_MS = 1_500;
const FIRST_PAUSE_MS = 50;

export type RegistrationReason =
  /** The host registers nobody by itself, and nobody has entered a client. */
  | "client-needed"
  /** Another process is registering and did not finish in time. */
  | "registration-busy"
  | "registration-refused"
  | "registration-limited"
  | "registration-unavailable"
  | "registration-unreachable"
  | "registration-malformed"
  /** What was registered is not what the standard has us use. */
  | "registration-changed"
  | "backpack-gone";

export type RegistrationResult =
  | {
      readonly ok: true;
      readonly client: Client;
      /** Null where the host did not say: all that was asked. */
      readonly scopes: readonly string[] | null;
    }
  | RegistrationFault;

export interface RegistrationFault {
  readonly ok: false;
  readonly reason: RegistrationReason;
  readonly detail: string;
  /** Milliseconds since 1970; null where trying again is for a person to decide. */
  readonly retryAt: number | null;
}

const refuse = (
  reason: RegistrationReason,
  detail: string,
  retryAt: number | null = null,
): RegistrationFault => ({ ok: false, reason, detail, retryAt });

export const callbackOf = (env: Pick<Env, "urls">, backpackId: string): string =>
  `${env.urls.base}/oauth/callback/${backpackId}`;

/**
 * The client to use at a server; registers where there is none, where its secret ends, or where it
 * does not know the redirect URI of one of the server's backpacks. A lease in the row lets one of
 * any number of processes register; the others wait for its result.
 */
export async function ensureRegistered(env: Env, serverId: string): Promise<RegistrationResult> {
  for (let look = 0; look < LOOKS; look++) {
    const server = await findServer(env.db, serverId);
    if (server === null) return refuse("backpack-gone", "This backpack is no longer offered.");
    const redirectUris = (await backpacksOf(env.db, serverId)).map((id) => callbackOf(env, id));
    if (isUsable(server, redirectUris, env.now())) {
      const known = await clientIn(env, server);
      if (known?.outdated) env.background(reseal(env, server, known.client));
      if (known !== null) {
        return { ok: true, client: known.client, scopes: server.scopes_registered };
      }
    }
    // What an administrator entered is not replaced by what nobody asked for.
    if (server.registration_url === null || server.registration === "entered") {
      return refuse(
        "client-needed",
        `An administrator must enter the client that ${server.name} knows this site by.`,
      );
    }
    const now = env.now();
    const leased = server.registration_lease_until;
    // A host that asked to be left alone holds the lease longer than any process does.
    if (leased !== null && leased > now + LEASE_MS) {
      return refuse("registration-limited", `${server.name} asked to come back later.`, leased);
    }
    if (leased === null || leased <= now) {
      const [taken] = await env.db.batch([leaseRegistration(env.db, server, now, now + LEASE_MS)]);
      if (taken?.rowsAffected === 1) {
        const fault = await finished(env, register(env, server, redirectUris));
        if (fault !== null) return fault;
        continue;
      }
    }
    await env.pause(Math.min(FIRST_PAUSE_MS * 2 ** look, LONGEST_PAUSE_MS));
  }
  return refuse(
    "registration-busy",
    "Somebody else is connecting to this backpack for the first time just now.",
    env.now() + LONGEST_PAUSE_MS,
  );
}

/** So that a retired secret can be forgotten once everything was used. */
async function reseal(env: Env, server: AuthorizationServer, client: Client): Promise<void> {
  if (client.clientSecret === null) return;
  const sealed = await sealSecret(env, server.id, client.clientSecret);
  await env.db.batch([updateServer(env.db, server, { client_secret_sealed: sealed })]);
}

/** A registration that was sent is brought to its end, also when whoever asked has gone. */
function finished<T>(env: Pick<Env, "background">, work: Promise<T>): Promise<T> {
  env.background(work);
  return work;
}

function isUsable(
  server: AuthorizationServer,
  redirectUris: readonly string[],
  now: number,
): boolean {
  if (server.client_id === null) return false;
  // What was entered by hand is for the one who entered it to keep in order.
  if (server.registration === "entered") return true;
  const ends = server.client_secret_expires_at;
  if (ends !== null && ends <= now + SECRET_MARGIN_MS) return false;
  const known = (server.redirect_uri ?? "").split(" ");
  return redirectUris.every((uri) => known.includes(uri));
}

/** Null once it is registered and stored, by us or by a rival. The lease is ours. */
async function register(
  env: Env,
  server: AuthorizationServer,
  redirectUris: readonly string[],
): Promise<RegistrationFault | null> {
  const asked = [
    ...new Set([
      ...scopesToAsk("v2p1", server.scopes_offered, null),
      ...scopesToAsk("v2", server.scopes_offered, null),
    ]),
  ];
  let outcome = await ask(env, server, metadataFor(env, redirectUris, asked));
  // Some hosts refuse a scope they do not know instead of leaving it out.
  if (!outcome.ok && outcome.fault.kind === "refused" && SCOPE_TROUBLE.has(outcome.fault.error)) {
    outcome = await ask(env, server, metadataFor(env, redirectUris, null));
  }
  const judged = outcome.ok ? judge(outcome.answer, redirectUris, server.name) : outcome;
  if (!judged.ok) {
    const fault = "reason" in judged ? judged : toRefusal(judged.fault, server.name);
    const holdOff = fault.retryAt !== null && fault.retryAt > env.now() ? fault.retryAt : null;
    await env.db.batch([updateServer(env.db, server, { registration_lease_until: holdOff })]);
    env.log.warn("oauth.registration_failed", { server: server.id, reason: fault.reason });
    return fault;
  }
  const { clientId, clientSecret, expiresAt, scopes } = judged;
  const now = env.now();
  await env.db.batch([
    updateServer(env.db, server, {
      registration: "dynamic",
      client_id: clientId,
      client_secret_sealed: await sealSecret(env, server.id, clientSecret),
      client_secret_expires_at: expiresAt,
      // Separated by blanks, which no address holds.
      redirect_uri: redirectUris.join(" "),
      scopes_registered: scopes,
      registered_at: now,
      registration_version: server.registration_version + 1,
      registration_lease_until: null,
      updated_at: now,
    }),
  ]);
  env.log.info("oauth.registered", { server: server.id });
  return null;
}

const SCOPE_TROUBLE = new Set(["invalid_client_metadata", "invalid_scope"]);

/** OB21-R-03 to R-06: all of it is demanded, and every address is at one host. */
function metadataFor(env: Env, redirectUris: readonly string[], scopes: string[] | null) {
  const { base } = env.urls;
  return {
    client_name: `Rosette (${new URL(base).host})`,
    client_uri: base,
    logo_uri: `${base}/logo.png`,
    tos_uri: `${base}/terms`,
    policy_uri: `${base}/privacy`,
    software_id: SOFTWARE_ID,
    software_version: SOFTWARE_VERSION,
    redirect_uris: [...redirectUris],
    token_endpoint_auth_method: "client_secret_basic",
    grant_types: ["authorization_code", "refresh_token"],
    response_types: ["code"],
    ...(scopes === null || scopes.length === 0 ? {} : { scope: scopes.join(" ") }),
  };
}

type Answer = Readonly<Record<string, unknown>>;

async function ask(
  env: Env,
  server: AuthorizationServer,
  metadata: ReturnType<typeof metadataFor>,
): Promise<{ ok: true; answer: Answer } | { ok: false; fault: Fault }> {
  const endpoints = {
    issuer: server.issuer ?? new URL(server.token_url).origin,
    registration_endpoint: server.registration_url ?? "",
  };
  try {
    const response = await dynamicClientRegistrationRequest(
      endpoints,
      metadata,
      throughOurDoor(env),
    );
    const answer = await answerOf(response, {
      // A host that says 200 and gives an id has registered us; asking again would do so twice.
      statusOfSuccess: 201,
      defaults: { client_secret_expires_at: 0 },
    });
    return { ok: true, answer: await processDynamicClientRegistrationResponse(answer) };
  } catch (error) {
    return { ok: false, fault: await faultOf(error, env.now()) };
  }
}

type Judged =
  | {
      readonly ok: true;
      readonly clientId: string;
      readonly clientSecret: string;
      readonly expiresAt: number | null;
      readonly scopes: string[] | null;
    }
  | RegistrationFault;

/** What the library leaves to us: whether what was registered can be used as the standard has it. */
function judge(answer: Answer, redirectUris: readonly string[], name: string): Judged {
  const { client_id: id, client_secret: secret, client_secret_expires_at: ends } = answer;
  if (!isCredential(id)) {
    return refuse("registration-malformed", `${name} registered us under an id that is none.`);
  }
  if (!isCredential(secret)) {
    return refuse("registration-changed", `${name} registered us without a secret.`);
  }
  const method = answer.token_endpoint_auth_method;
  if (typeof method === "string" && method !== "client_secret_basic") {
    return refuse("registration-changed", `${name} wants our secret in another way than agreed.`);
  }
  const uris = answer.redirect_uris;
  if (Array.isArray(uris) && !redirectUris.every((uri) => uris.includes(uri))) {
    return refuse("registration-changed", `${name} registered other addresses than ours.`);
  }
  const { scope } = answer;
  return {
    ok: true,
    clientId: id,
    clientSecret: secret,
    // Seconds since 1970; 0 is never (RFC 7591, section 3.2.1).
    expiresAt: typeof ends === "number" && ends > 0 ? Math.floor(ends * 1_000) : null,
    scopes: typeof scope === "string" ? scopesIn(scope) : null,
  };
}

function toRefusal(fault: Fault, name: string): RegistrationFault {
  switch (fault.kind) {
    case "refused":
      return refuse(
        "registration-refused",
        `${name} refused to register this site (${fault.error.slice(0, 60)}).`,
      );
    case "unavailable":
      return fault.status === 429
        ? refuse("registration-limited", `${name} asked to come back later.`, fault.retryAt)
        : refuse("registration-unavailable", `${name} cannot answer just now.`, fault.retryAt);
    case "unreachable":
      return refuse("registration-unreachable", fault.detail);
    case "bad-answer":
      return refuse(
        "registration-malformed",
        `${name} answered something that is no registration.`,
      );
  }
}
