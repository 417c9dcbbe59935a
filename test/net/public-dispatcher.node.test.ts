// How the dial of Node connects: names, addresses, certificates, connections used again.
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { DialFailure } from "../../src/net/dial.ts";
import type { Resolve } from "../../src/runtime/name-server.ts";
import {
  connectSocket,
  guardedConnector,
  MAX_CONNECTIONS_PER_ORIGIN,
  MOST_ADDRESSES_TRIED,
} from "../../src/runtime/public-dispatcher.ts";
import { openPublicFetch } from "../../src/runtime/public-fetch.ts";
import {
  asking,
  hungUp,
  openPeer,
  openSite,
  PUBLIC_4,
  PUBLIC_6,
  recordingConnector,
} from "./peer.ts";

let site: Awaited<ReturnType<typeof openSite>>;
beforeAll(async () => {
  site = await openSite();
});
afterAll(() => site.close());

function online(resolve: Resolve) {
  const { connect, dialled } = recordingConnector(site.port);
  const net = asking({ connect, resolve });
  onTestFinished(() => net.dialer.close());
  return { ...net, dialled };
}

const HELLO = "HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nhi";

describe("names", () => {
  it("are resolved once for a connection, and dialled at 443 under their own name", async () => {
    let asked = 0;
    const { publicFetch, dialled } = online(async () => {
      asked++;
      return [PUBLIC_4];
    });
    for (let i = 0; i < 3; i++) {
      const fetched = await publicFetch("https://badges.example.org/a");
      expect(fetched.ok && new TextDecoder().decode(fetched.bytes)).toBe("badges.example.org");
    }
    expect(asked).toBe(1);
    expect(dialled).toEqual([{ address: PUBLIC_4, port: "", servername: "badges.example.org" }]);
  });

  it("share no connection, even at one address", async () => {
    const { publicFetch, dialled } = online(async () => [PUBLIC_4]);
    await publicFetch("https://badges.example.org/");
    await publicFetch("https://other.example.net/");
    expect(dialled.map(({ servername }) => servername)).toEqual([
      "badges.example.org",
      "other.example.net",
    ]);
  });

  it("with a dot at their end are asked for the certificate without it", async () => {
    const { publicFetch, dialled } = online(async () => [PUBLIC_4]);
    expect(await publicFetch("https://badges.example.org./")).toMatchObject({ ok: true });
    expect(dialled[0]?.servername).toBe("badges.example.org");
  });

  it.each<[string, Resolve]>([
    ["name-not-found", async () => []],
    ["unreachable", () => Promise.reject(new DialFailure("unreachable"))],
    ["unreachable", () => Promise.reject(new Error("the resolver broke"))],
  ])("that do not resolve: %s", async (reason, resolve) => {
    const { publicFetch, dialled } = online(resolve);
    expect(await publicFetch("https://badges.example.org/")).toMatchObject({ ok: false, reason });
    expect(dialled).toEqual([]);
  });

  it("that take too long to resolve end at the deadline", async () => {
    let asked = () => {};
    const started = new Promise<void>((resolve) => {
      asked = resolve;
    });
    const { publicFetch, expire } = online(() => {
      asked();
      return new Promise(() => {});
    });
    const fetched = publicFetch("https://badges.example.org/");
    await started;
    expire();
    expect(await fetched).toMatchObject({ ok: false, reason: "deadline" });
  });
});

describe("addresses", () => {
  const connectTo = (addresses: readonly string[], fails: (address: string) => Error | null) => {
    const tried: string[] = [];
    const connector = guardedConnector({
      resolve: async () => addresses,
      loopbackOrigins: [],
      connect({ hostname }, callback) {
        tried.push(hostname);
        callback(fails(hostname) ?? new DialFailure("connection-lost"), null);
      },
    });
    const options = { protocol: "https:", host: "a.example.org", hostname: "a.example.org" };
    return new Promise<{ tried: string[]; error: Error | null }>((resolve) => {
      connector({ ...options, port: "" }, (...[error]) => resolve({ tried, error }));
    });
  };
  const refusing = () => Object.assign(new Error("refused"), { code: "ECONNREFUSED" });

  it("of a name are tried one after the other", async () => {
    const { publicFetch, dialled } = online(async () => ["8.8.8.8", PUBLIC_6]);
    expect(await publicFetch("https://badges.example.org/")).toMatchObject({ ok: true });
    expect(dialled.map(({ address }) => address)).toEqual(["8.8.8.8", PUBLIC_6]);
  });

  it("are tried up to MOST_ADDRESSES_TRIED, but all of them judged", async () => {
    const many = Array.from({ length: MOST_ADDRESSES_TRIED + 1 }, (_, i) => `8.8.8.${i}`);
    expect(await connectTo(many, refusing)).toMatchObject({
      tried: many.slice(0, MOST_ADDRESSES_TRIED),
      error: { code: "unreachable" },
    });
    expect(await connectTo([...many, "10.0.0.1"], refusing)).toMatchObject({
      tried: [],
      error: { code: "address-not-public" },
    });
  });

  it("are not tried further once a certificate was wrong", async () => {
    const wrong = () => Object.assign(new Error("tls"), { code: "ERR_TLS_CERT_ALTNAME_INVALID" });
    expect(await connectTo(["8.8.8.8", "8.8.4.4"], wrong)).toMatchObject({
      tried: ["8.8.8.8"],
      error: { code: "tls" },
    });
  });
});

describe("certificates", () => {
  it("must be for the name", async () => {
    const { publicFetch } = online(async () => [PUBLIC_4]);
    expect(await publicFetch("https://elsewhere.example.com/")).toMatchObject({
      ok: false,
      reason: "tls",
    });
  });

  it("must be for the address, where there is no name", async () => {
    const { publicFetch, dialled } = online(async () => []);
    expect(await publicFetch(`https://${PUBLIC_4}/`)).toMatchObject({ ok: false, reason: "tls" });
    expect(dialled.map(({ address }) => address)).toEqual([PUBLIC_4]);
  });

  it("must be from somebody this machine trusts, whatever its environment says", async () => {
    const { publicFetch, dialer } = asking({
      connect: connectSocket,
      loopbackOrigins: [`https://localhost:${site.port}`],
    });
    onTestFinished(() => dialer.close());
    process.env.NODE_TLS_REJECT_UNAUTHORIZED = "0";
    onTestFinished(() => {
      delete process.env.NODE_TLS_REJECT_UNAUTHORIZED;
    });
    expect(await publicFetch(`https://localhost:${site.port}/`)).toMatchObject({
      ok: false,
      reason: "tls",
    });
  });
});

describe("connections", () => {
  it("that the other side closed meanwhile are replaced, for a GET", async () => {
    let answered = 0;
    const peer = await openPeer((socket) => {
      if (++answered % 2 === 0) socket.destroy();
      else socket.write(HELLO);
    });
    const { publicFetch, dialer } = asking({
      connect: connectSocket,
      loopbackOrigins: [peer.origin],
    });
    onTestFinished(() => dialer.close());
    expect(await publicFetch(peer.origin)).toMatchObject({ ok: true });
    expect(await publicFetch(peer.origin)).toMatchObject({ ok: true });
    expect(answered).toBe(3);
    // What a POST did before the connection was lost is not known, so it is not sent twice.
    expect(await publicFetch(peer.origin, { method: "POST", body: "a" })).toMatchObject({
      ok: false,
      reason: "connection-lost",
    });
    expect(answered).toBe(4);
  });

  it("to one origin are at most MAX_CONNECTIONS_PER_ORIGIN; more requests wait", async () => {
    const waiting: (() => void)[] = [];
    let full = () => {};
    const filled = new Promise<void>((resolve) => {
      full = resolve;
    });
    const peer = await openPeer((socket) => {
      waiting.push(() => socket.write(HELLO));
      if (waiting.length === MAX_CONNECTIONS_PER_ORIGIN) full();
    });
    const { publicFetch, dialer } = asking({
      connect: connectSocket,
      loopbackOrigins: [peer.origin],
    });
    onTestFinished(() => dialer.close());
    const calls = Array.from({ length: MAX_CONNECTIONS_PER_ORIGIN + 5 }, () =>
      publicFetch(peer.origin),
    );
    await filled;
    for (const answer of waiting.splice(0)) answer();
    while (waiting.length < 5) await new Promise((resolve) => setImmediate(resolve));
    for (const answer of waiting.splice(0)) answer();
    expect((await Promise.all(calls)).every(({ ok }) => ok)).toBe(true);
    expect(peer.sockets.length).toBe(MAX_CONNECTIONS_PER_ORIGIN);
  });

  it("are as in a server: its own badges may be asked, and it closes what is left open", async () => {
    let heard = "";
    const peer = await openPeer((socket, request) => {
      heard = request;
      socket.write(HELLO);
    });
    const { publicFetch, close } = openPublicFetch({ publicUrl: peer.origin });
    const fetched = await publicFetch(`${peer.origin}/ob?a=b#c`, { accept: "application/json" });
    expect(fetched).toMatchObject({ ok: true, url: `${peer.origin}/ob?a=b` });
    expect(
      heard
        .split("\r\n")
        .filter((line) => line !== "")
        .sort(),
    ).toEqual([
      "GET /ob?a=b HTTP/1.1",
      "accept-encoding: gzip, br",
      "accept: application/json",
      "connection: keep-alive",
      `host: 127.0.0.1:${peer.port}`,
      `user-agent: Rosette (+${peer.origin})`,
    ]);
    await close();
    await hungUp(peer);
  });

  it("that never were need no closing", async () => {
    const { close } = openPublicFetch({ publicUrl: "https://badges.example.org" });
    await close();
  });
});
