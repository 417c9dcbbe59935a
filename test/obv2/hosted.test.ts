import { describe, expect, it } from "vitest";
import { assertionDocument } from "../../src/obv2/assertion.ts";
import { type Ask, answerHosted, hostedAssertion } from "../../src/obv2/hosted.ts";
import { urls } from "../../src/urls.ts";
import { AWARD, HASH, URLS } from "./rows.ts";

const options = { urls: URLS, bakedImage: "png" } as const;
const stored = await hostedAssertion(AWARD, options);

const get = (over: Partial<Ask> = {}): Ask => ({
  method: "GET",
  accept: undefined,
  ifNoneMatch: undefined,
  ...over,
});

describe("the row that is stored", () => {
  it("holds the Assertion, the address it is for and a strong tag of both", async () => {
    expect(JSON.parse(stored.body)).toEqual(await assertionDocument(AWARD, options));
    expect(stored.base).toBe("https://badges.example.org");
    expect(stored.unique_hash).toBe(HASH);
    expect(stored.etag).toMatch(/^"[\w-]{22}"$/);
  });

  it("has another tag when the Assertion says something else", async () => {
    const other = await hostedAssertion({ ...AWARD, narrative: "Another." }, options);
    expect(other.etag).not.toBe(stored.etag);
  });
});

describe("answerHosted", () => {
  it("gives the stored body as it is", () => {
    const answer = answerHosted(get(), HASH, stored, URLS);
    expect(answer?.status).toBe(200);
    expect(answer?.body).toBe(stored.body);
    expect(answer?.headers.etag).toBe(stored.etag);
    expect(answer?.headers["content-type"]).toBe("application/ld+json; charset=utf-8");
  });

  it.each<[string, Partial<Ask>, number]>([
    ["GET", {}, 200],
    ["HEAD", { method: "HEAD" }, 200],
    ["a page", { accept: "text/html" }, 303],
    ["known", { ifNoneMatch: stored.etag }, 304],
    ["known, as a weak tag in a list", { ifNoneMatch: `"x", W/${stored.etag}` }, 304],
    ["known, whatever it is", { ifNoneMatch: "*" }, 304],
    ["known by HEAD", { method: "HEAD", ifNoneMatch: stored.etag }, 304],
    ["an old one", { ifNoneMatch: '"old"' }, 200],
    ["the tag of JSON-LD for JSON", { accept: "application/json", ifNoneMatch: stored.etag }, 200],
    ["a page, known", { accept: "text/html", ifNoneMatch: stored.etag }, 303],
  ])("%s", (_name, ask, status) => {
    const answer = answerHosted(get(ask), HASH, stored, URLS);
    expect(answer?.status).toBe(status);
    const withBody = status === 200 && ask.method !== "HEAD";
    expect(answer?.body).toBe(withBody ? stored.body : null);
    expect(answer?.headers).toMatchObject({
      "access-control-allow-origin": "*",
      "cache-control": "public, no-cache",
      vary: "Accept",
    });
  });

  it("a representation has a tag of its own, and is known by it", () => {
    const accept = "application/json";
    const first = answerHosted(get({ accept }), HASH, stored, URLS);
    const etag = first?.headers.etag;
    expect(first?.headers["content-type"]).toBe("application/json; charset=utf-8");
    expect(etag).not.toBe(stored.etag);
    expect(answerHosted(get({ accept, ifNoneMatch: etag }), HASH, stored, URLS)?.status).toBe(304);
  });

  it.each<[string, Partial<Ask>, typeof stored | null, typeof URLS]>([
    ["nothing is stored", {}, null, URLS],
    ["it was stored for another address", {}, stored, urls("https://new.example.org")],
    ["it is to be changed", { method: "POST" }, stored, URLS],
    ["only the options are asked for", { method: "OPTIONS" }, stored, URLS],
  ])("leaves it to others when %s", (_name, ask, row, addresses) => {
    expect(answerHosted(get(ask), HASH, row, addresses)).toBeNull();
  });

  it("repeats itself for ten thousand headers that are all different", () => {
    for (let i = 0; i < 10_000; i++) {
      const accept = `application/json;v=${i}`;
      expect(answerHosted(get({ accept }), HASH, stored, URLS)?.status).toBe(200);
    }
  });
});
