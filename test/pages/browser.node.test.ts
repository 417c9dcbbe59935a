import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import sharp from "sharp";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type TestApp, testApp } from "../app.ts";
import { CHROMIUM, openBrowser, type Served, serveApp } from "./browser.node.ts";
import { givenScenes, SCENES, type Scenes } from "./scenes.ts";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const WIDE = { width: 1180, height: 900 };
/** The narrowest that has to work without sideways scrolling (WCAG 2.2, 1.4.10). */
const NARROW = { width: 320, height: 760 };
/** CSS pixels of what is pressed with a finger (WCAG 2.2, 2.5.5). */
const TARGET = 44;
const TIMEOUT = 60_000;

let app: TestApp;
let scenes: Scenes;
let served: Served;
let browser: Browser;

beforeAll(async () => {
  if (CHROMIUM === null) return;
  app = await testApp({
    shared: true,
    override: ({ config }) => ({ config: { ...config, demo: true } }),
  });
  scenes = await givenScenes(app.env);
  served = await serveApp(app);
  browser = await openBrowser();
}, TIMEOUT);

afterAll(async () => {
  await browser?.close();
  await served?.close();
  await app?.close();
}, TIMEOUT);

const OTHERS = {
  home: "/",
  problems: "/problems",
  problem: "/problems/invalid-request",
  "not found": "/nothing/here",
  unknown: `/b/${"0".repeat(40)}`,
} as const;
const PAGES = [...SCENES, "embed", "criteria", ...(Object.keys(OTHERS) as (keyof typeof OTHERS)[])];
type PageName = (typeof PAGES)[number];

async function pathOf(name: PageName): Promise<string> {
  if (name === "embed") return `/b/${scenes.hostile}/embed`;
  if (name === "criteria") return criteriaPath();
  return name in OTHERS
    ? OTHERS[name as keyof typeof OTHERS]
    : `/b/${scenes[name as keyof Scenes]}`;
}

async function criteriaPath(): Promise<string> {
  const response = await app.request(`/ob/v2/assertions/${scenes.hostile}`);
  const { badge } = (await response.json()) as { badge: string };
  return `${new URL(badge).pathname}/criteria`;
}

async function visit<T>(
  name: PageName,
  options: BrowserContextOptions,
  look: (page: Page) => Promise<T>,
): Promise<T> {
  const context = await browser.newContext(options);
  try {
    const page = await context.newPage();
    await page.goto(served.origin + (await pathOf(name)));
    return await look(page);
  } finally {
    await context.close();
  }
}

const inBrowser = describe.skipIf(CHROMIUM === null);

const axe = (page: Page, options = "{}") =>
  page.evaluate<[string, string[]][]>(
    `axe.run(${options}).then(({ violations }) => violations.map((v) => [v.id, v.nodes.map((n) => n.html)]))`,
  );
/** In the dark nothing but colours differs. */
const RULES = { light: "{}", dark: "{ runOnly: ['color-contrast'] }" } as const;

inBrowser("axe finds nothing", { timeout: TIMEOUT }, () => {
  it.each(PAGES)("%s", async (name) => {
    await visit(name, { bypassCSP: true }, async (page) => {
      for (const summary of await page.locator("summary").all()) await summary.click();
      await page.evaluate(AXE);
      for (const viewport of [WIDE, NARROW]) {
        await page.setViewportSize(viewport);
        for (const colorScheme of ["light", "dark"] as const) {
          await page.emulateMedia({ colorScheme });
          const found = await axe(page, RULES[colorScheme]);
          expect(found, `${viewport.width} ${colorScheme}`).toEqual([]);
        }
      }
    });
  });

  it("but does find what is planted", async () => {
    await visit("valid", { bypassCSP: true, colorScheme: "dark" }, async (page) => {
      await page.evaluate(AXE);
      await page.evaluate("document.querySelector('img').removeAttribute('alt')");
      expect((await axe(page)).map(([id]) => id)).toEqual(["image-alt"]);
      await page.evaluate("document.querySelector('h1').setAttribute('style', 'color: #333')");
      expect((await axe(page, RULES.dark)).map(([id]) => id)).toEqual(["color-contrast"]);
    });
  });
});

inBrowser("at 320 pixels", { timeout: TIMEOUT }, () => {
  it.each(PAGES)("%s does not scroll sideways", async (name) => {
    const widths = await visit(name, { viewport: NARROW }, async (page) => {
      for (const summary of await page.locator("summary").all()) await summary.click();
      return page.evaluate(
        "({ needed: document.documentElement.scrollWidth, given: innerWidth, past: [...document.querySelectorAll('body *')].filter((e) => !e.closest('pre, .skip') && e.getBoundingClientRect().right > innerWidth + 0.5).map((e) => e.outerHTML.slice(0, 80)) })",
      );
    });
    expect(widths).toEqual({ needed: NARROW.width, given: NARROW.width, past: [] });
  });

  it("the small form fits into a frame of 200 pixels", async () => {
    const viewport = { width: 200, height: 300 };
    const needed = await visit("embed", { viewport }, (page) =>
      page.evaluate("document.documentElement.scrollWidth"),
    );
    expect(needed).toBe(viewport.width);
  });

  it("the verdict and the badge's name are in the first screenful", async () => {
    for (const name of ["valid", "expired", "revoked", "hidden"] as const) {
      await visit(name, { viewport: NARROW }, async (page) => {
        const verdict = await page.locator(".verdict").boundingBox();
        const heading = await page.locator("h1").boundingBox();
        expect(verdict?.y).toBeLessThan(100);
        expect((heading?.y ?? 9_999) + (heading?.height ?? 0)).toBeLessThan(NARROW.height);
      });
    }
  });

  it("what is pressed is large enough for a finger", async () => {
    for (const name of ["valid", "home", "problem"] as const) {
      const small = await visit(name, { viewport: NARROW }, (page) =>
        page.evaluate(
          `[...document.querySelectorAll("header a, footer a, summary, .btn")].filter((e) => e.getBoundingClientRect().height < ${TARGET}).map((e) => e.outerHTML)`,
        ),
      );
      expect(small, name).toEqual([]);
    }
  });
});

inBrowser("a browser as people set it up", { timeout: TIMEOUT }, () => {
  it("needs no JavaScript and breaks no rule of the page's own policy", async () => {
    await visit("home", { javaScriptEnabled: false }, async (page) => {
      const complaints: string[] = [];
      page.on("console", (message) => complaints.push(message.text()));
      await page.getByRole("link", { name: "Streak Champion" }).first().click();
      expect(await page.title()).toMatch(/^Valid: Streak Champion/);
      await page.getByText("QR code of this page").click();
      expect(
        await page.getByRole("img", { name: "QR code of this page’s address" }).isVisible(),
      ).toBe(true);
      expect(complaints).toEqual([]);
    });
  });

  it("loads the style and the picture from where it is, whatever the public name", async () => {
    await visit("valid", {}, async (page) => {
      expect(await page.evaluate("document.styleSheets[0].cssRules.length")).toBeGreaterThan(0);
      expect(await page.evaluate("document.querySelector('img.art').naturalWidth")).toBeGreaterThan(
        0,
      );
    });
  });

  it("shows the whole page of a revoked badge, which answers 410", async () => {
    await visit("revoked", {}, async (page) => {
      expect(await page.title()).toBe("Revoked: Streak Champion");
      expect(await page.getByRole("heading", { level: 1 }).isVisible()).toBe(true);
    });
  });

  it("the keyboard reaches every link and control in reading order, the skip link first", async () => {
    await visit("valid", {}, async (page) => {
      const stops = "a[href], summary, [tabindex='0']";
      const count = await page.locator(stops).count();
      const visited: unknown[] = [];
      for (let i = 0; i < count; i++) {
        await page.keyboard.press("Tab");
        if (i === 0) expect(await page.locator(".skip").boundingBox()).toMatchObject({ y: 8 });
        visited.push(
          await page.evaluate(
            `[...document.querySelectorAll("${stops}")].indexOf(document.activeElement)`,
          ),
        );
      }
      // Addresses inside a closed disclosure are not stops: open, they are.
      const closed = await page.locator("details:not([open]) a[href]").count();
      const reached = visited.filter((index) => index !== -1);
      expect(reached).toEqual([...reached].sort((a, b) => Number(a) - Number(b)));
      expect(new Set(reached).size).toBe(count - closed);
    });
  });

  it("focus is seen on every stop", async () => {
    await visit("valid", {}, async (page) => {
      for (let i = 0; i < 6; i++) {
        await page.keyboard.press("Tab");
        const outline = await page.evaluate(
          "getComputedStyle(document.activeElement).outlineStyle",
        );
        expect(outline).toBe("solid");
      }
    });
  });
});

inBrowser("on paper", { timeout: TIMEOUT }, () => {
  it("revoked stays, since it stays true", async () => {
    await visit("revoked", {}, async (page) => {
      await page.emulateMedia({ media: "print" });
      expect(await page.getByText("This badge was revoked").isVisible()).toBe(true);
    });
  });

  it.each(["valid", "expired", "hidden"] as const)(
    "%s: the way to the current status instead of a verdict",
    async (name) => {
      await visit(name, { viewport: { width: 660, height: 930 } }, async (page) => {
        await page.emulateMedia({ media: "print" });
        const text = await page.evaluate<string>("document.body.innerText");
        expect(text).not.toMatch(/valid|expired|revoked/i);
        expect(text).toContain("Check the current status at");
        expect(text).toContain(`/b/${scenes[name]}`);
        const code = page.getByRole("img", { name: "QR code of this badge’s page" });
        expect((await code.boundingBox())?.width).toBeGreaterThan(100);
        // About half of the modules are dark, the quiet zone around them is not.
        const { channels } = await sharp(await code.screenshot())
          .greyscale()
          .stats();
        expect(channels[0]?.mean).toBeGreaterThan(255 * 0.4);
        expect(channels[0]?.mean).toBeLessThan(255 * 0.85);
      });
    },
  );
});
