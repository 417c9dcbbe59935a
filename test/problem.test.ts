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
});
