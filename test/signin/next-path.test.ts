// Where a sign-in may lead on to: a table of good and bad ones, and a property of all.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { nextPath } from "../../src/signin/next-path.ts";

const OWN = "https://badges.example.org";

describe("the way on", () => {
  it.each([
    ["/me/backpacks", "/me/backpacks"],
    ["/me/backpacks?a=%2F%2Fevil.example#top", "/me/backpacks?a=%2F%2Fevil.example"],
    ["/", "/"],
    ["/%2F%2Fevil.example", "/%2F%2Fevil.example"],
    ["/%5Cevil.example", "/%5Cevil.example"],
    ["/a/../me", "/me"],
    ["/oauth/consent/x", "/oauth/consent/x"],
    ["/loginx", "/loginx"],
    ["/ü", "/%C3%BC"],
  ])("%j leads to %s", (text, path) => expect(nextPath(text)).toBe(path));

  it.each([
    "",
    null,
    undefined,
    "me",
    "https://evil.example",
    "//evil.example",
    "///evil.example",
    "/\\evil.example",
    "\\/evil.example",
    "/.//evil.example",
    "/a/..//evil.example",
    "/%2e//evil.example",
    "/\t/evil.example",
    "/\n/evil.example",
    "/me\r\nset-cookie: a=b",
    "javascript:alert(1)",
    " /me",
    "/login",
    "/login/code",
    "/auth/x",
    "/logout",
    "/dev/as/ada",
    `/${"a".repeat(2_048)}`,
  ])("%j leads nowhere", (text) => expect(nextPath(text)).toBe(null));

  it("is always a page of ours, however a browser reads it", () => {
    const piece = fc.constantFrom(
      "/",
      "\\",
      ".",
      "..",
      "%2f",
      "%5c",
      "@",
      ":",
      "\t",
      "//",
      "evil.example",
      "?",
      "#",
    );
    const text = fc.oneof(
      fc.string(),
      fc.webPath(),
      fc.array(piece).map((parts) => `/${parts.join("")}`),
    );
    fc.assert(
      fc.property(text, (wish) => {
        const path = nextPath(wish);
        if (path === null) return;
        expect(path).toMatch(/^\/(?![/\\])/);
        expect(new URL(path, OWN).origin).toBe(OWN);
        expect(nextPath(path)).toBe(path);
      }),
      { numRuns: 2_000 },
    );
  });
});
