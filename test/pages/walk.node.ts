// Walks a page as people use it: axe in both colour schemes, the narrowest screen, the keyboard alone.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { Page } from "playwright-core";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
export const WIDE = { width: 1180, height: 900 };
/** The narrowest that has to work without sideways scrolling (WCAG 2.2, 1.4.10). */
export const NARROW = { width: 320, height: 760 };
/** CSS pixels of what is pressed with a finger (WCAG 2.2, 2.5.5). */
const TARGET = 44;

/** A rule of axe and the elements that break it. */
export type Finding = readonly [rule: string, elements: readonly string[]];

/** In the dark nothing but colours differs. */
const RULES = { light: "{}", dark: "{ runOnly: ['color-contrast'] }" } as const;

/** For a page whose context has `bypassCSP`, since axe is put into it. */
export async function loadAxe(page: Page): Promise<void> {
  await page.evaluate(AXE);
}

export function axe(page: Page, scheme: keyof typeof RULES = "light"): Promise<Finding[]> {
  return page.evaluate<Finding[]>(
    `axe.run(${RULES[scheme]}).then(({ violations }) => violations.map((v) => [v.id, v.nodes.map((n) => n.html)]))`,
  );
}

/**
 * What axe finds on both screens in both schemes, each with where it was found. Where the variable
 * SCREENSHOTS names a folder, what it looks like is left there under the page's name.
 */
export async function axeEverywhere(
  page: Page,
  name = new URL(page.url()).pathname,
): Promise<(readonly [where: string, Finding])[]> {
  await loadAxe(page);
  const found: (readonly [string, Finding])[] = [];
  for (const viewport of [WIDE, NARROW]) {
    await page.setViewportSize(viewport);
    for (const colorScheme of ["light", "dark"] as const) {
      await page.emulateMedia({ colorScheme });
      const where = `${viewport.width} ${colorScheme}`;
      for (const finding of await axe(page, colorScheme)) found.push([where, finding]);
      const folder = process.env.SCREENSHOTS;
      if (!folder) continue;
      const file = `${name}-${where}`.replaceAll(/[^a-z0-9]+/gi, "-");
      await page.screenshot({ path: `${folder}/${file}.png`, fullPage: true });
    }
  }
  return found;
}

export async function openAll(page: Page): Promise<void> {
  await page.evaluate("for (const one of document.querySelectorAll('details')) one.open = true");
}

export interface NarrowFaults {
  /** How wide the page wants to be. */
  readonly needed: number;
  /** What goes past the right edge. */
  readonly past: readonly string[];
  /** What is pressed and too small for a finger; a link inside a sentence may be small. */
  readonly small: readonly string[];
}

export const NO_NARROW_FAULTS: NarrowFaults = { needed: NARROW.width, past: [], small: [] };

/** On the narrowest screen, with everything open. */
export async function narrowFaults(page: Page): Promise<NarrowFaults> {
  await page.setViewportSize(NARROW);
  await openAll(page);
  return page.evaluate<NarrowFaults>(`({
    needed: document.documentElement.scrollWidth,
    past: [...document.querySelectorAll("body *")]
      .filter((e) => !e.closest("pre, .skip, .unseen"))
      .filter((e) => e.getBoundingClientRect().right > innerWidth + 0.5)
      .map((e) => e.outerHTML.slice(0, 80)),
    small: [...document.querySelectorAll(
      "header a, header button, nav a, footer a, main button, main summary, main .btn, main select, main textarea, main input:not([type=hidden], [type=checkbox], [type=radio]), main label:has(input)",
    )]
      .filter((e) => e.checkVisibility() && !e.closest(".skip"))
      .filter((e) => e.getBoundingClientRect().height < ${TARGET})
      .map((e) => e.outerHTML.slice(0, 80)),
  })`);
}

/** Between the narrow and the wide, where a table has the least room for its columns. */
const BETWEEN = [720, 1024] as const;

/** What goes past the edge of the sheet it stands on, where it is cut off. */
export async function cutOff(page: Page): Promise<string[]> {
  const found: string[] = [];
  for (const width of BETWEEN) {
    await page.setViewportSize({ width, height: WIDE.height });
    const past = await page.evaluate<string[]>(
      `[...document.querySelectorAll(".sheet .table")]
        .filter((e) => e.getBoundingClientRect().right > e.closest(".sheet").getBoundingClientRect().right)
        .map((e) => e.outerHTML.slice(0, 80))`,
    );
    found.push(...past.map((html) => `${width}: ${html}`));
  }
  return found;
}

export interface KeyboardWalk {
  /** Where the skip link is, once it has the focus. */
  readonly skipLinkAt: number | undefined;
  /** Stops in the order they were reached, as places in the document. */
  readonly reached: readonly number[];
  /** How many there are to reach. */
  readonly stops: number;
  /** Stops at which nobody would see where the focus is. */
  readonly unseen: readonly string[];
}

const STOPS =
  "a[href], button, summary, select, textarea, input:not([type=hidden]), [tabindex='0']";

/** Presses Tab from the top of the page until the last stop was reached. */
export async function keyboardWalk(page: Page): Promise<KeyboardWalk> {
  // Where the page gave the focus to something, the keyboard would go on from there.
  await page.evaluate(
    "document.body.tabIndex = -1, document.body.focus(), document.body.removeAttribute('tabindex')",
  );
  const stops = await page.evaluate<number>(
    `[...document.querySelectorAll("${STOPS}")].filter((e) => e.checkVisibility()).length`,
  );
  const reached: number[] = [];
  const unseen: string[] = [];
  let skipLinkAt: number | undefined;
  for (let i = 0; i < stops; i++) {
    await page.keyboard.press("Tab");
    if (i === 0) skipLinkAt = (await page.locator(".skip").boundingBox())?.y;
    const [at, outline, html] = await page.evaluate<[number, string, string]>(
      `(() => {
        const stops = [...document.querySelectorAll("${STOPS}")];
        const at = document.activeElement;
        return [stops.indexOf(at), getComputedStyle(at).outlineStyle, at.outerHTML.slice(0, 80)];
      })()`,
    );
    if (at !== -1) reached.push(at);
    // A checkbox and a choice have a ring of the browser's own.
    if (outline !== "solid" && outline !== "auto") unseen.push(html);
  }
  return { skipLinkAt, reached, stops, unseen };
}
