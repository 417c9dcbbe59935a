// What public-fetch sends, follows, counts and gives up on, whatever the dial brings.

import { describe, expect, it } from "vitest";
import { DialFailure, type DialFailureCode } from "../../src/net/dial.ts";
import {
  createPublicFetch,
  DEFAULT_MAX_BYTES,
  DEFAULT_MAX_REDIRECTS,
  DEFAULT_TIMEOUT_MS,
  type FetchOptions,
  MAX_UNDER_WAY,
  refused,
  userAgent,
} from "../../src/net/public-fetch.ts";
import { noDeadline } from "../no-deadline.ts";
import { redirectTo, type Scripted, scriptedDial } from "./scripted-dial.ts";

const A = "https://a.example.org/";
const OWN = "http://localhost:8787";

function remote(scripts: Readonly<Record<string, Scripted>>) {
  const script = scriptedDial(scripts);
  const deadlines: { readonly milliseconds: number; readonly expire: () => void }[] = [];
  const publicFetch = createPublicFetch({
    dial: script.dial,
    deadline(milliseconds) {
      const controller = new AbortController();
      deadlines.push({ milliseconds, expire: () => controller.abort() });
      return { signal: controller.signal, forget() {} };
    },
    userAgent: userAgent("https://badges.example.org"),
    loopbackOrigins: [OWN],
  });
  return { ...script, publicFetch, deadlines };
}

const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
const zeros = (length: number) => new Uint8Array(length);

describe("an answer", () => {
  it("has its address, status, type, ETag and bytes", async () => {
    const { publicFetch } = remote({
      [`${A}badge?id=1`]: {
        headers: { "content-type": "application/ld+json", etag: '"1"' },
        chunks: ['{"a":', "1}"],
      },
    });
    const fetched = await publicFetch(`${A}badge?id=1#part`);
    expect(fetched.ok && text(fetched.bytes)).toBe('{"a":1}');
    expect(fetched).toEqual({
      ok: true,
      url: `${A}badge?id=1`,
      status: 200,
      contentType: "application/ld+json",
      etag: '"1"',
      bytes: expect.any(Uint8Array),
      redirects: [],
    });
  });

  it.each([204, 300, 304, 404, 410, 500])(
    "of status %i is an answer like any other",
    async (status) => {
      const { publicFetch } = remote({ [A]: { status } });
      expect(await publicFetch(A)).toEqual({
        ok: true,
        url: A,
        status,
        contentType: null,
        bytes: zeros(0),
        redirects: [],
      });
    },
  );
});

describe("a request", () => {
  it("says who asks and what for, and nothing else of itself", async () => {
    const { publicFetch, asked, deadlines } = remote({ [A]: {} });
    await publicFetch(`${A}#part`, { accept: "application/ld+json" });
    expect(asked[0]).toMatchObject({ method: "GET", body: null });
    expect(asked[0]?.url.href).toBe(A);
    expect(asked[0]?.headers).toEqual({
      accept: "application/ld+json",
      "user-agent": "Rosette (+https://badges.example.org)",
    });
    expect(deadlines[0]?.milliseconds).toBe(DEFAULT_TIMEOUT_MS);
  });

  it("carries what a caller sends", async () => {
    const { publicFetch, asked } = remote({ [A]: {} });
    await publicFetch(A, { method: "POST", body: "a=1", headers: { "Content-Type": "x/y" } });
    expect(asked[0]).toMatchObject({
      method: "POST",
      body: "a=1",
      headers: { accept: "*/*", "content-type": "x/y" },
    });
  });

  it.each(["Cookie", "referer", "Host", "User-Agent", "Transfer-Encoding", "Proxy-Authorization"])(
    "the header %s is not a caller's to set",
    async (name) => {
      const { publicFetch, asked } = remote({ [A]: {} });
      await expect(publicFetch(A, { headers: { [name]: "x" } })).rejects.toThrow(TypeError);
      expect(asked).toEqual([]);
    },
  );

  it.each([
    ["x y", "z"],
    ["x", "y\r\nz: 1"],
  ])("the header %j: %j is none", async (name, value) => {
    const { publicFetch, asked } = remote({ [A]: {} });
    await expect(publicFetch(A, { headers: { [name]: value } })).rejects.toThrow(TypeError);
    expect(asked).toEqual([]);
  });

  it.each([
    ["not an address", "bad-url"],
    ["http://a.example.org/", "not-https"],
    ["https://u:p@a.example.org/", "credentials-in-url"],
    ["https://a.example.org:8443/", "port-not-allowed"],
    ["https://127.0.0.1/", "address-not-public"],
    ["http://localhost:8788/", "not-https"],
  ])("to %s is never dialled: %s", async (address, reason) => {
    const { publicFetch, asked } = remote({});
    expect(await publicFetch(address)).toMatchObject({ ok: false, reason });
    expect(asked).toEqual([]);
  });

  it("to an origin that was named on this machine goes out over http", async () => {
    const { publicFetch } = remote({ [`${OWN}/ob/v2`]: { chunks: ["{}"] } });
    expect(await publicFetch(`${OWN}/ob/v2`)).toMatchObject({ ok: true, url: `${OWN}/ob/v2` });
  });
});

describe("redirects", () => {
  it.each([301, 302, 303, 307, 308])("of status %i are followed, and told", async (status) => {
    const { publicFetch, discarded } = remote({
      [A]: redirectTo("/b#c", status),
      [`${A}b`]: redirectTo("https://b.example.org/", status),
      "https://b.example.org/": { chunks: ["found"] },
    });
    expect(await publicFetch(A)).toMatchObject({
      ok: true,
      url: "https://b.example.org/",
      redirects: [A, `${A}b`],
    });
    expect(discarded).toEqual([A, `${A}b`]);
  });

  const chain = (length: number): Record<string, Scripted> => ({
    ...Object.fromEntries(
      Array.from({ length }, (_, i) => [`${A}${i}`, redirectTo(`${A}${i + 1}`)]),
    ),
    [`${A}${length}`]: {},
  });

  it.each([
    [DEFAULT_MAX_REDIRECTS, undefined, true],
    [DEFAULT_MAX_REDIRECTS + 1, undefined, false],
    [1, 0, false],
    [5, 5, true],
  ])("%i of them, %s allowed: %s", async (length, maxRedirects, ok) => {
    const { publicFetch, asked } = remote(chain(length));
    const fetched = await publicFetch(`${A}0`, { maxRedirects });
    expect(fetched).toMatchObject(ok ? { ok } : { ok, reason: "too-many-redirects" });
    expect(asked.length).toBe(ok ? length + 1 : (maxRedirects ?? DEFAULT_MAX_REDIRECTS) + 1);
  });

  it.each<[string, string | null, string, string]>([
    ["nowhere", null, "bad-redirect", "a.example.org"],
    ["to what is no address", "https://[", "bad-redirect", "a.example.org"],
    ["to itself", A, "redirect-loop", "a.example.org"],
    ["to itself with a fragment", `${A}#again`, "redirect-loop", "a.example.org"],
    ["down to http", "http://b.example.org/", "insecure-redirect", "a.example.org"],
    ["down to http on this machine", `${OWN}/`, "insecure-redirect", "a.example.org"],
    ["to another scheme", "file:///etc/passwd", "not-https", "this address"],
    ["to a private address", "https://10.0.0.1/", "address-not-public", "10.0.0.1"],
    ["to a private name", "https://db.internal/", "address-not-public", "db.internal"],
    ["to a port", "https://b.example.org:22/", "port-not-allowed", "b.example.org:22"],
    ["with credentials", "https://u:p@b.example.org/", "credentials-in-url", "b.example.org"],
    ["to a name nobody knows", "https://b.example.org/", "name-not-found", "b.example.org"],
  ])("%s is refused, and says who: %s %s", async (_name, location, reason, host) => {
    const script = location === null ? { status: 302 } : redirectTo(location);
    const { publicFetch } = remote({ [A]: script });
    const fetched = await publicFetch(A);
    expect(fetched).toMatchObject({ ok: false, reason });
    expect(!fetched.ok && fetched.detail).toContain(host);
    expect(!fetched.ok && fetched.detail).not.toContain("u:p");
  });

  it("in a circle of two end", async () => {
    const { publicFetch, asked } = remote({ [A]: redirectTo("/b"), [`${A}b`]: redirectTo("/") });
    expect(await publicFetch(A)).toMatchObject({ ok: false, reason: "redirect-loop" });
    expect(asked.length).toBe(2);
  });

  it("from this machine may lead to this machine and out, not back in", async () => {
    const { publicFetch } = remote({
      [`${OWN}/1`]: redirectTo("/2"),
      [`${OWN}/2`]: redirectTo(A),
      [A]: redirectTo(`${OWN}/3`),
      [`${OWN}/3`]: {},
    });
    expect(await publicFetch(`${OWN}/1`)).toMatchObject({ ok: false, reason: "insecure-redirect" });
    expect(await publicFetch(`${OWN}/3`)).toMatchObject({ ok: true });
  });

  it("from outside do not lead to this machine, also not over https", async () => {
    const own = "https://localhost:8443";
    const { dial } = scriptedDial({ [A]: redirectTo(`${own}/`), [`${own}/`]: {} });
    const publicFetch = createPublicFetch({
      dial,
      deadline: noDeadline,
      userAgent: "Rosette",
      loopbackOrigins: [own],
    });
    expect(await publicFetch(`${own}/`)).toMatchObject({ ok: true });
    expect(await publicFetch(A)).toMatchObject({ ok: false, reason: "port-not-allowed" });
  });

  it("to another origin go without the caller's headers", async () => {
    const { publicFetch, asked } = remote({
      [A]: redirectTo("/b"),
      [`${A}b`]: redirectTo("https://b.example.org/"),
      "https://b.example.org/": {},
    });
    await publicFetch(A, { headers: { authorization: "Bearer secret" }, accept: "x/y" });
    expect(asked.map(({ headers }) => headers.authorization ?? null)).toEqual([
      "Bearer secret",
      "Bearer secret",
      null,
    ]);
    expect(asked[2]?.headers.accept).toBe("x/y");
  });

  it("of a POST are not followed", async () => {
    const { publicFetch, asked } = remote({ [A]: redirectTo("/b", 307), [`${A}b`]: {} });
    expect(await publicFetch(A, { method: "POST", body: "a=1" })).toMatchObject({
      ok: false,
      reason: "redirect-not-followed",
    });
    expect(asked.length).toBe(1);
  });
});

describe("size", () => {
  it.each<[string, Scripted["chunks"], FetchOptions, boolean]>([
    ["the default limit", [zeros(DEFAULT_MAX_BYTES)], {}, true],
    ["one byte more", [zeros(DEFAULT_MAX_BYTES), zeros(1)], {}, false],
    ["a limit of one's own", ["abc", "", "de"], { maxBytes: 5 }, true],
    ["one byte more than that", ["abc", "", "def"], { maxBytes: 5 }, false],
    ["nothing, where nothing is allowed", [], { maxBytes: 0 }, true],
    ["something, where nothing is allowed", ["a"], { maxBytes: 0 }, false],
  ])("%s", async (_name, chunks, options, ok) => {
    const { publicFetch } = remote({ [A]: { chunks } });
    expect(await publicFetch(A, options)).toMatchObject(ok ? { ok } : { ok, reason: "too-large" });
  });

  it("chunks of every size are put together in their order", async () => {
    const whole = Uint8Array.from({ length: 100_000 }, (_, i) => (i * 7) % 251);
    const chunks = Array.from({ length: 447 }, (_, i) =>
      whole.slice((i * (i + 1)) / 2, ((i + 1) * (i + 2)) / 2),
    );
    const { publicFetch } = remote({ [A]: { chunks } });
    const fetched = await publicFetch(A);
    expect(fetched.ok && fetched.bytes).toEqual(whole);
  });

  it("a body without an end is read no further than the limit", async () => {
    async function* endless() {
      for (;;) yield zeros(1_000);
    }
    const { publicFetch, chunksRead } = remote({ [A]: { chunks: endless } });
    expect(await publicFetch(A, { maxBytes: 10_000 })).toMatchObject({ reason: "too-large" });
    expect(chunksRead()).toBe(11);
  });

  it("a length that says too much is believed, and nothing is read", async () => {
    const { publicFetch, chunksRead, discarded } = remote({
      [A]: { headers: { "content-length": "524289" }, chunks: ["a"] },
    });
    expect(await publicFetch(A)).toMatchObject({ ok: false, reason: "too-large" });
    expect(chunksRead()).toBe(0);
    expect(discarded).toEqual([A]);
  });

  it("the length of a compressed body is not that of its content", async () => {
    const { publicFetch } = remote({
      [A]: { headers: { "content-length": "99", "content-encoding": "gzip" }, chunks: ["ab"] },
    });
    expect(await publicFetch(A, { maxBytes: 2 })).toMatchObject({ ok: true });
  });
});

describe("time", () => {
  it("is up for a dial that never answers and heeds no signal", async () => {
    const { publicFetch, deadlines } = remote({ [A]: { silent: true } });
    const fetched = publicFetch(A, { timeoutMs: 1_234 });
    expect(deadlines[0]?.milliseconds).toBe(1_234);
    deadlines[0]?.expire();
    expect(await fetched).toEqual(refused("deadline", A));
  });

  it("is up for a body that stops in the middle", async () => {
    const script = remote({
      [A]: {
        async *chunks() {
          yield zeros(1);
          script.deadlines[0]?.expire();
          await new Promise(() => {});
        },
      },
    });
    expect(await script.publicFetch(A)).toEqual(refused("deadline", A));
  });

  it("is one for all redirects", async () => {
    const { publicFetch, deadlines } = remote({ [A]: redirectTo("/b"), [`${A}b`]: {} });
    await publicFetch(A);
    expect(deadlines.length).toBe(1);
  });

  it("may be ended by the caller, before or during", async () => {
    const { publicFetch, asked } = remote({ [A]: { silent: true } });
    const aborted = AbortSignal.abort();
    expect(await publicFetch(A, { signal: aborted })).toEqual(refused("cancelled", A));
    expect(asked).toEqual([]);
    const controller = new AbortController();
    const fetched = publicFetch(A, { signal: controller.signal });
    controller.abort();
    expect(await fetched).toEqual(refused("cancelled", A));
  });

  it("at most MAX_UNDER_WAY are under way, and the next is told so", async () => {
    const { publicFetch, deadlines } = remote({ [A]: { silent: true }, [`${A}b`]: {} });
    const many = Array.from({ length: MAX_UNDER_WAY }, () => publicFetch(A));
    expect(await publicFetch(`${A}b`)).toMatchObject({ ok: false, reason: "busy" });
    deadlines[0]?.expire();
    await many[0];
    expect(await publicFetch(`${A}b`)).toMatchObject({ ok: true });
    for (const { expire } of deadlines) expire();
    await Promise.all(many);
  });
});

describe("failures of the dial", () => {
  const codes: readonly DialFailureCode[] = [
    "address-not-public",
    "name-not-found",
    "unreachable",
    "tls",
    "connection-lost",
    "headers-too-large",
    "bad-answer",
    "bad-encoding",
    "truncated",
  ];
  it.each(codes)("%s is told, before the answer and in its body", async (code) => {
    const failure = new DialFailure(code);
    const { publicFetch } = remote({
      [A]: { failure },
      [`${A}b`]: { chunks: ["a", failure] },
    });
    for (const address of [A, `${A}b`]) {
      const fetched = await publicFetch(address);
      expect(fetched).toEqual(refused(code, address));
      expect(!fetched.ok && fetched.detail).toMatch(/^[A-Za-z].*\.$/);
    }
  });

  it("a fault of our own is not blamed on the other side", async () => {
    const { publicFetch } = remote({ [A]: { failure: new RangeError("ours") } });
    await expect(publicFetch(A)).rejects.toThrow(RangeError);
  });
});
