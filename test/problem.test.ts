import { describe, expect, it } from "vitest";
import { testApp } from "./app.ts";

describe("an address nobody answers", () => {
  it("answers 404 as a problem document", async () => {
    const { request } = await testApp();
    const response = await request("/nothing/here");
    expect(response.status).toBe(404);
    expect(response.headers.get("content-type")).toBe("application/problem+json");
    expect(await response.json()).toMatchObject({ code: "not-found", status: 404 });
  });

  it("answers a browser with a page", async () => {
    const { request } = await testApp();
    const response = await request("/nothing/here", {
      headers: { accept: "text/html,application/xhtml+xml,*/*;q=0.8" },
    });
    expect(response.status).toBe(404);
    expect(response.headers.get("content-type")).toContain("text/html");
  });

  const PROBLEM = "application/problem+json";

  it.each([
    ["JSON rather than a page", "text/html;q=0.1, application/json", PROBLEM],
    ["problems rather than a page", "text/html;q=0.9, application/problem+json", PROBLEM],
    ["JSON-LD rather than a page", "text/html;q=0.9, application/ld+json", PROBLEM],
    ["anything but a page", "text/html;q=0, */*", PROBLEM],
    ["something beginning alike", "text/html5", PROBLEM],
    ["neither", "image/png", PROBLEM],
    ["a page rather than JSON", "application/json;q=0.8, text/html;q=0.9", "text/html"],
    ["a page by name", "text/html", "text/html"],
  ])("asked for %s", async (_name, accept, mediaType) => {
    const { request } = await testApp();
    const response = await request("/nothing/here", { headers: { accept } });
    expect(response.status).toBe(404);
    expect(response.headers.get("content-type")).toContain(mediaType);
  });
});

it.each(["/docs", "/openapi.json"])("%s answers what it is not for with 405", async (path) => {
  const { request } = await testApp();
  const response = await request(path, { method: "POST" });
  expect(response.status).toBe(405);
  expect(response.headers.get("allow")).toContain("GET");
});
