// Whatever a host or a browser sends: refused with a reason or read, never an error of ours.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { connections, tokens } from "../../src/db/backpacks.ts";
import { finishAuthorization } from "../../src/oauth/callback.ts";
import { inLibraryTerms } from "../../src/oauth/client.ts";
import { faultOf } from "../../src/oauth/fault.ts";
import { MAX_TOKEN_LENGTH, readGranted } from "../../src/oauth/grant.ts";
import { ensureRegistered } from "../../src/oauth/registration.ts";
import { REFUSED } from "../../src/oauth/words.ts";
import { CONNECT_REASONS } from "../../src/pages/words/connect-reasons.ts";
import { begun } from "./connecting.ts";
import { givenScene, HOST, serverOf } from "./host.ts";

const NOW = Date.UTC(2026, 9, 4);
const CLIENT = {
  clientId: "c",
  clientSecret: "s",
  tokenUrl: HOST,
  revocationUrl: null,
  issuer: null,
};

/** Anything, and often something that is almost right. */
const value = fc.oneof(
  fc.jsonValue(),
  fc.string(),
  fc.constantFrom("Bearer", "bearer", "access", 3_600, 0, -1, "3600", "", null, [], {}),
);

const status = fc.constantFrom(200, 201, 204, 302, 400, 401, 403, 404, 429, 500, 503);
const type = fc.constantFrom(
  "application/json",
  "text/html",
  "application/json; charset=utf-8",
  "",
);
const challenge = fc.constantFrom(
  null,
  "Basic",
  'Basic realm="x"',
  "=,=",
  "Bearer error=invalid_token",
);

function responseOf(
  members: Record<string, unknown> | unknown,
  code: number,
  contentType: string,
  authenticate: string | null,
): Response {
  const headers = new Headers(contentType === "" ? {} : { "content-type": contentType });
  if (authenticate !== null) headers.set("www-authenticate", authenticate);
  return new Response(code === 204 ? null : JSON.stringify(members), { status: code, headers });
}

describe("an answer of a token endpoint", () => {
  const answer = fc.oneof(
    fc.record(
      {
        access_token: value,
        token_type: value,
        expires_in: value,
        refresh_token: value,
        scope: value,
        id_token: value,
        error: value,
      },
      { requiredKeys: [] },
    ),
    fc.jsonValue(),
  );

  it("is a grant with a token that can be sent, or a fault", async () => {
    await fc.assert(
      fc.asyncProperty(answer, status, type, challenge, async (members, code, media, asks) => {
        try {
          const response = responseOf(members, code, media, asks);
          const granted = await readGranted(inLibraryTerms(CLIENT), response, "refresh", NOW);
          expect(granted.accessToken).toMatch(/^[\x21-\x7e]+$/);
          expect(granted.accessToken.length).toBeLessThanOrEqual(MAX_TOKEN_LENGTH);
          expect(granted.refreshToken ?? "r").toMatch(/^[\x21-\x7e]+$/);
          expect(granted.expiresAt === null || granted.expiresAt > NOW).toBe(true);
        } catch (error) {
          // Rethrows what the host did not cause.
          expect((await faultOf(error, NOW)).kind).toMatch(/^(refused|unavailable|bad-answer)$/);
        }
      }),
      { numRuns: 500 },
    );
  });
});

describe("an answer to a registration", () => {
  it("is a client, or a reason", async () => {
    let next: Response = new Response();
    const { env, backpack } = await givenScene((host) => {
      host.answers.register = () => next;
    });
    const { id } = await serverOf(env, backpack);
    const answer = fc.record(
      {
        client_id: value,
        client_secret: value,
        client_secret_expires_at: value,
        redirect_uris: value,
        scope: value,
        token_endpoint_auth_method: value,
        error: value,
      },
      { requiredKeys: [] },
    );
    await fc.assert(
      fc.asyncProperty(answer, status, type, challenge, async (members, code, media, asks) => {
        next = responseOf(members, code, media, asks);
        const result = await ensureRegistered(env, id);
        if (result.ok) {
          expect(result.client.clientId).toMatch(/^[\x20-\x7e]+$/);
          expect(result.client.clientSecret).toMatch(/^[\x20-\x7e]+$/);
          await env.db.batch([{ sql: "UPDATE oauth2_issuers SET client_id = NULL", params: [] }]);
        } else {
          expect(CONNECT_REASONS.en[result.reason]).not.toBe("");
        }
        // A host that asked to be left alone would be, for the rest of this test.
        await env.db.batch([
          { sql: "UPDATE oauth2_issuers SET registration_lease_until = NULL", params: [] },
        ]);
      }),
      { numRuns: 60 },
    );
  });
});

describe("what a browser brings back", () => {
  it("is refused with a reason before anything is asked, unless it is the answer itself", async () => {
    const { env, browser, backpack, returns, state, host } = await begun();
    const name = fc.constantFrom("state", "code", "iss", "error", "response", "token", "x");
    const text = fc.oneof(fc.string(), fc.constantFrom(state.slice(1), HOST, "access_denied"));
    const query = fc.array(fc.tuple(name, text), { maxLength: 6 });
    await fc.assert(
      fc.asyncProperty(query, fc.string(), async (pairs, rest) => {
        const base = new URL(returns());
        base.search = new URLSearchParams(pairs).toString();
        for (const url of [base.href, rest, `${base.href}&${rest}`]) {
          const result = await finishAuthorization(env, browser.session, backpack.id, url);
          if (result.ok) expect.fail(url);
          expect(CONNECT_REASONS.en[`${result.reason}-fix`]).not.toBe("");
        }
      }),
      { numRuns: 100 },
    );
    expect(host.asked).toEqual([]);
    expect(await env.db.orm.select().from(tokens)).toEqual([]);
    expect(await env.db.orm.select().from(connections)).toEqual([]);
  });
});

it.each(["en", "de"] as const)("every reason has words that say what to do, %s", (language) => {
  const words: Readonly<Record<string, string>> = CONNECT_REASONS[language];
  for (const reason of Object.keys(REFUSED)) {
    expect(words[reason]).toMatch(/^[A-Z].*[^.]$/);
    expect(words[`${reason}-fix`]).toMatch(/\.$/);
  }
});
