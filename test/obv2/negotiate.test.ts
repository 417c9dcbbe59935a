import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  DOCUMENT,
  DOCUMENT_WITH_PAGE,
  MAX_ACCEPT_LENGTH,
  MEMORY_SIZE,
  negotiate,
  type Offer,
  PAGE_WITH_DOCUMENT,
  rememberingNegotiation,
} from "../../src/obv2/negotiate.ts";

const LD = "application/ld+json";
const JSON_TYPE = "application/json";
const HTML = "text/html";

const CHROME =
  "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,image/apng,*/*;q=0.8,application/signed-exchange;v=b3;q=0.7";
const FIREFOX = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8";
const VALIDATORS = "application/ld+json, application/json, image/png, image/svg+xml";

describe("OB20-H-01 the representation of a document that has a page", () => {
  it.each<[string, string | undefined, Offer]>([
    ["no header", undefined, LD],
    ["an empty header", "", LD],
    ["anything", "*/*", LD],
    ["what the validators send", VALIDATORS, LD],
    ["JSON-LD", "application/ld+json", LD],
    ["JSON-LD with a profile", 'application/ld+json;profile="http://a.example/,;q=0"', LD],
    ["JSON only", "application/json", JSON_TYPE],
    ["JSON in capitals", "APPLICATION/JSON", JSON_TYPE],
    ["JSON with a charset", "application/json; charset=utf-8", JSON_TYPE],
    ["JSON or anything, as scripts say", "application/json, text/plain, */*", LD],
    ["JSON rather than anything", "application/json, */*;q=0.1", JSON_TYPE],
    ["JSON rather than JSON-LD", "application/ld+json;q=0.5, application/json", JSON_TYPE],
    ["anything but JSON-LD", "application/ld+json;q=0, */*", JSON_TYPE],
    ["any application", "application/*", LD],
    ["a page by name", "text/html", HTML],
    ["any text", "text/*", HTML],
    ["Chrome", CHROME, HTML],
    ["Firefox", FIREFOX, HTML],
    ["a page and JSON alike", "text/html, application/json", JSON_TYPE],
    ["a page rather than JSON", "text/html, application/json;q=0.9", HTML],
    ["JSON rather than a page", "text/html;q=0.8, application/json;q=0.9", JSON_TYPE],
    ["anything but a page", "text/html;q=0, */*", LD],
    ["a range before a name", "*/*;q=1, text/html;q=0.2", LD],
    ["spaces everywhere", " \t text/html \t ; q=1 , */* ; q=0.1 ", HTML],
    ["Q in capitals", "text/html;Q=0.1, application/json", JSON_TYPE],
    ["weights of three digits", "text/html;q=0.999, application/json;q=0.998", HTML],
    ["only what is not offered", "image/png", LD],
    ["only what is not offered, vendor JSON", "application/vnd.example+json", LD],
    ["everything refused", "*/*;q=0", LD],
    ["a weight of words", "text/html;q=high", LD],
    ["a weight above one", "text/html;q=2", LD],
    ["a weight below zero", "text/html;q=-1", LD],
    ["a weight of four digits", "text/html;q=0.9999", LD],
    ["a fault beside what is right", "text/html;q=x, application/json;q=0.1", JSON_TYPE],
    ["no slash", "html", LD],
    ["commas only", ",,,,", LD],
    ["an open quote", 'application/json;a="text/html, */*', JSON_TYPE],
    ["an escape at the end", '"\\', LD],
    ["text after the fact", "text/html text/html", LD],
  ])("%s", (_name, accept, expected) => {
    expect(negotiate(accept, DOCUMENT_WITH_PAGE)).toBe(expected);
  });

  it("a header of 10 kB is answered as if it were absent, up to the limit it is read", () => {
    const filler = "text/x, ";
    const long = `text/html, ${filler.repeat(10_000 / filler.length)}`;
    expect(long.length).toBeGreaterThan(10_000);
    expect(negotiate(long, DOCUMENT_WITH_PAGE)).toBe(LD);
    expect(negotiate("text/html".padEnd(MAX_ACCEPT_LENGTH, " "), DOCUMENT_WITH_PAGE)).toBe(HTML);
    expect(negotiate("text/html".padEnd(MAX_ACCEPT_LENGTH + 1, " "), DOCUMENT_WITH_PAGE)).toBe(LD);
  });

  it("a page is never given where there is none", () => {
    expect(negotiate(CHROME, DOCUMENT)).toBe(LD);
    expect(negotiate("text/html", DOCUMENT)).toBe(LD);
  });

  it("where a page is the first purpose, whoever has no wish gets it", () => {
    expect(negotiate(undefined, PAGE_WITH_DOCUMENT)).toBe(HTML);
    expect(negotiate("*/*", PAGE_WITH_DOCUMENT)).toBe(HTML);
    expect(negotiate(CHROME, PAGE_WITH_DOCUMENT)).toBe(HTML);
    expect(negotiate(VALIDATORS, PAGE_WITH_DOCUMENT)).toBe(LD);
    expect(negotiate("application/json", PAGE_WITH_DOCUMENT)).toBe(JSON_TYPE);
  });
});

describe("negotiate", () => {
  const token = fc.constantFrom(
    "text/html",
    "application/json",
    "*/*",
    "q=0.5",
    ";",
    ",",
    '"',
    "\\",
  );
  const header = fc.oneof(
    fc.string({ unit: "binary", maxLength: 300 }),
    fc
      .array(fc.oneof(token, fc.string({ maxLength: 4 })), { maxLength: 60 })
      .map((t) => t.join("")),
  );

  it("answers every header with one of the offers", () => {
    fc.assert(
      fc.property(header, fc.constantFrom(DOCUMENT, DOCUMENT_WITH_PAGE), (accept, offers) => {
        expect(offers).toContain(negotiate(accept, offers));
      }),
    );
  });

  it("remembers without changing an answer, however many headers come", () => {
    const remembered = rememberingNegotiation(DOCUMENT_WITH_PAGE);
    fc.assert(
      fc.property(header, (accept) => {
        expect(remembered(accept)).toBe(negotiate(accept, DOCUMENT_WITH_PAGE));
      }),
    );
    for (let i = 0; i <= MEMORY_SIZE * 2; i++) {
      expect(remembered(`text/html;v=${i}`)).toBe(HTML);
    }
    expect(remembered("application/json")).toBe(JSON_TYPE);
    expect(remembered("application/json")).toBe(JSON_TYPE);
  });

  it("takes time in proportion to the header at most", () => {
    const worst = '",;\\/='.repeat(MAX_ACCEPT_LENGTH / 6);
    for (let i = 0; i < 200; i++) negotiate(worst, DOCUMENT_WITH_PAGE);
    expect(negotiate(worst, DOCUMENT_WITH_PAGE)).toBe(LD);
  });
});
