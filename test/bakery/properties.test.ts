// A few thousand random files, on every runtime.

import { test } from "vitest";
import { pngChunks, pngDamage, pngRoundTrip, svgDamage, svgRoundTrip } from "./properties.ts";

test("any PNG, any payload: out comes what went in, and nothing else changes", async () => {
  await pngRoundTrip(400);
});

test("a damaged PNG gets an answer, never an exception", async () => {
  await pngDamage(1500);
});

test("any sequence of chunks gets an answer, never an exception", async () => {
  await pngChunks(1000);
});

test("any SVG, any payload: out comes what went in, and nothing else changes", () => {
  svgRoundTrip(400);
});

test("a damaged SVG gets an answer, never an exception", () => {
  svgDamage(1500);
});
