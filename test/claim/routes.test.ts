// The page of a claim code, in every state it can be in, as whoever was given the code sees it.
import { describe, expect, it } from "vitest";
import { UNKNOWN_CODES } from "../../src/claim/routes.ts";
import { reissueAward } from "../../src/issuer/reissue.ts";
import { revokeAward } from "../../src/issuer/revoke.ts";
import { everything } from "../api/ask.ts";
import { TEST_NOW, type TestApp, type TestOptions, testApp } from "../app.ts";
import { givenApiKey, givenAward, givenBadge, givenPerson, givenProven } from "../given.ts";
import { type SignedInBrowser, signedIn } from "../signed-in.ts";
import { lastMail, mailingApp, visitor } from "../signin/visitor.ts";
import { claiming, fieldsOf, givenCode } from "./claiming.ts";

const OPERATOR = { kind: "operator", id: "operator" } as const;
const HTML = { accept: "text/html" };

async function textOf(response: Response): Promise<string> {
  const html = await response.text();
  return html
    .replace(/<style.*?<\/style>/gs, "")
    .replace(/<[^>]*>/g, " ")
    .replace(/\s+/g, " ");
}

/** Opens the page and presses its button. */
async function press(browser: SignedInBrowser, path: string): Promise<Response> {
  return browser.post(path, fieldsOf(await (await browser.get(path)).text()));
}

async function rowsOf(t: TestApp, sql: string) {
  return (await t.env.db.read({ sql, params: [] })).rows;
}

describe("before anybody is signed in", () => {
  it("shows the badge and the way in, which leads back; changes nothing, is kept by nobody", async () => {
    const t = await testApp();
    const { path } = await claiming(t);
    const before = await everything(t);
    const page = await t.request(path, { headers: HTML });
    expect(page.status).toBe(200);
    expect(page.headers.get("cache-control")).toBe("no-store");
    const html = await page.text();
    expect(html).toContain('<meta name="robots" content="noindex"');
    expect(html).toContain("First Session");
    expect(html).toContain("Northside Peer Mentors");
    expect(html).toContain(`href="/login?next=${encodeURIComponent(path)}"`);
    expect(html).not.toContain("<form");
    await t.request(path, { method: "HEAD" });
    expect(await everything(t)).toBe(before);
  });

  it("a form that is sent all the same leads to the sign-in page", async () => {
    const t = await testApp();
    const { path } = await claiming(t);
    const sent = await t.request(path, {
      method: "POST",
      headers: { ...HTML, referer: `https://badges.example.org${path}` },
      body: new URLSearchParams(),
    });
    expect([sent.status, sent.headers.get("location")]).toEqual([
      303,
      `/login?next=${encodeURIComponent(path)}`,
    ]);
  });

  it("from the code to the badge by mail alone, for somebody nobody knew", async () => {
    const t = await mailingApp();
    const { path, organization, badge } = await claiming(t);
    const kim = visitor(t);
    const opened = await kim.get(path);
    const login = await kim.get(/href="(\/login\?next=[^"]+)"/.exec(opened.html)?.[1] ?? "");
    await kim.send(login, "/login", { email: "Kim@example.org" });
    const { link } = await lastMail(t);
    const linked = await kim.get(link);
    const signed = await kim.send(linked, link);
    expect(signed.location).toBe(path);
    const page = await kim.get(path);
    expect(page.text).toContain("It is made out to Kim@example.org");
    const claimed = await kim.send(page, path);
    expect([claimed.status, claimed.location]).toEqual([303, path]);
    const done = await kim.get(path);
    expect(done.text).toContain("This badge is yours");
    const href = /href="(\/b\/[0-9a-f]{40})"/.exec(done.html)?.[1] ?? "";
    expect((await t.request(href, { headers: HTML })).status).toBe(200);

    expect(
      await rowsOf(
        t,
        "select badge_id, claim_state, claimed_at, awarded_by, recipient_identity from badge_issues",
      ),
    ).toEqual([[badge.id, "claimed", TEST_NOW, "system", "kim@example.org"]]);
    expect(
      await rowsOf(
        t,
        `select roles, status from memberships where organization_id = '${organization.id}'`,
      ),
    ).toEqual([['["member"]', "active"]]);
    expect(
      await rowsOf(
        t,
        "select action, actor_kind from audit_log where action like 'award.%' order by action",
      ),
    ).toEqual([
      ["award.claimed", "user"],
      ["award.created", "system"],
    ]);
  });
});

describe("claiming", () => {
  it("twice with one code shows the badge that one holds", async () => {
    const t = await testApp();
    const { path, stranger } = await claiming(t, { max_claims: 5 });
    const { browser } = await stranger("kim@example.org");
    const fields = fieldsOf(await (await browser.get(path)).text());
    expect((await browser.post(path, fields)).status).toBe(303);
    const again = await browser.post(path, fields);
    expect(again.status).toBe(200);
    expect(await textOf(again)).toContain("This badge is yours");
    expect(await textOf(await browser.get(path))).toContain("This badge is yours");
    expect(
      await rowsOf(t, "select claims, (select count(*) from badge_issues) from claim_codes"),
    ).toEqual([[1, 1]]);
  });

  it("is announced, with ids alone", async () => {
    const t = await testApp();
    const { path, stranger, organization, badge } = await claiming(t);
    const key = await givenApiKey(t.env, organization);
    const endpoint = await t.request("/api/v1/webhook-endpoints", {
      method: "POST",
      headers: { authorization: `Bearer ${key}`, "content-type": "application/json" },
      body: JSON.stringify({ url: "https://hooks.example.net/in", events: ["award.claimed"] }),
    });
    expect(endpoint.status).toBe(201);
    const { browser } = await stranger("kim@example.org");
    await press(browser, path);
    await press(browser, path);
    const rows = await rowsOf(
      t,
      "select type, data from webhook_deliveries where type = 'award.claimed'",
    );
    const [[award, user] = []] = await rowsOf(t, "select id, user_id from badge_issues");
    const [[claim_code] = []] = await rowsOf(t, "select id from claim_codes");
    expect(rows.map(([type, data]) => [type, JSON.parse(String(data))])).toEqual([
      [
        "award.claimed",
        { organization: organization.id, award, user, badge: badge.id, claim_code },
      ],
    ]);
  });

  it("what one holds already costs no place", async () => {
    const t = await testApp();
    const { path, organization, badge } = await claiming(t, { max_claims: 1 });
    const noor = await givenPerson(t.env, organization, { email: "noor@example.org" });
    const award = await givenAward(t.env, badge, noor);
    const browser = await signedIn(t, noor.user.id);
    const answer = await press(browser, path);
    expect(answer.status).toBe(200);
    const html = await answer.text();
    expect(html).toContain("You hold this badge already");
    expect(html).toContain(`/b/${award.unique_hash}`);
    expect(await rowsOf(t, "select claims from claim_codes")).toEqual([[0]]);
  });

  it("is made out to the address that is chosen, and to no other's", async () => {
    const t = await testApp();
    const { path, stranger } = await claiming(t);
    const { browser, person } = await stranger("kim@example.org");
    await t.env.db.batch([
      {
        sql: "insert into identities (id, user_id, type, identity, normalised, verified_at) values ('two', ?, 'email', 'Kim@work.example', 'kim@work.example', 1)",
        params: [person.user.id],
      },
    ]);
    const { person: other } = await stranger("other@example.org");
    const html = await (await browser.get(path)).text();
    expect(html.match(/type="radio"/g)).toHaveLength(2);
    const foreign = await browser.post(path, { identity: other.identity.id });
    expect(foreign.status).toBe(200);
    expect(await foreign.text()).toContain("Claim this badge");
    expect(await rowsOf(t, "select count(*) from badge_issues")).toEqual([[0]]);
    await browser.post(path, { identity: "two" });
    expect(await rowsOf(t, "select recipient_identity from badge_issues")).toEqual([
      ["kim@work.example"],
    ]);
  });

  it("without a proven address there is nothing to press", async () => {
    const t = await testApp();
    const { path, stranger } = await claiming(t);
    const { browser, person } = await stranger("kim@example.org");
    await t.env.db.batch([
      {
        sql: "update identities set verified_at = null where id = ?",
        params: [person.identity.id],
      },
    ]);
    const html = await (await browser.get(path)).text();
    expect(html).toContain('href="/me/identities"');
    expect(html).not.toContain(`action="${path}"`);
  });

  it.each<[what: string, init: (browser: SignedInBrowser) => RequestInit]>([
    ["a missing token", () => ({ body: new URLSearchParams({ identity: "x" }) })],
    [
      "another session's token",
      () => ({ body: new URLSearchParams({ form_token: "x".repeat(43) }) }),
    ],
    [
      "another site",
      ({ formToken }) => ({
        body: new URLSearchParams({ form_token: formToken }),
        headers: { origin: "https://evil.example" },
      }),
    ],
  ])("is refused with %s", async (_what, init) => {
    const t = await testApp();
    const { path, stranger } = await claiming(t);
    const { browser } = await stranger("kim@example.org");
    const { headers, body } = init(browser) as { headers?: Record<string, string>; body: BodyInit };
    const sent = await t.request(path, {
      method: "POST",
      headers: { ...HTML, cookie: browser.cookie, ...headers },
      body,
    });
    expect(sent.status).toBe(403);
    expect(await rowsOf(t, "select count(*) from badge_issues")).toEqual([[0]]);
  });
});

describe("a code that leads to no badge says why", () => {
  const DAY = 86_400_000;

  it("unknown and revoked are one page", async () => {
    const t = await testApp();
    const { path, stranger, organization, badge } = await claiming(t);
    const { browser } = await stranger("kim@example.org");
    const code = await givenCode(t, organization, badge, {});
    await t.env.db.batch([
      { sql: "update claim_codes set revoked_at = 1 where hint = ?", params: [code.slice(-4)] },
    ]);
    const [unknown, revoked] = [
      await browser.get("/claim/NEVER-MADE-ONE"),
      await browser.get(`/claim/${code}`),
    ];
    expect([unknown.status, revoked.status]).toEqual([404, 404]);
    const words = await textOf(unknown);
    expect(words).toContain("There is no such code");
    expect(await textOf(revoked)).toBe(words);
    const sent = await browser.post(`/claim/${code}`);
    expect(sent.status).toBe(404);
    expect(await textOf(sent)).toBe(words);
    expect((await browser.get(path)).status).toBe(200);
    expect((await browser.get(`/claim/${"x".repeat(300)}`)).status).toBe(404);
  });

  it("expired, to the millisecond", async () => {
    const t = await testApp();
    const { path, stranger } = await claiming(t, { expires_at: TEST_NOW + DAY });
    const { browser } = await stranger("kim@example.org");
    const fields = fieldsOf(await (await browser.get(path)).text());
    t.clock.advance(DAY - 1);
    expect((await browser.get(path)).status).toBe(200);
    t.clock.advance(1);
    for (const answer of [await browser.get(path), await browser.post(path, fields)]) {
      expect(answer.status).toBe(410);
      expect(await textOf(answer)).toContain("This code has expired");
    }
  });

  it("used up; who claimed in time still sees the badge, though the code is revoked", async () => {
    const t = await testApp();
    const { path, stranger } = await claiming(t, { max_claims: 1 });
    const { browser: first } = await stranger("first@example.org");
    const { browser: second } = await stranger("second@example.org");
    const fields = fieldsOf(await (await second.get(path)).text());
    expect((await press(first, path)).status).toBe(303);
    for (const answer of [await second.get(path), await second.post(path, fields)]) {
      expect(answer.status).toBe(410);
      expect(await textOf(answer)).toContain("This code has been used up");
    }
    await t.env.db.batch([{ sql: "update claim_codes set revoked_at = 1", params: [] }]);
    expect(await textOf(await first.get(path))).toContain("This badge is yours");
    expect((await second.get(path)).status).toBe(404);
  });

  it("the badge is not active", async () => {
    const t = await testApp();
    const { path, stranger, badge } = await claiming(t);
    const { browser } = await stranger("kim@example.org");
    const fields = fieldsOf(await (await browser.get(path)).text());
    await t.env.db.batch([
      { sql: "update badges set status = 'inactive' where id = ?", params: [badge.id] },
    ]);
    for (const answer of [await browser.get(path), await browser.post(path, fields)]) {
      expect(answer.status).toBe(409);
      expect(await textOf(answer)).toContain("This badge is not awarded just now");
    }
  });

  it.each<[what: string, roles: string[], status: "active" | "suspended", words: string]>([
    ["the role is another", ["guest"], "active", "This badge is for others"],
    ["the membership is suspended", ["member"], "suspended", "Your membership is not active"],
  ])("%s", async (_what, roles, status, words) => {
    const t = await testApp();
    const { path, organization } = await claiming(t, { max_claims: 1 });
    const noor = await givenPerson(t.env, organization, { email: "noor@example.org", roles });
    await t.env.db.batch([
      {
        sql: "update memberships set status = ? where user_id = ?",
        params: [status, noor.user.id],
      },
    ]);
    const answer = await press(await signedIn(t, noor.user.id), path);
    expect(answer.status).toBe(409);
    expect(await textOf(answer)).toContain(words);
    expect(await rowsOf(t, "select claims from claim_codes")).toEqual([[0]]);
  });

  it("who is suspended under one address is so under the others they have proven", async () => {
    const t = await testApp();
    const { path, organization, stranger } = await claiming(t);
    const { person, browser } = await stranger("kim@example.org");
    const other = await givenProven(t.env, person, "kim@home.example");
    const member = await givenPerson(t.env, organization, { email: "kim@example.org" });
    const suspended = "update memberships set status = 'suspended' where user_id = ?";
    await t.env.db.batch([{ sql: suspended, params: [member.user.id] }]);
    const answer = await browser.post(path, { identity: other.id });
    expect(answer.status).toBe(409);
    expect(await textOf(answer)).toContain("Your membership is not active");
    expect(await rowsOf(t, "select claims from claim_codes")).toEqual([[0]]);
  });

  it("somebody new gets a role that may not receive it", async () => {
    const t = await testApp();
    const { path, stranger } = await claiming(t, {}, { eligibility_roles: ["mentor"] });
    const { browser } = await stranger("kim@example.org");
    const answer = await press(browser, path);
    expect(await textOf(answer)).toContain("This badge is for others");
    expect(await rowsOf(t, "select count(*) from badge_issues")).toEqual([[0]]);
  });

  it("the badge was claimed and revoked: no code brings it back, this one or another", async () => {
    const t = await testApp();
    const { path, stranger, organization, badge } = await claiming(t);
    const { browser } = await stranger("kim@example.org");
    const fields = fieldsOf(await (await browser.get(path)).text());
    await browser.post(path, fields);
    const [[id = ""] = []] = await rowsOf(t, "select id from badge_issues");
    const { writes } = await revokeAward(
      t.env,
      organization.id,
      String(id),
      "A mistake.",
      OPERATOR,
    );
    await t.env.db.batch(writes);
    const other = `/claim/${await givenCode(t, organization, badge)}`;
    for (const answer of [
      await browser.get(path),
      await browser.post(path, fields),
      await browser.post(other, fields),
    ]) {
      expect(answer.status).toBe(409);
      expect(await textOf(answer)).toContain("Your badge was revoked");
    }
    expect(
      await rowsOf(t, "select sum(claims), (select count(*) from badge_issues) from claim_codes"),
    ).toEqual([[1, 1]]);
  });

  it("the badge was claimed and corrected: the corrected one is shown", async () => {
    const t = await testApp();
    const { path, stranger, organization } = await claiming(t);
    const { browser } = await stranger("kim@example.org");
    await press(browser, path);
    const [[id = ""] = []] = await rowsOf(t, "select id from badge_issues");
    const { result, writes } = await reissueAward(
      t.env,
      organization.id,
      String(id),
      { narrative: "What was done." },
      "A word was missing.",
      OPERATOR,
    );
    await t.env.db.batch(writes);
    const html = await (await browser.get(path)).text();
    expect(html).toContain("This badge is yours");
    expect(html).toContain(`/b/${result.award.unique_hash}`);
  });

  it("the badge has got tiers since", async () => {
    const t = await testApp();
    const { path, stranger, badge } = await claiming(t);
    await t.env.db.batch([
      { sql: "insert into badge_tiers values (?, 1, 'Bronze', 1)", params: [badge.id] },
    ]);
    const { browser } = await stranger("kim@example.org");
    const answer = await press(browser, path);
    expect(answer.status).toBe(409);
    expect(await textOf(answer)).toContain("This badge cannot be claimed");
  });
});

describe("guessing", () => {
  const from = (address: string): TestOptions & { bindings: object } => ({
    bindings: { incoming: { socket: { remoteAddress: address } } },
  });

  it("is limited for each caller, is not helped by a right code, and ends", async () => {
    const t = await testApp();
    const { path } = await claiming(t);
    const ask = (where: string, address: string) =>
      t.app.request(
        `https://badges.example.org${where}`,
        { headers: HTML },
        from(address).bindings,
      );
    for (let i = 0; i < UNKNOWN_CODES.most; i++) {
      expect((await ask(`/claim/WRONG-CODE-${i}`, "9.9.9.9")).status).toBe(404);
    }
    for (const where of ["/claim/ANOTHER-ONE", path]) {
      const limited = await ask(where, "9.9.9.9");
      expect(limited.status).toBe(429);
      expect(limited.headers.get("retry-after")).toBe("3600");
      expect(await textOf(limited)).toContain("Try again in 60 minutes");
    }
    expect((await ask(path, "149.112.112.112")).status).toBe(200);
    t.clock.advance(UNKNOWN_CODES.windowMs);
    expect((await ask(path, "9.9.9.9")).status).toBe(200);
  });

  it("a code may be typed in small letters, with blanks or hyphens left out", async () => {
    const t = await testApp();
    const { code } = await claiming(t);
    for (const typed of [
      code.toLowerCase(),
      code.replaceAll("-", ""),
      code.replaceAll("-", "%20"),
    ]) {
      expect((await t.request(`/claim/${typed}`, { headers: HTML })).status).toBe(200);
    }
  });

  it("other methods are told which there are", async () => {
    const t = await testApp();
    const { path } = await claiming(t);
    const answer = await t.request(path, { method: "DELETE" });
    expect([answer.status, answer.headers.get("allow")]).toEqual([405, "GET, HEAD, POST"]);
  });
});

describe("repeatable badges", () => {
  it("two codes give two awards, one code one", async () => {
    const t = await testApp();
    const { path, stranger, organization } = await claiming(t, {}, { max_awards_per_user: null });
    const { browser } = await stranger("kim@example.org");
    const badge = await givenBadge(t.env, organization, { max_awards_per_user: null });
    const [one, two] = [
      await givenCode(t, organization, badge),
      await givenCode(t, organization, badge),
    ];
    for (const at of [`/claim/${one}`, `/claim/${two}`, path, `/claim/${one}`])
      await press(browser, at);
    expect(
      await rowsOf(t, "select count(*) from badge_issues group by badge_id order by 1"),
    ).toEqual([[1], [2]]);
  });
});
