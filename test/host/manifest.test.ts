// The manifest and the metadata: what they say, how they are kept, and that they say the same.
import { describe, expect, it } from "vitest";
import { AUTHORIZATION_PATHS, MANIFEST_PATH, METADATA_PATH } from "../../src/host/addresses.ts";
import { MANIFEST_MAX_AGE } from "../../src/host/manifest.ts";
import { answerOf } from "../../src/host/node-exchange.ts";
import { createProvider } from "../../src/host/provider.ts";
import { TEST_ORIGIN, testApp } from "../app.ts";

const SCOPE = "https://purl.imsglobal.org/spec/ob/v2p1/scope";

/** Every member, as the world sees it: a change here is a change for everybody connected. */
const GOLDEN = {
  "@context": "https://purl.imsglobal.org/spec/ob/v2p1/ob_v2p1.jsonld",
  id: `${TEST_ORIGIN}/.well-known/badgeconnect.json`,
  type: "Manifest",
  badgeConnectAPI: [
    {
      name: `Rosette (${new URL(TEST_ORIGIN).host})`,
      apiBase: `${TEST_ORIGIN}/ims/ob/v2p1`,
      version: "v2p1",
      image: `${TEST_ORIGIN}/logo.svg`,
      termsOfServiceUrl: `${TEST_ORIGIN}/terms`,
      privacyPolicyUrl: `${TEST_ORIGIN}/privacy`,
      scopesOffered: [
        `${SCOPE}/assertion.readonly`,
        `${SCOPE}/assertion.create`,
        `${SCOPE}/profile.readonly`,
        `${SCOPE}/profile.update`,
      ],
      registrationUrl: `${TEST_ORIGIN}/oauth/register`,
      authorizationUrl: `${TEST_ORIGIN}/oauth/authorize`,
      tokenUrl: `${TEST_ORIGIN}/oauth/token`,
      tokenRevocationUrl: `${TEST_ORIGIN}/oauth/revoke`,
    },
  ],
};

const manifest = async (app: Awaited<ReturnType<typeof testApp>>) =>
  (await (await app.request(MANIFEST_PATH)).json()) as typeof GOLDEN;

describe("the manifest", () => {
  it("OB21-M-02 OB21-M-03 OB21-M-04 is exactly this", async () => {
    expect(await manifest(await testApp())).toEqual(GOLDEN);
  });

  it("OB21-M-01 needs no credentials, and is JSON that any site may read", async () => {
    const app = await testApp();
    const response = await app.request(MANIFEST_PATH);
    expect(response.status).toBe(200);
    expect(response.headers.get("content-type")).toContain("application/json");
    expect(response.headers.get("access-control-allow-origin")).toBe("*");
    expect(response.headers.get("set-cookie")).toBeNull();
  });

  it("OB21-M-01 OB21-M-08 has addresses of the public origin, whatever name it was asked by", async () => {
    const app = await testApp();
    const response = await app.app.request(`http://127.0.0.1:8787${MANIFEST_PATH}`);
    expect(await response.json()).toEqual(GOLDEN);
  });

  it("OB21-M-05 OB21-M-06 OB21-M-07 OB21-M-09 OB21-M-10 its addresses answer", async () => {
    const app = await testApp();
    const [entry] = (await manifest(app)).badgeConnectAPI;
    if (!entry) throw new Error("there is no entry");
    expect(entry.apiBase).toMatch(/\/ims\/ob\/v2p1$/);
    expect(entry.version).toMatch(/^v\d+p\d+$/);
    expect(entry.scopesOffered.every((scope) => URL.canParse(scope))).toBe(true);
    const status = async (address: string, init?: RequestInit) =>
      (await app.request(address, init)).status;
    expect(await status(entry.image)).toBe(200);
    expect(await status(entry.termsOfServiceUrl)).toBe(200);
    expect(await status(entry.privacyPolicyUrl)).toBe(200);
    expect(await status(`${entry.apiBase}/assertions`)).toBe(401);
    expect(await status(`${entry.apiBase}/profile`)).toBe(401);
    expect(await status(entry.authorizationUrl)).toBe(400);
    for (const address of [entry.registrationUrl, entry.tokenUrl, entry.tokenRevocationUrl]) {
      expect(await status(address)).toBe(405);
    }
  });

  it("OB21-M-11 OB21-M-12 may be kept for a while, and is asked for again by its tag", async () => {
    const app = await testApp();
    const first = await app.request(MANIFEST_PATH);
    const etag = first.headers.get("etag") ?? "";
    expect(etag).toMatch(/^"[\w-]+"$/);
    expect(first.headers.get("cache-control")).toBe(`public, max-age=${MANIFEST_MAX_AGE}`);
    const again = await app.request(MANIFEST_PATH, { headers: { "if-none-match": etag } });
    expect([again.status, await again.text()]).toEqual([304, ""]);
    expect(again.headers.get("cache-control")).toBe(`public, max-age=${MANIFEST_MAX_AGE}`);
    const other = await app.request(MANIFEST_PATH, { headers: { "if-none-match": '"other"' } });
    expect(other.status).toBe(200);
  });
});

describe("the metadata of the authorization server", () => {
  it("names the manifest's endpoints, S256, basic authentication and `iss` (RFC 8414, RFC 9207)", async () => {
    const app = await testApp();
    const said = (await (await app.request(METADATA_PATH)).json()) as Record<string, unknown>;
    const [entry] = GOLDEN.badgeConnectAPI;
    expect(said).toMatchObject({
      issuer: TEST_ORIGIN,
      authorization_endpoint: entry?.authorizationUrl,
      token_endpoint: entry?.tokenUrl,
      registration_endpoint: entry?.registrationUrl,
      revocation_endpoint: entry?.tokenRevocationUrl,
      code_challenge_methods_supported: ["S256"],
      token_endpoint_auth_methods_supported: ["client_secret_basic"],
      grant_types_supported: ["authorization_code", "refresh_token"],
      response_types_supported: ["code"],
      authorization_response_iss_parameter_supported: true,
    });
  });

  it("says of each thing what the library says of itself", async () => {
    const app = await testApp();
    const ours = (await (await app.request(METADATA_PATH)).json()) as Record<string, unknown>;
    const provider = await createProvider(app.env);
    const request = new Request(`${TEST_ORIGIN}/.well-known/oauth-authorization-server`);
    const theirs = (await (await answerOf(request, provider.callback())).json()) as typeof ours;
    const sameSets = [
      "scopes_supported",
      "response_types_supported",
      "grant_types_supported",
      "token_endpoint_auth_methods_supported",
      "code_challenge_methods_supported",
    ];
    // The library cannot do without it; no grant here ever holds it.
    theirs.scopes_supported = (theirs.scopes_supported as string[]).filter((s) => s !== "openid");
    for (const name of sameSets) {
      expect(new Set(ours[name] as string[]), name).toEqual(new Set(theirs[name] as string[]));
    }
    const same = [
      "issuer",
      "authorization_endpoint",
      "token_endpoint",
      "registration_endpoint",
      "revocation_endpoint",
      "jwks_uri",
      "authorization_response_iss_parameter_supported",
    ];
    for (const name of same) expect(ours[name], name).toEqual(theirs[name]);
  });

  it("has keys that are the same in every process, and none that is secret", async () => {
    const [one, two] = await Promise.all([testApp(), testApp()]);
    const keys = await Promise.all(
      [one, two].map(async (app) => (await app.request(AUTHORIZATION_PATHS.jwks)).json()),
    );
    expect(keys[0]).toEqual(keys[1]);
    expect(keys[0]).toMatchObject({ keys: [{ kty: "OKP", crv: "Ed25519", alg: "EdDSA" }] });
    expect(JSON.stringify(keys)).not.toContain('"d"');
  });
});

describe("what stands beside it", () => {
  it.each(["/terms", "/privacy"])("%s is a page", async (path) => {
    const app = await testApp();
    const response = await app.request(path, { headers: { accept: "text/html" } });
    expect(response.headers.get("content-type")).toContain("text/html");
    expect(await response.text()).toContain(new URL(TEST_ORIGIN).hostname);
    expect((await app.request(path, { method: "POST" })).status).toBe(405);
  });

  it("OB21-R-07 the logo is a square picture, as SVG and as PNG", async () => {
    const app = await testApp();
    const svg = await (await app.request("/logo.svg")).text();
    expect(svg).toContain('width="512" height="512"');
    const response = await app.request("/logo.png");
    expect(response.headers.get("content-type")).toBe("image/png");
    const bytes = new DataView(await response.arrayBuffer());
    expect([bytes.getUint32(16), bytes.getUint32(20)]).toEqual([512, 512]);
  });
});
