// Servers that break off, never end, lie about lengths or send bombs: each has its reason, and is hung up on.
import type { Socket } from "node:net";
import { brotliCompressSync, deflateSync, gzipSync } from "node:zlib";
import { describe, expect, it, onTestFinished } from "vitest";
import { DEFAULT_MAX_BYTES } from "../../src/net/public-fetch.ts";
import { connectSocket, MAX_HEADER_BYTES } from "../../src/runtime/public-dispatcher.ts";
import { openPublicFetch } from "../../src/runtime/public-fetch.ts";
import { type Asking, asking, hungUp, openPeer, type Peer } from "./peer.ts";

type Script = (socket: Socket, request: string) => void;

/** A peer that plays this script, and a fetch that may ask it. */
async function against(script: Script): Promise<Asking & { readonly peer: Peer }> {
  const peer = await openPeer(script);
  const net = asking({ connect: connectSocket, loopbackOrigins: [peer.origin] });
  onTestFinished(() => net.dialer.close());
  return { ...net, peer };
}

const head = (lines: string, status = "200 OK") => `HTTP/1.1 ${status}\r\n${lines}\r\n\r\n`;

/** Writes until nobody listens any more. */
function forever(socket: Socket, piece: string | Uint8Array): void {
  const more = () => {
    while (socket.writable && socket.write(piece));
  };
  socket.on("drain", more);
  more();
}

const framed = (bytes: Uint8Array, coding: string) =>
  Buffer.concat([
    Buffer.from(head(`content-encoding: ${coding}\r\ncontent-length: ${bytes.length}`)),
    bytes,
  ]);

const ZEROS = new Uint8Array(64 * 1024 * 1024);
const GZIP_BOMB = gzipSync(ZEROS);

describe("what is refused, and the connection ended", () => {
  it.each<[string, string, Script]>([
    [
      "a body that says how endless it is",
      "too-large",
      (socket) => socket.write(head("content-length: 9999999999")),
    ],
    [
      "a body without an end, in chunks",
      "too-large",
      (socket) => {
        socket.write(head("transfer-encoding: chunked"));
        forever(socket, `10000\r\n${"a".repeat(0x10000)}\r\n`);
      },
    ],
    [
      "a body without an end or a length",
      "too-large",
      (socket) => {
        socket.write(head("connection: close"));
        forever(socket, "a".repeat(65_536));
      },
    ],
    [
      "an unknown coding",
      "bad-encoding",
      (socket) => socket.write(`${head("content-encoding: zip\r\ncontent-length: 9")}a`),
    ],
    [
      "a gzip bomb that never ends",
      "too-large",
      (socket) => {
        socket.write(head("content-encoding: gzip\r\nconnection: close"));
        socket.write(GZIP_BOMB.subarray(0, -8));
      },
    ],
    [
      "one header that is too long",
      "headers-too-large",
      (socket) => socket.write(head(`a: ${"x".repeat(MAX_HEADER_BYTES)}`)),
    ],
    [
      "headers without an end",
      "headers-too-large",
      (socket) => {
        socket.write("HTTP/1.1 200 OK\r\n");
        forever(socket, "a: b\r\n".repeat(100));
      },
    ],
    [
      "trailers without an end",
      "headers-too-large",
      (socket) => {
        socket.write(`${head("transfer-encoding: chunked")}1\r\na\r\n0\r\n`);
        forever(socket, "a: b\r\n".repeat(100));
      },
    ],
    [
      "what is not HTTP",
      "bad-answer",
      (socket) => socket.write("220 mail.example.org ESMTP\r\n\r\n"),
    ],
    [
      "two lengths that differ",
      "truncated",
      (socket) => socket.write(`${head("content-length: 1\r\ncontent-length: 2")}ab`),
    ],
    [
      "a length that is not one",
      "bad-answer",
      (socket) => socket.write(`${head("content-length: -1")}ab`),
    ],
    [
      "chunks that are none",
      "bad-answer",
      (socket) => socket.write(`${head("transfer-encoding: chunked")}zz\r\nab\r\n`),
    ],
    [
      "less than the length says",
      "truncated",
      (socket) => socket.end(`${head("content-length: 5")}abcd`),
    ],
    [
      "chunks that break off",
      "truncated",
      (socket) => socket.end(`${head("transfer-encoding: chunked")}5\r\nabcde\r\n`),
    ],
    [
      "a reset in the body",
      "truncated",
      (socket) => socket.write(`${head("content-length: 5")}ab`, () => socket.resetAndDestroy()),
    ],
    ["a reset before the answer", "connection-lost", (socket) => socket.resetAndDestroy()],
    ["an end before the answer", "connection-lost", (socket) => socket.end()],
    ["an end in the headers", "connection-lost", (socket) => socket.end("HTTP/1.1 200 OK\r\na: ")],
    [
      "another protocol",
      "connection-lost",
      (socket) => socket.write(head("connection: upgrade\r\nupgrade: x", "101 Switching")),
    ],
    [
      "a redirect with an endless body to nowhere",
      "bad-redirect",
      (socket) => {
        socket.write(head("transfer-encoding: chunked", "302 Found"));
        forever(socket, `10000\r\n${"a".repeat(0x10000)}\r\n`);
      },
    ],
  ])("%s: %s", async (_name, reason, script) => {
    const { publicFetch, peer } = await against(script);
    const fetched = await publicFetch(`${peer.origin}/1`);
    expect(fetched).toEqual({ ok: false, reason, detail: expect.stringMatching(/\.$/) });
    await hungUp(peer);
  });

  it.each<[string, Script]>([
    ["says nothing", () => {}],
    ["sends half a line", (socket) => socket.write("HTTP/1.1 20")],
    ["sends a header and waits", (socket) => socket.write("HTTP/1.1 200 OK\r\na: b\r\n")],
    ["sends a head and waits", (socket) => socket.write(head("content-length: 5"))],
    ["sends a byte and waits", (socket) => socket.write(`${head("content-length: 5")}a`)],
    [
      "sends a chunk and waits",
      (socket) => socket.write(`${head("transfer-encoding: chunked")}1\r\na\r\n`),
    ],
    ["sends hints and waits", (socket) => socket.write(head("link: </a>", "103 Early Hints"))],
    [
      "sends half a gzip and waits",
      (socket) => socket.write(framed(gzipSync("abc"), "gzip").subarray(0, -12)),
    ],
  ])("one that %s: deadline", async (_name, script) => {
    let said = () => {};
    const spoken = new Promise<void>((resolve) => {
      said = resolve;
    });
    const { publicFetch, peer, expire } = await against((socket, request) => {
      script(socket, request);
      said();
    });
    const fetched = publicFetch(`${peer.origin}/`);
    await spoken;
    expire();
    expect(await fetched).toMatchObject({ ok: false, reason: "deadline" });
    await hungUp(peer);
  });

  it("a bomb is unpacked no further than its limit", async () => {
    const { publicFetch, peer } = await against((socket) =>
      socket.write(framed(GZIP_BOMB, "gzip")),
    );
    const before = process.memoryUsage().arrayBuffers;
    expect(await publicFetch(`${peer.origin}/`)).toMatchObject({ reason: "too-large" });
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(16 * DEFAULT_MAX_BYTES);
  });

  it("a peer that keeps its promise to be slow meets the clock of the runtime", async () => {
    const peer = await openPeer((socket) => socket.write(`${head("content-length: 5")}a`));
    const { publicFetch, close } = openPublicFetch({ publicUrl: peer.origin });
    onTestFinished(close);
    const fetched = await publicFetch(`${peer.origin}/`, { timeoutMs: 50 });
    expect(fetched).toMatchObject({ ok: false, reason: "deadline" });
    await hungUp(peer);
  });
});

describe("what is refused once it is whole", () => {
  it.each<[string, string, Script]>([
    ["a gzip bomb", "too-large", (socket) => socket.write(framed(GZIP_BOMB, "gzip"))],
    [
      "a brotli bomb",
      "too-large",
      (socket) => socket.write(framed(brotliCompressSync(ZEROS.subarray(0, 1 << 23)), "br")),
    ],
    [
      "bytes that are not gzip",
      "bad-encoding",
      (socket) => socket.write(framed(Buffer.from("not compressed at all"), "gzip")),
    ],
    [
      "bytes that are not brotli",
      "bad-encoding",
      (socket) => socket.write(framed(Buffer.from("not compressed at all"), "br")),
    ],
    [
      "codings on one another",
      "bad-encoding",
      (socket) => socket.write(framed(gzipSync(gzipSync("a")), "gzip, gzip")),
    ],
    [
      "a gzip that breaks off",
      "truncated",
      (socket) => socket.write(framed(gzipSync("a".repeat(999)).subarray(0, -9), "gzip")),
    ],
    [
      "redirects in a circle",
      "redirect-loop",
      (socket, request) => {
        const to = request.startsWith("GET /1 ") ? "/2" : "/1";
        socket.write(head(`content-length: 0\r\nlocation: ${to}`, "302 Found"));
      },
    ],
    [
      "redirects that go on",
      "too-many-redirects",
      (socket, request) => {
        const path = /^GET (\S+)/.exec(request)?.[1];
        socket.write(head(`content-length: 0\r\nlocation: ${path}x`, "302 Found"));
      },
    ],
  ])("%s: %s", async (_name, reason, script) => {
    const { publicFetch, peer } = await against(script);
    const fetched = await publicFetch(`${peer.origin}/1`);
    expect(fetched).toEqual({ ok: false, reason, detail: expect.stringMatching(/\.$/) });
  });
});

describe("what is taken", () => {
  it.each<[string, string, Script]>([
    [
      "more than the length says, up to it",
      "abc",
      (socket) => socket.write(`${head("content-length: 3")}abcdef`),
    ],
    [
      "a body that ends with the connection",
      "abc",
      (socket) => socket.end(`${head("connection: close")}abc`),
    ],
    ["gzip", "abc", (socket) => socket.write(framed(gzipSync("abc"), "gzip"))],
    [
      "gzip by its old name, in capitals",
      "abc",
      (socket) => socket.write(framed(gzipSync("abc"), "X-GZIP")),
    ],
    ["deflate", "abc", (socket) => socket.write(framed(deflateSync("abc"), "deflate"))],
    ["brotli", "abc", (socket) => socket.write(framed(brotliCompressSync("abc"), "br"))],
    [
      "a coding that changes nothing",
      "abc",
      (socket) => socket.write(framed(Buffer.from("abc"), "identity")),
    ],
    [
      "headers just short enough",
      "abc",
      (socket) =>
        socket.write(`${head(`content-length: 3\r\na: ${"x".repeat(MAX_HEADER_BYTES - 64)}`)}abc`),
    ],
    [
      "chunks of one byte",
      "a".repeat(20_000),
      (socket) =>
        socket.write(
          `${head("transfer-encoding: chunked")}${"1\r\na\r\n".repeat(20_000)}0\r\n\r\n`,
        ),
    ],
    [
      "hints before the answer",
      "abc",
      (socket) =>
        socket.write(`${head("link: </a>", "103 Early Hints")}${head("content-length: 3")}abc`),
    ],
  ])("%s", async (_name, text, script) => {
    const { publicFetch, peer } = await against(script);
    const fetched = await publicFetch(`${peer.origin}/`);
    expect(fetched.ok && new TextDecoder().decode(fetched.bytes)).toBe(text);
  });

  it("exactly the limit, compressed; not one byte more", async () => {
    const { publicFetch, peer } = await against((socket) =>
      socket.write(framed(gzipSync("a".repeat(1_000)), "gzip")),
    );
    expect(await publicFetch(`${peer.origin}/`, { maxBytes: 1_000 })).toMatchObject({ ok: true });
    expect(await publicFetch(`${peer.origin}/`, { maxBytes: 999 })).toMatchObject({
      reason: "too-large",
    });
  });
});
