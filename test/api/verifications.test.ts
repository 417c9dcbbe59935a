import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { checkReceipt, readJwks } from "../../src/verify/receipt.ts";
import { MAX_RECIPIENT_LENGTH, MAX_RECIPIENTS } from "../../src/verify/request.ts";
import type { Verification } from "../../src/verify/result.ts";
import { MAX_AT_ONCE, MAX_IN_LINE, TURNS } from "../../src/verify/turns.ts";
import { TEST_ORIGIN } from "../app.ts";
import { givenStandings, HOLDER, verifyingApp } from "../verify/installation.ts";

let t: Awaited<ReturnType<typeof verifyingApp>>;
let standings: Awaited<ReturnType<typeof givenStandings>>;

beforeAll(async () => {
  t = await verifyingApp({
    shared: true,
    elsewhere: { "https://gone.example/a": 404, "https://down.example/a": "unreachable" },
  });
  standings = await givenStandings(t);
});
afterAll(() => t.close());

type Body = Verification & {
  readonly receipt?: string;
  readonly code?: string;
  readonly errors?: readonly { readonly pointer?: string; readonly code: string }[];
};

async function post(body: BodyInit, contentType?: string) {
  const response = await t.request("/api/v1/verifications", {
    method: "POST",
    body,
    ...(contentType ? { headers: { "content-type": contentType } } : {}),
  });
  const json = (await response.json()) as Body;
  return { status: response.status, headers: response.headers, json };
}

const verify = (asked: object) => post(JSON.stringify(asked), "application/json");
const page = (standing: keyof typeof standings) => `${TEST_ORIGIN}/b/${standings[standing]}`;
const record = (path = "") => `${TEST_ORIGIN}/ob/v2/assertions/${standings.valid}${path}`;

async function bytesOf(url: string) {
  const response = await t.request(url, { headers: { accept: "application/ld+json" } });
  return { bytes: new Uint8Array(await response.arrayBuffer()), status: response.status };
}

function form(parts: Readonly<Record<string, string | Blob | readonly string[]>>): FormData {
  const data = new FormData();
  for (const [name, value] of Object.entries(parts)) {
    if (typeof value === "string" || value instanceof Blob) data.append(name, value);
    else for (const one of value) data.append(name, one);
  }
  return data;
}

describe("POST /verifications answers 200 whatever the verdict", () => {
  it("needs no key, and says who vouches for what", async () => {
    const { status, headers, json } = await verify({ input: page("valid") });
    expect(json.checks.filter(({ outcome }) => outcome === "failed")).toEqual([]);
    expect({ status, verdict: json.verdict }).toEqual({ status: 200, verdict: "valid" });
    expect(json.badge).toMatchObject({
      name: "Streak Champion",
      issuer: { name: "Northside Peer Mentors" },
    });
    expect(headers.get("cache-control")).toBe("private, no-store");
  });

  it.each(["expired", "revoked"] as const)("%s", async (standing) => {
    const { status, json } = await verify({ input: page(standing) });
    expect({ status, verdict: json.verdict }).toEqual({ status: 200, verdict: standing });
  });

  it.each([
    ["an address that does not answer", "https://down.example/a", "could-not-check", "unreachable"],
    ["an address without a badge", "https://gone.example/a", "could-not-check", "status-refused"],
    ["an address in a network of one's own", "https://10.0.0.1/a", null, "address-refused"],
    ["the machine itself", "https://localhost/a", null, "address-refused"],
    ["a word", "hello", "could-not-check", "input-unrecognized"],
    ["half a JSON text", '{"type":"Assertion"', null, null],
    ["half a token", "eyJhbGciOiJSUzI1NiJ9.e30", null, null],
  ])("%s", async (_what, input, verdict, reason) => {
    const { status, json } = await verify({ input });
    expect(status).toBe(200);
    expect(json.verdict).not.toBe("valid");
    if (verdict !== null) expect(json.verdict).toBe(verdict);
    if (reason !== null) expect(json.reason).toBe(reason);
  });

  it("keeps nothing of what is sent", async () => {
    const count = async () => {
      const names = await t.env.db.read({
        sql: "select name from sqlite_master where type = 'table' and name not like 'sqlite_%'",
        params: [],
      });
      const counts = names.rows.map(([name]) => `(select count(*) from "${name}")`).join(", ");
      return (await t.env.db.read({ sql: `select ${counts}`, params: [] })).rows;
    };
    const before = await count();
    await verify({ input: page("valid"), recipient: [HOLDER] });
    expect(await count()).toEqual(before);
    expect(JSON.stringify(t.logged)).not.toContain(HOLDER);
  });
});

describe("our own badges are valid in every form", () => {
  it.each([
    ["as its page", () => page("valid")],
    ["as its record", () => record()],
    ["as its signed text's address", () => record("/signed")],
  ])("%s", async (_form, input) => {
    const { json } = await verify({ input: input() });
    expect([json.verdict, json.reason, json.words]).toEqual(["valid", null, json.words]);
  });

  it.each([
    ["JSON", "", "application/ld+json"],
    ["SVG", "/image.svg", "image/svg+xml"],
    ["a signed badge", "/signed", "application/jose"],
    ["an SVG with a signed badge inside", "/image.svg?signed", "image/svg+xml"],
    ["bytes of no kind", "/image.svg", "application/octet-stream"],
  ])("%s, sent as it is", async (_kind, path, mediaType) => {
    const { bytes, status: served } = await bytesOf(record(path));
    expect(served).toBe(200);
    const { status, json } = await post(bytes, mediaType);
    expect([status, json.verdict, json.reason]).toEqual([200, "valid", null]);
  });

  it("a form with a file and the holder's address", async () => {
    const { bytes } = await bytesOf(record("/image.svg"));
    const file = new Blob([bytes], { type: "image/svg+xml" });
    const { json } = await post(form({ file, recipient: ["other@example.org", HOLDER] }));
    expect(json).toMatchObject({ verdict: "valid", matched: HOLDER, input: { kind: "svg" } });
  });

  it("JSON and a token as text", async () => {
    for (const path of ["", "/signed"]) {
      const { bytes } = await bytesOf(record(path));
      const { json } = await verify({ input: new TextDecoder().decode(bytes) });
      expect([path, json.verdict, json.reason]).toEqual([path, "valid", null]);
    }
  });
});

describe("the recipient", () => {
  it("is matched in any case, and told by which address", async () => {
    const { json } = await verify({ input: page("valid"), recipient: ["Kim@Example.org"] });
    expect(json).toMatchObject({ verdict: "valid", matched: "Kim@Example.org" });
  });

  it("who is another makes the badge not theirs", async () => {
    const { json } = await verify({ input: page("valid"), recipient: ["eve@example.org"] });
    expect(json).toMatchObject({ verdict: "invalid", reason: "recipient-mismatch", matched: null });
  });
});

describe("a receipt", () => {
  it("is given when it is asked for, and checks with the published keys", async () => {
    const { json } = await verify({ input: page("valid"), receipt: true, recipient: [HOLDER] });
    const jwks = readJwks(await (await t.request("/.well-known/jwks.json")).text());
    const checked = await checkReceipt(json.receipt ?? "", jwks ?? { keys: [] });
    expect(checked).toMatchObject({
      ok: true,
      claims: {
        iss: TEST_ORIGIN,
        verdict: "valid",
        recipient_matched: true,
        badge: { id: record() },
      },
    });
    const { claims } = checked as Extract<typeof checked, { ok: true }>;
    const digests = claims.documents.map(({ sha256 }) => sha256);
    expect(digests.length).toBeGreaterThan(2);
    expect(digests.every((digest) => /^[0-9a-f]{64}$/.test(digest ?? ""))).toBe(true);
  });

  it("is given for what is not valid, too, and for a file", async () => {
    const revoked = await verify({ input: page("revoked"), receipt: true });
    expect(revoked.json.receipt).toMatch(/^ey/);
    const { bytes } = await bytesOf(record());
    const asFile = await post(form({ file: new Blob([bytes]), receipt: "true" }));
    expect(asFile.json.receipt).toMatch(/^ey/);
  });

  it("is not in the answer otherwise", async () => {
    const { json } = await verify({ input: page("valid") });
    expect(json).not.toHaveProperty("receipt");
  });
});

describe("what is no question is refused", () => {
  it.each([
    ["no input", {}, "/input", "required"],
    ["nothing as input", { input: "  " }, "/input", "input_non_empty"],
    ["a number as input", { input: 5 }, "/input", "wrong_type"],
    ["an unknown member", { input: "x", recipients: [] }, "/recipients", "unknown_field"],
    ["one address not in a list", { input: "x", recipient: HOLDER }, "/recipient", "wrong_type"],
    ["an empty address", { input: "x", recipient: [" "] }, "/recipient/0", "too_small"],
    [
      "an address that is too long",
      { input: "x", recipient: ["a".repeat(MAX_RECIPIENT_LENGTH + 1)] },
      "/recipient/0",
      "too_large",
    ],
    [
      "too many addresses",
      { input: "x", recipient: Array(MAX_RECIPIENTS + 1).fill("a") },
      "/recipient",
      "too_large",
    ],
  ])("%s", async (_fault, asked, pointer, code) => {
    const { status, json } = await verify(asked);
    expect(status).toBe(422);
    expect(json.errors).toMatchObject([{ pointer, code }]);
  });

  it("takes as many and as long addresses as it says", async () => {
    const recipient = Array<string>(MAX_RECIPIENTS).fill("a".repeat(MAX_RECIPIENT_LENGTH));
    expect((await verify({ input: "hello", recipient })).status).toBe(200);
  });

  it("by the kind of body", async () => {
    expect((await post("hello", "text/html")).status).toBe(415);
    expect((await post("{", "application/json")).json.code).toBe("invalid-json");
    expect((await post("--x", "multipart/form-data; boundary=x")).json.code).toBe("form-malformed");
    expect((await post(form({ other: "x" }))).json.errors).toMatchObject([{ pointer: "/file" }]);
    expect((await post(new Uint8Array(0), "image/png")).status).toBe(422);
    expect((await post(form({ file: new Blob(["{}"]), receipt: "maybe" }))).status).toBe(422);
  });

  it("by being the badge itself, with what to send instead", async () => {
    const { bytes } = await bytesOf(record());
    const { status, json } = await post(bytes, "application/json");
    expect(status).toBe(422);
    expect(json).toMatchObject({ fix: expect.stringContaining("application/ld+json") });
  });

  it("by its size", async () => {
    const { maxUploadBytes, maxBodyBytes } = t.env.config;
    const most = new Uint8Array(maxUploadBytes);
    expect((await post(most, "image/png")).status).toBe(200);
    const more = await post(new Uint8Array(maxUploadBytes + 1), "image/png");
    expect([more.status, more.json.code]).toEqual([413, "body-too-large"]);
    const long = await post(JSON.stringify("x".repeat(maxBodyBytes)), "application/json");
    expect(long.status).toBe(413);
  });

  it("by its method", async () => {
    const response = await t.request("/api/v1/verifications");
    expect([response.status, response.headers.get("allow")]).toEqual([405, "POST"]);
  });

  it("by too many at once, with the time to wait", async () => {
    let end = () => {};
    const ended = new Promise<void>((resolve) => {
      end = resolve;
    });
    const holding = Array.from({ length: MAX_AT_ONCE + MAX_IN_LINE }, () =>
      TURNS.take(null, () => ended),
    );
    const { status, headers, json } = await verify({ input: page("valid") });
    end();
    await Promise.all(holding);
    expect([status, json.code]).toEqual([429, "too-many-verifications"]);
    expect(headers.get("retry-after")).toBe("5");
    expect((await verify({ input: page("valid") })).json.verdict).toBe("valid");
  });
});

describe("whatever is sent", () => {
  const outcome = (status: number) => status === 200 || (status >= 400 && status < 500);
  const words = fc.constantFrom(
    ...["@context", "https://w3id.org/openbadges/v2", "type", "Assertion", "id", "badge"],
    ...["https://down.example/a", "recipient", "verification", "hosted", "input", "\u0000"],
  );
  const { tree } = fc.letrec<{ tree: unknown }>((tie) => ({
    tree: fc.oneof(
      { maxDepth: 4 },
      fc.oneof(words, fc.string(), fc.integer(), fc.constant(null)),
      fc.dictionary(fc.oneof(words, fc.string()), tie("tree"), { maxKeys: 6 }),
      fc.array(tie("tree"), { maxLength: 4 }),
    ),
  }));

  it("as bytes of any kind, the answer is a verdict or a problem", async () => {
    const kinds = fc.constantFrom(
      ...["image/png", "image/svg+xml", "application/ld+json", "application/octet-stream"],
      ...["application/json", "application/jose", "multipart/form-data; boundary=x", "text/plain"],
    );
    const starts = fc.constantFrom("", "\x89PNG\r\n\x1a\n", "<svg", "{", "eyJ", "--x\r\n", "%PDF-");
    const property = fc.asyncProperty(kinds, starts, fc.uint8Array(), async (kind, start, rest) => {
      const bytes = new Uint8Array([...[...start].map((c) => c.charCodeAt(0)), ...rest]);
      const { status, json } = await post(bytes, kind);
      expect(outcome(status)).toBe(true);
      expect(json.verdict).not.toBe("valid");
    });
    await fc.assert(property, { numRuns: 150 });
  });

  it("as JSON of any shape, in every place that takes it", async () => {
    const property = fc.asyncProperty(tree, async (value) => {
      const text = JSON.stringify(value);
      for (const answer of [
        await post(text, "application/json"),
        await post(text, "application/ld+json"),
        await verify({ input: text }),
      ]) {
        expect(outcome(answer.status)).toBe(true);
        expect(answer.json.verdict).not.toBe("valid");
      }
    });
    await fc.assert(property, { numRuns: 80 });
  });
});
