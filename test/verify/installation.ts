// A whole installation that can be asked over its own public door: its badges verify, others' are served by the test.
import type { Fetched, PublicFetch } from "../../src/net/public-fetch.ts";
import { refused } from "../../src/net/public-fetch.ts";
import { judgeUrl } from "../../src/net/public-url.ts";
import { TEST_ORIGIN, type TestApp, testApp } from "../app.ts";
import { givenAward, givenBadge, givenOrganization, givenPerson } from "../given.ts";

/** What an address elsewhere answers: a status, or a document to serve as JSON. */
export type Elsewhere = Readonly<Record<string, number | object | "unreachable">>;

const MAX_REDIRECTS = 3;

/** `shared`: several tests use it, and the caller closes it. */
export async function verifyingApp(
  options: { readonly shared?: boolean; readonly elsewhere?: Elsewhere } = {},
): Promise<TestApp & { readonly asked: string[] }> {
  const asked: string[] = [];
  let reached: TestApp | undefined;
  const publicFetch: PublicFetch = async (url, { accept } = {}) => {
    asked.push(url);
    const judged = judgeUrl(url, []);
    if (!judged.ok) return refused(judged.reason, url);
    const own = url.startsWith(`${TEST_ORIGIN}/`);
    const there = options.elsewhere?.[url];
    if (own && reached) return ownAnswer(reached, url, accept ?? "*/*");
    if (there === undefined || there === "unreachable") return refused("unreachable", url);
    const isStatus = typeof there === "number";
    return answered(url, isStatus ? there : 200, isStatus ? "" : JSON.stringify(there));
  };
  const app = await testApp({
    ...(options.shared ? { shared: true } : {}),
    override: () => ({ publicFetch }),
  });
  reached = app;
  return { ...app, asked };
}

function answered(url: string, status: number, body: string): Fetched {
  return {
    ok: true,
    url,
    status,
    contentType: "application/ld+json",
    bytes: new TextEncoder().encode(body),
    redirects: [],
  };
}

async function ownAnswer(app: TestApp, first: string, accept: string): Promise<Fetched> {
  const redirects: string[] = [];
  for (let url = first; redirects.length <= MAX_REDIRECTS; ) {
    const response = await app.request(url, { headers: { accept } });
    const location = response.headers.get("location");
    if (response.status >= 300 && response.status < 400 && location !== null) {
      redirects.push(url);
      url = new URL(location, url).href;
      continue;
    }
    return {
      ok: true,
      url,
      status: response.status,
      contentType: response.headers.get("content-type"),
      bytes: new Uint8Array(await response.arrayBuffer()),
      redirects,
    };
  }
  return refused("too-many-redirects", first);
}

export const HOLDER = "kim@example.org";
const DAY = 86_400_000;

/** One award of each standing, made out to HOLDER; the addresses of their pages. */
export async function givenStandings({ env }: TestApp) {
  const organization = await givenOrganization(env);
  const badge = await givenBadge(env, organization, { name: "Streak Champion" });
  const person = await givenPerson(env, organization, { name: "Kim Osei", email: HOLDER });
  const past = { awarded_at: env.now() - 30 * DAY };
  const valid = await givenAward(env, badge, person, { award_slot: "r1", ...past });
  const expired = await givenAward(env, badge, person, {
    award_slot: "r2",
    ...past,
    date_expire: env.now() - DAY,
  });
  const revoked = await givenAward(env, badge, person, {
    award_slot: "r3",
    ...past,
    revoked_at: env.now() - DAY,
    revocation_reason: "Made out to the wrong person",
  });
  return {
    valid: valid.unique_hash,
    expired: expired.unique_hash,
    revoked: revoked.unique_hash,
  };
}
