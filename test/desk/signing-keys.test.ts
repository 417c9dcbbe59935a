// /admin/keys: the first key, changing it while old badges still verify, and revoking one.
import { describe, expect, it } from "vitest";
import { givenAward, givenBadge, givenPerson } from "../given.ts";
import { verifyingApp } from "../verify/installation.ts";
import { administrating, fieldOf, textOf } from "./administrating.ts";

async function world() {
  const app = await verifyingApp();
  const at = await administrating(app);
  const badge = await givenBadge(app.env, at.organization);
  const noor = await givenPerson(app.env, at.organization);
  const award = await givenAward(app.env, badge, noor);
  /** The compact JWS of the award, as anybody downloads it. */
  const signed = async () =>
    (await app.request(`/ob/v2/assertions/${award.unique_hash}/signed`)).text();
  const verdict = async (input: string) => {
    const answer = await app.request("/api/v1/verifications", {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ input }),
    });
    return ((await answer.json()) as { readonly verdict: string }).verdict;
  };
  const list = async (query = "") =>
    textOf(await (await at.browser.get(`/admin/keys${query}`)).text());
  return { ...at, app, signed, verdict, list };
}

describe("changing the key", () => {
  it("asks first, makes another and retires the one before: old badges still verify", async () => {
    const { browser, signed, verdict, list } = await world();
    const old = await signed();
    expect(await list()).toContain("signs");
    const sure = await browser.get("/admin/keys/rotate");
    const html = await sure.text();
    expect(textOf(html)).toContain("Old badges still verify");
    const done = await browser.post("/admin/keys/rotate", { once: fieldOf(html, "once") });
    expect(done.headers.get("location")).toBe("/admin/keys?done=rotated");
    const after = await list("?done=rotated");
    expect(after).toContain("The key is changed. Old badges still verify.");
    expect(after).toContain("retired, still verifies");
    expect(await signed()).not.toBe(old);
    expect([await verdict(old), await verdict(await signed())]).toEqual(["valid", "valid"]);
  });

  it("counts once, however often the form is sent", async () => {
    const { browser, signed, list } = await world();
    await signed();
    const once = fieldOf(await (await browser.get("/admin/keys/rotate")).text(), "once");
    for (let i = 0; i < 3; i++) await browser.post("/admin/keys/rotate", { once });
    expect((await list()).match(/retired, still verifies/g)).toHaveLength(1);
  });

  it("makes the first one where there is none yet", async () => {
    const { browser, list } = await world();
    expect(await list()).toContain("There is no key yet");
    const sure = await (await browser.get("/admin/keys/rotate")).text();
    expect(textOf(sure)).toContain("Make the first key");
    const done = await browser.post("/admin/keys/rotate", { once: fieldOf(sure, "once") });
    expect(done.headers.get("location")).toBe("/admin/keys?done=made");
  });
});

it("a revoked key takes every file signed with it along, and says why in public", async () => {
  const { browser, signed, verdict, list } = await world();
  const old = await signed();
  const html = await (await browser.get("/admin/keys")).text();
  const [, path = ""] = /href="(\/admin\/keys\/[0-9a-f-]+\/revoke)"/.exec(html) ?? [];
  expect(textOf(await (await browser.get(path)).text())).toContain("stops verifying");
  const without = await browser.post(path, { reason: " " });
  expect(without.status).toBe(422);
  expect(await without.text()).toContain('href="#reason"');
  expect(await verdict(old)).toBe("valid");
  const reason = "A backup that held the secret was stolen.";
  expect((await browser.post(path, { reason })).headers.get("location")).toBe(
    "/admin/keys?done=revoked",
  );
  expect(await verdict(old)).not.toBe("valid");
  expect(await list("?done=revoked")).toContain(`revoked: ${reason}`);
});
