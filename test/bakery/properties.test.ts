// A few thousand random files, on every runtime.

import { test } from "vitest";
import { pngChunks, pngDamage, pngRoundTrip, svgDamage, svgRoundTrip } from "./properties.ts";

/** Each takes a second or two; a busy machine may take many times that. */
const timeout = 60_000;

test("any PNG, any payload: out comes what went in, and nothing else changes", { timeout }, () =>
  pngRoundTrip(400),
);

test("a damaged PNG gets an answer, never an exception", { timeout }, () => pngDamage(1500));

test("any sequence of chunks gets an answer, never an exception", { timeout }, () =>
  pngChunks(1000),
);

test("any SVG, any payload: out comes what went in, and nothing else changes", { timeout }, () => {
  svgRoundTrip(200);
});

test("a damaged SVG gets an answer, never an exception", { timeout }, () => {
  svgDamage(1500);
});
