// Public pages in the reader's language: what they say, and what they tell caches about it.
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { PROBLEMS } from "../../src/problem.ts";
import { TEST_ORIGIN } from "../app.ts";
import { givenStandings, HOLDER, verifyingApp } from "../verify/installation.ts";
import { untranslated } from "./words/untranslated.ts";

const HTML = "text/html,*/*;q=0.8";

let t: Awaited<ReturnType<typeof verifyingApp>>;
let standings: Awaited<ReturnType<typeof givenStandings>>;
let criteria: string;

beforeAll(async () => {
  t = await verifyingApp({ shared: true, elsewhere: { "https://gone.example/a": 404 } });
  standings = await givenStandings(t);
  const award = await t.request(`/ob/v2/assertions/${standings.valid}`);
  const { badge } = (await award.json()) as { badge: string };
  criteria = `${new URL(badge).pathname}/criteria`;
});
afterAll(() => t.close());

async function read(path: string, language: string) {
  const headers = { accept: HTML, "accept-language": language };
  const response = await t.request(path, { headers });
  return { response, html: await response.text() };
}

async function verify(
  parts: Readonly<Record<string, string | File>>,
  language: string,
  path = "/verify",
): Promise<string> {
  const body = new FormData();
  for (const [name, value] of Object.entries(parts)) body.append(name, value);
  const headers = { accept: HTML, "accept-language": language };
  return (await t.request(path, { method: "POST", body, headers })).text();
}

const PAGES = [
  ["the front door", () => "/", "Badges, die alle prüfen können"],
  ["a badge", () => `/b/${standings.valid}`, "Dieses Badge ist gültig"],
  ["an expired badge", () => `/b/${standings.expired}`, "Dieses Badge ist abgelaufen"],
  ["a revoked badge", () => `/b/${standings.revoked}`, "Dieses Badge wurde widerrufen"],
  ["an unknown badge", () => `/b/${"0".repeat(40)}`, "Unter dieser Adresse gibt es kein Badge"],
  ["a badge in a frame", () => `/b/${standings.valid}/embed`, "Gültig"],
  ["a badge for paper", () => `/b/${standings.valid}/print`, "Den aktuellen Stand finden Sie"],
  ["how a badge is earned", () => criteria, "Wie man es erhält"],
  ["the form that verifies", () => "/verify", "Link zum Badge oder sein Text"],
  ["all problems", () => "/problems", "Was Fehlermeldungen bedeuten"],
  ["one problem", () => "/problems/not-found", "Unter dieser Adresse gibt es nichts"],
  ["what is not there", () => "/nothing/here", "Unter dieser Adresse gibt es nichts"],
  ["the terms", () => "/terms", "Nutzungsbedingungen"],
  ["privacy", () => "/privacy", "Was gespeichert wird"],
  ["the API’s documentation", () => "/docs", "Diese Seite gibt es nur auf Englisch."],
] as const;

describe.each(PAGES)("%s", (_name, path, words) => {
  it("speaks German to whom German is dear, and tells caches that it depends", async () => {
    const { response, html } = await read(path(), "de-AT,de;q=0.9,en;q=0.5");
    expect(html).toContain(words);
    expect(html).toContain('<html lang="de">');
    expect(response.headers.get("content-language")).toBe("de");
    const vary = (response.headers.get("vary") ?? "").split(", ");
    expect(vary).toEqual(expect.arrayContaining(["Accept", "Accept-Language"]));
  });

  it("speaks the language that its address names, to whomever", async () => {
    const { response, html } = await read(`${path()}?lang=de`, "en");
    expect(response.headers.get("content-language")).toBe("de");
    expect(html).toContain(words);
  });

  it("speaks English to all others", async () => {
    const { response, html } = await read(path(), "fr, es");
    expect(response.headers.get("content-language")).toBe("en");
    expect(html).toContain('<html lang="en">');
    expect(html).not.toContain(words);
  });
});

describe("a badge’s page", () => {
  it("tells days as the language does, and leaves what the issuer wrote in the badge’s own", async () => {
    const { html } = await read(`/b/${standings.valid}`, "de");
    expect(html).toMatch(/Verliehen an .*Kim Osei.* am <time[^>]*>4\. September 2026<\/time>/s);
    expect(html).toMatch(/<h1 lang="en" dir="auto">Streak Champion<\/h1>/);
  });

  it("answers programs as before, whatever they read", async () => {
    const response = await t.request(`/b/${standings.valid}`, {
      headers: { accept: "application/json", "accept-language": "de" },
    });
    expect([response.status, response.headers.get("vary")]).toEqual([303, "Accept"]);
  });
});

describe("a problem", () => {
  it("is told in German alone", async () => {
    for (const path of ["/problems/no-such-code", "/nothing/here", "/verify?input="]) {
      const { html } = await read(path, "de");
      const main = html.slice(html.indexOf("<main"), html.indexOf("</main>"));
      expect(main, path).not.toContain('lang="en"');
    }
    const { html } = await read("/problems/no-such-code", "de");
    expect(html).toMatch(/<h1 dir="auto">Unter dieser Adresse gibt es nichts<\/h1>/);
    expect(html).toContain('oder beginnen Sie auf der <a href="/">Startseite</a>');
    expect(html).not.toContain(PROBLEMS["not-found"].title);
  });

  it("is the same document for programs", async () => {
    const response = await t.request("/nothing/here", { headers: { "accept-language": "de" } });
    expect(await response.json()).toMatchObject({ title: PROBLEMS["not-found"].title });
  });
});

const page = (standing: keyof typeof standings) => `${TEST_ORIGIN}/b/${standings[standing]}`;

describe("what was found out about a badge", () => {
  it.each([
    ["valid", "Dieses Badge ist gültig", "steht dafür ein, und es gilt weiterhin."],
    ["expired", "Dieses Badge ist abgelaufen", "Das Badge ist abgelaufen."],
    ["revoked", "Dieses Badge wurde widerrufen", "„<bdi>Made out to the wrong person</bdi>“"],
  ] as const)("%s, in German", async (standing, words, why) => {
    const html = await verify({ input: page(standing) }, "de");
    expect(html).toMatch(new RegExp(`<h1 [^>]*>${words}</h1>`));
    expect(html).toContain(why);
    expect(html).toContain("Was Sie tun können:");
  });

  it("tells in German to whom it was awarded, where that is hidden", async () => {
    const html = await verify({ input: page("expired") }, "de");
    expect(html).toContain("Wer die E-Mail-Adresse hat, die das Badge verborgen hält");
  });

  it("keeps the language that the address of the form named", async () => {
    const { html } = await read("/verify?lang=de", "en");
    expect(html).toContain('action="/verify?lang=de"');
    const found = await verify({ input: page("valid") }, "en", "/verify?lang=de");
    expect(found).toContain("Dieses Badge ist gültig");
    expect(found.match(/action="\/verify\?lang=de"/g)).toHaveLength(3);
    expect((await read("/verify", "de")).html).toContain('action="/verify"');
  });

  it("gives the script the words that it says", async () => {
    const html = await verify({ input: page("valid") }, "de");
    expect(html).toContain('data-same="Ja: Dieses Badge wurde an {typed} verliehen."');
    expect(html).toContain('data-compare="Vergleichen"');
  });

  it.each([
    [{}, "Es wurde kein Badge angegeben.", "Geben Sie den Link an"],
    [{ input: "x", file: new File(["x"], "x") }, "zugleich ein Text und eine Datei", "eines von"],
    [{ input: "x", recipient: "x".repeat(3_000) }, "zu viele oder zu lange Adressen", "höchstens"],
  ])("says what is wrong with a form, %#", async (parts, detail, fix) => {
    const html = await verify(parts, "de");
    expect(html).toContain(detail);
    expect(html).toContain(fix);
  });

  it.each([
    [() => ({ input: page("valid") })],
    [() => ({ input: page("valid"), recipient: HOLDER })],
    [() => ({ input: page("valid"), recipient: "eve@example.org" })],
    [() => ({ input: page("expired") })],
    [() => ({ input: page("revoked") })],
    [() => ({ input: "https://gone.example/a" })],
    [() => ({ input: "https://192.168.1.1/a" })],
    [() => ({ input: "{" })],
    [() => ({ input: "eyJhbGciOiJSUzI1NiJ9.e30" })],
    [() => ({ file: new File([new Uint8Array([0xff, 0xd8, 0xff, 0xe0])], "a.png") })],
    [() => ({})],
  ])("has all it says from a catalogue, %#", async (parts) => {
    expect(untranslated(await verify(parts(), "en-XA"), ["Streak Champion"])).toEqual([]);
  });
});
