import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Fetched, FetchOptions } from "../../src/net/public-fetch.ts";
import { refused } from "../../src/net/public-fetch.ts";
import {
  MANIFEST_PATH,
  MAX_ENTRIES,
  type Manifest,
  manifestAddress,
  manifestIn,
  pickEntry,
  readManifest,
} from "../../src/oauth/manifest.ts";
import {
  MAX_ADDRESS_LENGTH,
  MAX_NAME_LENGTH,
  MAX_PICTURE_LENGTH,
} from "../../src/oauth/manifest-entry.ts";
import { MAX_SCOPES, SCOPES } from "../../src/oauth/scopes.ts";
import { HOST, manifest } from "./host.ts";

const NOW = Date.UTC(2026, 9, 4);
const LOOPBACK = "http://127.0.0.1:8788";

type Answer = Partial<Extract<Fetched, { ok: true }>>;

/** A host that answers every address alike; `asked` keeps the addresses and conditions. */
function hostThat(body: unknown, answer: Answer = {}) {
  const asked: [string, FetchOptions | undefined][] = [];
  const text = typeof body === "string" ? body : JSON.stringify(body);
  return {
    asked,
    env: {
      loopbackOrigins: [LOOPBACK],
      now: () => NOW,
      publicFetch: async (url: string, options?: FetchOptions): Promise<Fetched> => {
        asked.push([url, options]);
        return {
          ok: true,
          url,
          status: 200,
          contentType: "application/json",
          bytes: new TextEncoder().encode(text),
          redirects: [],
          ...answer,
        };
      },
    },
  };
}

function entriesOf(document: unknown): Manifest {
  const read = manifestIn({ loopbackOrigins: [LOOPBACK] }, `${HOST}${MANIFEST_PATH}`, document);
  if (!read.ok) throw new Error(`${read.reason}: ${read.detail}`);
  return read.manifest;
}

const one = (entry: object) => entriesOf(manifest({}, entry)).entries[0];

describe("where the manifest is looked for", () => {
  it.each([
    ["backpack.example.net", `${HOST}${MANIFEST_PATH}`],
    ["  backpack.example.net/ ", `${HOST}${MANIFEST_PATH}`],
    ["BACKPACK.example.net", `${HOST}${MANIFEST_PATH}`],
    [HOST, `${HOST}${MANIFEST_PATH}`],
    [`${HOST}/some/page?q=1#top`, `${HOST}${MANIFEST_PATH}`],
    [`${HOST}${MANIFEST_PATH}`, `${HOST}${MANIFEST_PATH}`],
    [`${HOST}/tenant${MANIFEST_PATH}`, `${HOST}/tenant${MANIFEST_PATH}`],
    ["münchen.example.net", "https://xn--mnchen-3ya.example.net/.well-known/badgeconnect.json"],
    ["127.0.0.1:8788", `${LOOPBACK}${MANIFEST_PATH}`],
    [LOOPBACK, `${LOOPBACK}${MANIFEST_PATH}`],
  ])("OB21-M-01 %s", (typed, url) => {
    expect(manifestAddress({ loopbackOrigins: [LOOPBACK] }, typed)).toEqual({ ok: true, url });
  });

  it.each([
    ["", "address-malformed"],
    ["   ", "address-malformed"],
    ["not an address", "address-malformed"],
    ["https://", "address-malformed"],
    ["x".repeat(2_001), "address-malformed"],
    ["http://backpack.example.net", "address-refused"],
    ["ftp://backpack.example.net", "address-refused"],
    ["javascript:alert(1)", "address-refused"],
    ["mailto:me@example.org", "address-refused"],
    ["https://me:secret@backpack.example.net", "address-refused"],
    ["https://backpack.example.net:8443", "address-refused"],
    ["https://127.0.0.1", "address-refused"],
    ["https://[::1]", "address-refused"],
    ["http://127.0.0.1:9999", "address-refused"],
    ["localhost:5432", "address-refused"],
    ["https://backpack", "address-refused"],
    ["https://backpack.local", "address-refused"],
    ["169.254.169.254", "address-refused"],
  ])("is nowhere for %j: %s", (typed, reason) => {
    expect(manifestAddress({ loopbackOrigins: [LOOPBACK] }, typed)).toMatchObject({
      ok: false,
      reason,
    });
  });

  it("asks nothing at any address that is not judged good", async () => {
    const { env, asked } = hostThat(manifest());
    await fc.assert(
      fc.asyncProperty(fc.oneof(fc.webUrl(), fc.string(), fc.domain()), async (typed) => {
        asked.length = 0;
        await readManifest(env, typed);
        for (const [url] of asked) {
          expect(url).toMatch(
            /^https:\/\/[^/@:]+\.[^/@:]+(\/.*)?\/\.well-known\/badgeconnect\.json$/,
          );
        }
      }),
    );
  });
});

describe("what a manifest may be", () => {
  it("OB21-M-02 OB21-M-04 is read whole", () => {
    expect(one({ image: `${HOST}/logo.png` })).toEqual({
      name: "Example Backpack",
      version: "v2p1",
      apiBase: `${HOST}/ims/ob/v2p1`,
      termsUrl: `${HOST}/terms`,
      policyUrl: `${HOST}/privacy`,
      image: `${HOST}/logo.png`,
      scopesOffered: [SCOPES.create, SCOPES.read, SCOPES.profile],
      registrationUrl: `${HOST}/oauth/register`,
      authorizationUrl: `${HOST}/oauth/authorize`,
      tokenUrl: `${HOST}/oauth/token`,
      revocationUrl: `${HOST}/oauth/revoke`,
    });
  });

  it("OB21-M-03 with and without @context, id and type", () => {
    const bare = manifest({ "@context": undefined, id: undefined });
    expect(entriesOf(JSON.parse(JSON.stringify(bare))).entries).toHaveLength(1);
    expect(entriesOf(manifest({ "@context": null, id: null, type: null })).entries).toHaveLength(1);
    expect(entriesOf(manifest({ type: "Manifest", more: { of: "it" } })).entries).toHaveLength(1);
  });

  it.each(["apiBase", "version", "authorizationUrl", "tokenUrl", "scopesOffered"])(
    "OB21-M-04 cannot do without %s, absent or null",
    (name) => {
      for (const value of [undefined, null]) {
        const read = manifestIn({}, HOST, manifest({}, { [name]: value }));
        expect(read).toMatchObject({ ok: false, reason: "manifest-member" });
        expect(read.ok ? "" : read.detail).toContain(name);
      }
    },
  );

  it.each([
    ["name", "name", "backpack.example.net"],
    ["termsOfServiceUrl", "termsUrl", null],
    ["privacyPolicyUrl", "policyUrl", null],
    ["registrationUrl", "registrationUrl", null],
    ["tokenRevocationUrl", "revocationUrl", null],
    ["image", "image", null],
  ])("OB21-M-10 OB21-CT-03 does without %s, absent, null or empty", (name, member, fallback) => {
    for (const value of [undefined, null, ""]) {
      expect(one({ [name]: value })).toMatchObject({ [member]: fallback });
    }
  });

  it.each([
    [`${HOST}/ims/ob/v2p1`, `${HOST}/ims/ob/v2p1`],
    [`${HOST}/ims/ob/v2p1/`, `${HOST}/ims/ob/v2p1`],
    [`${HOST}/ims/ob/v2p1//`, `${HOST}/ims/ob/v2p1`],
  ])("OB21-M-05 apiBase %s", (apiBase, read) => {
    expect(one({ apiBase })?.apiBase).toBe(read);
  });

  it("OB21-M-06 takes the version it supports, wherever it stands", () => {
    const [entry] = manifest().badgeConnectAPI as object[];
    const others = [
      { ...entry, version: "v3p0" },
      { ...entry, version: "v2p0" },
    ];
    const several = entriesOf(manifest({ badgeConnectAPI: [...others, { ...entry, name: "It" }] }));
    expect(pickEntry(several, ["v2p1"])).toMatchObject({ ok: true, entry: { name: "It" } });
    const none = pickEntry(entriesOf(manifest({ badgeConnectAPI: others })), ["v2p1"]);
    expect(none).toMatchObject({ ok: false, reason: "manifest-version" });
    expect(none.ok ? "" : none.detail).toContain("v3p0, v2p0");
  });

  it("OB21-M-06 says why the entry of the right version cannot be used", () => {
    const [entry] = manifest().badgeConnectAPI as object[];
    const bad = { ...entry, tokenUrl: "http://backpack.example.net/token" };
    const read = entriesOf(manifest({ badgeConnectAPI: [bad, { ...entry, version: "v3p0" }] }));
    expect(pickEntry(read, ["v2p1"])).toMatchObject({ ok: false, reason: "manifest-address" });
    const twice = entriesOf(manifest({ badgeConnectAPI: [bad, entry] }));
    expect(pickEntry(twice, ["v2p1"])).toMatchObject({ ok: true });
  });

  it("takes one entry without a list around it", () => {
    const [entry] = manifest().badgeConnectAPI as object[];
    expect(entriesOf(manifest({ badgeConnectAPI: entry })).entries).toHaveLength(1);
  });

  it("OB21-M-08 does not mind endpoints at other hosts", () => {
    expect(
      one({ tokenUrl: "https://login.example.com/token", apiBase: "https://api.example.org/x" }),
    ).toMatchObject({ tokenUrl: "https://login.example.com/token" });
  });

  it("OB21-M-09 takes a picture as data, and leaves out what is none", () => {
    const data = "data:image/png;base64,iVBORw0KGgo=";
    expect(one({ image: data })?.image).toBe(data);
    expect(one({ image: "data:image/svg+xml,%3Csvg/%3E" })?.image).toContain("svg");
    for (const image of [
      "data:text/html,<script>",
      "javascript:alert(1)",
      "http://backpack.example.net/logo.png",
      `data:image/png;base64,${"A".repeat(MAX_PICTURE_LENGTH)}`,
      7,
      ["https://backpack.example.net/logo.png"],
    ]) {
      expect(one({ image })?.image).toBeNull();
    }
  });

  it("OB21-M-07 reads scopes once each, and refuses what is none", () => {
    expect(one({ scopesOffered: [SCOPES.read, null, SCOPES.read, ""] })?.scopesOffered).toEqual([
      SCOPES.read,
    ]);
    for (const scopesOffered of [
      [],
      [null],
      "all",
      {},
      [7],
      ["two words"],
      ['quo"te'],
      ["x".repeat(301)],
      Array.from({ length: MAX_SCOPES + 1 }, (_, i) => `s${i}`),
    ]) {
      expect(manifestIn({}, HOST, manifest({}, { scopesOffered }))).toMatchObject({
        ok: false,
        reason: "manifest-member",
      });
    }
  });

  const ADDRESSES = [
    "apiBase",
    "authorizationUrl",
    "tokenUrl",
    "registrationUrl",
    "tokenRevocationUrl",
    "termsOfServiceUrl",
    "privacyPolicyUrl",
  ];
  it.each(ADDRESSES)("refuses what %s must not be", (name) => {
    for (const value of [
      "http://backpack.example.net/x",
      "/relative",
      "javascript:alert(1)",
      "https://user:pass@backpack.example.net/",
      "https://127.0.0.1/x",
      "https://10.0.0.8/x",
      "https://[fd00::1]/x",
      "https://metadata.internal/x",
      "https://backpack.example.net:8443/x",
      "http://127.0.0.1:9999/x",
    ]) {
      const read = manifestIn(
        { loopbackOrigins: [LOOPBACK] },
        HOST,
        manifest({}, { [name]: value }),
      );
      expect(read).toMatchObject({ ok: false, reason: "manifest-address" });
      expect(read.ok ? "" : read.detail).toContain(name);
    }
    for (const value of [7, true, {}, [], [`${HOST}/x`]]) {
      expect(manifestIn({}, HOST, manifest({}, { [name]: value }))).toMatchObject({
        ok: false,
        reason: "manifest-member",
      });
    }
  });

  it("asks on this machine only where it was told that it may", () => {
    const here = manifest({}, { tokenUrl: `${LOOPBACK}/oauth/token` });
    expect(manifestIn({ loopbackOrigins: [LOOPBACK] }, HOST, here).ok).toBe(true);
    expect(manifestIn({}, HOST, here)).toMatchObject({ reason: "manifest-address" });
  });

  it.each([
    ["name", MAX_NAME_LENGTH, (length: number) => "n".repeat(length)],
    [
      "tokenUrl",
      MAX_ADDRESS_LENGTH,
      (length: number) => `${HOST}/${"x".repeat(length - HOST.length - 1)}`,
    ],
  ])("bounds %s at %i characters", (name, most, make) => {
    expect(manifestIn({}, HOST, manifest({}, { [name]: make(most) })).ok).toBe(true);
    expect(manifestIn({}, HOST, manifest({}, { [name]: make(most + 1) })).ok).toBe(false);
  });

  it.each([
    ["nothing", null],
    ["a text", "badgeConnectAPI"],
    ["a list", [manifest()]],
    ["no APIs", { id: HOST }],
    ["APIs that are null", manifest({ badgeConnectAPI: null })],
    ["no entry", manifest({ badgeConnectAPI: [] })],
    ["entries that are none", manifest({ badgeConnectAPI: [null, 7, "v2p1", []] })],
  ])("OB21-M-02 refuses %s", (_name, document) => {
    expect(manifestIn({}, HOST, document)).toMatchObject({
      ok: false,
      reason: "manifest-malformed",
    });
  });

  it(`reads ${MAX_ENTRIES} entries and no more`, () => {
    const [entry] = manifest().badgeConnectAPI as object[];
    const many = (count: number) =>
      manifestIn({}, HOST, manifest({ badgeConnectAPI: Array(count).fill(entry) }));
    expect(many(MAX_ENTRIES).ok).toBe(true);
    expect(many(MAX_ENTRIES + 1)).toMatchObject({ reason: "manifest-malformed" });
  });

  it("never throws, and never gives an address that is not judged, whatever it reads", () => {
    const value = fc.oneof(fc.jsonValue(), fc.webUrl(), fc.constant(HOST), fc.constant("v2p1"));
    const names = Object.keys((manifest().badgeConnectAPI as object[])[0] ?? {});
    const entry = fc.record(Object.fromEntries(names.map((name) => [name, value])), {
      requiredKeys: [],
    });
    fc.assert(
      fc.property(fc.array(entry, { maxLength: 3 }), (badgeConnectAPI) => {
        const read = manifestIn({}, HOST, manifest({ badgeConnectAPI }));
        if (!read.ok) return;
        for (const { tokenUrl, authorizationUrl, apiBase } of read.manifest.entries) {
          for (const url of [tokenUrl, authorizationUrl, apiBase]) expect(url).toMatch(/^https:/);
        }
      }),
    );
  });
});

describe("reading it from a host", () => {
  it.each([
    [404, "manifest-missing"],
    [410, "manifest-missing"],
    [401, "manifest-unavailable"],
    [421, "manifest-unavailable"],
    [500, "manifest-unavailable"],
    [304, "manifest-unavailable"],
  ])("OB21-M-01 an answer of %i", async (status, reason) => {
    const { env } = hostThat(manifest(), { status });
    expect(await readManifest(env, HOST)).toMatchObject({ ok: false, reason });
  });

  it.each([
    ["a page", "<!doctype html><title>Welcome</title>"],
    ["half of it", JSON.stringify(manifest()).slice(0, 300)],
    ["a name twice", '{"badgeConnectAPI":[],"badgeConnectAPI":[]}'],
    ["nothing", ""],
  ])("refuses %s", async (_name, body) => {
    expect(await readManifest(hostThat(body).env, HOST)).toMatchObject({
      ok: false,
      reason: "manifest-not-json",
    });
  });

  it("says what the door says of an address that cannot be asked", async () => {
    const env = { now: () => NOW, publicFetch: async (url: string) => refused("deadline", url) };
    expect(await readManifest(env, HOST)).toEqual({
      ok: false,
      reason: "manifest-unreachable",
      detail: "backpack.example.net did not finish its answer in time.",
    });
  });

  it("OB21-M-11 keeps the tag and the lifetime, and asks with them", async () => {
    const first = hostThat(manifest(), {
      etag: '"one"',
      headers: { "cache-control": "max-age=60" },
    });
    const read = await readManifest(first.env, HOST);
    expect(read).toMatchObject({ ok: true, etag: '"one"', freshUntil: NOW + 60_000 });
    expect(first.asked[0]?.[1]?.headers).toBeUndefined();

    const document = manifest({}, { name: "As it was" });
    const again = hostThat("", { status: 304, headers: { "cache-control": "max-age=90" } });
    const still = await readManifest(again.env, HOST, { document, etag: '"one"' });
    expect(again.asked[0]?.[1]?.headers).toEqual({ "if-none-match": '"one"' });
    expect(still).toMatchObject({
      ok: true,
      etag: '"one"',
      freshUntil: NOW + 90_000,
      manifest: { entries: [{ name: "As it was" }] },
    });
  });

  it("OB21-M-11 judges anew what it knew, also after a 304", async () => {
    const { env } = hostThat("", { status: 304 });
    const document = manifest({}, { tokenUrl: "http://backpack.example.net/token" });
    expect(await readManifest(env, HOST, { document, etag: '"old"' })).toMatchObject({
      ok: false,
      reason: "manifest-address",
    });
  });
});
