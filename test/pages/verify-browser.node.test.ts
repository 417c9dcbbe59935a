import type { BrowserContextOptions, Page } from "playwright-core";
import { expect, it } from "vitest";
import { TEST_ORIGIN } from "../app.ts";
import { givenStandings, HOLDER, verifyingApp } from "../verify/installation.ts";
import { givenScenes } from "./scenes.ts";
import { browserStage, inBrowser } from "./stage.node.ts";
import {
  axeEverywhere,
  keyboardWalk,
  NARROW,
  NO_NARROW_FAULTS,
  narrowFaults,
  openAll,
} from "./walk.node.ts";

const TIMEOUT = 60_000;
const LONG = `https://down.example/${"very-long-path".repeat(30)}`;

let app: Awaited<ReturnType<typeof verifyingApp>>;
let standings: Awaited<ReturnType<typeof givenStandings>>;
/** An award whose words try to break the page. */
let hostile: string;
let baked: Buffer;

const stage = browserStage(async () => {
  app = await verifyingApp({ shared: true });
  standings = await givenStandings(app);
  hostile = `${TEST_ORIGIN}/b/${(await givenScenes(app.env)).hostile}`;
  const svg = await app.request(`/ob/v2/assertions/${standings.valid}/image.svg`);
  baked = Buffer.from(await svg.arrayBuffer());
  return app;
});

function visit<T>(options: BrowserContextOptions, look: (page: Page) => Promise<T>): Promise<T> {
  return stage.inContext(options, async (page) => {
    await page.goto(`${stage.origin}/verify`);
    return look(page);
  });
}

const link = (standing: keyof typeof standings) => `${TEST_ORIGIN}/b/${standings[standing]}`;
const heading = (page: Page) => page.getByRole("heading", { level: 1 }).innerText();

async function verify(page: Page, input: string): Promise<void> {
  await page.getByLabel("Link to the badge, or its text").fill(input);
  await page.getByRole("button", { name: "Verify" }).click();
  await page.waitForSelector("#verdict, [role=alert]");
}

const STATES = {
  form: async () => {},
  fault: (page: Page) => page.getByRole("button", { name: "Verify" }).click(),
  valid: (page: Page) => verify(page, link("valid")),
  expired: (page: Page) => verify(page, link("expired")),
  revoked: (page: Page) => verify(page, link("revoked")),
  hostile: (page: Page) => verify(page, hostile),
  "not reached": (page: Page) => verify(page, LONG),
  "only a picture": (page: Page) => upload(page, Buffer.from([0xff, 0xd8, 0xff, 0xe0])),
} as const;
const NAMES = Object.keys(STATES) as (keyof typeof STATES)[];

async function upload(page: Page, buffer: Buffer): Promise<void> {
  await page
    .getByLabel("Or the badge’s file")
    .setInputFiles({ name: "badge.svg", mimeType: "image/svg+xml", buffer });
  await page.getByRole("button", { name: "Verify" }).click();
  await page.waitForSelector("#verdict");
}

inBrowser("axe finds nothing", { timeout: TIMEOUT }, () => {
  it.each(NAMES)("%s", async (name) => {
    await visit({ bypassCSP: true }, async (page) => {
      await STATES[name](page);
      await openAll(page);
      expect(await axeEverywhere(page)).toEqual([]);
    });
  });
});

inBrowser("at 320 pixels", { timeout: TIMEOUT }, () => {
  it.each(NAMES)("%s does not scroll sideways, and its targets fit a finger", async (name) => {
    await visit({}, async (page) => {
      await STATES[name](page);
      expect(await narrowFaults(page)).toEqual(NO_NARROW_FAULTS);
    });
  });

  it("the verdict is in the first screenful", async () => {
    for (const name of ["valid", "expired", "revoked"] as const) {
      await visit({ viewport: NARROW }, async (page) => {
        await STATES[name](page);
        const box = await page.getByRole("heading", { level: 1 }).boundingBox();
        expect((box?.y ?? 9_999) + (box?.height ?? 0)).toBeLessThan(200);
      });
    }
  });
});

inBrowser("words that try to break the page", { timeout: TIMEOUT }, () => {
  it("stay words: nothing runs, nothing is asked of other hosts", async () => {
    await visit({}, async (page) => {
      const asked: string[] = [];
      const complaints: string[] = [];
      page.on("request", (request) => asked.push(new URL(request.url()).origin));
      page.on("dialog", () => complaints.push("a dialog"));
      page.on("console", (message) => complaints.push(message.text()));
      await verify(page, hostile);
      expect(await page.getByText("<script>alert(1)</script>").count()).toBeGreaterThan(0);
      const links = await page.locator("main a").evaluateAll((all) => all.map(String));
      expect(links.filter((link) => !/^https?:/.test(link))).toEqual([]);
      expect(complaints).toEqual([]);
      expect(new Set(asked.filter((origin) => origin !== "null"))).toEqual(new Set([stage.origin]));
    });
  });
});

inBrowser("with the keyboard alone", { timeout: TIMEOUT }, () => {
  it("a link is typed and sent, and the answer has the focus", async () => {
    await visit({}, async (page) => {
      await page.getByLabel("Link to the badge, or its text").focus();
      await page.keyboard.type(link("valid"));
      await page.keyboard.press("Tab");
      expect(await page.evaluate("document.activeElement.id")).toBe("file");
      await page.keyboard.press("Tab");
      expect(await page.evaluate("document.activeElement.textContent.trim()")).toBe("Verify");
      await page.keyboard.press("Enter");
      await page.waitForSelector("#verdict");
      expect(await page.evaluate("document.activeElement.id")).toBe("verdict");
      expect(await page.title()).toBe("Valid: Streak Champion");
    });
  });

  it("every stop of the result shows its focus", async () => {
    await visit({}, async (page) => {
      await verify(page, link("valid"));
      expect((await keyboardWalk(page)).unseen).toEqual([]);
    });
  });
});

inBrowser("the holder’s address", { timeout: TIMEOUT }, () => {
  it("is compared in the browser and sent nowhere", async () => {
    await visit({}, async (page) => {
      const complaints: string[] = [];
      page.on("console", (message) => complaints.push(message.text()));
      await verify(page, link("valid"));
      await page.getByText("It is compared in your browser and sent nowhere.").waitFor();
      expect(await page.locator(".sends").isVisible()).toBe(false);
      const sent: string[] = [];
      page.on("request", (request) => sent.push(request.url()));
      const compare = async (address: string) => {
        await page.getByLabel("Their e-mail address").fill(address);
        await page.getByRole("button", { name: "Compare" }).click();
        await page.waitForFunction("document.querySelector('output').textContent !== ''");
        return page.locator("output").innerText();
      };
      expect(await compare("Kim@Example.org")).toBe(
        "Yes: this badge was awarded to Kim@Example.org.",
      );
      expect(await compare("eve@example.org")).toMatch(/^No: this badge was not awarded to eve@/);
      expect({ sent, complaints }).toEqual({ sent: [], complaints: [] });
    });
  });

  it("hashed with MD5, as old badges have it, is compared as well", async () => {
    await visit({}, async (page) => {
      await verify(page, link("valid"));
      // RFC 1321, appendix A.5: the digest of "message digest".
      await page.evaluate(
        `(async () => {
          const form = document.querySelector("form[data-identity]");
          const copy = form.cloneNode(true);
          copy.dataset.identity = "md5$f96b697d7cb7938d525a2f31aaf161d0";
          copy.dataset.salt = " digest";
          copy.querySelector("input[name=recipient]").type = "text";
          form.replaceWith(copy);
          await import(document.querySelector("script[type=module]").src + "?again");
        })()`,
      );
      await page.getByLabel("Their e-mail address").fill("message");
      await page.getByRole("button", { name: "Compare" }).click();
      await page.waitForFunction("document.querySelector('output').textContent !== ''");
      expect(await page.locator("output").innerText()).toBe(
        "Yes: this badge was awarded to message.",
      );
    });
  });
});

inBrowser("without JavaScript", { timeout: TIMEOUT }, () => {
  const withoutScript = { javaScriptEnabled: false } as const;

  it("a file is verified and the address is sent, as the button says", async () => {
    await visit(withoutScript, async (page) => {
      await upload(page, baked);
      expect(await heading(page)).toBe("This badge is valid");
      expect(await page.getByText("It is compared in your browser").isVisible()).toBe(false);
      expect(await page.getByText("This sends the address to this server").isVisible()).toBe(true);
      await page.getByLabel("Their e-mail address").fill(HOLDER);
      await page.getByRole("button", { name: "Send and compare" }).click();
      await page.getByText(`It is ${HOLDER}`).waitFor();
      expect(await heading(page)).toBe("This badge is valid");
    });
  });

  it("a receipt is saved as a file", async () => {
    await visit(withoutScript, async (page) => {
      await upload(page, baked);
      const download = page.waitForEvent("download");
      await page.getByRole("button", { name: "Save a receipt" }).click();
      expect((await download).suggestedFilename()).toBe("rosette-receipt-valid-2026-10-04.jwt");
    });
  });

  it("the style and the picture are there", async () => {
    await visit(withoutScript, async (page) => {
      await upload(page, baked);
      const art = page.locator("img.art");
      expect((await art.boundingBox())?.width).toBeGreaterThan(100);
    });
  });
});
