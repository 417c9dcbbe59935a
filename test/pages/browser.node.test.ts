import type { BrowserContextOptions, Page } from "playwright-core";
import sharp from "sharp";
import { expect, it } from "vitest";
import { tombstones } from "../../src/db/tombstones.ts";
import { type TestApp, testApp } from "../app.ts";
import { givenScenes, SCENES, type Scenes } from "./scenes.ts";
import { browserStage, inBrowser } from "./stage.node.ts";
import {
  axe,
  axeEverywhere,
  keyboardWalk,
  loadAxe,
  NARROW,
  NO_NARROW_FAULTS,
  narrowFaults,
  openAll,
} from "./walk.node.ts";

const TIMEOUT = 60_000;

/** An award that was removed for good. */
const REMOVED = "1".repeat(40);

let app: TestApp;
let scenes: Scenes;

const stage = browserStage(async () => {
  app = await testApp({
    shared: true,
    override: ({ config }) => ({ config: { ...config, demo: true } }),
  });
  scenes = await givenScenes(app.env);
  const gone = { id: REMOVED, kind: "award", organization_id: "o", purged_at: 1 } as const;
  await app.env.db.batch([app.env.db.orm.insert(tombstones).values(gone)]);
  return app;
});

const OTHERS = {
  home: "/",
  problems: "/problems",
  problem: "/problems/invalid-request",
  "not found": "/nothing/here",
  unknown: `/b/${"0".repeat(40)}`,
  removed: `/b/${REMOVED}`,
} as const;
const PAGES = [
  ...SCENES,
  "embed",
  "printed",
  "criteria",
  ...(Object.keys(OTHERS) as (keyof typeof OTHERS)[]),
];
type PageName = (typeof PAGES)[number];

async function pathOf(name: PageName): Promise<string> {
  if (name === "embed") return `/b/${scenes.hostile}/embed`;
  if (name === "printed") return `/b/${scenes.hostile}/print`;
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

function visit<T>(
  name: PageName,
  options: BrowserContextOptions,
  look: (page: Page) => Promise<T>,
): Promise<T> {
  return stage.inContext(options, async (page) => {
    await page.goto(stage.origin + (await pathOf(name)));
    return look(page);
  });
}

inBrowser("axe finds nothing", { timeout: TIMEOUT }, () => {
  it.each(PAGES)("%s", async (name) => {
    await visit(name, { bypassCSP: true }, async (page) => {
      await openAll(page);
      expect(await axeEverywhere(page)).toEqual([]);
    });
  });

  it("but does find what is planted", async () => {
    await visit("valid", { bypassCSP: true, colorScheme: "dark" }, async (page) => {
      await loadAxe(page);
      await page.evaluate("document.querySelector('img').removeAttribute('alt')");
      expect((await axe(page)).map(([id]) => id)).toEqual(["image-alt"]);
      await page.evaluate("document.querySelector('h1').setAttribute('style', 'color: #333')");
      expect((await axe(page, "dark")).map(([id]) => id)).toEqual(["color-contrast"]);
    });
  });
});

inBrowser("at 320 pixels", { timeout: TIMEOUT }, () => {
  it.each(PAGES)("%s does not scroll sideways, and is pressed with a finger", async (name) => {
    expect(await visit(name, {}, narrowFaults)).toEqual(NO_NARROW_FAULTS);
  });

  it("every page has room for the longer words of German", async () => {
    await visit("home", { locale: "de-DE" }, async (page) => {
      for (const name of PAGES) {
        await page.goto(stage.origin + (await pathOf(name)));
        expect(await page.getAttribute("html", "lang")).toBe("de");
        expect([name, await narrowFaults(page)]).toEqual([name, NO_NARROW_FAULTS]);
      }
    });
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
      const walked = await keyboardWalk(page);
      const inOrder = [...walked.reached].sort((a, b) => a - b);
      expect(walked).toEqual({ skipLinkAt: 8, reached: inOrder, stops: walked.stops, unseen: [] });
      expect(new Set(walked.reached).size).toBe(walked.stops);
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
