// The page somebody chooses to have for others: off until then, and never more than they show.
import { describe, expect, it } from "vitest";
import { slugsOf } from "../../src/db/profiles.ts";
import type { Env } from "../../src/env.ts";
import {
  isSlug,
  keepProfile,
  MAX_NAME_LENGTH,
  MAX_SLUGS,
  proposedSlug,
} from "../../src/recipient/own-profile.ts";
import { TEST_NOW } from "../app.ts";
import { givenOrganization, givenPerson } from "../given.ts";
import { beforeEachStep } from "../interleaved.ts";
import { signedIn } from "../signed-in.ts";
import { openedBy, openPage, ownWorld } from "./own.ts";

async function world() {
  const w = await ownWorld();
  const choose = (fields: Record<string, string> = {}) =>
    w.browser.post("/me/profile", {
      name: "Noor H.",
      slug: "noor-h",
      visibility: "on",
      ...fields,
    });
  const shown = (slug = "noor-h") => openedBy(w.t, `/p/${slug}`);
  return { ...w, choose, shown };
}

describe("choosing", () => {
  it("there is no page until somebody chooses one; what is proposed is theirs to change", async () => {
    const { browser, shown } = await world();
    expect((await shown("noor-haddad")).status).toBe(404);
    const { html, text } = await openPage(browser, "/me/profile");
    expect(text).toContain("It is off.");
    expect(html).toContain('value="noor-haddad"');
    expect(html).toMatch(/value="off" checked/);
    expect((await shown("noor-haddad")).status).toBe(404);
  });

  it("on, it answers; off again, it is as if it never was", async () => {
    const { choose, shown, me } = await world();
    expect((await choose()).headers.get("location")).toBe("/me/profile?done=kept");
    expect((await shown()).status).toBe(200);
    expect((await me()).text).toContain("Your public page is on");
    await choose({ visibility: "off" });
    const off = await shown();
    const never = await shown("nobody-ever");
    const plain = (html: string) => html.replace(/<code>.*?<\/code>/, "");
    expect([off.status, plain(off.html)]).toEqual([404, plain(never.html)]);
    expect((await me()).text).toContain("Nobody sees this page but you.");
  });

  it("says that nobody may find it, unless that is chosen, too", async () => {
    const { choose, shown } = await world();
    await choose();
    const hidden = await shown();
    expect(hidden.html).toContain('<meta name="robots" content="noindex"');
    expect(hidden.headers.get("x-robots-tag")).toBe("noindex");
    await choose({ visibility: "indexed" });
    const found = await shown();
    expect(found.html).not.toContain("noindex");
    expect(found.headers.get("x-robots-tag")).toBeNull();
  });

  it.each([
    [{ name: "" }, "Say under which name."],
    [{ name: "n".repeat(MAX_NAME_LENGTH + 1) }, "longer than 100 characters"],
    [{ slug: "" }, "Use 3 to 40 small letters"],
    [{ slug: "-noor" }, "Use 3 to 40 small letters"],
    [{ slug: "nóor" }, "Use 3 to 40 small letters"],
  ])("%j is refused at its field, and nothing is kept", async (fields, words) => {
    const { choose, t, shown } = await world();
    const answer = await choose(fields as Record<string, string>);
    expect(answer.status).toBe(422);
    const html = await answer.text();
    expect(html).toContain(words);
    expect(html).toContain('role="alert"');
    const { rows } = await t.env.db.read({ sql: "select * from profiles", params: [] });
    expect(rows).toEqual([]);
    expect((await shown()).status).toBe(404);
  });

  it("an address is one person's for ever, also once they have given it up", async () => {
    const { t, choose, organization, shown } = await world();
    await choose();
    await choose({ slug: "noor-the-second" });
    expect((await shown()).status).toBe(404);
    expect((await shown("noor-the-second")).status).toBe(200);
    const ada = await signedIn(t, (await givenPerson(t.env, organization)).user.id);
    for (const slug of ["noor-h", "noor-the-second"]) {
      const fields = { name: "Ada", slug, visibility: "on" };
      const answer = await ada.post("/me/profile", fields);
      expect([
        answer.status,
        (await answer.text()).includes("Somebody else has this address"),
      ]).toEqual([422, true]);
    }
    await choose();
    expect((await shown()).status).toBe(200);
  });

  it(`${MAX_SLUGS} addresses, and then one of those`, async () => {
    const { choose, shown } = await world();
    for (let i = 1; i <= MAX_SLUGS; i++) {
      expect((await choose({ slug: `noor-${i}` })).status).toBe(303);
    }
    const answer = await choose({ slug: "noor-too-many" });
    expect(answer.status).toBe(422);
    expect(await answer.text()).toContain("noor-1");
    expect((await choose({ slug: "noor-1" })).status).toBe(303);
    expect((await shown("noor-1")).status).toBe(200);
  });

  it("of two who want one address at once one gets it", async () => {
    const { t, noor, organization } = await world();
    const ada = await givenPerson(t.env, organization);
    const input = {
      name: "N",
      slug: "one-place",
      is_public: true,
      is_indexed: false,
      is_listed: false,
    };
    const kept = await Promise.all(
      [noor, ada].map(({ user }) => keepProfile(t.env, user.id, input)),
    );
    expect(kept.map(({ ok }) => ok).sort()).toEqual([false, true]);
  });

  const KEPT = { name: "N", is_public: true, is_indexed: false, is_listed: false };

  it("who wants one twice at once has it", async () => {
    const { t, noor } = await world();
    let ordinal = 0;
    await beforeEachStep(async (meanwhile) => {
      const input = { ...KEPT, slug: `mine-${++ordinal}` };
      const { user } = await givenPerson(t.env, await givenOrganization(t.env));
      const env = meanwhile.env(t.env, () => keepProfile(t.env, user.id, input));
      expect(await keepProfile(env, user.id, input)).toMatchObject({ ok: true });
      expect((await keepProfile(t.env, noor.user.id, input)).ok).toBe(false);
    });
  });

  it(`not one more than ${MAX_SLUGS} in two windows`, async () => {
    const { t } = await world();
    let ordinal = 0;
    await beforeEachStep(async (meanwhile) => {
      const { user } = await givenPerson(t.env, await givenOrganization(t.env));
      const taking = (env: Env) =>
        keepProfile(env, user.id, { ...KEPT, slug: `noor-place-${++ordinal}` });
      for (let i = 1; i < MAX_SLUGS; i++) await taking(t.env);
      await taking(meanwhile.env(t.env, () => taking(t.env)));
      expect(await slugsOf(t.env.db, user.id)).toHaveLength(MAX_SLUGS);
    });
  });

  it("is written down, without the name", async () => {
    const { t, choose, noor } = await world();
    await choose();
    const { rows } = await t.env.db.read({
      sql: "select action, actor_id, detail from audit_log",
      params: [],
    });
    expect(rows).toEqual([
      ["profile.changed", noor.user.id, '{"is_public":true,"is_indexed":false,"is_listed":false}'],
    ]);
  });

  it("only with the page's own form, and signed in", async () => {
    const { t, choose } = await world();
    expect((await choose({ form_token: "made-up" })).status).toBe(403);
    const response = await t.request("/me/profile", { headers: { accept: "text/html" } });
    expect(response.headers.get("location")).toBe("/login?next=%2Fme%2Fprofile");
  });
});

describe("what others see", () => {
  it("badges that are shown and stand, under the name that was given; no address, no other name", async () => {
    const { choose, shown, held } = await world();
    const { award } = await held("Shown Badge");
    await held("HiddenBadge", { visible: false });
    await held("RevokedBadge", { revoked_at: TEST_NOW });
    await held("DeclinedBadge", { claim_state: "declined", visible: false });
    await held("Old Badge", { date_expire: TEST_NOW });
    await choose();
    const { html, text } = await shown();
    expect(text).toContain("Badges of Noor H.");
    expect(html).toContain(`href="/b/${award.unique_hash}"`);
    expect(text).toContain("Ran out on 4 October 2026");
    for (const absent of [
      "HiddenBadge",
      "RevokedBadge",
      "DeclinedBadge",
      "Haddad",
      "@example.org",
    ]) {
      expect([absent, html.includes(absent)]).toEqual([absent, false]);
    }
  });

  it("a badge that is hidden is gone at once: no cache keeps the page", async () => {
    const { browser, choose, shown, held } = await world();
    const { badge } = await held("Streak Champion");
    await choose();
    const before = await shown();
    expect(before.text).toContain("Streak Champion");
    expect(before.headers.get("cache-control")).toBe("no-cache");
    await browser.post("/me/visibility", { badge: badge.id, visible: "false" });
    const after = await shown();
    expect(after.html).not.toContain("Streak Champion");
    expect(after.text).toContain("shows no badge here just now");
  });

  it("nothing of somebody whom the site has suspended", async () => {
    const { t, choose, shown, noor } = await world();
    await choose();
    const sql = "update users set status = 'suspended' where id = ?";
    await t.env.db.batch([{ sql, params: [noor.user.id] }]);
    expect((await shown()).status).toBe(404);
  });

  it("in the reader's language, and says so to caches", async () => {
    const { t, choose } = await world();
    await choose();
    const headers = { accept: "text/html", "accept-language": "de" };
    const response = await t.request("/p/noor-h", { headers });
    expect(response.headers.get("vary")).toContain("Accept-Language");
    expect(await response.text()).toContain("Badges von");
  });

  it("a name is text, whatever is in it", async () => {
    const { choose, shown } = await world();
    await choose({ name: '<script>alert("1")</script>' });
    const { html } = await shown();
    expect(html).not.toContain("<script>alert");
    expect(html).toContain("&lt;script&gt;");
  });
});

describe("a slug", () => {
  it.each([
    ["abc", true],
    ["a-b", true],
    ["a".repeat(40), true],
    ["ab", false],
    ["a".repeat(41), false],
    ["a--b", false],
    ["-ab", false],
    ["ab-", false],
    ["ABC", false],
    ["a b", false],
    ["a/b", false],
    ["", false],
  ])("%s: %s", (text, expected) => {
    expect(isSlug(text)).toBe(expected);
  });

  it.each([
    ["Noor Haddad", "noor-haddad"],
    ["Åsa Ærø", "asa-r"],
    ["  --  ", ""],
    ["徽章", ""],
    ["x".repeat(60), "x".repeat(40)],
    [`${"x".repeat(39)} y`, "x".repeat(39)],
  ])("%s proposes %s", (name, slug) => {
    expect(proposedSlug(name)).toBe(slug);
  });
});
