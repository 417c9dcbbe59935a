// Forms of what a baked file carries.

import { expect, test } from "vitest";
import { classifyPayload } from "../../src/bakery/payload.ts";

test.each([
  ["json", "{}"],
  ["json", ' \n{"a":1}\n'],
  ["jws", "eyJhbGciOiJSUzI1NiJ9.e30.c2ln"],
  ["jws", " eyJhbGciOiJSUzI1NiJ9.e30.c2ln\n"],
  ["url", "https://badges.example.org/1"],
  ["url", "http://localhost:8787/ob/v2/assertions/1?x#y"],
  ["url", "HTTPS://EXAMPLE.ORG/a "],
])("%s: %j", (kind, text) => {
  const expected = kind === "json" ? text : text.trim();
  expect(classifyPayload(text)).toEqual({ ok: true, payload: { kind, text: expected } });
});

test.each([
  "",
  " ",
  "[]",
  "{",
  '"text"',
  "a.b",
  "a.b.c.d",
  "a..c",
  "a.b.c=",
  "a.b.ç",
  "javascript:alert(1)",
  "file:///etc/passwd",
  "ftp://example.org/1",
  "https://",
  "https://exa mple.org/",
  "https://example.org/\u0000",
  "//example.org/1",
])("unrecognized: %j", (text) => {
  expect(classifyPayload(text)).toMatchObject({ ok: false, reason: "payload-unrecognized" });
});
