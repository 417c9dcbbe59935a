import { describe, expect, it } from "vitest";
import { DOCUMENTS } from "./documents.ts";

const GOLDEN: Record<string, string> = import.meta.glob("./golden/*.json", {
  query: "?raw",
  import: "default",
  eager: true,
});

describe("golden documents", () => {
  it("there is one for every document", () => {
    expect(Object.keys(GOLDEN).sort()).toEqual(
      Object.keys(DOCUMENTS)
        .map((name) => `./golden/${name}.json`)
        .sort(),
    );
  });

  it.each(Object.entries(DOCUMENTS))("%s", (name, document) => {
    const golden = GOLDEN[`./golden/${name}.json`] ?? "";
    // As text, so that the order of members counts; not as formatted by whoever stored the file.
    expect(JSON.stringify(document)).toBe(JSON.stringify(JSON.parse(golden)));
  });
});
