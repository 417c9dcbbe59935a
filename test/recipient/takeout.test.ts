// All of a person's badges as files: which are in it, what each holds, and that both verify.
import { describe, expect, it } from "vitest";
import { unbakeSvg } from "../../src/bakery/unbake-svg.ts";
import { LEFT_OUT_NAME, takeoutOf } from "../../src/recipient/takeout.ts";
import type { ZipEntry } from "../../src/recipient/zip.ts";
import { verifyBadge } from "../../src/verify/verify.ts";
import { TEST_NOW } from "../app.ts";
import { givenAward, givenPerson } from "../given.ts";
import { webOfApp } from "../verify/web.ts";
import { type OwnWorld, ownWorld } from "./own.ts";
import { readZip } from "./read-zip.ts";

async function filesOf(w: OwnWorld, limits?: { awards: number; bytes: number }) {
  const files: ZipEntry[] = [];
  for await (const file of takeoutOf(w.t.env, w.noor.user.id, limits)) files.push(file);
  return files;
}

/** Asks the app itself for what is published at its addresses. */
function asked({ t }: OwnWorld, what: string | Uint8Array) {
  return verifyBadge(what, { ...webOfApp(t.request), now: t.env.now });
}

describe("all badges as files", () => {
  it("a picture and a record of each that stands, hidden and expired ones too", async () => {
    const w = await ownWorld();
    const { award: one } = await w.held("Ærøskøbing 徽章");
    const { award: two } = await w.held("Hidden", { visible: false });
    const { award: three } = await w.held("Expired", { date_expire: TEST_NOW });
    await w.held("Revoked", { revoked_at: TEST_NOW });
    await w.held("Replaced", { superseded_by: one.id });
    await w.held("Declined", { claim_state: "declined" });
    const ada = await givenPerson(w.t.env, w.organization);
    await givenAward(w.t.env, await w.badge({ name: "Adas" }), ada);
    const stem = (name: string, { unique_hash }: { unique_hash: string }) =>
      `${name}-${unique_hash.slice(0, 8)}`;
    const stems = [stem("Expired", three), stem("Hidden", two), stem("Ærøskøbing-徽章", one)];
    const files = await filesOf(w);
    expect(files.map(({ name }) => name.replace(/\.[a-z]+$/, ""))).toEqual(
      stems.flatMap((each) => [each, each]),
    );
    expect(files.map(({ name }) => name.replace(/^.*\./, ""))).toEqual(
      stems.flatMap(() => [expect.stringMatching(/^(png|svg)$/), "json"]),
    );
  });

  it("the record is the one that is served, and the picture holds it", async () => {
    const w = await ownWorld();
    const { award } = await w.held("First Session");
    const [picture, record] = await filesOf(w);
    const served = await w.t.request(`/ob/v2/assertions/${award.unique_hash}`);
    expect(new TextDecoder().decode(record?.bytes)).toBe(await served.text());
    if (picture?.name.endsWith(".svg")) {
      expect(JSON.stringify(unbakeSvg(picture.bytes))).toContain(award.unique_hash);
    }
  });

  it("both verify with the site's own verifier", async () => {
    const w = await ownWorld();
    await w.held("First Session");
    const [picture, record] = await filesOf(w);
    const verdicts = [];
    for (const file of [picture?.bytes, new TextDecoder().decode(record?.bytes)]) {
      verdicts.push((await asked(w, file ?? "")).verdict);
    }
    expect(verdicts).toEqual(["valid", "valid"]);
  });

  it("what there is no room for is named, with its address", async () => {
    const w = await ownWorld();
    const { award } = await w.held("One");
    await w.held("Two");
    const address = `${w.t.env.urls.badgePage(award.unique_hash)}\n`;
    for (const limits of [
      { awards: 1, bytes: 1e9 },
      { awards: 9, bytes: 1 },
    ]) {
      const files = await filesOf(w, limits);
      expect(files.map(({ name }) => name.replace(/-[0-9a-f]{8}/, ""))).toEqual([
        "Two.svg",
        "Two.json",
        LEFT_OUT_NAME,
      ]);
      expect(new TextDecoder().decode(files[2]?.bytes)).toBe(address);
    }
    expect(await filesOf(w, { awards: 2, bytes: 1e9 })).toHaveLength(4);
  });

  it("more than one reading of the list holds", async () => {
    const w = await ownWorld();
    const badge = await w.badge();
    for (let i = 1; i <= 51; i++) {
      await givenAward(w.t.env, badge, w.noor, { award_slot: `r${i}` });
    }
    const files = await filesOf(w);
    expect(new Set(files.map(({ name }) => name)).size).toBe(102);
  });
});

describe("GET /me/badges.zip", () => {
  it("is an archive of them, to be saved, for no cache", async () => {
    const w = await ownWorld();
    await w.held("First Session");
    const response = await w.browser.get("/me/badges.zip");
    expect(response.status).toBe(200);
    expect(response.headers.get("content-type")).toBe("application/zip");
    expect(response.headers.get("cache-control")).toBe("no-store");
    expect(response.headers.get("content-disposition")).toBe('attachment; filename="badges.zip"');
    const entries = readZip(new Uint8Array(await response.arrayBuffer()));
    expect(entries).toHaveLength(2);
  });

  it("HEAD has no body, and who is not signed in is sent to the way in", async () => {
    const w = await ownWorld();
    const { cookie } = w.browser;
    const head = await w.t.request("/me/badges.zip", { method: "HEAD", headers: { cookie } });
    expect([head.status, await head.text()]).toEqual([200, ""]);
    const response = await w.t.request("/me/badges.zip", { headers: { accept: "text/html" } });
    expect(response.status).toBe(303);
  });
});
