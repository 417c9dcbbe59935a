// What pages about signing in are made of: cookies that are read, and words that are said.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { cookieName, readCookie, setCookie } from "../../src/signin/cookies.ts";
import { browserName, maskedEmail, minutesUntil } from "../../src/signin/wording.ts";
import { testApp } from "../app.ts";

describe("words", () => {
  it.each([
    ["kim@example.org", "k…@example.org"],
    ["k@example.org", "k…@example.org"],
    ["å.b@c@example.org", "å…@example.org"],
  ])("%s is shown as %s", (email, shown) => expect(maskedEmail(email)).toBe(shown));

  it.each([
    [0, "a minute"],
    [60_000, "a minute"],
    [60_001, "2 minutes"],
    [119 * 60_000, "119 minutes"],
    [120 * 60_000, "2 hours"],
    [121 * 60_000, "3 hours"],
    [24 * 3_600_000, "24 hours"],
    [-1, "a minute"],
  ])("%d milliseconds are %s", (wait, words) => expect(minutesUntil(wait + 7, 7)).toBe(words));

  it.each([
    [
      "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0",
      "Firefox",
      "Windows",
    ],
    [
      "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/140.0.0.0 Safari/537.36",
      "Chrome",
      "Linux",
    ],
    [
      "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/140.0.0.0 Safari/537.36 Edg/140.0",
      "Edge",
      "Windows",
    ],
    [
      "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605 Version/18.0 Safari/605",
      "Safari",
      "macOS",
    ],
    [
      "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605 CriOS/140.0 Mobile Safari/604",
      "Chrome",
      "iOS",
    ],
    [
      "Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 SamsungBrowser/28.0 Chrome/130.0 Mobile Safari/537.36",
      "Samsung Internet",
      "Android",
    ],
    ["curl/8.5.0", null, null],
    ["<script>alert(1)</script>", null, null],
    [null, null, null],
  ])("%s is %s on %s", (userAgent, browser, system) =>
    expect(browserName(userAgent)).toEqual({ browser, system }),
  );
});

describe("cookies", () => {
  it("what is set is read again among any others, and nothing else is", async () => {
    const { env } = await testApp();
    const value = fc.stringMatching(/^[A-Za-z0-9_-]{1,43}$/);
    const other = fc.tuple(fc.string({ maxLength: 20 }), fc.string({ maxLength: 20 }));
    fc.assert(
      fc.property(value, fc.array(other), (mine, others) => {
        const pair = setCookie(env, "session", mine, 1).split(";")[0] ?? "";
        const noise = others
          .map(([name, text]) => `${name}=${text}`.replace(/[^ -~]|[;,]/g, ""))
          .filter((one) => !one.trim().startsWith(cookieName(env, "session")));
        const header = [...noise, pair, ...noise].join("; ");
        const request = new Request("https://x.example/", { headers: { cookie: header } });
        expect(readCookie(env, request, "session")).toBe(mine);
        expect(readCookie(env, request, "sessio")).toBe(null);
        const without = new Request("https://x.example/", {
          headers: { cookie: noise.join("; ") },
        });
        expect(readCookie(env, without, "session")).toBe(null);
      }),
    );
  });
});
