// notify_on_award: who is told of an award, in whose words, with what in it; and who is not.
import { describe, expect, it } from "vitest";
import { unbakeSvg } from "../../src/bakery/unbake-svg.ts";
import { mailTemplates } from "../../src/db/notifications.ts";
import { newId } from "../../src/ids.ts";
import { awardBadge } from "../../src/issuer/award.ts";
import { awardToken } from "../../src/issuer/award-link.ts";
import { reissueAward } from "../../src/issuer/reissue.ts";
import { revokeAward } from "../../src/issuer/revoke.ts";
import { testApp } from "../app.ts";
import { givenBadge, givenOrganization } from "../given.ts";
import { DOWN, type MailWorld, mailWorld, notified } from "./mailing.ts";

const SYSTEM = { kind: "system", id: null } as const;

async function givenTemplate(world: MailWorld, language: string, subject: string, body: string) {
  const { env, organization } = world;
  await env.db.batch([
    env.db.orm.insert(mailTemplates).values({
      id: newId(env),
      organization_id: organization.id,
      kind: "award.created",
      language,
      subject,
      body,
      updated_at: env.now(),
    }),
  ]);
}

async function only(world: MailWorld) {
  await world.send();
  expect(world.server.taken).toHaveLength(1);
  const [mail] = world.server.taken;
  if (!mail) throw new Error("nothing was sent");
  return mail;
}

describe("notify_on_award: the mail", () => {
  it("tells the recipient, links to the badge and carries it", async () => {
    const world = await mailWorld();
    const { env } = world;
    const award = await world.award({ to: "Noor@Example.org", name: "Noor Haddad" });
    const mail = await only(world);
    const page = env.urls.claim(await awardToken(env, award.id, env.now()));
    expect(mail).toMatchObject({
      to: "noor@example.org",
      subject: `You have been awarded the badge ${world.badge.name}`,
      id: `award.created.${award.id}`,
      language: "en",
    });
    expect(mail.text).toContain("Hello Noor Haddad,");
    expect(mail.text).toContain(page);
    expect(mail.html).toContain(`<a href="${page}">`);
    expect(mail.html).toContain(`<strong>${world.badge.name}</strong>`);
    const [file, ...more] = mail.attachments ?? [];
    expect(more).toEqual([]);
    expect(file?.name).toMatch(/^Streak-Champion-\d+-[0-9a-f]{8}\.svg$/);
    const inside = unbakeSvg(file?.bytes ?? new Uint8Array());
    expect(JSON.stringify(inside)).toContain(award.unique_hash);
    expect(await notified(world.env, award)).toBe(true);
    expect(await world.row(award)).toMatchObject({ state: "sent", attempts: 1, last_error: null });
  });

  it("links to the badge's own page once it is accepted", async () => {
    const world = await mailWorld();
    const award = await world.award();
    const claimed = "UPDATE badge_issues SET claim_state = 'claimed', claimed_at = 1";
    await world.env.db.batch([{ sql: claimed, params: [] }]);
    const mail = await only(world);
    expect(mail.text).toContain(`https://badges.example.org/b/${award.unique_hash}\n`);
    expect(mail.text).not.toContain("/claim/");
  });

  it("asks its reader's mailbox to fetch nothing", async () => {
    const world = await mailWorld();
    await world.award();
    const { html } = await only(world);
    expect(html).not.toMatch(/<(img|link|script|iframe|style|object)|url\(|background=/i);
  });

  it("carries nothing where the badge says so", async () => {
    const world = await mailWorld({ attachment: false });
    await world.award();
    expect((await only(world)).attachments).toEqual([]);
  });

  it("goes without the picture where that cannot be read, and links to it", async () => {
    const world = await mailWorld();
    await world.award();
    const { env } = world;
    const contents = "UPDATE image_contents SET bytes = x'00'";
    await env.db.batch([{ sql: contents, params: [] }]);
    const mail = await only(world);
    expect(mail.attachments).toEqual([]);
    expect(mail.text).toContain("/claim/a_");
    expect(world.app.logged).toContainEqual(
      expect.objectContaining({ event: "mail.not_attached" }),
    );
  });

  it("has the badge's own words, with what stands for the placeholders", async () => {
    const world = await mailWorld({
      message:
        "Dear %username%, you earned *%badgename%*: [look](%badgelink%). 100% yours, %nobody%.",
      message_subject: "%badgename% for %username%",
      language: "en-GB",
    });
    const award = await world.award({ name: "Åsa *Star* <b>" });
    const mail = await only(world);
    const token = await awardToken(world.env, award.id, world.env.now());
    expect(mail.subject).toBe(`${world.badge.name} for Åsa *Star* <b>`);
    expect(mail.language).toBe("en-GB");
    expect(mail.html).toContain(
      `<p>Dear Åsa *Star* &lt;b&gt;, you earned <em>${world.badge.name}</em>: <a href="https://badges.example.org/claim/${token}">look</a>. 100% yours, %nobody%.</p>`,
    );
  });

  it.each([
    ["the person's language", "pt-BR", "de", "Parabéns"],
    ["the organization's, where there is none for the person's", "fr", "de", "Glückwunsch"],
    ["ours, where English comes first", "en", "de", "You have been awarded"],
    ["ours, where there is none at all", "fr", "nl", "You have been awarded"],
    ["ours in their language", "de-CH", "en", "Glückwunsch"],
  ])("is in %s", async (_what, persons, organizations, expected) => {
    const world = await mailWorld();
    await givenTemplate(world, "pt", "Parabéns", "Olá %username%");
    await givenTemplate(world, "de", "Glückwunsch", "Hallo %username%, am %awardedon%");
    const award = await world.award();
    await world.env.db.batch([
      { sql: "UPDATE users SET language = ? WHERE id = ?", params: [persons, award.user_id] },
      { sql: "UPDATE organizations SET language = ?", params: [organizations] },
    ]);
    const mail = await only(world);
    expect(mail.subject).toContain(expected);
    expect(mail.html).toContain(`<html lang="${mail.language}">`);
  });

  it("is one per award, and none for what was awarded before mail was set up", async () => {
    const app = await testApp();
    const organization = await givenOrganization(app.env);
    const badge = await givenBadge(app.env, organization);
    const input = {
      badge: badge.id,
      recipient: { type: "email" as const, identity: "a@b.example" },
    };
    const decided = await awardBadge(app.env, organization.id, input, SYSTEM);
    await app.env.db.batch(decided.writes);
    const { rows } = await app.env.db.read({
      sql: "SELECT (SELECT count(*) FROM notifications), (SELECT count(*) FROM jobs WHERE kind LIKE 'mail.%')",
      params: [],
    });
    expect(rows[0]?.map(Number)).toEqual([0, 0]);
  });
});

describe("notify_on_award: nobody is told", () => {
  const set = (sql: string) => async (world: MailWorld, id: string, user: string) => {
    await world.env.db.batch([
      { sql, params: sql.includes("users") || sql.includes("memberships") ? [user] : [id] },
    ]);
  };

  it.each([
    ["award-hidden", set("UPDATE badge_issues SET visible = 0 WHERE id = ?")],
    ["award-declined", set("UPDATE badge_issues SET claim_state = 'declined' WHERE id = ?")],
    ["award-expired", set("UPDATE badge_issues SET date_expire = 1 WHERE id = ?")],
    ["recipient-not-active", set("UPDATE users SET status = 'suspended' WHERE id = ?")],
    [
      "recipient-not-active",
      set("UPDATE memberships SET status = 'deactivated' WHERE user_id = ?"),
    ],
    ["recipient-not-active", set("DELETE FROM memberships WHERE user_id = ?")],
    [
      "award-revoked",
      async (world: MailWorld, id: string) => {
        const revoked = await revokeAward(world.env, world.organization.id, id, "Mistake", SYSTEM);
        await world.env.db.batch(revoked.writes);
      },
    ],
  ])("%s", async (code, change) => {
    const world = await mailWorld();
    const award = await world.award();
    await change(world, award.id, award.user_id);
    await world.send();
    expect(world.server.tried).toEqual([]);
    expect(await world.row(award)).toMatchObject({ state: "cancelled", last_error: code });
    expect(await notified(world.env, award)).toBe(false);
  });

  it("recipient-without-email", async () => {
    const world = await mailWorld();
    const recipient = { type: "url" as const, identity: "https://noor.example/" };
    const decided = await awardBadge(
      world.env,
      world.organization.id,
      { badge: world.badge.id, recipient },
      SYSTEM,
    );
    await world.env.db.batch(decided.writes);
    await world.send();
    expect(await world.row(decided.result.award)).toMatchObject({
      state: "cancelled",
      last_error: "recipient-without-email",
    });
  });

  it("of an award that was corrected first: it is the corrected one that is told of", async () => {
    const world = await mailWorld();
    world.server.answer = () => DOWN;
    const first = await world.award({ to: "mistyped@example.org" });
    await world.send();
    world.server.answer = () => ({ ok: true });
    const corrected = await reissueAward(
      world.env,
      world.organization.id,
      first.id,
      { recipient: { type: "email", identity: "right@example.org" } },
      "The address was mistyped.",
      SYSTEM,
    );
    await world.env.db.batch(corrected.writes);
    await world.pass(60_000);
    expect(world.server.taken.map(({ to }) => to)).toEqual(["right@example.org"]);
    expect(world.server.taken[0]?.id).toBe(`award.created.${first.id}`);
    expect(await notified(world.env, first)).toBe(false);
    expect(await notified(world.env, corrected.result.award)).toBe(true);
  });
});
