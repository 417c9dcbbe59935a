// The page behind the link in a recipient's mail: in every state of its award, opened by anybody, pressed by its recipient.
import { describe, expect, it } from "vitest";
import { unbakeSvg } from "../../src/bakery/unbake-svg.ts";
import type { awards } from "../../src/db/awards.ts";
import { awardToken, LINK_DAYS } from "../../src/issuer/award-link.ts";
import { reissueAward } from "../../src/issuer/reissue.ts";
import { revokeAward } from "../../src/issuer/revoke.ts";
import { everything } from "../api/ask.ts";
import { TEST_NOW, type TestOptions, testApp } from "../app.ts";
import { givenAward, givenBadge, givenOrganization, givenPerson } from "../given.ts";
import { signedIn } from "../signed-in.ts";

const DAY = 86_400_000;
const OPERATOR = { kind: "operator", id: "operator" } as const;
const HTML = { accept: "text/html" };

async function given(over: Partial<typeof awards.$inferInsert> = {}, options: TestOptions = {}) {
  const t = await testApp(options);
  const organization = await givenOrganization(t.env);
  const badge = await givenBadge(t.env, organization, { name: "First Session" });
  const noor = await givenPerson(t.env, organization, { email: "noor@example.org" });
  const award = await givenAward(t.env, badge, noor, over);
  const path = `/claim/${await awardToken(t.env, award.id, t.env.now())}`;
  const open = async (cookie?: string) => {
    const headers = cookie === undefined ? HTML : { ...HTML, cookie };
    const response = await t.request(path, { headers });
    return { response, html: await response.text() };
  };
  const send = (fields: Record<string, string>, headers: Record<string, string> = {}) =>
    t.request(path, {
      method: "POST",
      headers: { ...HTML, origin: t.env.config.publicUrl, ...headers },
      body: new URLSearchParams(fields),
    });
  const say = async (saying: string, cookie?: string) => {
    const { html } = await open(cookie);
    const token = /name="form_token" value="([^"]+)"\/?><input type="hidden" name="say"/.exec(html);
    return send(
      { form_token: token?.[1] ?? "", say: saying },
      cookie === undefined ? {} : { cookie },
    );
  };
  const stored = async () => {
    const sql = "select claim_state, claimed_at, visible from badge_issues where id = ?";
    return (await t.env.db.read({ sql, params: [award.id] })).rows[0];
  };
  const audit = async () => {
    const sql =
      "select action, actor_kind, actor_id, detail from audit_log where object_kind = 'award' order by rowid";
    return (await t.env.db.read({ sql, params: [] })).rows;
  };
  return { t, organization, badge, noor, award, path, open, send, say, stored, audit };
}

describe("opening the link", () => {
  it("shows badge, issuer, criteria and what accepting does; Accept is the first button", async () => {
    const { open } = await given();
    const { response, html } = await open();
    expect(response.status).toBe(200);
    expect(response.headers.get("cache-control")).toBe("no-store");
    expect(html).toContain('<meta name="robots" content="noindex"');
    for (const words of [
      "Northside Peer Mentors",
      "First Session",
      "Noor Haddad",
      "twelve consecutive weeks",
      "What accepting does",
    ]) {
      expect(html).toContain(words);
    }
    const main = html.slice(html.indexOf("<main"));
    expect(/<button[^>]*>([^<]*)/.exec(main)?.[1]).toBe("Accept");
    // Whoever has the link sees what its page shows, and not where the mail went.
    expect(html).not.toContain("noor@example.org");
  });

  it("changes nothing, whoever opens it and however often: mail scanners do", async () => {
    const { t, path, open } = await given();
    const before = await everything(t);
    for (const method of ["GET", "HEAD", "GET"]) await t.request(path, { method, headers: HTML });
    await t.request(path, { headers: { "user-agent": "LinkScanner/1.0" } });
    await open();
    expect(await everything(t)).toBe(before);
  });

  it("speaks German to who reads German", async () => {
    const { t, path } = await given();
    const response = await t.request(path, { headers: { ...HTML, "accept-language": "de-DE" } });
    const html = await response.text();
    expect(html).toContain('<html lang="de">');
    expect(html).toContain("Annehmen");
    expect(html).toContain("Nicht meins");
  });

  it("other methods are refused", async () => {
    const { t, path } = await given();
    const response = await t.request(path, { method: "DELETE" });
    expect([response.status, response.headers.get("allow")]).toEqual([405, "GET, HEAD, POST"]);
  });
});

describe("accepting", () => {
  it("needs no account; the page then says so, with where to go on", async () => {
    const { say, open, path, stored, audit, award } = await given();
    const pressed = await say("accept");
    expect([pressed.status, pressed.headers.get("location")]).toEqual([303, path]);
    expect(await stored()).toEqual(["claimed", TEST_NOW, 1]);
    expect(await audit()).toEqual([["award.accepted", "system", null, '{"by":"mail_link"}']]);
    const { response, html } = await open();
    expect(response.status).toBe(200);
    expect(html).toContain("This badge is yours: First Session");
    expect(html).toContain(`href="/b/${award.unique_hash}"`);
    expect(html).toContain('href="/me"');
    expect(html).not.toContain("Accept<");
  });

  it("again: nothing more happens, and the page says the same", async () => {
    const { t, say, send, open, stored, audit } = await given();
    const { html: before } = await open();
    const token = /name="form_token" value="([^"]+)"/.exec(before)?.[1] ?? "";
    await say("accept");
    t.clock.advance(60_000);
    const again = await send({ form_token: token, say: "accept" });
    expect(again.status).toBe(200);
    expect(await again.text()).toContain("This badge is yours");
    expect(await stored()).toEqual(["claimed", TEST_NOW, 1]);
    expect(await audit()).toHaveLength(1);
    // Nor does a link that somebody passed on take it from whoever accepted it.
    await send({ form_token: token, say: "decline" });
    expect(await stored()).toEqual(["claimed", TEST_NOW, 1]);
  });

  it("by who is signed in and holds it, in their name; by somebody else signed in, in nobody's", async () => {
    const own = await given();
    const { cookie } = await signedIn(own.t, own.noor.user.id);
    await own.say("accept", cookie);
    expect(await own.audit()).toMatchObject(
      [["award.accepted", "user", own.noor.user.id, {}]].map(([action, kind, id]) => [
        action,
        kind,
        id,
        '{"by":"mail_link"}',
      ]),
    );
    const other = await given();
    const ada = await givenPerson(other.t.env, other.organization);
    await other.say("accept", (await signedIn(other.t, ada.user.id)).cookie);
    expect(await other.audit()).toEqual([["award.accepted", "system", null, '{"by":"mail_link"}']]);
  });

  it.each([
    ["another site's page", { origin: "https://elsewhere.example" }, 403],
    ["a page that a browser says is another site's", { "sec-fetch-site": "cross-site" }, 403],
  ])("not for %s", async (_name, headers, status) => {
    const { open, send, stored } = await given();
    const { html } = await open();
    const token = /name="form_token" value="([^"]+)"/.exec(html)?.[1] ?? "";
    const sent = await send({ form_token: token, say: "accept" }, headers);
    expect(sent.status).toBe(status);
    expect(await stored()).toEqual(["unclaimed", null, 1]);
  });

  it("not without the form's token, not with another link's", async () => {
    const one = await given();
    expect((await one.send({ say: "accept" })).status).toBe(403);
    const other = await givenAward(one.t.env, one.badge, one.noor, { award_slot: "r2" });
    const path = `/claim/${await awardToken(one.t.env, other.id, TEST_NOW)}`;
    const page = await (await one.t.request(path, { headers: HTML })).text();
    const token = /name="form_token" value="([^"]+)"/.exec(page)?.[1] ?? "";
    expect((await one.send({ form_token: token, say: "accept" })).status).toBe(403);
    expect(await one.stored()).toEqual(["unclaimed", null, 1]);
  });

  it("of two at once one counts, and both end on the same page", async () => {
    const { say, audit, path } = await given();
    const both = await Promise.all([say("accept"), say("accept")]);
    for (const { status, headers } of both) {
      expect([
        [303, path],
        [200, null],
      ]).toContainEqual([status, headers.get("location")]);
    }
    expect(await audit()).toHaveLength(1);
  });
});

describe("not mine", () => {
  it("hides it and asks the organization to look, by the award's id alone", async () => {
    const { t, say, open, stored, audit, award } = await given();
    await say("decline");
    expect(await stored()).toEqual(["declined", null, 0]);
    const entries = await audit();
    expect(entries).toEqual([["award.declined", "system", null, '{"by":"mail_link"}']]);
    const { html } = await open();
    expect(html).toContain("You said that it is not yours");
    const page = await t.request(`/b/${award.unique_hash}`, { headers: HTML });
    const shown = await page.text();
    expect(shown).not.toContain("Noor");
    expect(shown).toContain('name="robots" content="noindex"');
    expect((await t.request(`/ob/v2/assertions/${award.unique_hash}`)).status).toBe(200);
  });

  it("said by mistake, it is accepted after all", async () => {
    const { say, stored } = await given();
    await say("decline");
    await say("accept");
    expect(await stored()).toEqual(["claimed", TEST_NOW, 1]);
  });

  it("saving the file alone says nothing", async () => {
    const { t, open, stored } = await given();
    const { html } = await open();
    const href = /href="([^"]+\/image\.png\?download)"/.exec(html)?.[1] ?? "";
    let file = await t.request(href);
    if (file.status === 302) file = await t.request(file.headers.get("location") ?? "");
    expect(file.status).toBe(200);
    if (file.headers.get("content-type") === "image/svg+xml") {
      expect(unbakeSvg(new Uint8Array(await file.arrayBuffer())).ok).toBe(true);
    }
    expect(await stored()).toEqual(["unclaimed", null, 1]);
  });
});

describe("each end has its own page, with the next step", () => {
  it("revoked before it was accepted: why, and whom to ask", async () => {
    const { t, open, award, organization, stored, send } = await given();
    const { html: before } = await open();
    const token = /name="form_token" value="([^"]+)"/.exec(before)?.[1] ?? "";
    const revoked = await revokeAward(t.env, organization.id, award.id, "A mix-up.", OPERATOR);
    await t.env.db.batch([...revoked.writes]);
    const { response, html } = await open();
    expect(response.status).toBe(410);
    expect(html).toContain("This badge was revoked");
    expect(html).toContain("A mix-up.");
    expect(html).toContain("to award it anew");
    expect((await send({ form_token: token, say: "accept" })).status).toBe(410);
    expect(await stored()).toEqual(["unclaimed", null, 1]);
  });

  it("corrected: leads to what took its place", async () => {
    const { t, open, award, organization } = await given();
    const corrections = { narrative: "The right words." };
    const again = await reissueAward(
      t.env,
      organization.id,
      award.id,
      corrections,
      "Corrected.",
      OPERATOR,
    );
    await t.env.db.batch([...again.writes]);
    const { html } = await open();
    expect(html).toContain(`href="/b/${again.result.award.unique_hash}"`);
    expect(html).toContain("A corrected badge has taken its place");
  });

  it("the award has run out", async () => {
    const { open, say, stored } = await given({ date_expire: TEST_NOW });
    const { response, html } = await open();
    expect(response.status).toBe(410);
    expect(html).toContain("This badge has run out");
    await say("accept");
    expect(await stored()).toEqual(["unclaimed", null, 1]);
  });

  it("the link is over: to its last millisecond it works, then it says how to go on", async () => {
    const { t, open } = await given();
    const midnight = Math.floor(TEST_NOW / DAY) * DAY;
    t.clock.now = midnight + LINK_DAYS * DAY - 1;
    expect((await open()).response.status).toBe(200);
    t.clock.advance(1);
    const { response, html } = await open();
    expect(response.status).toBe(410);
    expect(html).toContain("This link has expired");
    expect(html).toContain('href="/me"');
    expect(html).not.toContain("First Session");
  });

  it("a link that was not made here, or whose award is gone", async () => {
    const { t, path, award, open } = await given();
    const broken = `${path.slice(0, -1)}${path.endsWith("A") ? "B" : "A"}`;
    const response = await t.request(broken, { headers: HTML });
    expect(response.status).toBe(404);
    expect(await response.text()).toContain("This link leads to no badge");
    await t.env.db.batch([{ sql: "delete from badge_issues where id = ?", params: [award.id] }]);
    expect((await open()).response.status).toBe(404);
  });
});
