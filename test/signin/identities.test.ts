// One's own addresses: added by a link to them, in the account that asked, and removed when nothing needs them.
import { eq } from "drizzle-orm";
import { describe, expect, it } from "vitest";
import { backpacks, connections } from "../../src/db/backpacks.ts";
import { identities, users } from "../../src/db/organizations.ts";
import { provenIdentities } from "../../src/db/people.ts";
import { signInLinks } from "../../src/db/sessions.ts";
import { isTheirs } from "../../src/db/theirs.ts";
import { newId } from "../../src/ids.ts";
import { setSiteAdministrator } from "../../src/signin/administrator.ts";
import { confirmIdentity, removeIdentity } from "../../src/signin/identities.ts";
import { newProof } from "../../src/signin/person.ts";
import { findSession, type Session } from "../../src/signin/session.ts";
import type { TestApp } from "../app.ts";
import { givenAward, givenBadge, givenOrganization, givenPerson } from "../given.ts";
import { beforeEachStep } from "../interleaved.ts";
import {
  count,
  lastMail,
  mailingApp,
  mails,
  signInByLink,
  type Visitor,
  visitor,
} from "./visitor.ts";

async function add(app: TestApp, browser: Visitor, email: string) {
  const page = await browser.get("/me/identities");
  const sent = await browser.send(page, "/me/identities", { email });
  return { sent, mail: sent.status === 303 ? await lastMail(app) : null };
}

async function sessionOf({ env }: TestApp, browser: Visitor): Promise<Session> {
  const headers = { cookie: browser.cookies() };
  const session = await findSession(env, new Request(env.config.publicUrl, { headers }));
  if (session === null) throw new Error("no session");
  return session;
}

const listed = async (browser: Visitor) => (await browser.get("/me/identities")).text;

async function addressId(app: TestApp, email: string): Promise<string> {
  const rows = await app.env.db.orm
    .select({ id: identities.id })
    .from(identities)
    .where(eq(identities.normalised, email));
  return rows[0]?.id ?? "";
}

async function remove(app: TestApp, browser: Visitor, email: string) {
  const page = await browser.get("/me/identities");
  return browser.send(page, `/me/identities/${await addressId(app, email)}/remove`);
}

describe("an address is added", () => {
  it("by the link of a mail to it, shown to anybody signed in and confirmed by who asked", async () => {
    const app = await mailingApp();
    const kim = await signInByLink(app, "kim@example.org");
    const { sent, mail } = await add(app, kim, "Kim@Work.example");
    expect(sent.location).toBe("/me/identities/code");
    expect(mail).toMatchObject({
      to: "kim@work.example",
      subject: "Confirm your address for badges.example.org",
    });
    const link = mail?.link ?? "";
    const page = await kim.get(link);
    expect(page.text).toContain("Confirm Kim@Work.example");
    expect(await listed(kim)).not.toContain("Work.example");
    const done = await kim.send(page, link);
    expect(done).toMatchObject({ status: 303, location: "/me/identities?done=added" });
    expect(await listed(kim)).toContain("Kim@Work.example");
    expect((await kim.send(page, link)).status).toBe(410);
  });

  it("by its code, in the session that asked", async () => {
    const app = await mailingApp();
    const kim = await signInByLink(app, "kim@example.org");
    const { mail } = await add(app, kim, "kim@work.example");
    const again = await signInByLink(app, "kim@example.org");
    expect(await again.get("/me/identities/code")).toMatchObject({ location: "/me/identities" });
    const page = await kim.get("/me/identities/code");
    const wrong = mail?.code === "000000" ? "000001" : "000000";
    const refused = await kim.send(page, "/me/identities/code", { code: wrong });
    expect(refused.status).toBe(422);
    const done = await kim.send(refused, "/me/identities/code", { code: mail?.code ?? "" });
    expect(done.location).toBe("/me/identities?done=added");
    expect(await listed(kim)).toContain("kim@work.example");
  });

  it("and badges made out to it are theirs at once", async () => {
    const app = await mailingApp();
    const organization = await givenOrganization(app.env);
    const record = await givenPerson(app.env, organization, { email: "kim@work.example" });
    await app.env.db.batch([app.env.db.orm.update(identities).set({ verified_at: null })]);
    const award = await givenAward(app.env, await givenBadge(app.env, organization), record);
    const kim = await signInByLink(app, "kim@example.org");
    const { mail } = await add(app, kim, "kim@work.example");
    await kim.send(await kim.get(mail?.link ?? ""), mail?.link ?? "");
    const [holder] = await app.env.db.orm
      .select({ id: identities.user_id })
      .from(identities)
      .where(eq(identities.normalised, "kim@example.org"));
    expect(await isTheirs(app.env.db, holder?.id ?? "", award.id)).toBe(true);
  });

  it("not where nobody is signed in, and not to another account that is talked into pressing", async () => {
    const app = await mailingApp();
    const eve = await signInByLink(app, "eve@example.org");
    const { mail } = await add(app, eve, "victim@example.org");
    const link = mail?.link ?? "";
    const stranger = await visitor(app).get(link);
    expect(stranger.status).toBe(403);
    expect(stranger.text).toContain("Sign in first");
    const victim = await signInByLink(app, "other@example.org");
    const shown = await victim.get(link);
    expect(shown.status).toBe(403);
    expect(shown.text).toContain("asked for by another account");
    const page = await victim.get("/me/identities");
    const form = { ...page, html: page.html.replaceAll('"/me/identities"', `"${link}"`) };
    expect((await victim.send(form, link)).status).toBe(403);
    for (const browser of [eve, victim]) {
      expect(await listed(browser)).not.toContain("victim@example.org");
    }
  });

  it("not from another account that has proven it", async () => {
    const app = await mailingApp();
    await signInByLink(app, "both@example.org");
    const kim = await signInByLink(app, "kim@example.org");
    const { mail } = await add(app, kim, "both@example.org");
    const refused = await kim.send(await kim.get(mail?.link ?? ""), mail?.link ?? "");
    expect(refused.status).toBe(409);
    expect(refused.text).toContain("Another account here has this address");
    const typed = await kim.get("/me/identities/code");
    const byCode = await kim.send(typed, "/me/identities/code", { code: mail?.code ?? "" });
    expect(byCode.status).toBe(409);
    const other = await signInByLink(app, "both@example.org");
    const gone = await remove(app, other, "both@example.org");
    expect(gone.location).toBe("/login?done=signed-out");
    expect(await other.get("/me/identities")).toMatchObject({ status: 303 });
    const done = await kim.send(await kim.get(mail?.link ?? ""), mail?.link ?? "");
    expect(done.location).toBe("/me/identities?done=added");
  });

  it("not where somebody suspended is known by it", async () => {
    const app = await mailingApp();
    const { user } = await givenPerson(app.env, await givenOrganization(app.env), {
      email: "shut@example.org",
      status: "suspended",
    });
    const kim = await signInByLink(app, "kim@example.org");
    for (const verified_at of [app.env.now(), null]) {
      await app.env.db.batch([
        app.env.db.orm
          .update(identities)
          .set({ verified_at })
          .where(eq(identities.user_id, user.id)),
      ]);
      const { mail } = await add(app, kim, "shut@example.org");
      const refused = await kim.send(await kim.get(mail?.link ?? ""), mail?.link ?? "");
      expect(refused.status).toBe(verified_at === null ? 403 : 409);
    }
    expect(await listed(kim)).not.toContain("shut@example.org");
  });

  it("to one account, when several confirm it at once", async () => {
    const app = await mailingApp();
    const all = [];
    for (const name of ["kim", "lee", "ann", "bob", "eve"]) {
      const browser = await signInByLink(app, `${name}@example.org`);
      const { mail } = await add(app, browser, "shared@example.org");
      const link = mail?.link ?? "";
      all.push({ browser, link, page: await browser.get(link) });
    }
    const answers = await Promise.all(
      all.map(({ browser, link, page }) => browser.send(page, link)),
    );
    expect(answers.map(({ status }) => status).toSorted()).toEqual([303, 409, 409, 409, 409]);
    const proven = "normalised = 'shared@example.org' and verified_at is not null";
    expect(await count(app.env, "identities", proven)).toBe(1);
  });

  it("to nobody else, when it is proven before any step", async () => {
    const app = await mailingApp();
    const { env } = app;
    let ordinal = 0;
    await beforeEachStep(async (meanwhile) => {
      const email = `shared-${++ordinal}@example.org`;
      const kim = await signInByLink(app, `kim-${ordinal}@example.org`);
      await add(app, kim, email);
      const [link] = await env.db.orm
        .select()
        .from(signInLinks)
        .where(eq(signInLinks.normalised, email));
      const session = await sessionOf(app, kim);
      if (!link) throw new Error("no link");
      const { user: lee } = await givenPerson(env, await givenOrganization(env));
      const there = meanwhile.env(env, async () =>
        env.db.batch(await newProof(env, lee.id, link.email)),
      );
      const confirmed = await confirmIdentity(there, session, link);
      const isLees = meanwhile.happened();
      expect(confirmed).toEqual(isLees ? { ok: false, reason: "taken" } : { ok: true });
      const [owner] = await env.db.orm
        .select({ id: identities.user_id })
        .from(identities)
        .where(eq(identities.normalised, email));
      expect(owner?.id).toBe(isLees ? lee.id : session.user.id);
    });
  });

  it.each(["", "kim", "kim@example.org, eve@example.org"])("not as %j", async (email) => {
    const app = await mailingApp();
    const kim = await signInByLink(app, "kim@example.org");
    expect((await add(app, kim, email)).sent.status).toBe(422);
  });

  it("not twice", async () => {
    const app = await mailingApp();
    const kim = await signInByLink(app, "kim@example.org");
    const { sent } = await add(app, kim, "KIM@example.org");
    expect(sent.status).toBe(422);
    expect(sent.text).toContain("This address is yours already");
    expect(await mails(app)).toHaveLength(1);
  });

  it("not more than twenty mails an hour ask for it", async () => {
    const app = await mailingApp();
    const kim = await signInByLink(app, "kim@example.org");
    for (let i = 0; i < 20; i++) {
      expect((await add(app, kim, `kim${i}@work.example`)).sent.status).toBe(303);
    }
    const { sent } = await add(app, kim, "kim20@work.example");
    expect(sent.status).toBe(429);
    expect(sent.headers.get("retry-after")).toBe("3600");
  });
});

describe("an address is removed", () => {
  it("while another one is left, and what organizations recorded stays as a record", async () => {
    const app = await mailingApp();
    const organization = await givenOrganization(app.env);
    const record = await givenPerson(app.env, organization, { email: "kim@example.org" });
    const award = await givenAward(app.env, await givenBadge(app.env, organization), record);
    const kim = await signInByLink(app, "kim@example.org");
    const { mail } = await add(app, kim, "kim@work.example");
    await kim.send(await kim.get(mail?.link ?? ""), mail?.link ?? "");
    const removed = await remove(app, kim, "kim@example.org");
    expect(removed.location).toBe("/me/identities?done=removed");
    expect(await isTheirs(app.env.db, record.user.id, award.id)).toBe(false);
    expect(await count(app.env, "identities", "normalised = 'kim@example.org'")).toBe(1);
    const { mail: second } = await add(app, kim, "kim@third.example");
    await kim.send(await kim.get(second?.link ?? ""), second?.link ?? "");
    await remove(app, kim, "kim@third.example");
    expect(await count(app.env, "identities", "normalised = 'kim@third.example'")).toBe(0);
  });

  it("the last one not while something would be left that nobody can reach", async () => {
    const app = await mailingApp();
    const kim = await signInByLink(app, "kim@example.org");
    const [user] = await app.env.db.orm.select().from(users);
    const backpack = newId(app.env);
    const row = { updated_at: app.env.now() };
    await app.env.db.batch([
      app.env.db.orm.insert(backpacks).values({
        ...row,
        id: backpack,
        name: "A backpack",
        api_version: "v2p1",
        backpack_api_url: "https://backpack.example.net/api",
        backpack_web_url: "https://backpack.example.net/",
      }),
      app.env.db.orm.insert(connections).values({
        ...row,
        id: newId(app.env),
        user_id: user?.id ?? "",
        external_backpack_id: backpack,
        connected_at: app.env.now(),
      }),
    ]);
    const refused = await remove(app, kim, "kim@example.org");
    expect(refused.status).toBe(409);
    expect(refused.text).toContain("This is the last way into your account");
    await app.env.db.batch([app.env.db.orm.delete(connections)]);
    await setSiteAdministrator(app.env, "kim@example.org", true);
    expect((await remove(app, kim, "kim@example.org")).status).toBe(409);
    await setSiteAdministrator(app.env, "kim@example.org", false);
    expect((await remove(app, kim, "kim@example.org")).location).toBe("/login?done=signed-out");
    expect(await count(app.env, "sessions", "ended_at is null")).toBe(0);
  });

  it("the last one not, when something that needs it comes before any step", async () => {
    const app = await mailingApp();
    const { env } = app;
    let ordinal = 0;
    await beforeEachStep(async (meanwhile) => {
      const email = `kim-${++ordinal}@example.org`;
      const session = await sessionOf(app, await signInByLink(app, email));
      const there = meanwhile.env(env, () => setSiteAdministrator(env, email, true));
      const removed = await removeIdentity(there, session, await addressId(app, email));
      const isNeeded = meanwhile.happened();
      expect(removed).toEqual(
        isNeeded ? { ok: false, reason: "last-one-needed" } : { ok: true, signedOut: true },
      );
      expect(await provenIdentities(env.db, session.user.id)).toHaveLength(isNeeded ? 1 : 0);
    });
  });

  it("never both, when both are removed at once", async () => {
    const app = await mailingApp();
    const kim = await signInByLink(app, "kim@example.org");
    const { mail } = await add(app, kim, "kim@work.example");
    await kim.send(await kim.get(mail?.link ?? ""), mail?.link ?? "");
    await setSiteAdministrator(app.env, "kim@example.org", true);
    const [user] = await app.env.db.orm.select().from(users);
    const answers = await Promise.all([
      remove(app, kim, "kim@example.org"),
      remove(app, kim, "kim@work.example"),
    ]);
    expect(answers.map(({ status }) => status).toSorted()).toEqual([303, 409]);
    expect(await provenIdentities(app.env.db, user?.id ?? "")).toHaveLength(1);
  });

  it("not by somebody else, and not one that is unknown", async () => {
    const app = await mailingApp();
    const kim = await signInByLink(app, "kim@example.org");
    const lee = await signInByLink(app, "lee@example.org");
    const page = await lee.get("/me/identities");
    const own = `/me/identities/${await addressId(app, "lee@example.org")}/remove`;
    for (const id of [await addressId(app, "kim@example.org"), "x"]) {
      const path = `/me/identities/${id}/remove`;
      const form = { ...page, html: page.html.replaceAll(own, path) };
      expect((await lee.send(form, path)).status).toBe(404);
    }
    expect(await listed(kim)).toContain("kim@example.org");
  });
});

describe("where a person's days begin", () => {
  async function say(app: TestApp, time_zone: string) {
    const browser = await signInByLink(app, "kim@example.org");
    const page = await browser.get("/me/identities");
    const sent = await browser.send(page, "/me/identities/time-zone", { time_zone });
    const [row] = await app.env.db.orm.select().from(users);
    return { browser, sent, kept: row?.time_zone };
  }

  it("is kept, shown, and taken back by leaving it empty", async () => {
    const app = await mailingApp();
    const { browser, sent, kept } = await say(app, " Europe/Vienna ");
    expect(sent).toMatchObject({ status: 303, location: "/me/identities?done=zone" });
    expect(kept).toBe("Europe/Vienna");
    expect((await browser.get("/me/identities")).html).toContain('value="Europe/Vienna"');
    expect((await say(app, "")).kept).toBeNull();
  });

  it("is refused where there is no such zone, with what was typed", async () => {
    const { sent, kept } = await say(await mailingApp(), "Mars/<Olympus>");
    expect(sent.status).toBe(422);
    expect(sent.text).toContain("There is no time zone of this name.");
    expect(sent.html).toContain('value="Mars/&lt;Olympus&gt;"');
    expect(kept).toBeNull();
  });
});
