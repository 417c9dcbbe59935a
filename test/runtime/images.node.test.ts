import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import sharp from "sharp";
import { afterAll, describe, expect, it, onTestFinished, vi } from "vitest";
import type { Picture } from "../../src/env.ts";
import { createImageEngine, type ImageEngineOptions } from "../../src/runtime/images.ts";

const svg = (body: string, attributes = 'viewBox="0 0 512 512"'): Picture => ({
  mediaType: "image/svg+xml",
  bytes: new TextEncoder().encode(
    `<svg xmlns="http://www.w3.org/2000/svg" ${attributes}>${body}</svg>`,
  ),
});

const CIRCLE = svg('<circle cx="256" cy="256" r="256" fill="#1f4fbf"/>');

/** 20 levels of ten copies each: more shapes than any machine draws, in under 2 kB. */
function useBomb(): Picture {
  const levels = Array.from(
    { length: 20 },
    (_, level) => `<g id="l${level + 1}">${`<use href="#l${level}" x="${level}"/>`.repeat(10)}</g>`,
  );
  return svg(`<rect id="l0" width="9" height="9"/>${levels.join("")}<use href="#l20"/>`);
}

async function png(width: number, height = width): Promise<Picture> {
  const bytes = await sharp({
    create: { width, height, channels: 4, background: { r: 200, g: 30, b: 30, alpha: 1 } },
  })
    .png()
    .toBuffer();
  return { mediaType: "image/png", bytes: new Uint8Array(bytes) };
}

function given(options: ImageEngineOptions = {}) {
  const engine = createImageEngine(options);
  onTestFinished(() => engine.close());
  return engine;
}

async function drawn(result: Promise<{ ok: boolean; png?: Uint8Array; reason?: string }>) {
  const { ok, png, reason } = await result;
  expect(reason).toBeUndefined();
  expect(ok).toBe(true);
  const { data, info } = await sharp(png).raw().toBuffer({ resolveWithObject: true });
  const pixel = (x: number, y: number) => [
    ...data.subarray((y * info.width + x) * info.channels).subarray(0, info.channels),
  ];
  return { ...info, pixel };
}

const shared = createImageEngine();
afterAll(() => shared.close());

describe("what is drawn", () => {
  it.each([64, 512, 1024])("an SVG at %i pixels, sharp and transparent around", async (width) => {
    const picture = await drawn(shared.rasterise(CIRCLE, width));
    expect([picture.width, picture.height, picture.channels]).toEqual([width, width, 4]);
    expect(picture.pixel(0, 0)).toEqual([0, 0, 0, 0]);
    expect(picture.pixel(width / 2, width / 2)).toEqual([0x1f, 0x4f, 0xbf, 255]);
    expect(picture.pixel(2, width / 2)).toEqual([0x1f, 0x4f, 0xbf, 255]);
  });

  it("an SVG that is declared small, from its outlines and not from few pixels", async () => {
    const small = svg('<rect width="8" height="16"/>', 'width="16" height="16"');
    const picture = await drawn(shared.rasterise(small, 512));
    expect(picture.pixel(254, 256)).toEqual([0, 0, 0, 255]);
    expect(picture.pixel(258, 256)).toEqual([0, 0, 0, 0]);
  });

  it("an SVG that is declared huge", async () => {
    const huge = svg('<rect width="30000" height="30000"/>', 'width="30000" height="30000"');
    const picture = await drawn(shared.rasterise(huge, 64));
    expect(picture.pixel(32, 32)).toEqual([0, 0, 0, 255]);
  });

  it("a wide PNG, padded to a square", async () => {
    const picture = await drawn(shared.rasterise(await png(400, 200), 128));
    expect([picture.width, picture.height]).toEqual([128, 128]);
    expect(picture.pixel(64, 4)).toEqual([0, 0, 0, 0]);
    expect(picture.pixel(64, 64)).toEqual([200, 30, 30, 255]);
  });

  it("the same picture always as the same bytes", async () => {
    const [one, two] = await Promise.all([
      shared.rasterise(CIRCLE, 128),
      shared.rasterise(CIRCLE, 128),
    ]);
    expect(one).toEqual(two);
  });

  it("nothing from outside the file", async () => {
    const folder = mkdtempSync(join(tmpdir(), "rosette-outside-"));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const outside = join(folder, "outside.png");
    writeFileSync(outside, (await png(64)).bytes);
    const reaching = svg(
      `<image href="${pathToFileURL(outside)}" width="256" height="512"/><image href="${outside}" width="256" height="512"/>`,
    );
    const picture = await drawn(shared.rasterise(reaching, 64));
    expect(picture.pixel(16, 32)).toEqual([0, 0, 0, 0]);
  });

  it("a bitmap embedded in an SVG", async () => {
    const { bytes } = await png(64);
    const data = Buffer.from(bytes).toString("base64");
    const embedding = svg(`<image href="data:image/png;base64,${data}" width="512" height="512"/>`);
    const picture = await drawn(shared.rasterise(embedding, 64));
    expect(picture.pixel(16, 32)).toEqual([200, 30, 30, 255]);
  });
});

describe("a picture at fault", () => {
  it.each([
    [
      "a PNG cut short",
      { mediaType: "image/png", bytes: new Uint8Array([0x89, 0x50, 0x4e, 0x47]) },
    ],
    ["an SVG that is no XML", { ...CIRCLE, bytes: new TextEncoder().encode("<svg <<<") }],
    ["a format that is not taken", { ...CIRCLE, bytes: new TextEncoder().encode("GIF89a") }],
    ["nothing", { ...CIRCLE, bytes: new Uint8Array() }],
  ] as const)("%s is unreadable", async (_, picture) => {
    expect(await shared.rasterise(picture, 64)).toEqual({ ok: false, reason: "unreadable" });
  });

  it("a JPEG that pretends to be a PNG is not opened", async () => {
    const jpeg = await sharp({ create: { width: 8, height: 8, channels: 3, background: "red" } })
      .jpeg()
      .toBuffer();
    const lying: Picture = { mediaType: "image/png", bytes: new Uint8Array(jpeg) };
    expect(await shared.rasterise(lying, 64)).toEqual({ ok: false, reason: "unreadable" });
  });

  it("a bomb of references is cut off at the deadline, and the next picture is drawn", async () => {
    const engine = given({ drawDeadlineMs: 300, maxChildren: 1 });
    expect(await engine.rasterise(useBomb(), 512)).toEqual({ ok: false, reason: "deadline" });
    await drawn(engine.rasterise(CIRCLE, 64));
  });
});

describe("the processes", () => {
  it("none live before the first picture", () => {
    expect(given().children()).toEqual([]);
  });

  it("never more draw than allowed, and everybody is served", async () => {
    const engine = given({ maxChildren: 2, maxWaiting: 12 });
    const widths = Array.from({ length: 12 }, (_, i) => 64 + i);
    const results = await Promise.all(
      widths.map(async (width) => {
        const result = await drawn(engine.rasterise(CIRCLE, width));
        expect(engine.children().length).toBeLessThanOrEqual(2);
        return result.width;
      }),
    );
    expect(results).toEqual(widths);
  });

  it("one that is killed is replaced, and its picture drawn by the next", async () => {
    const engine = given({ maxChildren: 1 });
    await drawn(engine.rasterise(CIRCLE, 64));
    const [before] = engine.children();
    process.kill(before as number, "SIGKILL");
    const picture = await drawn(engine.rasterise(CIRCLE, 96));
    expect(picture.width).toBe(96);
    expect(engine.children()).not.toContain(before);
  });

  it("a picture whose process dies twice is unreadable", async () => {
    const engine = given({ maxChildren: 1, drawDeadlineMs: 60_000 });
    await drawn(engine.rasterise(CIRCLE, 64));
    const result = engine.rasterise(useBomb(), 512);
    for (let death = 0; death < 2; death++) {
      const pid = await vi.waitUntil(() => engine.children()[0], { interval: 5, timeout: 20_000 });
      // Dies while drawing or while starting: either way its picture is left behind.
      process.kill(pid, "SIGKILL");
      await vi.waitUntil(() => engine.children()[0] !== pid, { interval: 5, timeout: 20_000 });
    }
    expect((await result).ok).toBe(false);
    await drawn(engine.rasterise(CIRCLE, 64));
  }, 30_000);

  it("ends when idle, and the next picture starts another", async () => {
    const engine = given({ idleMs: 1 });
    await drawn(engine.rasterise(CIRCLE, 64));
    await vi.waitUntil(() => engine.children().length === 0, { interval: 5, timeout: 20_000 });
    await drawn(engine.rasterise(CIRCLE, 64));
  }, 30_000);

  it("past the queue's limit the answer is `unavailable` at once", async () => {
    const engine = given({ maxChildren: 1, maxWaiting: 2 });
    const results = await Promise.all(
      Array.from({ length: 5 }, () => engine.rasterise(CIRCLE, 64)),
    );
    expect(results.map((result) => result.ok)).toEqual([true, true, true, false, false]);
    expect(results[4]).toEqual({ ok: false, reason: "unavailable" });
  });

  it("closing answers who waits, ends every process and takes no more", async () => {
    const engine = createImageEngine({ maxChildren: 1, drawDeadlineMs: 60_000 });
    const running = engine.rasterise(useBomb(), 512);
    const waiting = engine.rasterise(CIRCLE, 64);
    const [pid] = engine.children();
    await engine.close();
    const unavailable = { ok: false, reason: "unavailable" };
    expect(await Promise.all([running, waiting])).toEqual([unavailable, unavailable]);
    expect(engine.children()).toEqual([]);
    expect(() => process.kill(pid as number, 0)).toThrow();
    expect(await engine.rasterise(CIRCLE, 64)).toEqual(unavailable);
  });

  it("sharp is not loaded into the server's own process", async () => {
    const { execFile } = await import("node:child_process");
    const { promisify } = await import("node:util");
    const engine = new URL("../../src/runtime/images.ts", import.meta.url).href;
    const script = `
      const { createImageEngine } = await import(${JSON.stringify(engine)});
      const images = createImageEngine();
      const bytes = new TextEncoder().encode('<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><path d="M0 0h9v9z"/></svg>');
      const { ok } = await images.rasterise({ mediaType: "image/svg+xml", bytes }, 64);
      const { sharedObjects } = process.report.getReport();
      console.log(JSON.stringify({ ok, native: sharedObjects.filter((name) => /sharp|vips/.test(name)) }));
    `;
    // It is not closed on purpose: an idle child must not keep a process from ending.
    const { stdout } = await promisify(execFile)(process.execPath, [
      "--input-type=module",
      "-e",
      script,
    ]);
    expect(JSON.parse(stdout)).toEqual({ ok: true, native: [] });
  }, 20_000);
});
