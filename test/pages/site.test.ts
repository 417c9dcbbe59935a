import { describe, expect, it } from "vitest";
import { DEMO_ORGANIZATION } from "../../src/demo-organization.ts";
import { ICON_PATH, STYLESHEET, STYLESHEET_PATH } from "../../src/pages/stylesheet.ts";
import { PROBLEMS, type ProblemCode } from "../../src/problem.ts";
import { testApp } from "../app.ts";
import { givenAward, givenBadge, givenOrganization, givenPerson } from "../given.ts";
import { givenScenes } from "./scenes.ts";

const BROWSER = { accept: "text/html,*/*;q=0.8" };
/** Bytes of stylesheet that a page may cost before it is compressed. */
const MAX_STYLESHEET = 44_000;

describe("the home page", () => {
  it("says what to do first where nothing exists", async () => {
    const { request } = await testApp();
    const response = await request("/", { headers: BROWSER });
    expect(response.status).toBe(200);
    expect(response.headers.get("content-security-policy")).toContain("default-src 'none'");
    const html = await response.text();
    expect(html).toContain("Nothing has been issued yet");
    expect(html).toContain("keys create");
  });

  it("stops saying so once there is an organization", async () => {
    const { request, env } = await testApp();
    await givenOrganization(env);
    const html = await (await request("/")).text();
    expect(html).not.toContain("Nothing has been issued yet");
    expect(html).toContain('href="/docs"');
  });

  it("links the demo's valid, expired and revoked badges", async () => {
    const { request, env } = await testApp({
      override: ({ config }) => ({ config: { ...config, demo: true } }),
    });
    const scenes = await givenScenes(env);
    const html = await (await request("/")).text();
    expect(html).toContain(`href="/b/${scenes.expired}"`);
    expect(html.match(/href="\/b\/[0-9a-f]{40}"/g)).toHaveLength(3);
    expect(html).toMatch(/Valid<.*Expired<.*Revoked</s);
    expect(html).not.toContain(scenes.hidden);
  });

  it("shows nobody's badges but the demo's, also on a machine of one's own", async () => {
    const { request, env } = await testApp({
      override: ({ config }) => ({ config: { ...config, demo: true } }),
    });
    const { slug } = DEMO_ORGANIZATION;
    for (const over of [{}, { slug, url: "https://northside.org" }]) {
      const organization = await givenOrganization(env, over);
      const badge = await givenBadge(env, organization);
      await givenAward(env, badge, await givenPerson(env, organization, { name: "Real Person" }));
    }
    const html = await (await request("/")).text();
    expect(html).not.toContain('href="/b/');
    expect(html).not.toContain("Real Person");
  });

  it("shows nobody's badges where there is no demo", async () => {
    const { request, env } = await testApp();
    await givenScenes(env);
    expect(await (await request("/")).text()).not.toContain('href="/b/');
  });

  it("says so where the public address is local", async () => {
    const { request } = await testApp({ publicUrl: "http://localhost:8787" });
    expect(await (await request("/")).text()).toContain("verify here and nowhere else");
  });
});

describe("every kind of problem has a page", () => {
  const codes = Object.keys(PROBLEMS) as ProblemCode[];

  it.each(codes)("/problems/%s", async (code) => {
    const { request, env } = await testApp();
    const response = await request(new URL(env.urls.problem(code)).pathname, { headers: BROWSER });
    expect(response.status).toBe(200);
    expect(response.headers.get("content-type")).toContain("text/html");
    const html = await response.text();
    expect(html).toContain(code);
    expect(html).toContain(String(PROBLEMS[code].status));
    expect(html).toContain("What to do");
    expect(html).toContain("&quot;request_id&quot;");
  });

  it("and the list links them all", async () => {
    const { request } = await testApp();
    const html = await (await request("/problems", { headers: BROWSER })).text();
    expect(codes.filter((code) => !html.includes(`href="/problems/${code}"`))).toEqual([]);
  });

  it.each(["no-such-code", "toString", "__proto__"])("%s is none", async (code) => {
    const { request } = await testApp();
    expect((await request(`/problems/${code}`, { headers: BROWSER })).status).toBe(404);
  });
});

describe("a problem shown to a person", () => {
  it("says what to do, gives a reference, and has every header of a page", async () => {
    const { request } = await testApp();
    const response = await request("/nothing/here", { headers: BROWSER });
    const html = await response.text();
    expect(html).toContain("What to do");
    expect(html).toContain('href="/problems/not-found"');
    expect(html).toMatch(/Reference: <code>[0-9a-f-]{36}<\/code>/);
    expect(response.headers.get("content-security-policy")).toContain("frame-ancestors 'none'");
    expect(response.headers.get("cache-control")).toBe("no-store");
  });
});

describe("assets", () => {
  it("the stylesheet's own address may be kept for ever", async () => {
    const { request } = await testApp();
    const response = await request(STYLESHEET_PATH);
    expect(response.headers.get("content-type")).toBe("text/css; charset=utf-8");
    expect(response.headers.get("cache-control")).toBe("public, max-age=31536000, immutable");
    expect(await response.text()).toBe(STYLESHEET);
  });

  it.each(["/assets/app.css", "/assets/app.00000000.css"])("%s only shortly", async (path) => {
    const { request } = await testApp();
    const response = await request(path);
    expect(response.status).toBe(200);
    expect(response.headers.get("cache-control")).toBe("public, max-age=60");
  });

  it("is small and complete", () => {
    expect(STYLESHEET.length).toBeLessThan(MAX_STYLESHEET);
    const depth = [...STYLESHEET].reduce((n, c) => n + (c === "{" ? 1 : c === "}" ? -1 : 0), 0);
    expect(depth).toBe(0);
    expect(STYLESHEET).not.toMatch(/url\(|@import/);
  });

  it("the icon is an inert SVG", async () => {
    const { request } = await testApp();
    const response = await request(ICON_PATH);
    expect(response.headers.get("content-type")).toBe("image/svg+xml");
    expect(response.headers.get("content-security-policy")).toBe("default-src 'none'");
  });

  it.each(["/assets/", "/assets/app.css.map", "/assets/../package.json"])(
    "%s is 404",
    async (path) => {
      const { request } = await testApp();
      expect((await request(path)).status).toBe(404);
    },
  );
});

it.each([
  "/",
  "/b/x",
  "/b/x/embed",
  "/b/x/print",
  "/b/x/card.png",
  "/problems",
  "/problems/x",
  "/assets/x",
])("%s is there, but not for methods that change something", async (path) => {
  const { request } = await testApp();
  for (const method of ["POST", "PUT", "PATCH", "DELETE", "OPTIONS"]) {
    const response = await request(path, { method });
    expect([method, response.status]).toEqual([method, 405]);
    expect(response.headers.get("allow")).toBe("GET, HEAD");
  }
});
