// The dial over a standard fetch, which is the one of Workers.
import { describe, expect, it } from "vitest";
import type { DialRequest } from "../../src/net/dial.ts";
import { fetchDial, MAX_HEADER_CHARACTERS } from "../../src/runtime/fetch-dial.ts";

const request = (given: Partial<DialRequest> = {}): DialRequest => ({
  url: new URL("https://a.example.org/b?c"),
  method: "GET",
  headers: { accept: "x/y" },
  body: null,
  signal: new AbortController().signal,
  ...given,
});

/** A fetch that gives this answer and remembers how it was called. */
function answering(answer: () => Response | Promise<Response>) {
  const calls: { readonly input: unknown; readonly init: RequestInit | undefined }[] = [];
  const fetcher: typeof fetch = async (input, init) => {
    calls.push({ input, init });
    return answer();
  };
  return { dial: fetchDial(fetcher), calls };
}

async function read(body: AsyncIterable<Uint8Array>): Promise<string> {
  const decoder = new TextDecoder();
  let text = "";
  for await (const chunk of body) text += decoder.decode(chunk, { stream: true });
  return text;
}

describe("fetchDial", () => {
  it("asks once, follows nothing and keeps no copy", async () => {
    const { dial, calls } = answering(
      () => new Response(null, { status: 302, headers: { location: "/x" } }),
    );
    const { signal, ...rest } = request({ method: "POST", body: "d" });
    const answer = await dial({ ...rest, signal });
    expect(answer.status).toBe(302);
    expect(answer.header("location")).toBe("/x");
    expect(answer.header("etag")).toBeNull();
    expect(calls).toEqual([
      {
        input: "https://a.example.org/b?c",
        init: {
          method: "POST",
          headers: { accept: "x/y" },
          body: "d",
          redirect: "manual",
          signal,
          cache: "no-store",
        },
      },
    ]);
  });

  it("hands on the body, also where there is none", async () => {
    expect(await read((await answering(() => new Response("abc")).dial(request())).body)).toBe(
      "abc",
    );
    expect(await read((await answering(() => new Response(null)).dial(request())).body)).toBe("");
  });

  it("tells a fetch that fails as unreachable, a body that breaks off as truncated", async () => {
    const failing = answering(() => Promise.reject(new TypeError("network")));
    await expect(failing.dial(request())).rejects.toMatchObject({ code: "unreachable" });
    let pulls = 0;
    const broken = answering(
      () =>
        new Response(
          new ReadableStream({
            pull(controller) {
              if (pulls++ === 0) controller.enqueue(new Uint8Array(3));
              else controller.error(new TypeError("network"));
            },
          }),
        ),
    );
    const { body } = await broken.dial(request());
    await expect(read(body)).rejects.toMatchObject({ code: "truncated" });
  });

  it("ends the body of a reader that stops, and of one that never starts", async () => {
    let cancelled = 0;
    const endless = () =>
      new Response(
        new ReadableStream({
          pull: (controller) => controller.enqueue(new Uint8Array(3)),
          cancel: () => void cancelled++,
        }),
      );
    const answer = await answering(endless).dial(request());
    for await (const chunk of answer.body) {
      expect(chunk.length).toBe(3);
      break;
    }
    expect(cancelled).toBe(1);
    (await answering(endless).dial(request())).discard();
    expect(cancelled).toBe(2);
  });

  it("headers have at most MAX_HEADER_CHARACTERS in all", async () => {
    const padded = (length: number) => () =>
      new Response(null, { headers: { a: "x".repeat(length - 1) } });
    const dialOf = (length: number) => answering(padded(length)).dial(request());
    expect((await dialOf(MAX_HEADER_CHARACTERS)).status).toBe(200);
    await expect(dialOf(MAX_HEADER_CHARACTERS + 1)).rejects.toMatchObject({
      code: "headers-too-large",
    });
  });
});
