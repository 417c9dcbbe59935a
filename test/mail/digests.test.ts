// What who made a badge is told: never, of each award, every day, week or month; once.
import { describe, expect, it } from "vitest";
import { digestStart, nextDigest } from "../../src/issuer/digest-time.ts";
import { MAX_NAMES } from "../../src/mail/creator-mail.ts";
import { SETTLE_MS } from "../../src/mail/digests.ts";
import { TEST_NOW } from "../app.ts";
import { givenAward, givenBadge, givenPerson } from "../given.ts";
import { DOWN, type MailWorld, mailWorld } from "./mailing.ts";

const DAY_MS = 86_400_000;
const FREQUENCIES = [
  [2, "daily", DAY_MS],
  [3, "weekly", 7 * DAY_MS],
  [4, "monthly", 31 * DAY_MS],
] as const;

const toCreator = ({ server, creator }: MailWorld) =>
  server.taken.filter(({ to }) => to === creator.identity.normalised);

async function nextCron({ env, badge }: MailWorld): Promise<number | null> {
  const { rows } = await env.db.read({
    sql: "SELECT next_cron FROM badges WHERE id = ?",
    params: [badge.id],
  });
  return rows[0]?.[0] == null ? null : Number(rows[0][0]);
}

async function issuerNotified({ env }: MailWorld): Promise<number> {
  const { rows } = await env.db.read({
    sql: "SELECT count(*) FROM badge_issues WHERE issuer_notified IS NOT NULL",
    params: [],
  });
  return Number(rows[0]?.[0]);
}

const digesting = (notification: number) =>
  mailWorld({ notification, next_cron: nextDigest({ notification }, TEST_NOW) });

describe("notification 0, never", () => {
  it("tells who made the badge of nothing", async () => {
    const world = await mailWorld({ notification: 0 });
    await world.award();
    await world.pass(40 * DAY_MS);
    await world.plan();
    expect(toCreator(world)).toEqual([]);
    expect(await issuerNotified(world)).toBe(0);
  });
});

describe("notification 1, each", () => {
  it("tells of each award by itself, once, and writes it down", async () => {
    const world = await mailWorld({ notification: 1 });
    const award = await world.award({ name: "Noor Haddad" });
    await world.award({ name: "Kim Osei" });
    await world.send();
    await world.pass(DAY_MS);
    const mails = toCreator(world);
    expect(mails.map(({ subject }) => subject).sort()).toEqual([
      `${world.badge.name} was awarded to Kim Osei`,
      `${world.badge.name} was awarded to Noor Haddad`,
    ]);
    expect(await issuerNotified(world)).toBe(2);
    expect(await world.row(award, "creator.award")).toMatchObject({ state: "sent" });
  });

  it("is nothing to write down where a key or the system made the badge", async () => {
    const world = await mailWorld({ notification: 1, user_id: null });
    const award = await world.award();
    expect(await world.row(award, "creator.award")).toBe(undefined);
  });
});

describe.each(FREQUENCIES)("notification %i, %s", (notification, _name, period) => {
  it("is one mail per badge and period with who got it, and next_cron moves on", async () => {
    const world = await digesting(notification);
    const due = (await nextCron(world)) ?? 0;
    expect(due - TEST_NOW).toBe(period);
    await world.award({ name: "Noor Haddad" });
    world.app.clock.advance(1_000);
    await world.award({ name: "Kim Osei" });
    await world.send();
    world.app.clock.now = due - 1;
    await world.plan();
    expect(toCreator(world)).toEqual([]);
    world.app.clock.now = due + SETTLE_MS;
    await world.plan();
    await world.plan();
    await world.pass(DAY_MS / 24);
    const [mail, ...more] = toCreator(world);
    expect(more).toEqual([]);
    expect(mail?.subject).toBe(`${world.badge.name}: new awards, 2 in all`);
    expect(mail?.text).toContain("- Noor Haddad\n- Kim Osei\n");
    expect(await issuerNotified(world)).toBe(2);
    expect(await nextCron(world)).toBe(nextDigest({ notification }, due));
    // The next one tells of what came since.
    await world.award({ name: "Tomás Rivera" });
    await world.send();
    world.app.clock.now = ((await nextCron(world)) ?? 0) + SETTLE_MS;
    await world.plan();
    const second = toCreator(world)[1];
    expect(second?.text).toContain("- Tomás Rivera\n");
    expect(second?.text).not.toContain("Noor");
  });

  it("is no mail where there is nothing to tell, and next_cron moves on all the same", async () => {
    const world = await digesting(notification);
    const due = (await nextCron(world)) ?? 0;
    world.app.clock.now = due + SETTLE_MS;
    await world.plan();
    expect(await world.rows()).toEqual([]);
    expect(await nextCron(world)).toBe(nextDigest({ notification }, due));
  });
});

describe("a digest", () => {
  it("after an outage tells of all that was missed, in one mail", async () => {
    const world = await digesting(2);
    for (let day = 0; day < 5; day++) {
      await world.award({ name: `Person ${day}` });
      world.app.clock.advance(DAY_MS);
    }
    world.app.clock.advance(SETTLE_MS);
    await world.plan();
    const [mail, ...more] = toCreator(world);
    expect(more).toEqual([]);
    expect(mail?.text.match(/^- Person/gm)).toHaveLength(5);
    expect(((await nextCron(world)) ?? 0) - world.app.clock.now).toBeGreaterThan(0);
  });

  it("that could not be sent says the same when it can, and the next one does not repeat it", async () => {
    const world = await digesting(2);
    await world.award({ name: "Noor Haddad" });
    await world.send();
    world.server.answer = () => DOWN;
    world.app.clock.advance(DAY_MS + SETTLE_MS);
    await world.plan();
    expect(await issuerNotified(world)).toBe(0);
    world.server.answer = () => ({ ok: true });
    await world.award({ name: "Kim Osei" });
    await world.pass(DAY_MS);
    await world.plan();
    expect(toCreator(world).map(({ text }) => text.match(/^- .*$/gm))).toEqual([
      ["- Noor Haddad"],
      ["- Kim Osei"],
    ]);
  });

  it("leaves out what was revoked or hidden, and what was awarded before it began", async () => {
    const world = await digesting(2);
    const old = await givenPerson(world.env, world.organization);
    await givenAward(world.env, world.badge, old, { awarded_at: TEST_NOW - DAY_MS });
    const gone = await world.award({ name: "Revoked" });
    const hidden = await world.award({ name: "Hidden" });
    await world.env.db.batch([
      { sql: "UPDATE badge_issues SET revoked_at = 1 WHERE id = ?", params: [gone.id] },
      { sql: "UPDATE badge_issues SET visible = 0 WHERE id = ?", params: [hidden.id] },
    ]);
    await world.award({ name: "Noor Haddad" });
    await world.send();
    world.app.clock.advance(DAY_MS + SETTLE_MS);
    await world.plan();
    expect(toCreator(world)[0]?.text.match(/^- .*$/gm)).toEqual(["- Noor Haddad"]);
  });

  it(`names ${MAX_NAMES}, says how many more there are, and counts them all as told`, async () => {
    const world = await digesting(2);
    const person = await givenPerson(world.env, world.organization, { name: "Many" });
    await givenAward(world.env, world.badge, person, { awarded_at: TEST_NOW });
    const columns = `badge_id, user_id, organization_id, awarded_at, awarded_by,
      recipient_identity_id, recipient_type, recipient_identity, recipient_salt, recipient_name, updated_at`;
    const copies = 700;
    await world.env.db.batch([
      {
        sql: `INSERT INTO badge_issues (id, unique_hash, award_slot, ${columns})
          WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?)
          SELECT 'copy-' || i, printf('%040d', i), 'r' || i, ${columns} FROM badge_issues, n`,
        params: [copies],
      },
    ]);
    world.app.clock.advance(DAY_MS + SETTLE_MS);
    await world.plan();
    const [mail] = toCreator(world);
    expect(mail?.text.match(/^- Many$/gm)).toHaveLength(MAX_NAMES);
    expect(mail?.text).toContain(`- … + ${copies + 1 - MAX_NAMES}`);
    expect(await issuerNotified(world)).toBe(copies + 1);
  });

  it.each([
    ["badge-without-creator", "UPDATE badges SET user_id = NULL"],
    ["person-not-active", "UPDATE users SET status = 'suspended' WHERE id = :creator"],
    ["person-not-active", "UPDATE memberships SET status = 'deactivated' WHERE user_id = :creator"],
    ["person-without-proven-email", "UPDATE identities SET verified_at = NULL"],
  ])("is not sent: %s, and next_cron moves on", async (code, sql) => {
    const world = await digesting(3);
    const due = (await nextCron(world)) ?? 0;
    await world.award();
    await world.send();
    const statement = sql.replace(":creator", `'${world.creator.user.id}'`);
    await world.env.db.batch([{ sql: statement, params: [] }]);
    world.app.clock.now = due + SETTLE_MS;
    await world.plan();
    const digest = (await world.rows()).find(({ kind }) => kind === "creator.digest");
    expect(digest).toMatchObject({ state: "cancelled", last_error: code });
    expect(toCreator(world)).toEqual([]);
    expect(await nextCron(world)).toBe(nextDigest({ notification: 3 }, due));
  });

  it("of an archived badge there is none", async () => {
    const world = await digesting(2);
    await world.award();
    await world.send();
    await world.env.db.batch([{ sql: "UPDATE badges SET status = 'archived'", params: [] }]);
    world.app.clock.advance(DAY_MS + SETTLE_MS);
    await world.plan();
    expect(toCreator(world)).toEqual([]);
    expect((await world.rows()).some(({ kind }) => kind === "creator.digest")).toBe(false);
  });

  it("begins now for a badge that was set to it before there were any", async () => {
    const world = await mailWorld({ notification: 4, next_cron: null });
    await world.plan();
    expect(await nextCron(world)).toBe(nextDigest({ notification: 4 }, world.app.clock.now));
  });

  it("is each badge's own", async () => {
    const world = await digesting(2);
    const other = await givenBadge(world.env, world.organization, {
      user_id: world.creator.user.id,
      notification: 2,
      next_cron: TEST_NOW + DAY_MS,
    });
    await world.award();
    await world.award({ badge: other });
    await world.send();
    world.app.clock.advance(DAY_MS + SETTLE_MS);
    await world.plan();
    expect(toCreator(world)).toHaveLength(2);
  });
});

describe("a month from a day", () => {
  it.each([
    ["2026-01-15", "2026-02-15"],
    ["2026-01-31", "2026-02-28"],
    ["2028-01-31", "2028-02-29"],
    ["2026-12-31", "2027-01-31"],
    ["2026-02-28", "2026-03-28"],
  ])("%s is %s, and none of it is left out", (from, to) => {
    const start = Date.parse(`${from}T14:02:00Z`);
    const end = nextDigest({ notification: 4 }, start) ?? 0;
    expect(end).toBe(Date.parse(`${to}T14:02:00Z`));
    expect(digestStart({ notification: 4 }, end)).toBeLessThanOrEqual(start);
  });
});
