// Published contexts, schemas and samples, where the checkout has them beside it; tests skip without.
import { existsSync, readFileSync } from "node:fs";

const FOLDER = new URL("../../shared/spec/data/", import.meta.url);

export const hasSpecData = existsSync(FOLDER);

if (!hasSpecData) {
  console.info("skipped: the published specification data is not beside this checkout");
}

export function specFile(path: string): Uint8Array<ArrayBuffer> {
  return new Uint8Array(readFileSync(new URL(path, FOLDER)));
}

export function specJson(path: string): unknown {
  return JSON.parse(readFileSync(new URL(path, FOLDER), "utf8"));
}

export function specFolder(path: string): URL {
  return new URL(path, FOLDER);
}
