// Which addresses of strangers are asked at all.
import { describe, expect, it } from "vitest";
import {
  judgeUrl,
  MAX_URL_LENGTH,
  ownLoopbackOrigins,
  type UrlFault,
} from "../../src/net/public-url.ts";

const NAMED = ["http://localhost:8787", "http://127.0.0.1:9000", "https://badges.example.org:444"];

describe("judgeUrl", () => {
  it.each([
    ["https://badges.example.org/a?b=c", "https://badges.example.org/a?b=c"],
    ["https://badges.example.org:443/a", "https://badges.example.org/a"],
    ["  https://badges.example.org/a#part", "https://badges.example.org/a"],
    ["https://bädges.example.org/", "https://xn--bdges-gra.example.org/"],
    ["https://badges.example.org./", "https://badges.example.org./"],
    ["https://8.8.8.8/", "https://8.8.8.8/"],
    ["https://0x08080808/", "https://8.8.8.8/"],
    ["https://[2001:4860:4860::8888]/", "https://[2001:4860:4860::8888]/"],
    ["http://localhost:8787/a#b", "http://localhost:8787/a"],
    ["http://127.0.0.1:9000/", "http://127.0.0.1:9000/"],
  ])("%s is asked as %s", (text, href) => {
    const verdict = judgeUrl(text, NAMED);
    expect(verdict.ok && verdict.url.href).toBe(href);
  });

  it.each<[string, UrlFault]>([
    ["", "bad-url"],
    ["badges.example.org", "bad-url"],
    ["https://", "bad-url"],
    ["https://exa mple.org/", "bad-url"],
    ["https://[fe80::1%25eth0]/", "bad-url"],
    ["https://256.256.256.256/", "bad-url"],
    ["http://badges.example.org/", "not-https"],
    ["ftp://badges.example.org/", "not-https"],
    ["file:///etc/passwd", "not-https"],
    ["data:text/plain,x", "not-https"],
    ["javascript:alert(1)", "not-https"],
    ["blob:https://badges.example.org/1", "not-https"],
    ["ws://badges.example.org/", "not-https"],
    ["http://localhost:8788/", "not-https"],
    ["http://localhost/", "not-https"],
    ["http://127.0.0.1:8787/", "not-https"],
    ["https://u@badges.example.org/", "credentials-in-url"],
    ["https://u:p@badges.example.org/", "credentials-in-url"],
    ["https://:p@badges.example.org/", "credentials-in-url"],
    ["http://u@localhost:8787/", "credentials-in-url"],
    ["https://badges.example.org:8443/", "port-not-allowed"],
    ["https://badges.example.org:80/", "port-not-allowed"],
    // Named, but not on this machine: a name is no leave to dial it.
    ["https://badges.example.org:444/", "port-not-allowed"],
    ["https://localhost/", "address-not-public"],
    ["https://LOCALHOST./", "address-not-public"],
    ["https://a.localhost/", "address-not-public"],
    ["https://intranet/", "address-not-public"],
    ["https://.!/", "address-not-public"],
    ["https://a,b.example/", "address-not-public"],
    ["https://*.example/", "address-not-public"],
    ["https://badges..example.org/", "address-not-public"],
    ["https://printer.local/", "address-not-public"],
    ["https://metadata.google.internal/", "address-not-public"],
    ["https://router.home.arpa./", "address-not-public"],
    ["https://abc.onion/", "address-not-public"],
    ["https://2130706433/", "address-not-public"],
    ["https://127.1/", "address-not-public"],
    ["https://[::1]/", "address-not-public"],
    ["https://[::ffff:8.8.8.8]/", "address-not-public"],
    ["https://169.254.169.254/latest/meta-data/", "address-not-public"],
  ])("%s is refused: %s", (text, reason) => {
    expect(judgeUrl(text, NAMED)).toEqual({ ok: false, reason });
  });

  it("an address has at most MAX_URL_LENGTH characters", () => {
    const start = "https://badges.example.org/";
    const longest = start + "a".repeat(MAX_URL_LENGTH - start.length);
    expect(judgeUrl(longest, []).ok).toBe(true);
    expect(judgeUrl(`${longest}a`, [])).toEqual({ ok: false, reason: "bad-url" });
    // Characters that are written longer than they came.
    expect(judgeUrl(start + "ä".repeat(1_000), [])).toEqual({ ok: false, reason: "bad-url" });
  });

  it("what a redirect gives is read against where it came from", () => {
    const base = new URL("https://badges.example.org/a/b");
    const verdict = judgeUrl("../c", [], base);
    expect(verdict.ok && verdict.url.href).toBe("https://badges.example.org/c");
    expect(judgeUrl("//127.0.0.1/", [], base)).toEqual({ ok: false, reason: "address-not-public" });
  });
});

it.each([
  ["http://localhost:8787", ["http://localhost:8787"]],
  ["http://127.0.0.1:8787", ["http://127.0.0.1:8787"]],
  ["http://[::1]:8787", ["http://[::1]:8787"]],
  ["https://badges.example.org", []],
  ["http://192.168.1.5:8787", []],
])("a server at %s may ask %j on its machine", (publicUrl, origins) => {
  expect(ownLoopbackOrigins(publicUrl)).toEqual(origins);
});
