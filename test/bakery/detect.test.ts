// Kinds of files by their first octets.

import { expect, test } from "vitest";
import { detectKind } from "../../src/bakery/detect.ts";
import { JWS, latin1, PNG, svg, utf8 } from "./fixtures.ts";

const utf16 = (text: string) =>
  Uint8Array.from(
    [...`\ufeff${text}`].flatMap((c) => [c.charCodeAt(0) & 255, c.charCodeAt(0) >> 8]),
  );

test.each<[string, string, Uint8Array]>([
  ["png", "a PNG", PNG],
  ["svg", "an SVG", svg()],
  [
    "svg",
    "an SVG behind declaration, comment, instruction and doctype",
    utf8(
      '\ufeff<?xml version="1.0"?>\r\n<!-- <html> --><?a?><!DOCTYPE svg [<!ENTITY a "b">]>\n<svg/>',
    ),
  ],
  [
    "svg",
    "an SVG behind a doctype of 5,000 characters",
    utf8(`<!DOCTYPE svg [${" ".repeat(5000)}]><svg/>`),
  ],
  ["svg", "an SVG with a prefix", utf8('<x:svg xmlns:x="http://www.w3.org/2000/svg"/>')],
  ["svg", "an SVG in UTF-16", utf16("<svg/>")],
  ["jpeg", "a JPEG", Uint8Array.of(0xff, 0xd8, 0xff, 0xe0)],
  ["gif", "a GIF", latin1("GIF89a")],
  ["webp", "a WebP", latin1("RIFF\x01\x02\x03\x04WEBPVP8 ")],
  ["pdf", "a PDF", latin1("%PDF-1.7")],
  ["json", "JSON", utf8('\ufeff \n{"a":1}')],
  ["json", "a JSON list", utf8("[]")],
  ["jws", "a JWS", utf8(`${JWS}\n`)],
  ["jws", "a JWS longer than what is looked at", utf8(`eyJ${"a".repeat(9000)}.e30.c2ln`)],
  ["unknown", "nothing", new Uint8Array()],
  ["unknown", "HTML", utf8("<!doctype html><html><svg></svg>")],
  ["unknown", "XML of another kind", utf8("<?xml version='1.0'?><rss/>")],
  ["unknown", "an endless comment", utf8("<!-- <svg>")],
  ["unknown", "half a PNG signature", PNG.subarray(0, 7)],
  ["unknown", "a WAVE", latin1("RIFF\x01\x02\x03\x04WAVE")],
  ["unknown", "prose", utf8("eyes.example.org")],
  ["unknown", "a URL", utf8("https://example.org/")],
])("%s: %s", (kind, _, bytes) => {
  expect(detectKind(bytes)).toBe(kind);
});

test("the root must begin within the first 4,096 bytes", () => {
  const behind = (bytes: number) => utf8(`<!--${" ".repeat(bytes - 7)}--><svg/>`);
  expect(detectKind(behind(4096 - 4))).toBe("svg");
  expect(detectKind(behind(4096))).toBe("unknown");
});
