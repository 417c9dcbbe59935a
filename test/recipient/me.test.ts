// A person's own page: what it shows of theirs and of what is locked, and what it never does.
import { eq } from "drizzle-orm";
import { describe, expect, it } from "vitest";
import { awards } from "../../src/db/awards.ts";
import { badgeTiers } from "../../src/db/badges.ts";
import { memberships } from "../../src/db/organizations.ts";
import type { CriteriaInput } from "../../src/issuer/criteria-input.ts";
import { MAX_PRESSED, OWN_PAGE, STALE_MS } from "../../src/recipient/routes.ts";
import { asking, everything } from "../api/ask.ts";
import { TEST_NOW } from "../app.ts";
import {
  givenApiKey,
  givenAward,
  givenBadge,
  givenCriteria,
  givenOrganization,
  givenPerson,
  givenProven,
} from "../given.ts";
import { signedIn } from "../signed-in.ts";
import { type OwnWorld, openPage, ownWorld } from "./own.ts";

/** The part of the page that lists what is held; empty where there is none. */
function earnedPart(html: string): string {
  const start = html.indexOf('<h2 id="earned"');
  if (start === -1) return "";
  const end = html.indexOf('<h2 id="locked"', start);
  return html.slice(start, end === -1 ? undefined : end);
}

const MAIN = /<main[\s\S]*<\/main>/;

describe("who sees it", () => {
  it("leads to the way in, and back, where nobody is signed in", async () => {
    const { t } = await ownWorld();
    const response = await t.request("/me", { headers: { accept: "text/html" } });
    expect([response.status, response.headers.get("location")]).toEqual([303, "/login?next=%2Fme"]);
  });

  it("is kept by no cache and found by no search engine; other methods are refused", async () => {
    const { t, me, browser } = await ownWorld();
    const page = await me();
    expect(page.headers.get("cache-control")).toBe("no-store");
    expect(page.html).toContain('name="robots" content="noindex"');
    for (const [path, allow] of [
      ["/me", "GET, HEAD"],
      ["/me/badges.zip", "GET, HEAD"],
      ["/me/visibility", "POST"],
      ["/me/accept", "POST"],
      ["/me/decline", "POST"],
      ["/me/profile", "GET, HEAD, POST"],
    ]) {
      const method = "DELETE";
      const response = await t.request(path ?? "", { method, headers: { cookie: browser.cookie } });
      expect([path, response.status, response.headers.get("allow")]).toEqual([path, 405, allow]);
    }
  });

  it("looking at it changes nothing", async () => {
    const { t, me, held, browser } = await ownWorld();
    await held("First Session");
    await t.settle();
    const before = await everything(t);
    await me();
    await browser.get("/me?show=hidden");
    expect(await everything(t)).toBe(before);
  });
});

describe("what is held", () => {
  it("by category, each badge once with a link, its issuer and its day", async () => {
    const { me, held } = await ownWorld();
    const { award } = await held("Lifeguard", {}, { category: "certification" });
    await held("Kind Word", {}, { category: "recognition" });
    const { html, text } = await me();
    expect(html).toContain(`href="/b/${award.unique_hash}"`);
    expect(text).toMatch(/Earned .*Recognition .*Kind Word .*Certification .*Lifeguard/);
    expect(text).toContain("Northside Peer Mentors");
    expect(text).toContain("4 October 2026");
    expect(text).toContain("You hold 2 badges.");
  });

  it("one that was awarded three times is one card, and says ×3; the highest tier is named", async () => {
    const { t, me, badge, noor } = await ownWorld();
    const repeatable = await badge({ name: "Streak Champion" });
    for (const slot of ["r1", "r2", "r3"]) {
      await givenAward(t.env, repeatable, noor, { award_slot: slot });
    }
    const tiered = await badge({ name: "Hundred Hours" });
    await t.env.db.batch([
      t.env.db.orm.insert(badgeTiers).values([
        { badge_id: tiered.id, level: 1, name: "Bronze" },
        { badge_id: tiered.id, level: 2, name: "Silver" },
      ]),
    ]);
    await givenAward(t.env, tiered, noor, { award_slot: "t2", tier_level: 2 });
    await givenAward(t.env, tiered, noor, { award_slot: "t1", tier_level: 1 });
    const { html, text } = await me();
    expect(html.match(/<li class="sheet card own/g)).toHaveLength(2);
    expect(text).toContain("×3");
    expect(text).toContain("held 3 times");
    expect(text).toContain("Silver");
    expect(text).not.toContain("Bronze");
  });

  it("not what was revoked, replaced or declined; what ran out says when", async () => {
    const { me, held } = await ownWorld();
    await held("Revoked One", { revoked_at: TEST_NOW });
    const { award } = await held("Standing One");
    await held("Replaced One", { superseded_by: award.id, date_expire: TEST_NOW - 1 });
    await held("Declined One", { claim_state: "declined", visible: false });
    await held("Old One", { date_expire: TEST_NOW - 86_400_000 });
    const { html, text } = await me();
    expect(text).toContain("Standing One");
    expect(text).toContain("Ran out on 3 October 2026");
    // They may be earned again, and are offered so; none is among what is held.
    const earned = earnedPart(html);
    for (const name of ["Revoked One", "Replaced One", "Declined One"]) {
      expect(earned).not.toContain(name);
    }
  });

  it("of every organization, also where it knows them under another record", async () => {
    const { t, me, noor } = await ownWorld();
    const elsewhere = await givenOrganization(t.env, { name: "Southside Swimmers" });
    const record = await givenPerson(t.env, elsewhere, { email: "Noor@Example.org" });
    expect(record.identity.verified_at).toBeNull();
    const award = await givenAward(
      t.env,
      await givenBadge(t.env, elsewhere, { name: "Lifeguard" }),
      record,
    );
    expect(record.user.id).not.toBe(noor.user.id);
    const { text, html } = await me();
    expect(text).toContain("Southside Swimmers");
    expect(html).toContain(`/b/${award.unique_hash}`);
  });

  it("an address that is confirmed brings the badges made out to it", async () => {
    const { t, me, organization, noor } = await ownWorld();
    const record = await givenPerson(t.env, organization, { email: "old@example.org" });
    await t.env.db.batch([
      {
        sql: "update identities set verified_at = null where id = ?",
        params: [record.identity.id],
      },
    ]);
    await givenAward(t.env, await givenBadge(t.env, organization, { name: "Old Badge" }), record);
    const earned = async () => earnedPart((await me()).html);
    expect(await earned()).not.toContain("Old Badge");
    await givenProven(t.env, noor, "Old@example.org");
    expect(await earned()).toContain("Old Badge");
  });

  it(`${OWN_PAGE} cards on a page, and the rest behind a link that keeps the filter`, async () => {
    const { t, me, organization, noor } = await ownWorld();
    for (let i = 0; i <= OWN_PAGE; i++) {
      await givenAward(t.env, await givenBadge(t.env, organization), noor);
    }
    const first = await me("?show=earned");
    expect(first.html.match(/<li class="sheet card own/g)).toHaveLength(OWN_PAGE);
    expect(first.html).toContain('href="/me?show=earned&amp;page=2"');
    const second = await me("?show=earned&page=2");
    expect(second.html.match(/<li class="sheet card own/g)).toHaveLength(1);
    expect(second.html).toContain('href="/me?show=earned"');
  });
});

describe("what is still to earn", () => {
  async function withLocked(w: OwnWorld) {
    await w.badge({ name: "Open Badge" });
    await w.badge({ name: "SecretSurprise", is_visible_when_locked: false });
    await w.badge({ name: "ForMentors", eligibility_roles: ["mentor"] });
    await w.badge({ name: "SwitchedOff", status: "inactive" });
    await givenBadge(w.t.env, await givenOrganization(w.t.env), { name: "ElsewhereOnly" });
  }

  it("badges that may be seen and received, without colour; none that hides, at any address", async () => {
    const w = await ownWorld();
    await withLocked(w);
    for (const query of ["", "?show=locked", "?name=SecretSurprise", "?name=e&show=locked"]) {
      const { html } = await w.me(query);
      // What was looked for is in its field again, and nowhere else.
      const main = (MAIN.exec(html)?.[0] ?? "").replaceAll(/ value="[^"]*"/g, "");
      for (const name of ["SecretSurprise", "ForMentors", "SwitchedOff", "ElsewhereOnly"]) {
        expect([query, main.includes(name)]).toEqual([query, false]);
      }
    }
    const { html, text } = await w.me();
    expect(text).toMatch(/Still to earn .*Open Badge/);
    expect(html).toContain("/image?locked");
  });

  it("one that hides is there once it is earned, and is no news before", async () => {
    const w = await ownWorld();
    const secret = await w.badge({ name: "SecretSurprise", is_visible_when_locked: false });
    await givenCriteria(w.t.env, secret, counted(10));
    await sessions(w, 2);
    expect((await w.me()).html).not.toContain("SecretSurprise");
    await givenAward(w.t.env, secret, w.noor);
    expect((await w.me()).text).toContain("SecretSurprise");
  });

  it("next up: number, words, bar and when it was counted; the furthest along first", async () => {
    const w = await ownWorld();
    await counting(w, "Hundred Sessions", 100);
    await counting(w, "Four Sessions", 4);
    await sessions(w, 3);
    const { html, text } = await w.me();
    expect(text).toMatch(/Next up .*Four Sessions .*3 of 4 .*Hundred Sessions .*3 of 100/);
    expect(html).toMatch(/<progress value="3" max="4" aria-label="Four Sessions: 3 of 4"/);
    expect(text).toContain("Last counted on 4 October 2026");
  });

  it("next up of a badge with tiers is the tier above what is held", async () => {
    const w = await ownWorld();
    const badge = await w.badge({ name: "Hours", max_awards_per_user: null });
    await w.t.env.db.batch([
      w.t.env.db.orm.insert(badgeTiers).values([
        { badge_id: badge.id, level: 1, name: "Bronze", threshold: 2 },
        { badge_id: badge.id, level: 2, name: "Silver", threshold: 10 },
      ]),
    ]);
    await givenCriteria(w.t.env, badge, counted(2));
    await sessions(w, 5);
    await givenAward(w.t.env, badge, w.noor, { award_slot: "t1", tier_level: 1 });
    const { text } = await w.me();
    expect(text).toMatch(/Next up .*Silver of Hours .*5 of 10 · Activities /);
  });

  it("says when it was last looked at, once that is longer ago than a day", async () => {
    const w = await ownWorld();
    await counting(w, "Four Sessions", 4);
    const said = async () => /Last looked at on [^.]*/.exec((await w.me()).text)?.[0] ?? null;
    expect(await said()).toBeNull();
    await sessions(w, 3);
    w.t.clock.advance(STALE_MS);
    expect(await said()).toBeNull();
    w.t.clock.advance(1);
    expect(await said()).toContain("4 October 2026");
    const done = {
      sql: "insert into evaluations (id, organization_id, dry_run, reason, state, finished_at) values ('e', ?, 0, 'nightly', 'done', ?)",
      params: [w.organization.id, w.t.clock.now],
    };
    await w.t.env.db.batch([done]);
    w.t.clock.advance(STALE_MS);
    expect(await said()).toBeNull();
    w.t.clock.advance(1);
    expect(await said()).toContain("5 October 2026");
  });
});

describe("where there is nothing", () => {
  it("says what can be earned, and how", async () => {
    const w = await ownWorld();
    await w.badge({ name: "First Session", description: "Ran a first session." });
    const { text } = await w.me();
    expect(text).toContain("No badge yet");
    expect(text).toContain("Below is what you can earn at Northside Peer Mentors");
    expect(text).toContain("Ran a first session.");
  });

  it("says so where there is nothing to earn, and where no organization knows them", async () => {
    const w = await ownWorld();
    expect((await w.me()).text).toContain("has no badge that you could earn just now");
    await w.t.env.db.batch([
      w.t.env.db.orm.delete(memberships).where(eq(memberships.user_id, w.noor.user.id)),
    ]);
    const { html, text } = await w.me();
    expect(text).toContain("No organization knows any of your addresses yet.");
    expect(html).toContain('href="/me/identities"');
  });

  it("a filter that nothing matches says how to get out of it", async () => {
    const w = await ownWorld();
    await w.held("First Session");
    const { html, text } = await w.me("?name=zebra");
    expect(text).toContain("No badge matches.");
    expect(html).toContain('<a href="/me">');
    expect((await w.me("?show=hidden")).text).toContain("You hide nothing.");
  });
});

describe("the filter", () => {
  it.each([
    ["?name=life", ["Lifeguard"]],
    ["?name=LIFE", ["Lifeguard"]],
    ["?name=%25", []],
    ["?category=recognition", ["Kind Word"]],
    ["?show=earned", ["Kind Word", "Lifeguard"]],
    ["?show=locked", ["Open Badge"]],
    ["?category=recognition&show=locked", []],
    ["?category=nonsense&show=nonsense", ["Kind Word", "Lifeguard", "Open Badge"]],
  ])("%s shows %j", async (query, expected) => {
    const w = await ownWorld();
    await w.held("Lifeguard", {}, { category: "certification" });
    await w.held("Kind Word", {}, { category: "recognition" });
    await w.badge({ name: "Open Badge", category: "activity_milestone" });
    const { html } = await w.me(query);
    const cards = [...html.matchAll(/<h4><a [^>]*>([^<]*)</g)].map(([, name]) => name);
    expect(cards.sort()).toEqual(expected);
  });

  it("names another organization of theirs, and no other", async () => {
    const w = await ownWorld();
    const south = await givenOrganization(w.t.env, { name: "Southside", slug: "southside" });
    await givenBadge(w.t.env, south, { name: "South Badge" });
    await w.badge({ name: "North Badge" });
    await w.t.env.db.batch([
      w.t.env.db.orm.insert(memberships).values({
        id: "second",
        organization_id: south.id,
        user_id: w.noor.user.id,
        roles: ["member"],
        updated_at: TEST_NOW,
      }),
    ]);
    expect((await w.me("?at=southside")).text).toContain("Still to earn at Southside");
    expect((await w.me("?at=southside")).text).toContain("South Badge");
    const foreign = await givenOrganization(w.t.env, { slug: "foreign" });
    await givenBadge(w.t.env, foreign, { name: "ForeignBadge" });
    expect((await w.me("?at=foreign")).html).not.toContain("ForeignBadge");
  });
});

describe("hiding and showing", () => {
  it("all awards of the badge, through the API, and back", async () => {
    const w = await ownWorld();
    const badge = await w.badge({ name: "Streak Champion" });
    for (const slot of ["r1", "r2"]) await givenAward(w.t.env, badge, w.noor, { award_slot: slot });
    const visible = async () =>
      (await w.t.env.db.read({ sql: "select visible from badge_issues", params: [] })).rows.flat();
    const hidden = await w.browser.post("/me/visibility", { badge: badge.id, visible: "false" });
    expect(hidden.headers.get("location")).toBe("/me?done=hidden");
    expect(await visible()).toEqual([0, 0]);
    expect((await w.me("?done=hidden")).text).toContain("The badge is hidden.");
    expect((await w.me("?show=hidden")).text).toContain("Streak Champion");
    await w.browser.post("/me/visibility", { badge: badge.id, visible: "true" });
    expect(await visible()).toEqual([1, 1]);
    const { rows } = await w.t.env.db.read({
      sql: "select action, actor_id from audit_log order by rowid",
      params: [],
    });
    const by = w.noor.user.id;
    expect(rows).toEqual([
      ["award.hidden", by],
      ["award.hidden", by],
      ["award.shown", by],
      ["award.shown", by],
    ]);
  });

  it("not another's badge, not without the page's form", async () => {
    const w = await ownWorld();
    const ada = await givenPerson(w.t.env, w.organization);
    const badge = await w.badge();
    await givenAward(w.t.env, badge, ada);
    const fields = { badge: badge.id, visible: "false" };
    expect((await w.browser.post("/me/visibility", fields)).status).toBe(404);
    const forged = { ...fields, form_token: "made-up" };
    expect((await w.browser.post("/me/visibility", forged)).status).toBe(403);
  });

  it("also where the organization has suspended them: it is their badge", async () => {
    const w = await ownWorld();
    const { badge, award } = await w.held("First Session");
    const { orm } = w.t.env.db;
    await w.t.env.db.batch([orm.update(memberships).set({ status: "suspended" })]);
    const answer = await w.browser.post("/me/visibility", { badge: badge.id, visible: "false" });
    expect(answer.headers.get("location")).toBe("/me?done=hidden");
    for (const said of ["accept", "decline"]) {
      const { status } = await w.browser.post(`/me/${said}`, { award: award.id });
      expect([said, status]).toEqual([said, 303]);
    }
    const rows = await orm.select().from(awards);
    expect(rows.map(({ visible, claim_state }) => [visible, claim_state])).toEqual([
      [false, "declined"],
    ]);
  });

  it("all awards of a badge, however many", async () => {
    const w = await ownWorld();
    const badge = await w.badge({ max_awards_per_user: null });
    for (let i = 0; i <= MAX_PRESSED; i++) {
      await givenAward(w.t.env, badge, w.noor, { award_slot: `r${i}`, claim_state: "unclaimed" });
    }
    await w.browser.post("/me/visibility", { badge: badge.id, visible: "false" });
    await w.browser.post("/me/accept", { all: "yes" });
    const rows = await w.t.env.db.orm.select().from(awards);
    expect(rows.filter(({ visible, claim_state }) => visible || claim_state !== "claimed")).toEqual(
      [],
    );
  });
});

describe("what waits to be accepted", () => {
  it("is accepted one by one or all at once, and declined", async () => {
    const w = await ownWorld();
    const names = ["One", "Two", "Three", "Four", "Five"];
    const given = [];
    for (const name of names) given.push(await w.held(name));
    const { text } = await w.me();
    expect(text).toContain("Waiting for you");
    expect(text).toContain("Accept all (5)");
    const [one, two] = given;
    const accepted = await w.browser.post("/me/accept", { award: one?.award.id ?? "" });
    expect(accepted.headers.get("location")).toBe("/me?done=accepted");
    await w.browser.post("/me/decline", { award: two?.award.id ?? "" });
    await w.browser.post("/me/accept", { all: "yes" });
    const { rows } = await w.t.env.db.read({
      sql: "select claim_state from badge_issues order by id",
      params: [],
    });
    expect(rows.flat()).toEqual(["claimed", "declined", "claimed", "claimed", "claimed"]);
    expect((await w.me()).text).not.toContain("Waiting for you");
  });

  it("not another's, and not one that does not exist", async () => {
    const w = await ownWorld();
    const ada = await givenPerson(w.t.env, w.organization);
    const award = await givenAward(w.t.env, await w.badge(), ada);
    for (const path of ["/me/accept", "/me/decline"]) {
      expect((await w.browser.post(path, { award: award.id })).status).toBe(404);
      expect((await w.browser.post(path, { award: "none" })).status).toBe(404);
    }
  });

  it("one that was revoked meanwhile says so", async () => {
    const w = await ownWorld();
    const { award } = await w.held("Revoked One", { revoked_at: TEST_NOW });
    const answer = await w.browser.post("/me/accept", { award: award.id });
    expect(answer.status).toBe(409);
    expect(await answer.text()).toContain("revoked");
  });
});

it("speaks German to who chose German", async () => {
  const w = await ownWorld();
  await w.held("First Session");
  const { html, text } = await openPage(await signedIn(w.t, w.noor.user.id), "/me?lang=de");
  expect(html).toContain('<html lang="de">');
  expect(text).toContain("Meine Badges");
  expect(text).toContain("Wartet auf Sie");
});

function counted(threshold: number): CriteriaInput {
  const params = [{ name: "metric_activity_count", value: String(threshold) }];
  return { rules: [{ type: "metric", method: 1, description: "", params }] };
}

/** A badge that asks for so many activities, without tiers. */
async function counting(w: OwnWorld, name: string, threshold: number) {
  await givenCriteria(w.t.env, await w.badge({ name }), counted(threshold));
}

/** So many activities of Noor's, as a program of the organization reports them. */
async function sessions(w: OwnWorld, quantity: number) {
  const ask = asking(w.t, await givenApiKey(w.t.env, w.organization));
  const body = { id: "e-1", user: w.noor.user.id, metric: "activity_count", quantity };
  const said = await ask("POST", "/events", { body });
  expect(said.json).toEqual({ stored: 1, repeated: 0 });
}
