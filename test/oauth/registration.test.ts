import { describe, expect, it } from "vitest";
import { backpacks } from "../../src/db/backpacks.ts";
import { leaseRegistration } from "../../src/db/oauth-servers.ts";
import type { Env } from "../../src/env.ts";
import { MAX_CREDENTIAL_LENGTH } from "../../src/oauth/client.ts";
import { enterClient } from "../../src/oauth/entered-client.ts";
import {
  callbackOf,
  ensureRegistered,
  LEASE_MS,
  SECRET_MARGIN_MS,
  SOFTWARE_ID,
} from "../../src/oauth/registration.ts";
import { SCOPES } from "../../src/oauth/scopes.ts";
import { type Answering, givenScene, json, manifest, serverOf } from "./host.ts";

const ASKED = [SCOPES.create, SCOPES.read, SCOPES.profile, SCOPES.offline];

async function scene(register?: Answering) {
  const it = await givenScene((host) => {
    if (register) host.answers.register = register;
  });
  const server = await serverOf(it.env, it.backpack);
  return {
    ...it,
    server,
    ensure: () => ensureRegistered(it.env, server.id),
    stored: () => serverOf(it.env, it.backpack),
  };
}

/** What the host usually answers, with members replaced. */
const registers =
  (over: object, status = 201): Answering =>
  ({ text }) =>
    json(
      {
        ...JSON.parse(text),
        client_id: "client-1",
        client_secret: "secret 1",
        client_id_issued_at: 1,
        client_secret_expires_at: 0,
        ...over,
      },
      status,
    );

describe("registering", () => {
  it("OB21-R-01 a new host is registered at once, and never again", async () => {
    const { ensure, host } = await scene();
    const first = await ensure();
    expect(first).toMatchObject({
      ok: true,
      client: { clientId: "client-1", clientSecret: "secret 1: with signs" },
    });
    expect(await ensure()).toEqual(first);
    expect(host.at("register")).toHaveLength(1);
  });

  it("OB21-R-02 OB21-R-03 OB21-R-04 sends all that is demanded, as JSON by POST", async () => {
    const { env, ensure, host, backpack } = await scene();
    await ensure();
    const [asked] = host.at("register");
    expect(asked?.method).toBe("POST");
    expect(asked?.headers.get("content-type")).toBe("application/json");
    expect(asked?.headers.get("accept")).toBe("application/json");
    expect(asked?.headers.get("authorization")).toBeNull();
    expect(JSON.parse(asked?.text ?? "")).toEqual({
      client_name: "Rosette (badges.example.org)",
      client_uri: "https://badges.example.org",
      logo_uri: "https://badges.example.org/logo.png",
      tos_uri: "https://badges.example.org/terms",
      policy_uri: "https://badges.example.org/privacy",
      software_id: SOFTWARE_ID,
      software_version: "0.1.0",
      redirect_uris: [callbackOf(env, backpack.id)],
      token_endpoint_auth_method: "client_secret_basic",
      grant_types: ["authorization_code", "refresh_token"],
      response_types: ["code"],
      scope: ASKED.join(" "),
    });
  });

  it("OB21-R-05 every address is https and at one host", async () => {
    const { ensure, host } = await scene();
    await ensure();
    const asked = JSON.parse(host.at("register")[0]?.text ?? "");
    const { client_uri, logo_uri, tos_uri, policy_uri, redirect_uris } = asked;
    const urls = [client_uri, logo_uri, tos_uri, policy_uri, ...redirect_uris];
    expect(new Set(urls.map((url: string) => new URL(url).origin))).toEqual(
      new Set(["https://badges.example.org"]),
    );
  });

  it("OB21-R-06 the software is the same at every host", async () => {
    const [first, second] = [await scene(), await scene()];
    await first.ensure();
    await second.ensure();
    const idOf = ({ host }: typeof first) =>
      JSON.parse(host.at("register")[0]?.text ?? "").software_id;
    expect(idOf(first)).toBe(idOf(second));
  });

  it("OB21-R-01 twenty who connect at once register once", async () => {
    const { ensure, host } = await scene();
    const all = await Promise.all(Array.from({ length: 20 }, ensure));
    expect(host.at("register")).toHaveLength(1);
    expect(new Set(all.map((one) => (one.ok ? one.client.clientId : one.reason)))).toEqual(
      new Set(["client-1"]),
    );
  });

  it("keeps the secret sealed", async () => {
    const { ensure, stored } = await scene();
    await ensure();
    const row = await stored();
    expect(row.client_id).toBe("client-1");
    expect(row.client_secret_sealed).not.toContain("secret 1");
    expect(JSON.stringify(row)).not.toContain("with signs");
  });

  it("every backpack of a host has a redirect URI of its own", async () => {
    const { env, ensure, host, backpack } = await scene();
    await ensure();
    await env.db.batch([
      env.db.orm.insert(backpacks).values({
        ...backpack,
        id: `${backpack.id.slice(0, -1)}~`,
        backpack_api_url: "https://other.example.net/api",
        backpack_web_url: "https://other.example.net",
      }),
    ]);
    expect(await ensure()).toMatchObject({ ok: true, client: { clientId: "client-2" } });
    const uris = JSON.parse(host.at("register")[1]?.text ?? "").redirect_uris;
    expect(new Set(uris).size).toBe(2);
    await ensure();
    expect(host.at("register")).toHaveLength(2);
  });
});

describe("what a host answers", () => {
  it("OB21-R-09 takes 0, null and nothing for a secret that never ends", async () => {
    for (const ends of [0, null, undefined]) {
      const { ensure, stored } = await scene(registers({ client_secret_expires_at: ends }));
      expect(await ensure()).toMatchObject({ ok: true });
      expect((await stored()).client_secret_expires_at).toBeNull();
    }
  });

  it("OB21-R-08 takes 200 for 201: asking again would register twice", async () => {
    const { ensure } = await scene(registers({}, 200));
    expect(await ensure()).toMatchObject({ ok: true });
  });

  it("OB21-CT-03 survives every optional member absent or null", async () => {
    const absent = ["client_id_issued_at", "scope", "redirect_uris", "token_endpoint_auth_method"];
    for (const value of [null, undefined]) {
      const over = Object.fromEntries(absent.map((name) => [name, value]));
      const { ensure } = await scene(registers(over));
      expect(await ensure()).toMatchObject({ ok: true, scopes: null });
    }
  });

  it("OB21-R-10 knows the scopes that were left of those it asked for", async () => {
    const { ensure } = await scene(registers({ scope: `${SCOPES.read} unheard:of` }));
    expect(await ensure()).toMatchObject({ scopes: [SCOPES.read, "unheard:of"] });
  });

  it("OB21-R-10 asks without scopes where the host refuses one of them", async () => {
    const { ensure, host } = await scene(({ text }) =>
      "scope" in JSON.parse(text) ? json({ error: "invalid_client_metadata" }, 400) : undefined,
    );
    expect(await ensure()).toMatchObject({ ok: true });
    expect(host.at("register")).toHaveLength(2);
  });

  it.each<[string, string, Answering]>([
    ["no secret", "registration-changed", registers({ client_secret: undefined })],
    ["a null secret", "registration-changed", registers({ client_secret: null })],
    ["no id", "registration-malformed", registers({ client_id: undefined })],
    ["an id that is a number", "registration-malformed", registers({ client_id: 7 })],
    ["an id of two lines", "registration-malformed", registers({ client_id: "a\nb" })],
    [
      "an id beyond measure",
      "registration-malformed",
      registers({ client_id: "x".repeat(MAX_CREDENTIAL_LENGTH + 1) }),
    ],
    ["a secret that is a list", "registration-malformed", registers({ client_secret: ["s"] })],
    [
      "an end that is a text",
      "registration-malformed",
      registers({ client_secret_expires_at: "0" }),
    ],
    [
      "another way to authenticate",
      "registration-changed",
      registers({ token_endpoint_auth_method: "client_secret_post" }),
    ],
    [
      "other redirect URIs",
      "registration-changed",
      registers({ redirect_uris: ["https://evil.example/"] }),
    ],
    ["a page", "registration-malformed", () => new Response("<html>", { status: 201 })],
    [
      "half an answer",
      "registration-malformed",
      () => new Response('{"client_id":"c', { status: 201 }),
    ],
    [
      "a name twice",
      "registration-malformed",
      () => new Response('{"client_id":"a","client_id":"b"}', { status: 201 }),
    ],
    ["a list", "registration-malformed", () => json([{ client_id: "c" }], 201)],
    ["202 without a body", "registration-malformed", () => new Response(null, { status: 202 })],
    ["a refusal", "registration-refused", () => json({ error: "invalid_redirect_uri" }, 400)],
    ["a refusal as a page", "registration-malformed", () => new Response("no", { status: 403 })],
    [
      "a refusal with a challenge",
      "registration-refused",
      () =>
        json({ error: "access_denied" }, 401, { "www-authenticate": 'Bearer realm="register"' }),
    ],
    ["500", "registration-unavailable", () => new Response("oops", { status: 500 })],
    [
      "a redirect",
      "registration-unreachable",
      () => Response.redirect("https://backpack.example.net/oauth/register", 307),
    ],
    [
      "no answer",
      "registration-unreachable",
      () => {
        throw new TypeError("reset");
      },
    ],
  ])("%s: %s, and nothing is stored", async (_name, reason, answering) => {
    const { ensure, stored } = await scene(answering);
    expect(await ensure()).toMatchObject({ ok: false, reason });
    expect(await stored()).toMatchObject({
      client_id: null,
      client_secret_sealed: null,
      registration_version: 0,
      registration_lease_until: null,
    });
  });

  it("never follows a registration to another address", async () => {
    const { ensure, host } = await scene(() =>
      Response.redirect("https://backpack.example.net/oauth/token", 307),
    );
    await ensure();
    expect(host.asked).toHaveLength(1);
  });

  it("OB21-R-12 stays away as long as a host asks, and asks again then", async () => {
    let limited = true;
    const { test, ensure, host } = await scene(() =>
      limited
        ? new Response("slow down", { status: 429, headers: { "retry-after": "120" } })
        : undefined,
    );
    const retryAt = test.clock.now + 120_000;
    expect(await ensure()).toMatchObject({ reason: "registration-limited", retryAt });
    expect(await ensure()).toMatchObject({ reason: "registration-limited", retryAt });
    expect(host.at("register")).toHaveLength(1);
    limited = false;
    test.clock.advance(120_000);
    expect(await ensure()).toMatchObject({ ok: true });
  });
});

describe("a registration that ends", () => {
  const ENDS = 3_600;

  it("OB21-R-11 registers anew before the secret ends", async () => {
    const { test, ensure, host, stored } = await scene(({ text }) =>
      json(
        {
          ...JSON.parse(text),
          client_id: `client-${++host.registrations}`,
          client_secret: "s",
          client_secret_expires_at: Math.floor(test.clock.now / 1_000) + ENDS,
        },
        201,
      ),
    );
    await ensure();
    test.clock.advance(ENDS * 1_000 - SECRET_MARGIN_MS - 1_000);
    expect(await ensure()).toMatchObject({ ok: true, client: { clientId: "client-1" } });
    test.clock.advance(1_000);
    expect(await ensure()).toMatchObject({ ok: true, client: { clientId: "client-2" } });
    expect((await stored()).registration_version).toBe(2);
  });

  it("a process that died while it registered is followed by another", async () => {
    const { test, env, ensure, host, server } = await scene();
    const now = test.clock.now;
    await env.db.batch([leaseRegistration(env.db, server, now, now + LEASE_MS)]);
    expect(await ensure()).toMatchObject({ ok: false, reason: "registration-busy" });
    expect(host.at("register")).toHaveLength(0);
    test.clock.advance(LEASE_MS);
    expect(await ensure()).toMatchObject({ ok: true });
  });

  it("who registered too late leaves what a rival stored", async () => {
    const { env, ensure, stored, server } = await scene(async ({ text }) => {
      await enterClient(env, server.id, { clientId: "rival", clientSecret: null });
      return json(
        { ...JSON.parse(text), client_id: "late", client_secret: "s", client_secret_expires_at: 0 },
        201,
      );
    });
    expect(await ensure()).toMatchObject({ ok: true, client: { clientId: "rival" } });
    expect((await stored()).client_id).toBe("rival");
  });
});

describe("a client entered by hand", () => {
  const noRegistration = () =>
    givenScene((host) => {
      host.answers.manifest = () => json(manifest({}, { registrationUrl: null }));
    });

  it("is needed where the host registers none", async () => {
    const { env, backpack, host } = await noRegistration();
    const server = await serverOf(env, backpack);
    expect(await ensureRegistered(env, server.id)).toMatchObject({ reason: "client-needed" });
    const entered = { clientId: "by-hand", clientSecret: "hush" };
    expect(await enterClient(env, server.id, entered)).toEqual({
      ok: true,
      redirectUris: [callbackOf(env, backpack.id)],
    });
    expect(await ensureRegistered(env, server.id)).toMatchObject({
      ok: true,
      client: entered,
      scopes: null,
    });
    expect(host.at("register")).toHaveLength(0);
  });

  it.each([
    ["", "s"],
    ["two\nlines", "s"],
    ["ümlaut", "s"],
    ["x".repeat(MAX_CREDENTIAL_LENGTH + 1), "s"],
    ["id", ""],
    ["id", "tab\t"],
  ])("is refused where it is none: %j %j", async (clientId, clientSecret) => {
    const { env, backpack } = await noRegistration();
    const server = await serverOf(env, backpack);
    expect(await enterClient(env, server.id, { clientId, clientSecret })).toMatchObject({
      reason: "client-malformed",
    });
    expect((await serverOf(env, backpack)).client_id).toBeNull();
  });
});

describe("a registration under another secret", () => {
  const turned = (env: Env, retired: readonly Uint8Array<ArrayBuffer>[]): Env => ({
    ...env,
    config: { ...env.config, secretKey: new Uint8Array(32).fill(7), retiredSecretKeys: retired },
  });

  it("is sealed anew as it is used", async () => {
    const { env, test, ensure, server } = await scene();
    const first = await ensure();
    const rotated = turned(env, [env.config.secretKey]);
    expect(await ensureRegistered(rotated, server.id)).toEqual(first);
    await test.settle();
    expect(await ensureRegistered(turned(env, []), server.id)).toEqual(first);
  });

  it("that is gone is replaced by a new one", async () => {
    const { env, ensure, server, host } = await scene();
    await ensure();
    expect(await ensureRegistered(turned(env, []), server.id)).toMatchObject({
      ok: true,
      client: { clientId: "client-2" },
    });
    expect(host.at("register")).toHaveLength(2);
  });

  it("that is gone must be entered again, where it was entered", async () => {
    const { env, server, host } = await scene();
    await enterClient(env, server.id, { clientId: "by-hand", clientSecret: "hush" });
    expect(await ensureRegistered(turned(env, []), server.id)).toMatchObject({
      reason: "client-needed",
    });
    expect(host.at("register")).toHaveLength(0);
  });
});
