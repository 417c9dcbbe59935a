// A client shaped as Moodle is: what it registers with, how it refreshes, and the whole badge it pushes.
import { expect, it } from "vitest";
import { API_PATH, AUTHORIZATION_PATHS, MANIFEST_PATH } from "../../src/host/addresses.ts";

import { documents } from "../verify/world.ts";
import { backpack, envelopeOf, idsOf } from "./backpack.ts";
import { askAccess, askToken, decide, outcome, pkce, redeem, type Tokens } from "./client.ts";

const WWWROOT = "https://moodle.example.edu";
/** What a token says of itself, and an app that waits for it. */
const TOKEN_TTL = 3_600;

interface Entry {
  readonly apiBase: string;
  readonly registrationUrl: string;
  readonly authorizationUrl: string;
  readonly tokenUrl: string;
  readonly scopesOffered: readonly string[];
}

it("registers, is allowed, pushes, refreshes with credentials in the body, and pushes again", async () => {
  const { app, browser, issuer } = await backpack({ wholeWay: true });

  // Discovery: the last entry of the manifest wins.
  const manifest = await (await app.request(MANIFEST_PATH)).json();
  const entry = (manifest as { badgeConnectAPI: Entry[] }).badgeConnectAPI.at(-1);
  if (!entry) throw new Error("the manifest has no entry");

  const redirect_uri = `${WWWROOT}/admin/oauth2callback.php`;
  const registration = await app.request(entry.registrationUrl, {
    method: "POST",
    headers: { "content-type": "application/json", accept: "application/json" },
    body: JSON.stringify({
      client_name: "Moodle of the university",
      client_uri: WWWROOT,
      logo_uri: `${WWWROOT}/theme/image.php/boost/core/1/moodlelogo`,
      tos_uri: WWWROOT,
      policy_uri: WWWROOT,
      software_id: "moodle",
      software_version: 2024042200,
      redirect_uris: [redirect_uri],
      token_endpoint_auth_method: "client_secret_basic",
      grant_types: ["authorization_code", "refresh_token"],
      response_types: ["code"],
      scope: entry.scopesOffered.join(" "),
    }),
  });
  expect(registration.status).toBe(201);
  const client = (await registration.json()) as { client_id: string; client_secret: string };

  // The session key of the person's own Moodle session is the state.
  const { verifier, challenge } = await pkce(app);
  const asked = await askAccess(app, {
    client,
    challenge,
    scope: `${entry.scopesOffered.join(" ")} offline_access`,
    over: { redirect_uri, state: "/badges/mybackpack.php?sesskey=abc123", access_type: "offline" },
  });
  const scopes = [...entry.scopesOffered, "offline_access"].map((s) => ["scope", s] as const);
  const decided = await decide(app, browser, asked, [["decision", "allow"], ...scopes]);
  const back = await outcome(app, asked, decided);
  expect(back.origin + back.pathname).toBe(redirect_uri);
  expect(back.searchParams.get("state")).toBe("/badges/mybackpack.php?sesskey=abc123");
  const code = back.searchParams.get("code") ?? "";
  const redeemed = await redeem(app, client, { code, verifier }, { redirect_uri });
  expect(redeemed.status).toBe(200);
  const first = (await redeemed.json()) as Tokens;

  // The whole badge, nested, with the member that is called `verify` there.
  const all = await documents();
  const badge = await issuer.badge("course");
  const nested = {
    ...badge,
    badge: { ...all.badge, issuer: all.issuer },
    verify: { type: "hosted", url: badge.id },
  };
  const push = (token: string) =>
    app.request(`${entry.apiBase}/assertions`, {
      method: "POST",
      headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
      body: JSON.stringify({ assertion: nested }),
    });
  const pushed = await envelopeOf(await push(first.access_token));
  expect(pushed.status.statusCode).toBe(200);

  app.clock.advance(TOKEN_TTL * 1_000);
  expect((await push(first.access_token)).status).toBe(401);
  const refreshed = await askToken(app, null, {
    grant_type: "refresh_token",
    refresh_token: first.refresh_token ?? "",
    ...client,
  });
  expect(refreshed.status).toBe(200);
  const second = (await refreshed.json()) as Tokens;
  expect((await push(second.access_token)).status).toBe(200);

  const listed = await app.request(`${API_PATH}/assertions`, {
    headers: { authorization: `Bearer ${second.access_token}` },
  });
  expect(await idsOf(listed)).toEqual(["course"]);
});

it("credentials in the body are checked like any", async () => {
  const { app, client } = await backpack({ wholeWay: true });
  const ask = (over: Record<string, string>) =>
    askToken(app, null, { grant_type: "refresh_token", refresh_token: "x", ...client, ...over });
  expect((await ask({ client_secret: "x".repeat(43) })).status).toBe(401);
  expect((await ask({ client_id: "nobody" })).status).toBe(401);
  expect((await ask({})).status).toBe(400);
  const twice = new URLSearchParams([
    ["grant_type", "refresh_token"],
    ["refresh_token", "x"],
    ["client_id", client.client_id],
    ["client_secret", client.client_secret],
    ["client_secret", "another"],
  ]);
  const response = await app.request(AUTHORIZATION_PATHS.token, { method: "POST", body: twice });
  expect(response.status).toBe(401);
});
