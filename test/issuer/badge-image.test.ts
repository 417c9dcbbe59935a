// Which addresses are addresses of our own image registry.
import fc from "fast-check";
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

  it("no other origin is ours, whatever it looks like", () => {
    fc.assert(
      fc.property(fc.webUrl(), (origin) => {
        fc.pre(!origin.startsWith(BASE));
        return managedContent(BASE, `${new URL(origin).origin}/images/${HASH}.png`) === null;
      }),
    );
  });
});
