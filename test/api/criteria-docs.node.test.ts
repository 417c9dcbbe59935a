// docs/criteria.md: its example is taken as it stands, and it names every type there is.
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { REAL_TYPES } from "../../src/issuer/criteria/kinds.ts";
import { testApp } from "../app.ts";
import { BADGE, givenClient } from "./client.ts";

const PAGE = readFileSync(new URL("../../docs/criteria.md", import.meta.url), "utf8");

describe("the page on criteria", () => {
  it("shows an example that works", async () => {
    const { send } = await givenClient(await testApp());
    const [, example = ""] = /```json\n([^`]*)```/.exec(PAGE) ?? [];
    const made = await send("POST", "/badges", { ...BADGE, ...JSON.parse(example) });
    expect([made.status, made.body.errors]).toEqual([201, undefined]);
  });

  it.each(REAL_TYPES)("names %s", (type) => {
    expect(PAGE).toContain(`\`${type}\``);
  });
});
