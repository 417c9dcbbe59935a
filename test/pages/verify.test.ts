import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { bakeSvg } from "../../src/bakery/bake-svg.ts";
import { detectKind } from "../../src/bakery/detect.ts";
import { COMPARE_PATH, COMPARE_SCRIPT } from "../../src/pages/compare-script.ts";
import { MAX_SHOWN } from "../../src/pages/verification-checks.tsx";
import { MAX_ADDRESS_LENGTH } from "../../src/verify/input.ts";
import { checkReceipt, readJwks } from "../../src/verify/receipt.ts";
import { MAX_CARRIED, MAX_RECIPIENTS } from "../../src/verify/request.ts";
import { MAX_AT_ONCE, MAX_IN_LINE, TURNS } from "../../src/verify/turns.ts";
import { TEST_ORIGIN } from "../app.ts";
import { givenStandings, HOLDER, verifyingApp } from "../verify/installation.ts";

/** Bytes that the one script may cost before it is compressed. */
const MAX_SCRIPT = 3_000;
const BROWSER = { accept: "text/html,*/*;q=0.8" };

let t: Awaited<ReturnType<typeof verifyingApp>>;
let standings: Awaited<ReturnType<typeof givenStandings>>;

/** An award with so many pieces of evidence. */
function much(count: number) {
  return {
    "@context": "https://w3id.org/openbadges/v2",
    type: "Assertion",
    id: `https://many.example/${count}`,
    evidence: Array.from({ length: count }, (_, i) => ({ narrative: `evidence ${i}` })),
    recipient: { type: "email", hashed: false, identity: "kim@example.org" },
    badge: "https://down.example/badge",
    verification: { type: "hosted" },
    issuedOn: "2026-01-01T00:00:00Z",
  };
}
const MUCH = [much(MAX_SHOWN), much(MAX_SHOWN + 3)];

beforeAll(async () => {
  t = await verifyingApp({
    shared: true,
    elsewhere: {
      "https://gone.example/a": 404,
      "https://down.example/a": "unreachable",
      ...Object.fromEntries(MUCH.map((award) => [award.id, award])),
    },
  });
  standings = await givenStandings(t);
});
afterAll(() => t.close());

type Parts = Readonly<Record<string, string | Blob>>;

function form(parts: Parts): FormData {
  const data = new FormData();
  for (const [name, value] of Object.entries(parts)) data.append(name, value);
  return data;
}

async function send(parts: Parts) {
  const response = await t.request("/verify", {
    method: "POST",
    body: form(parts),
    headers: BROWSER,
  });
  const html = await response.text();
  const heading = /<h1[^>]*>([^<]*)</.exec(html)?.[1];
  return { status: response.status, headers: response.headers, html, heading };
}

const page = (standing: keyof typeof standings) => `${TEST_ORIGIN}/b/${standings[standing]}`;

async function file(path: string, name: string): Promise<File> {
  const response = await t.request(`/ob/v2/assertions/${standings.valid}${path}`);
  return new File([await response.arrayBuffer()], name);
}

describe("GET /verify", () => {
  it("is one plain form that needs no script", async () => {
    const response = await t.request("/verify", { headers: BROWSER });
    const html = await response.text();
    expect(response.status).toBe(200);
    expect(html).toContain('method="post" action="/verify" enctype="multipart/form-data"');
    expect(html).toMatch(/<input type="file" id="file" name="file"/);
    expect(html.match(/type="submit"/g)).toHaveLength(1);
    expect(html).not.toContain("<script");
    expect(response.headers.get("content-security-policy")).not.toContain("script-src");
  });

  it("is linked from the home page, every footer and a badge's page", async () => {
    for (const path of ["/", "/problems", `/b/${standings.valid}`]) {
      expect(await (await t.request(path, { headers: BROWSER })).text()).toContain(
        'href="/verify"',
      );
    }
  });

  it("is filled in by a badge's page, and asks nothing before it is sent", async () => {
    const badge = await (await t.request(`/b/${standings.valid}`, { headers: BROWSER })).text();
    const path = /href="(\/verify\?input=[^"]+)"/.exec(badge)?.[1] ?? "";
    const asked = t.asked.length;
    const html = await (await t.request(path, { headers: BROWSER })).text();
    expect(html).toMatch(new RegExp(`<textarea[^>]*>${page("valid")}</textarea>`));
    expect(t.asked.length).toBe(asked);
    const hostile = await t.request("/verify?input=%3C%2Ftextarea%3E%3Cscript%3E");
    expect(await hostile.text()).not.toContain("<script");
    const long = await t.request(`/verify?input=${"x".repeat(MAX_ADDRESS_LENGTH + 1)}`);
    expect(await long.text()).toContain(`>${"x".repeat(MAX_ADDRESS_LENGTH)}</textarea>`);
  });

  it("answers no other method", async () => {
    const response = await t.request("/verify", { method: "PUT" });
    expect([response.status, response.headers.get("allow")]).toEqual([405, "GET, HEAD, POST"]);
    expect((await t.request("/verify", { method: "HEAD" })).status).toBe(200);
  });
});

describe("the verdict comes first, in words", () => {
  it.each([
    ["valid", "This badge is valid"],
    ["expired", "This badge has expired"],
    ["revoked", "This badge was revoked"],
  ] as const)("%s", async (standing, words) => {
    const { status, html, heading, headers } = await send({ input: page(standing) });
    expect([status, heading]).toEqual([200, words]);
    expect(html).toContain("What to do:");
    expect(html).toMatch(/<h1 id="verdict" tabindex="-1" autofocus/);
    expect(headers.get("cache-control")).toBe("no-store");
    expect(html).toContain('<meta name="robots" content="noindex"');
  });

  it.each([
    ["a link that does not answer", "https://down.example/a", "could not be checked", "Try again"],
    ["a link to nothing", "https://gone.example/a", "could not be checked", "Compare the address"],
    ["a private address", "https://192.168.1.1/a", "", "public Internet"],
    ["this machine", "https://localhost/a", "", "public Internet"],
    ["a word", "hello", "This is not a badge", "Give the link"],
    ["half a token", "eyJhbGciOiJSUzI1NiJ9.e30", "cannot be read", "cut short"],
  ])("%s", async (_what, input, words, advice) => {
    const { status, html, heading } = await send({ input });
    expect(status).toBe(200);
    expect(heading).toContain(words);
    expect(html).toContain(advice);
  });

  it.each([
    ["a JPEG", new Uint8Array([0xff, 0xd8, 0xff, 0xe0, 0, 16])],
    ["a GIF", new TextEncoder().encode("GIF89a\x01\x00\x01\x00")],
  ])("%s is only a picture: ask for the file or the link", async (_kind, bytes) => {
    const { heading, html } = await send({ file: new File([bytes], "screenshot.png") });
    expect(heading).toBe("This is only a picture");
    expect(html).toContain("Ask the holder for the badge’s file");
    expect(html).not.toContain("Save a receipt");
  });

  it("an SVG without a badge is only a picture, too", async () => {
    const svg = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"/>';
    expect((await send({ file: new File([svg], "a.svg") })).heading).toBe("This is only a picture");
  });

  it("a PNG that was cut short is damaged", async () => {
    const bytes = new Uint8Array([0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10, 0, 0, 0, 13, 0x49]);
    expect(detectKind(bytes)).toBe("png");
    const { heading, html } = await send({ file: new File([bytes], "badge.png") });
    expect(heading).toBe("This file is damaged");
    expect(html).toContain("cut short");
  });

  it("a badge of somebody else is not valid", async () => {
    const { heading, html } = await send({ input: page("valid"), recipient: "eve@example.org" });
    expect(heading).toBe("This badge is not valid");
    expect(html).toContain("made out to somebody else");
  });

  it("a badge of the person named is", async () => {
    const { heading, html } = await send({ input: page("valid"), recipient: ` ${HOLDER} ` });
    expect(heading).toBe("This badge is valid");
    expect(html).toContain(`It is <bdi>${HOLDER}</bdi>`);
  });
});

describe("our own badges are valid in every form", () => {
  it.each([
    ["JSON", "", "a.json"],
    ["SVG", "/image.svg", "a.svg"],
    ["a signed badge", "/signed", "a.jwt"],
  ])("%s, as a file", async (_kind, path, name) => {
    expect((await send({ file: await file(path, name) })).heading).toBe("This badge is valid");
  });

  it.each(["", "/signed"])("pasted: %s", async (path) => {
    const input = await (await file(path, "a")).text();
    expect((await send({ input })).heading).toBe("This badge is valid");
  });

  it("baked into a picture of somebody else's, it is shown in the issuer's", async () => {
    const assertion = await (await file("", "a.json")).text();
    const lent =
      '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><title>Doctorate</title></svg>';
    const baked = bakeSvg(new TextEncoder().encode(lent), { json: assertion });
    if (!baked.ok) throw new Error(baked.reason);
    const { heading, html } = await send({ file: new File([baked.bytes], "a.svg") });
    expect(heading).toBe("This badge is valid");
    const shown = atob(/src="data:image\/svg\+xml;base64,([^"]+)"/.exec(html)?.[1] ?? "");
    expect(shown).toContain("<svg");
    expect(shown).not.toContain("Doctorate");
  });

  it("shows the picture as data, from nobody's server", async () => {
    const baked = await send({ file: await file("/image.svg", "a.svg") });
    const linked = await send({ input: page("valid") });
    for (const { html } of [baked, linked]) {
      expect(html).toMatch(/<img class="art" src="data:image\/svg\+xml;base64,/);
      expect(html.match(/src="(?!data:|\/assets\/)/)).toBe(null);
    }
  });
});

describe("the address of the holder", () => {
  it("is compared by a script of the page's own, which is small", async () => {
    const { html, headers } = await send({ input: page("valid") });
    expect(html).toContain(`<script type="module" src="${COMPARE_PATH}"`);
    expect(headers.get("content-security-policy")).toContain("script-src 'self'");
    expect(headers.get("content-security-policy")).not.toContain("unsafe");
    const response = await t.request(COMPARE_PATH);
    expect(response.headers.get("content-type")).toBe("text/javascript; charset=utf-8");
    expect(response.headers.get("cache-control")).toContain("immutable");
    expect(await response.text()).toBe(COMPARE_SCRIPT);
    expect(COMPARE_SCRIPT.length).toBeLessThan(MAX_SCRIPT);
  });

  it("without the script is sent, and the page says so", async () => {
    const { html } = await send({ input: page("valid") });
    expect(html).toContain("This sends the address to this server");
    expect(html).toContain("Send and compare");
    expect(html).toMatch(/data-identity="sha256\$[0-9a-f]{64}" data-salt="[0-9a-f]+"/);
  });

  it("is not asked for where there is nothing to compare with", async () => {
    const { html } = await send({ input: "https://down.example/a" });
    expect(html).not.toContain("Is it the person you think?");
    expect(html).not.toContain("<script");
  });
});

describe("a receipt", () => {
  it("is a download, made from what the result page carries", async () => {
    const result = await send({ file: await file("/image.svg", "a.svg") });
    const hidden = /<input type="hidden" name="input" value="([^"]*)"/.exec(result.html)?.[1] ?? "";
    const input = hidden.replaceAll("&quot;", '"').replaceAll("&amp;", "&");
    const response = await t.request("/verify", {
      method: "POST",
      body: form({ input, receipt: "1" }),
    });
    expect(response.headers.get("content-type")).toBe("application/jwt");
    expect(response.headers.get("content-disposition")).toMatch(
      /^attachment; filename="rosette-receipt-valid-2026-10-04.jwt"$/,
    );
    const jwks = readJwks(await (await t.request("/.well-known/jwks.json")).text());
    const receipt = new TextDecoder().decode(await response.arrayBuffer());
    const checked = await checkReceipt(receipt, jwks ?? { keys: [] });
    expect(checked).toMatchObject({ ok: true, claims: { verdict: "valid", iss: TEST_ORIGIN } });
  });

  it("is offered for a revoked badge, too", async () => {
    expect((await send({ input: page("revoked") })).html).toContain("Save a receipt");
  });

  it("is not offered where a page cannot carry what was given", async () => {
    const carried = (length: number) => `{"x":"${"a".repeat(length - 8)}"}`;
    expect((await send({ input: carried(MAX_CARRIED) })).html).toContain("Save a receipt");
    expect((await send({ input: carried(MAX_CARRIED + 1) })).html).not.toContain("Save a receipt");
  });
});

describe("what is no question is told on the form", () => {
  it.each([
    ["nothing", {}, "No badge was given"],
    ["blanks", { input: " \n " }, "No badge was given"],
    ["an empty file", { file: new File([], "") }, "No badge was given"],
    ["both", { input: "x", file: new File(["y"], "y") }, "at once"],
  ])("%s", async (_fault, parts, words) => {
    const { status, html } = await send(parts as Parts);
    expect(status).toBe(422);
    expect(html).toMatch(/role="alert"/);
    expect(html).toContain(words);
    expect(html).toContain('name="file"');
  });

  it("keeps what was typed", async () => {
    const { html } = await send({ input: page("valid"), file: new File(["y"], "y") });
    expect(html).toContain(`>${page("valid")}</textarea>`);
  });

  it("too many addresses to compare", async () => {
    const data = form({ input: "hello" });
    for (let i = 0; i < MAX_RECIPIENTS; i++) data.append("recipient", HOLDER);
    const post = () => t.request("/verify", { method: "POST", body: data, headers: BROWSER });
    expect((await post()).status).toBe(200);
    data.append("recipient", HOLDER);
    expect((await post()).status).toBe(422);
  });

  it("too large a file, and a body that is no form", async () => {
    const bytes = new Uint8Array(t.env.config.maxUploadBytes + 100_000);
    const whole = new Response(form({ file: new File([bytes], "large.png") }));
    const large = await t.request("/verify", {
      method: "POST",
      headers: { "content-type": whole.headers.get("content-type") ?? "" },
      body: await whole.arrayBuffer(),
    });
    expect(large.status).toBe(413);
    expect(await large.text()).toContain("Verify a badge");
    const post = (body: string, type: string) =>
      t.request("/verify", { method: "POST", body, headers: { "content-type": type } });
    expect((await post("{}", "application/json")).status).toBe(415);
    expect((await post("--x", "multipart/form-data; boundary=x")).status).toBe(400);
    expect((await post("input=hello", "application/x-www-form-urlencoded")).status).toBe(415);
  });

  it("too many at once, with the time to wait", async () => {
    let end = () => {};
    const ended = new Promise<void>((resolve) => {
      end = resolve;
    });
    const holding = Array.from({ length: MAX_AT_ONCE + MAX_IN_LINE }, () =>
      TURNS.take(null, () => ended),
    );
    const { status, headers, html } = await send({ input: page("valid") });
    end();
    await Promise.all(holding);
    expect([status, headers.get("retry-after")]).toEqual([429, "5"]);
    expect(html).toContain("Try again after");
  });

  it.each([
    [MAX_SHOWN, null],
    [MAX_SHOWN + 3, "And 3 more"],
  ])("%i pieces of evidence: %s", async (count, words) => {
    const { html } = await send({ input: much(count).id });
    expect(html.match(/<p>evidence \d+<\/p>/g)).toHaveLength(MAX_SHOWN);
    expect(/And \d+ more/.exec(html)?.[0] ?? null).toBe(words);
  });

  it("markup in what was given stays text", async () => {
    const name = "<script>alert(1)</script>";
    const input = JSON.stringify({
      "@context": "https://w3id.org/openbadges/v2",
      type: "Assertion",
      id: `https://x.example/${name}`,
      badge: { type: "BadgeClass", name, description: name },
      narrative: `[x](javascript:alert(1)) ${name}`,
    });
    const { status, html } = await send({ input });
    expect(status).toBe(200);
    expect(html).not.toContain(name);
    expect(html).not.toContain('href="javascript:');
  });
});
