// The same properties for as long as one likes: FUZZ_RUNS says how many files of each kind.

import { test } from "vitest";
import { pngChunks, pngDamage, pngRoundTrip, svgDamage, svgRoundTrip } from "./properties.ts";

const runs = Number(process.env.FUZZ_RUNS ?? 100);

/** No file of these may take more than a moment; this is a generous moment for each. */
const timeout = 30_000 + runs * 20;

test.each([
  ["sound PNGs", pngRoundTrip],
  ["damaged PNGs", pngDamage],
  ["PNGs of any chunks", pngChunks],
  ["sound SVGs", svgRoundTrip],
  ["damaged SVGs", svgDamage],
])(`${runs} %s`, { timeout }, async (_, property) => {
  await property(runs);
});
