// What a probe says of a backpack, check by check; it registers nobody, and writes nothing there.
import { describe, expect, it } from "vitest";
import { type Probe, type ProbeCheckId, probeBackpack } from "../../src/backpack/probe.ts";
import { MAX_CLOCK_SKEW_MS } from "../../src/backpack/probe-requests.ts";
import { addBackpack, addOlderBackpack } from "../../src/backpack/site.ts";
import { enterClient } from "../../src/backpack/site-client.ts";
import { findBackpack } from "../../src/db/site-backpacks.ts";
import type { DialRequest } from "../../src/net/dial.ts";
import { SCOPES } from "../../src/oauth/scopes.ts";
import { status, type Told } from "./host.ts";
import { json, type Members, pullWorld } from "./pull-world.ts";

const HOST = "https://new.example.net";
const MANIFEST = "/.well-known/badgeconnect.json";

const entry = {
  name: "New Backpack",
  apiBase: `${HOST}/ims/ob/v2p1`,
  version: "v2p1",
  termsOfServiceUrl: `${HOST}/terms`,
  privacyPolicyUrl: `${HOST}/privacy`,
  scopesOffered: [SCOPES.create, SCOPES.read, SCOPES.profile] as string[],
  registrationUrl: `${HOST}/register`,
  authorizationUrl: `${HOST}/authorize`,
  tokenUrl: `${HOST}/token`,
  tokenRevocationUrl: `${HOST}/revoke`,
};

function manifest(over: Members = {}, top: Members = {}): Told {
  const document = {
    "@context": "https://purl.imsglobal.org/spec/ob/v2p1/ob_v2p1.jsonld",
    id: `${HOST}${MANIFEST}`,
    badgeConnectAPI: [{ ...entry, ...over }],
    ...top,
  };
  return json(document, { headers: { etag: '"1"' } });
}

/** A host that does everything right; a test replaces what it is about, by path. */
async function probed(pages: Readonly<Record<string, Told | undefined>> = {}) {
  const world = await pullWorld();
  const { env, sites } = world;
  const asked: DialRequest[] = [];
  const date = new Date(env.now()).toUTCString();
  const usual: Record<string, Told> = {
    [MANIFEST]: manifest(),
    "/register": status(405),
    "/authorize": { status: 400, body: "<html>" },
    "/token": json({ error: "invalid_client" }, { status: 401 }),
    "/ims/ob/v2p1/assertions": { ...status(401, "UNAUTHENTICATED"), headers: { date } },
    "/ims/ob/v2p1/profile": status(401, "UNAUTHENTICATED"),
  };
  sites.set(HOST, (request) => {
    asked.push(request);
    const { pathname } = request.url;
    return (pathname in pages ? pages[pathname] : usual[pathname]) ?? json({}, { status: 404 });
  });
  return { ...world, asked };
}

const outcomes = (probe: Probe | null) =>
  Object.fromEntries(probe?.checks.map(({ id, outcome }) => [id, outcome]) ?? []);

const wordsOf = (probe: Probe | null, id: ProbeCheckId) =>
  probe?.checks.find((check) => check.id === id)?.words;

describe("a probe", () => {
  it("of a good host finds nothing wrong, and asks only for what anybody may", async () => {
    const { env, asked } = await probed();
    const probe = await probeBackpack(env, "new.example.net");
    expect(new Set(Object.values(outcomes(probe)))).toEqual(new Set(["passed"]));
    expect(Object.keys(outcomes(probe))).toHaveLength(13);
    expect(probe).toMatchObject({
      address: `${HOST}${MANIFEST}`,
      at: env.now(),
      works: {
        connect: "yes",
        send: "yes",
        read: "yes",
        profile: "yes",
        collections: "no",
        revoke: "yes",
        stayConnected: "unknown",
      },
    });
    const posts = asked.filter(({ method }) => method === "POST");
    expect(posts.map(({ url }) => url.pathname)).toEqual(["/token"]);
    expect(asked.some(({ headers }) => headers.authorization !== undefined)).toBe(false);
    for (const { words, name } of probe?.checks ?? []) {
      expect(words).toMatch(/^[A-Z].*\.$/);
      expect(name).not.toBe("");
    }
  });

  it("is kept with its backpack, and replaces the last one", async () => {
    const { env } = await probed();
    const added = await addBackpack(env, { address: HOST });
    if (!added.ok) throw new Error(added.detail);
    const probe = await probeBackpack(env, added.backpack.id);
    const row = await findBackpack(env.db, added.backpack.id);
    expect(row).toMatchObject({ last_probe: probe, last_probe_at: env.now() });
    expect(await probeBackpack(env, "0b6f2f0e-7d52-7c0b-9a3e-5f3a0f9c6b1d")).toBeNull();
  });

  it.each([
    ["no host", "https://nobody.example"],
    ["no address", "my backpack"],
    ["this machine", "https://127.0.0.1"],
  ])("of %s says so, and goes no further", async (_name, address) => {
    const { env, asked } = await probed();
    const probe = await probeBackpack(env, address);
    expect(outcomes(probe)).toEqual({ manifest: "failed" });
    expect(probe?.works.connect).toBe("unknown");
    expect(asked).toEqual([]);
  });

  it.each<[string, ProbeCheckId, string, Record<string, Told>]>([
    ["no manifest", "manifest", "failed", { [MANIFEST]: json({}, { status: 404 }) }],
    ["HTML in its place", "manifest", "failed", { [MANIFEST]: { status: 200, body: "<html>" } }],
    ["another version only", "manifest", "failed", { [MANIFEST]: manifest({ version: "v3p0" }) }],
    [
      "no context in the manifest",
      "manifest-form",
      "warned",
      { [MANIFEST]: manifest({}, { "@context": null }) },
    ],
    [
      "another id in the manifest",
      "manifest-form",
      "warned",
      { [MANIFEST]: manifest({}, { id: "x" }) },
    ],
    [
      "one API without a list",
      "manifest-form",
      "warned",
      { [MANIFEST]: manifest({}, { badgeConnectAPI: entry }) },
    ],
    ["no terms", "manifest-form", "warned", { [MANIFEST]: manifest({ termsOfServiceUrl: null }) }],
    [
      "another path of the API",
      "manifest-form",
      "warned",
      { [MANIFEST]: manifest({ apiBase: `${HOST}/api` }) },
    ],
    [
      "no cache headers",
      "manifest-cache",
      "warned",
      { [MANIFEST]: { status: 200, body: manifest().body ?? "" } },
    ],
    [
      "a token endpoint elsewhere",
      "hosts",
      "warned",
      { [MANIFEST]: manifest({ tokenUrl: "https://issuer.example/token" }) },
    ],
    [
      "no scope for profiles",
      "scopes",
      "warned",
      { [MANIFEST]: manifest({ scopesOffered: [SCOPES.create, SCOPES.read] }) },
    ],
    [
      "no scope that is needed",
      "scopes",
      "failed",
      { [MANIFEST]: manifest({ scopesOffered: ["https://x.example/scope"] }) },
    ],
    [
      "no registration",
      "registration",
      "failed",
      { [MANIFEST]: manifest({ registrationUrl: null }) },
    ],
    [
      "a registration that is not there",
      "registration",
      "failed",
      { "/register": json({}, { status: 404 }) },
    ],
    [
      "a registration that is closed",
      "registration",
      "warned",
      { "/register": json({}, { status: 403 }) },
    ],
    [
      "a registration in trouble",
      "registration",
      "failed",
      { "/register": json({}, { status: 503 }) },
    ],
    [
      "a page that asks people to log in",
      "authorization",
      "passed",
      { "/authorize": { status: 302, headers: { location: "/login" } } },
    ],
    [
      "no page that asks people",
      "authorization",
      "failed",
      { "/authorize": json({}, { status: 404 }) },
    ],
    [
      "a token endpoint that is a page",
      "token",
      "failed",
      { "/token": { status: 200, body: "<html>" } },
    ],
    [
      "a token endpoint with words of its own",
      "token",
      "warned",
      { "/token": json({ message: "no" }, { status: 400 }) },
    ],
    [
      "a token endpoint that leads elsewhere",
      "token",
      "failed",
      { "/token": { status: 307, headers: { location: "https://issuer.example/" } } },
    ],
    [
      "no revocation",
      "revocation",
      "warned",
      { [MANIFEST]: manifest({ tokenRevocationUrl: null }) },
    ],
    [
      "badges for anybody",
      "assertions",
      "failed",
      { "/ims/ob/v2p1/assertions": status(200, "OK") },
    ],
    [
      "a 401 without an envelope",
      "assertions",
      "warned",
      { "/ims/ob/v2p1/assertions": { status: 401 } },
    ],
    ["a 403 in its place", "assertions", "warned", { "/ims/ob/v2p1/assertions": status(403) }],
    ["no badges", "assertions", "failed", { "/ims/ob/v2p1/assertions": json({}, { status: 404 }) }],
    ["no profile", "profile", "warned", { "/ims/ob/v2p1/profile": json({}, { status: 404 }) }],
    ["no clock", "clock", "not-possible", { "/ims/ob/v2p1/assertions": status(401) }],
  ])("of a host with %s: %s is %s", async (_name, id, outcome, pages) => {
    const { env } = await probed(pages);
    const probe = await probeBackpack(env, HOST);
    expect(outcomes(probe)[id]).toBe(outcome);
  });

  it.each([
    [MAX_CLOCK_SKEW_MS, "passed"],
    [MAX_CLOCK_SKEW_MS + 1_000, "warned"],
    [-MAX_CLOCK_SKEW_MS - 1_000, "warned"],
  ])("of a host whose clock is %d ms away is %s", async (skew, outcome) => {
    const pages: Record<string, Told> = {};
    const { env } = await probed(pages);
    const date = new Date(env.now() + skew).toUTCString();
    pages["/ims/ob/v2p1/assertions"] = { ...status(401, "UNAUTHENTICATED"), headers: { date } };
    expect(outcomes(await probeBackpack(env, HOST)).clock).toBe(outcome);
  });

  it("says what follows: without tokens nothing works, without a scope not that", async () => {
    const broken = await probed({ "/token": json({}, { status: 404 }) });
    expect((await probeBackpack(broken.env, HOST))?.works).toMatchObject({
      connect: "no",
      send: "no",
      read: "no",
    });
    const writeOnly = await probed({ [MANIFEST]: manifest({ scopesOffered: [SCOPES.create] }) });
    expect((await probeBackpack(writeOnly.env, HOST))?.works).toMatchObject({
      send: "yes",
      read: "no",
      profile: "no",
    });
  });

  it("knows where we are registered already, and then asks nothing there", async () => {
    const { env, asked } = await probed({ [MANIFEST]: manifest({ registrationUrl: null }) });
    const added = await addBackpack(env, { address: HOST });
    if (!added.ok) throw new Error(added.detail);
    await enterClient(env, added.backpack.id, { clientId: "a", clientSecret: "b" });
    const probe = await probeBackpack(env, added.backpack.id);
    expect(outcomes(probe).registration).toBe("passed");
    expect(probe?.works.connect).toBe("yes");
    expect(asked.map(({ url }) => url.pathname)).not.toContain("/register");
    expect(JSON.stringify(probe)).not.toContain("sealed");
  });

  it("what a host says of itself is shortened and never markup of ours", async () => {
    const { env } = await probed({ [MANIFEST]: manifest({ name: "<script>alert(1)</script>" }) });
    const probe = await probeBackpack(env, HOST);
    expect(wordsOf(probe, "manifest")).toContain("<script>alert(1)</script>");
    expect(wordsOf(probe, "manifest")?.length).toBeLessThan(300);
  });
});

describe("a probe of an older protocol", () => {
  const older = async (version: "v1" | "v2", pages: Record<string, Told>) => {
    const world = await probed(pages);
    const added = await addOlderBackpack(world.env, {
      version,
      name: "Old",
      apiUrl: version === "v2" ? `${HOST}/v2` : HOST,
      webUrl: HOST,
      authorizationUrl: `${HOST}/authorize`,
      tokenUrl: `${HOST}/token`,
    });
    if (!added.ok) throw new Error(added.detail);
    return { ...world, probe: await probeBackpack(world.env, added.backpack.id) };
  };

  it("of Badgr's asks for its list without a token", async () => {
    const good = await older("v2", { "/v2/backpack/assertions": json({}, { status: 401 }) });
    expect(outcomes(good.probe)).toMatchObject({ token: "passed", assertions: "passed" });
    // Nobody registers there by themselves, and nobody has entered a client.
    expect(outcomes(good.probe).registration).toBe("failed");
    const bad = await older("v2", { "/v2/backpack/assertions": json({ result: [] }) });
    expect(outcomes(bad.probe).assertions).toBe("failed");
  });

  it("of the displayer's asks for somebody whom nobody knows", async () => {
    const path = "/displayer/convert/email";
    const good = await older("v1", { [path]: json({ status: "missing" }, { status: 404 }) });
    expect(outcomes(good.probe)).toEqual({ assertions: "passed", provider: "passed" });
    expect(good.probe?.works).toMatchObject({ read: "yes", collections: "yes", send: "no" });
    const bad = await older("v1", { [path]: { status: 200, body: "<html>" } });
    expect(outcomes(bad.probe).assertions).toBe("failed");
    expect(bad.probe?.works.connect).toBe("no");
  });
});
