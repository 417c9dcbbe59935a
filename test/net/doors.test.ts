// Every place where the program can reach another machine, by name: a new one is a decision, not an accident.
/// <reference types="vite/client" />
import { describe, expect, it } from "vitest";

const SOURCES: Record<string, string> = import.meta.glob("../../src/**/*.{ts,tsx}", {
  query: "?raw",
  import: "default",
  eager: true,
});

const FILES = Object.entries(SOURCES).map(([path, source]) => ({
  path: path.replace("../../src/", ""),
  code: source.replace(/\/\*[\s\S]*?\*\//g, "").replace(/(^|[^:])\/\/.*$/gm, "$1"),
}));

const having = (pattern: RegExp) =>
  FILES.filter(({ code }) => pattern.test(code))
    .map(({ path }) => path)
    .sort();

describe("what leaves the machine", () => {
  it("asks addresses of strangers through public-fetch; the rest asks what the operator named", () => {
    expect(having(/(^|[^.\w])fetch\((?!\w+: )/m)).toEqual([
      // The person at the terminal names the assertion to bake.
      "cli/bake.ts",
      // This installation's own server.
      "cli/installation.ts",
      // The program that the person at the terminal hands webhooks on to.
      "cli/listen.ts",
      // Scripts for the browser, which ask for pages of this server.
      "pages/backpack-watch.ts",
      "pages/badge-desk-script.ts",
      "pages/import-script.ts",
      "pages/person-script.ts",
      // The address in this installation's own database, if it is on this machine.
      "runtime/issued-address.ts",
      // The libSQL server of the settings.
      "runtime/open.ts",
      // The libSQL server, and the dial of public-fetch.
      "runtime/worker.ts",
    ]);
  });

  it("opens sockets and asks name servers in the dial alone; others listen", () => {
    const modules =
      /((^(import|export) (?!type )[^;]*from |import\()"(node:(net|tls|https?|http2|dns|dgram)(\/\w+)?|undici|ws|cloudflare:sockets)")/m;
    expect(having(modules)).toEqual([
      // Whether a port is free.
      "cli/doctor.ts",
      "runtime/dial-errors.ts",
      "runtime/listen.ts",
      "runtime/name-server.ts",
      "runtime/public-dispatcher.ts",
    ]);
  });

  it("has no other way out", () => {
    expect(
      having(
        /\b(XMLHttpRequest|WebSocket|sendBeacon|importScripts)\b|\bEventSource\(|\.fetch\.(call|apply|bind)\b|\b(globalThis|self|window)\.fetch\b|=\s*fetch\b/,
      ),
    ).toEqual([]);
  });

  it("uses the dials in public-fetch only", () => {
    expect(having(/\b(createDialer|fetchDial)\(/)).toEqual([
      "runtime/fetch-dial.ts",
      "runtime/public-dispatcher.ts",
      "runtime/public-fetch.ts",
      "runtime/worker.ts",
    ]);
  });
});
