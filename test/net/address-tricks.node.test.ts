// Every way to lead the fetch to an address that is not public: none may ever be dialled.
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Fetched } from "../../src/net/public-fetch.ts";
import { connectSocket } from "../../src/runtime/public-dispatcher.ts";
import {
  type Asking,
  asking,
  type Dialled,
  openPeer,
  openSite,
  PUBLIC_4,
  PUBLIC_6,
  recordingConnector,
} from "./peer.ts";
import { ends, PRIVATE_BLOCKS, spellings } from "./special-addresses.ts";

const ADDRESSES = [...new Set(Object.values(PRIVATE_BLOCKS).flatMap(ends))];
const HOSTS = [...new Set(ADDRESSES.flatMap(spellings))];

let site: Awaited<ReturnType<typeof openSite>>;
let net: Asking;
let dialled: Dialled[];
/** Answers of the name server, one after the other; the last one stays. */
const names = new Map<string, string[][]>();
let tricks = 0;

beforeAll(async () => {
  site = await openSite();
  const recorder = recordingConnector(site.port);
  dialled = recorder.dialled;
  net = asking({
    connect: recorder.connect,
    async resolve(name) {
      const answers = names.get(name) ?? [[PUBLIC_4]];
      return (answers.length > 1 ? answers.shift() : answers[0]) ?? [];
    },
  });
});

afterAll(async () => {
  await net.dialer.close();
  await site.close();
});

const redirectsTo = (address: string) =>
  `https://badges.example.org/to?u=${encodeURIComponent(address)}`;
const twoHopsTo = (address: string) =>
  `https://other.example.net/to?u=${encodeURIComponent(redirectsTo(address))}`;

/** Counts a trick that was refused, for one of these reasons. */
function expectRefused(fetched: Fetched, trick: string, reasons: readonly string[]): void {
  tricks++;
  if (fetched.ok || !reasons.includes(fetched.reason)) {
    expect.fail(`${trick}: ${fetched.ok ? `answered ${fetched.status}` : fetched.reason}`);
  }
}

const isPublic = ({ address }: Dialled) => address === PUBLIC_4 || address === PUBLIC_6;

describe("an address that is not public", () => {
  it("is not dialled where a URL spells it", async () => {
    for (const host of HOSTS) {
      const fetched = await net.publicFetch(`https://${host}/`);
      expectRefused(fetched, host, ["address-not-public", "bad-url"]);
    }
    expect(dialled).toEqual([]);
  });

  it("is not dialled where the judge of URLs was passed by", async () => {
    for (const host of HOSTS) {
      if (!URL.canParse(`https://${host}/`)) continue;
      const dial = net.dialer.dial({
        url: new URL(`https://${host}/`),
        method: "GET",
        headers: {},
        body: null,
        signal: new AbortController().signal,
      });
      await expect(dial).rejects.toMatchObject({ code: "address-not-public" });
      tricks++;
    }
    expect(dialled).toEqual([]);
  });

  it("is not dialled where the first hop leads to it", async () => {
    for (const host of HOSTS) {
      const fetched = await net.publicFetch(redirectsTo(`https://${host}/`));
      expectRefused(fetched, host, ["address-not-public", "bad-redirect"]);
    }
    expect(dialled.filter((dial) => !isPublic(dial))).toEqual([]);
  });

  it("is not dialled where the second hop leads to it", async () => {
    for (const host of HOSTS) {
      const fetched = await net.publicFetch(twoHopsTo(`https://${host}/`));
      expectRefused(fetched, host, ["address-not-public", "bad-redirect"]);
    }
    expect(dialled.filter((dial) => !isPublic(dial))).toEqual([]);
  });

  it("is not dialled where a name resolves to it, alone or among public ones", async () => {
    let count = 0;
    for (const address of ADDRESSES) {
      const spelled = [address, ...spellings(address).map((host) => host.replace(/^\[|\]$/g, ""))];
      for (const answer of new Set(spelled)) {
        for (const answers of [[answer], [PUBLIC_4, answer], [answer, PUBLIC_4, PUBLIC_6]]) {
          const name = `n${count++}.example.org`;
          names.set(name, [answers]);
          const fetched = await net.publicFetch(`https://${name}/`);
          expectRefused(fetched, `${name} at ${answers}`, ["address-not-public"]);
        }
      }
    }
    expect(dialled.filter((dial) => !isPublic(dial))).toEqual([]);
  });

  it("is not dialled where a name resolves to it the second time", async () => {
    for (const [i, address] of ADDRESSES.entries()) {
      const name = `r${i}.example.org`;
      names.set(name, [[PUBLIC_4], [address]]);
      const again = `https://${name}/to?close&u=${encodeURIComponent(`https://${name}/secret`)}`;
      expectRefused(await net.publicFetch(again), `${name}, by a redirect`, ["address-not-public"]);
      expectRefused(await net.publicFetch(`https://${name}/`), `${name}, once more`, [
        "address-not-public",
      ]);
    }
    expect(dialled.filter((dial) => !isPublic(dial))).toEqual([]);
  });

  it("is not dialled in any of at least 2,000 tricks", () => {
    expect(tricks).toBeGreaterThanOrEqual(2_000);
    expect(dialled.length).toBeGreaterThan(0);
    expect(dialled.filter((dial) => !isPublic(dial))).toEqual([]);
  });
});

describe("a server on this machine", () => {
  const signal = new AbortController().signal;
  const ask = { method: "GET", headers: {}, body: null, signal } as const;

  it("hears nothing of what is led to it by an address, a name or a second answer", async () => {
    const peer = await openPeer(() => {});
    const answers = [["127.0.0.1"], ["::1", "127.0.0.1"], ["::ffff:127.0.0.1"], ["0.0.0.0"]];
    const { dialer } = asking({
      connect: connectSocket,
      resolve: async () => answers.shift() ?? ["127.0.0.1"],
    });
    for (const host of ["127.0.0.1", "localhost", "[::1]", "a.example.org", "b.example.org"]) {
      for (const scheme of ["http", "https"]) {
        const url = new URL(`${scheme}://${host}:${peer.port}/`);
        await expect(dialer.dial({ url, ...ask })).rejects.toMatchObject({
          code: host === "localhost" ? "name-not-found" : "address-not-public",
        });
      }
    }
    await dialer.close();
    expect(peer.sockets).toEqual([]);
  });

  it("is heard where its origin was named, and only that origin", async () => {
    const answer = "HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nhi";
    const peer = await openPeer((socket) => socket.write(answer));
    const other = await openPeer((socket) => socket.write(answer));
    const { publicFetch, dialer } = asking({
      connect: connectSocket,
      loopbackOrigins: [`http://localhost:${peer.port}`],
    });
    expect(await publicFetch(`http://localhost:${peer.port}/`)).toMatchObject({ ok: true });
    expect(await publicFetch(`http://127.0.0.1:${peer.port}/`)).toMatchObject({ ok: false });
    expect(await publicFetch(`http://localhost:${other.port}/`)).toMatchObject({ ok: false });
    await dialer.close();
    expect(peer.sockets.length).toBe(1);
    expect(other.sockets).toEqual([]);
  });

  it("a name is not believed to be this machine because it was named", async () => {
    const peer = await openPeer(() => {});
    const { dialer } = asking({
      connect: connectSocket,
      resolve: async () => ["127.0.0.1"],
      loopbackOrigins: [`http://a.example.org:${peer.port}`],
    });
    const url = new URL(`http://a.example.org:${peer.port}/`);
    await expect(dialer.dial({ url, ...ask })).rejects.toMatchObject({
      code: "address-not-public",
    });
    await dialer.close();
    expect(peer.sockets).toEqual([]);
  });
});
