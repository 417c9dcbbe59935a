// Requests that a backpack must refuse, to see that it refuses them as the standard says: from outside, with no token.
import type { Backpack } from "../db/backpacks.ts";
import type { Env } from "../env.ts";
import type { Fetched, FetchOptions } from "../net/public-fetch.ts";
import type { ManifestEntry } from "../oauth/manifest-entry.ts";
import { isObject } from "../strict-json.ts";
import { endpoint } from "./badge-connect.ts";
import { readObject } from "./json-object.ts";
import type { ProbeCheck, ProbeCheckId, Said } from "./probe.ts";

const NAMES = {
  clock: "Clock",
  registration: "Registering by itself",
  authorization: "Asking a person for consent",
  token: "Tokens",
  revocation: "Giving tokens back",
  assertions: "Badges, behind a token",
  profile: "Profile, behind a token",
} as const satisfies Partial<Record<ProbeCheckId, string>>;

type Id = keyof typeof NAMES;

/** A clock that is further away than this makes lists of what is new wrong. */
export const MAX_CLOCK_SKEW_MS = 5 * 60_000;
const MAX_BYTES = 64 * 1024;

interface Tried {
  readonly fetched: Fetched;
  readonly took: number;
  readonly body: Readonly<Record<string, unknown>> | null;
}

async function tryOut(env: Env, url: string, options: FetchOptions = {}): Promise<Tried> {
  const began = env.now();
  const fetched = await env.publicFetch(url, {
    accept: "application/json",
    maxBytes: MAX_BYTES,
    maxRedirects: 0,
    ...options,
  });
  return { fetched, took: env.now() - began, body: fetched.ok ? readObject(fetched.bytes) : null };
}

interface Found extends Said {
  /** In English. */
  readonly words: string;
}

function check(
  id: Id,
  outcome: ProbeCheck["outcome"],
  { words, ...said }: Found,
  tried?: Tried,
): ProbeCheck {
  return { id, name: NAMES[id], outcome, words, said, took: tried?.took ?? null };
}

const answered = (status: number): Found => ({
  code: "status",
  values: { status: String(status) },
  words: `It answered ${status}.`,
});
const silent = (detail: string): Found => ({ code: "silent", words: detail });
const ANSWERS: Found = { code: "answers", words: "It answers." };
const TOKEN_ASKED: Found = { code: "token-asked", words: "It asks for a token, as it should." };
const tokenless = (status: number): Found => ({
  code: "status-tokenless",
  values: { status: String(status) },
  words: `It answered ${status} to a request without a token.`,
});

export type LoginEndpoints = Pick<
  ManifestEntry,
  "name" | "authorizationUrl" | "tokenUrl" | "registrationUrl" | "revocationUrl"
>;

/** Everything on the way to a token. */
export async function probeLogin(
  env: Env,
  endpoints: LoginEndpoints,
  isRegistered: boolean,
): Promise<ProbeCheck[]> {
  return await Promise.all([
    registrationCheck(env, endpoints, isRegistered),
    authorizationCheck(env, endpoints),
    tokenCheck(env, endpoints),
    revocationCheck(endpoints),
  ]);
}

/**
 * OB21-R-02: the address takes POST, and says so to a GET. Posting to it would register somebody,
 * so whether we are welcome shows with the first connection.
 */
async function registrationCheck(
  env: Env,
  { registrationUrl }: LoginEndpoints,
  isRegistered: boolean,
): Promise<ProbeCheck> {
  if (isRegistered)
    return check("registration", "passed", {
      code: "registered-there",
      words: "We are registered there.",
    });
  if (registrationUrl === null) {
    const words = "It registers no apps by itself: an administrator must enter a client.";
    return check("registration", "failed", { code: "registration-by-hand", words });
  }
  const tried = await tryOut(env, registrationUrl);
  const { fetched } = tried;
  if (!fetched.ok) return check("registration", "failed", silent(fetched.detail), tried);
  const { status } = fetched;
  if (status === 401 || status === 403) {
    const words = `Registering seems to be closed: it answered ${status}. An administrator can enter a client.`;
    const values = { status: String(status) };
    return check("registration", "warned", { code: "registration-closed", values, words }, tried);
  }
  if (status === 404 || status === 410 || status >= 500) {
    return check("registration", "failed", answered(status), tried);
  }
  const words = "It answers. Whether it takes us shows when the first person connects.";
  return check("registration", "passed", { code: "registration-open", words }, tried);
}

/** Without its parameters it can only refuse, or show a page that says so (OB21-Z-01). */
async function authorizationCheck(
  env: Env,
  { authorizationUrl }: LoginEndpoints,
): Promise<ProbeCheck> {
  const tried = await tryOut(env, authorizationUrl, { accept: "text/html" });
  const { fetched } = tried;
  // A page may be larger than is read, and a redirect to a login is an answer too.
  const isAnswer = !fetched.ok && /redirect|too-large/.test(fetched.reason);
  if (isAnswer) return check("authorization", "passed", ANSWERS, tried);
  if (!fetched.ok) return check("authorization", "failed", silent(fetched.detail), tried);
  const { status } = fetched;
  if (status === 404 || status === 410 || status >= 500) {
    return check("authorization", "failed", answered(status), tried);
  }
  return check("authorization", "passed", ANSWERS, tried);
}

/** A code that nobody was given, by nobody: refused with an error of RFC 6749, section 5.2 (OB21-T-07). */
async function tokenCheck(env: Env, { tokenUrl }: LoginEndpoints): Promise<ProbeCheck> {
  const tried = await tryOut(env, tokenUrl, {
    method: "POST",
    headers: { "content-type": "application/x-www-form-urlencoded" },
    body: "grant_type=authorization_code&code=none",
  });
  const { fetched, body } = tried;
  if (!fetched.ok) return check("token", "failed", silent(fetched.detail), tried);
  const { status } = fetched;
  if (status === 400 || status === 401) {
    if (typeof body?.error === "string") {
      return check(
        "token",
        "passed",
        { code: "refuses-well", words: "It refuses a bad request as it should." },
        tried,
      );
    }
    const words = "It refuses a bad request, though not in the words of OAuth 2.";
    return check("token", "warned", { code: "refuses-otherwise", words }, tried);
  }
  const words = `It answered ${status} to a request it must refuse.`;
  const values = { status: String(status) };
  return check("token", "failed", { code: "status-open", values, words }, tried);
}

async function revocationCheck({ revocationUrl }: LoginEndpoints): Promise<ProbeCheck> {
  if (revocationUrl !== null) {
    return check("revocation", "passed", {
      code: "revocation-there",
      words: "It takes tokens back.",
    });
  }
  const words =
    "It takes no tokens back: whoever disconnects here should end the access there as well.";
  return check("revocation", "warned", { code: "revocation-none", words });
}

/** Badge Connect's API, asked without a token. */
export async function probeApi(
  env: Env,
  { apiBase }: Pick<ManifestEntry, "apiBase">,
): Promise<ProbeCheck[]> {
  const [assertions, profile] = await Promise.all([
    tryOut(env, endpoint(apiBase, "/assertions?limit=1")),
    tryOut(env, endpoint(apiBase, "/profile")),
  ]);
  return [
    guardedCheck("assertions", assertions),
    guardedCheck("profile", profile),
    clockCheck(env, assertions),
  ];
}

/** OB21-S-06: 401, with a status object that says UNAUTHENTICATED. */
function guardedCheck(id: "assertions" | "profile", tried: Tried): ProbeCheck {
  const { fetched, body } = tried;
  if (!fetched.ok) return check(id, "failed", silent(fetched.detail), tried);
  const { status } = fetched;
  if (status === 200) {
    const words = "It answers anybody, also without a token.";
    return check(id, "failed", { code: "answers-anybody", words }, tried);
  }
  if (status === 404 && id === "profile") {
    return check(id, "warned", { code: "profile-none", words: "There is none." }, tried);
  }
  if (status !== 401 && status !== 403) {
    return check(id, "failed", tokenless(status), tried);
  }
  const told = isObject(body?.status) ? body.status : null;
  if (status === 401 && told?.statusCode === 401) {
    return check(id, "passed", TOKEN_ASKED, tried);
  }
  const words = "It asks for a token, though not in the words of the standard.";
  return check(id, "warned", { code: "token-asked-otherwise", words }, tried);
}

function clockCheck(env: Env, { fetched }: Tried): ProbeCheck {
  const date = fetched.ok ? Date.parse(fetched.headers?.date ?? "") : Number.NaN;
  if (Number.isNaN(date)) {
    const words = "It does not say what time it has.";
    return check("clock", "not-possible", { code: "clock-silent", words });
  }
  const minutes = Math.round(Math.abs(env.now() - date) / 60_000);
  if (Math.abs(env.now() - date) <= MAX_CLOCK_SKEW_MS) {
    const words = "It has the same time as we have.";
    return check("clock", "passed", { code: "clock-same", words });
  }
  const words = `Its clock is ${minutes} minutes away from ours: what is new there may be noticed a day late.`;
  return check("clock", "warned", { code: "clock-other", values: { minutes }, words });
}

/** Badgr's API without a token; the displayer's with an address that nobody has. */
export async function probeOlderApi(
  env: Env,
  { api_version: version, backpack_api_url: api }: Backpack,
): Promise<ProbeCheck> {
  if (version === "v2") {
    const tried = await tryOut(env, endpoint(api, "/backpack/assertions"));
    const { fetched } = tried;
    if (!fetched.ok) return check("assertions", "failed", silent(fetched.detail), tried);
    if (fetched.status === 401 || fetched.status === 403) {
      return check("assertions", "passed", TOKEN_ASKED, tried);
    }
    return check("assertions", "failed", tokenless(fetched.status), tried);
  }
  const tried = await tryOut(env, endpoint(api, "/displayer/convert/email"), {
    method: "POST",
    headers: { "content-type": "application/x-www-form-urlencoded" },
    body: "email=nobody%40example.invalid",
  });
  const { fetched, body } = tried;
  if (!fetched.ok) return check("assertions", "failed", silent(fetched.detail), tried);
  if (body !== null && (fetched.status === 404 || fetched.status === 200)) {
    const words = "It says that it does not know an address that nobody has.";
    return check("assertions", "passed", { code: "nobody-known", words }, tried);
  }
  return check("assertions", "failed", answered(fetched.status), tried);
}
