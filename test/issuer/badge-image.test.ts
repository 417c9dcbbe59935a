// Which addresses are addresses of our own image registry.
import { describe, expect, it } from "vitest";
import { managedContent } from "../../src/issuer/badge-image.ts";

const BASE = "https://badges.example.org";
const HASH = "0123456789abcdef".repeat(4);

describe("asset_url_must_reference_managed_storage", () => {
  it.each([
    `${BASE}/images/${HASH}.png`,
    `${BASE}/images/${HASH}.svg`,
    `https://BADGES.example.org:443/images/${HASH}.png`,
    `${BASE}/ob/../images/${HASH}.png`,
  ])("%s is ours", (address) => expect(managedContent(BASE, address)).toBe(HASH));

  it.each([
    `http://badges.example.org/images/${HASH}.png`,
    `https://badges.example.org.evil.example/images/${HASH}.png`,
    `https://badges.example.org@evil.example/images/${HASH}.png`,
    `https://evil.example/https://badges.example.org/images/${HASH}.png`,
    `https://user@badges.example.org/images/${HASH}.png`,
    `https://user:secret@badges.example.org/images/${HASH}.png`,
    `${BASE}:8443/images/${HASH}.png`,
    `${BASE}/images/${HASH}.jpg`,
    `${BASE}/images/${HASH}.png/`,
    `${BASE}/images/${HASH}.png?size=2`,
    `${BASE}/images/${HASH}.png#top`,
    `${BASE}/images/${HASH.toUpperCase()}.png`,
    `${BASE}/images/${HASH}0.png`,
    `${BASE}/images/../images2/${HASH}.png`,
    `${BASE}/other/images/${HASH}.png`,
    `${BASE}/images/%2e%2e/${HASH}.png`,
    `/images/${HASH}.png`,
    `images/${HASH}.png`,
    "data:image/png;base64,AAAA",
    "",
  ])("%j is not", (address) => expect(managedContent(BASE, address)).toBeNull());

  it("one character more in the host makes it another's, but where no host is spelled so", () => {
    const host = "badges.example.org";
    const edits = Array.from({ length: host.length + 1 }, (_, at) =>
      [...".-/@:?#%[]\\ a1é"].map((sign) => `${host.slice(0, at)}${sign}${host.slice(at)}`),
    ).flat();
    const ours = edits.filter(
      (edited) => managedContent(BASE, `https://${edited}/images/${HASH}.png`) !== null,
    );
    expect(ours).toEqual([`/${host}`, `@${host}`, `\\${host}`, `${host}:`]);
  });
});
