// The token of an award's link: what was made here is read, and nothing else is.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { newId } from "../../src/ids.ts";
import { awardToken, LINK_DAYS, readAwardToken } from "../../src/issuer/award-link.ts";
import { TEST_NOW, testApp } from "../app.ts";

const DAY = 86_400_000;

describe("an award's link", () => {
  it("leads to its award, for as many days as a link lasts, and is the same all day", async () => {
    const { env } = await testApp();
    const id = newId(env);
    const token = await awardToken(env, id, TEST_NOW);
    expect(token).toMatch(/^a_[A-Za-z0-9_-]{48}$/);
    const midnight = Math.floor(TEST_NOW / DAY) * DAY;
    expect(await readAwardToken(env, token)).toEqual({
      awardId: id,
      endsAt: midnight + LINK_DAYS * DAY,
    });
    expect(await awardToken(env, id, midnight)).toBe(token);
    expect(await awardToken(env, id, midnight + DAY)).not.toBe(token);
  });

  it("one sign changed, and it is nobody's", async () => {
    const { env } = await testApp();
    const token = await awardToken(env, newId(env), TEST_NOW);
    for (let i = 2; i < token.length; i++) {
      const other = token[i] === "A" ? "B" : "A";
      const changed = `${token.slice(0, i)}${other}${token.slice(i + 1)}`;
      expect([i, await readAwardToken(env, changed)]).toEqual([i, null]);
    }
  });

  it("another installation's is nobody's here", async () => {
    const { env } = await testApp();
    const secretKey = env.config.secretKey.map((byte) => byte ^ 1);
    const there = { config: { ...env.config, secretKey } };
    const token = await awardToken(there, newId(env), TEST_NOW);
    expect(await readAwardToken(env, token)).toBeNull();
  });

  it("no text makes it fail", async () => {
    const { env } = await testApp();
    const form = fc.stringMatching(/^a_[A-Za-z0-9_-]{48}$/);
    await fc.assert(
      fc.asyncProperty(fc.oneof(fc.string(), form), async (text) => {
        expect(await readAwardToken(env, text)).toBeNull();
      }),
    );
  });
});
