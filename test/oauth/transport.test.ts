import { describe, expect, it } from "vitest";
import type { Fetched, FetchOptions } from "../../src/net/public-fetch.ts";
import { refused } from "../../src/net/public-fetch.ts";
import { answerOf } from "../../src/oauth/answer.ts";
import { inLibraryTerms } from "../../src/oauth/client.ts";
import { faultOf } from "../../src/oauth/fault.ts";
import { MAX_ANSWER_BYTES, oauthFetch, TransportFault } from "../../src/oauth/transport.ts";
import { HOST, Host } from "./host.ts";

const NOW = Date.UTC(2026, 9, 4);

function doorThat(answer: Partial<Extract<Fetched, { ok: true }>>) {
  const asked: [string, FetchOptions | undefined][] = [];
  const publicFetch = async (url: string, options?: FetchOptions): Promise<Fetched> => {
    asked.push([url, options]);
    return {
      ok: true,
      url,
      status: 200,
      contentType: "application/json",
      bytes: new TextEncoder().encode("{}"),
      redirects: [],
      ...answer,
    };
  };
  return { asked, fetch: oauthFetch({ publicFetch }) };
}

describe("the door in the shape of a fetch", () => {
  it("hands on method, body and headers, and leaves out what the door says itself", async () => {
    const { asked, fetch } = doorThat({});
    await fetch(`${HOST}/token`, {
      method: "POST",
      headers: { Authorization: "Basic x", Accept: "application/json", "User-Agent": "another" },
      body: new URLSearchParams({ a: "b c" }),
    });
    expect(asked).toEqual([
      [
        `${HOST}/token`,
        {
          method: "POST",
          headers: { authorization: "Basic x" },
          accept: "application/json",
          body: "a=b+c",
          maxBytes: MAX_ANSWER_BYTES,
        },
      ],
    ]);
  });

  it("gives back status, type and the headers that are kept", async () => {
    const { fetch } = doorThat({
      status: 429,
      contentType: "text/html",
      headers: { "retry-after": "9", "www-authenticate": "Basic" },
    });
    const response = await fetch(HOST);
    expect(response.status).toBe(429);
    expect(Object.fromEntries(response.headers)).toEqual({
      "content-type": "text/html",
      "retry-after": "9",
      "www-authenticate": "Basic",
    });
  });

  it.each([204, 205, 304])("a status of %i has no body", async (status) => {
    const response = await doorThat({ status }).fetch(HOST);
    expect(response.status).toBe(status);
    expect(await response.text()).toBe("");
  });

  it.each([199, 600, 999])("a status of %i is no answer", async (status) => {
    await expect(doorThat({ status }).fetch(HOST)).rejects.toThrow(TransportFault);
  });

  it.each([
    [MAX_ANSWER_BYTES, true],
    [MAX_ANSWER_BYTES + 1, false],
  ])("reads %i bytes: %s", async (size, reads) => {
    const host = new Host();
    host.answers.token = () => new Response("x".repeat(size));
    const asked = oauthFetch(host)(`${HOST}/oauth/token`, { method: "POST", body: "" });
    if (reads) expect((await (await asked).text()).length).toBe(size);
    else await expect(asked).rejects.toMatchObject({ reason: "too-large" });
  });

  it.each([
    ["name-not-found", false],
    ["tls", false],
    ["address-not-public", false],
    ["busy", false],
    ["unreachable", true],
    ["connection-lost", true],
    ["deadline", true],
    ["truncated", true],
    ["redirect-not-followed", true],
  ] as const)("%s: may have arrived, %s", async (reason, sent) => {
    const fetch = oauthFetch({ publicFetch: async (url) => refused(reason, url) });
    const error = await fetch(HOST).catch((thrown: unknown) => thrown);
    expect(await faultOf(error, NOW)).toMatchObject({ kind: "unreachable", sent });
  });

  it("what the other side did not cause is thrown on", async () => {
    const ours = new RangeError("ours");
    await expect(faultOf(ours, NOW)).rejects.toBe(ours);
  });
});

describe("OB21-T-01 Basic", () => {
  it.each([
    [
      "0b6f2f0e-7d52-4c0b-9a3e-5f3a0f9c6b1d",
      "a-b_c.d*e",
      "0b6f2f0e-7d52-4c0b-9a3e-5f3a0f9c6b1d:a-b_c.d*e",
    ],
    ["a b:c", "p+q/r=s%", "a+b%3Ac:p%2Bq%2Fr%3Ds%25"],
    ["~", "'()!", "%7E:%27%28%29%21"],
  ])("%s and %s", async (clientId, clientSecret, sent) => {
    const client = { clientId, clientSecret, tokenUrl: HOST, revocationUrl: null, issuer: null };
    const { endpoints, client: self, authentication } = inLibraryTerms(client);
    const headers = new Headers();
    await authentication(endpoints, self, new URLSearchParams(), headers);
    expect(atob(headers.get("authorization")?.slice("Basic ".length) ?? "")).toBe(sent);
  });

  it("a client without a secret names itself in the body", async () => {
    const open = {
      clientId: "c",
      clientSecret: null,
      tokenUrl: HOST,
      revocationUrl: null,
      issuer: null,
    };
    const { endpoints, client, authentication } = inLibraryTerms(open);
    const [body, headers] = [new URLSearchParams(), new Headers()];
    await authentication(endpoints, client, body, headers);
    expect(body.toString()).toBe("client_id=c");
    expect(headers.has("authorization")).toBe(false);
  });
});

describe("an answer before it is judged", () => {
  const told = async (body: string, status = 200) => {
    const response = await answerOf(new Response(body, { status }), {
      statusOfSuccess: 201,
      defaults: { e: 0 },
      without: ["d"],
    });
    return [response.status, await response.text()];
  };

  it.each([
    ['{"a":1,"b":null,"c":{"d":null},"d":4}', '{"e":0,"a":1,"c":{"d":null}}'],
    ['{"e":5}', '{"e":5}'],
    ['{"e":null}', '{"e":0}'],
    ['{"a":1,"a":2}', ""],
    ['{"a":', ""],
    ["[1]", "[]"],
    ["null", "[]"],
  ])("%s is shown as %s", async (body, shown) => {
    expect(await told(body)).toEqual([201, shown]);
  });

  it("a failure is shown as it is", async () => {
    expect(await told('{"error":null}', 400)).toEqual([400, '{"error":null}']);
  });
});
