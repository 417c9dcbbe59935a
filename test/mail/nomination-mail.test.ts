// What is told of nominations: to those who decide, and to who nominated.
import { eq } from "drizzle-orm";
import { describe, expect, it } from "vitest";
import { nominations } from "../../src/db/nominations.ts";
import { notify } from "../../src/issuer/notify.ts";
import { MAX_DECIDERS } from "../../src/mail/nomination-mail.ts";
import { givenPerson } from "../given.ts";
import { givenNomination } from "../given-nominations.ts";
import { type MailWorld, mailWorld } from "./mailing.ts";

const ADMINISTRATOR = ["organization_administrator", "member"];

async function nominated(world: MailWorld, nominator?: string) {
  const nominee = await givenPerson(world.env, world.organization, { name: "Kim Osei" });
  const over = nominator === undefined ? {} : { nominator_id: nominator };
  const nomination = await givenNomination(world.env, world.badge, nominee, over);
  const organizationId = world.organization.id;
  const notice = { kind: "nomination.created", subjectId: nomination.id, organizationId } as const;
  await world.env.db.batch(notify(world.env, notice));
  return nomination;
}

async function decided(
  world: MailWorld,
  id: string,
  over: Partial<typeof nominations.$inferInsert>,
): Promise<void> {
  const { env, organization } = world;
  const notice = {
    kind: "nomination.decided",
    subjectId: id,
    organizationId: organization.id,
  } as const;
  await env.db.batch([
    env.db.orm.update(nominations).set(over).where(eq(nominations.id, id)),
    ...notify(env, notice),
  ]);
}

describe("a nomination that was made", () => {
  it("is told to each administrator of the organization, once, and to nobody else", async () => {
    const world = await mailWorld();
    const ada = await givenPerson(world.env, world.organization, { roles: ADMINISTRATOR });
    const cora = await givenPerson(world.env, world.organization, {
      name: "Cora",
      roles: ["coordinator"],
    });
    await nominated(world, cora.user.id);
    await world.send();
    await world.send();
    const to = world.server.taken.map((mail) => mail.to).sort();
    expect(to).toEqual([ada.identity.normalised, world.creator.identity.normalised].sort());
    const [mail] = world.server.taken;
    expect(mail?.subject).toBe(`Kim Osei is nominated for ${world.badge.name}`);
    expect(mail?.text).toContain("Cora nominates Kim Osei");
    expect(mail?.text).toContain("Took over the Tuesday group.");
    expect(new Set(world.server.taken.map(({ id }) => id)).size).toBe(2);
  });

  it("is told to nobody who made it, is suspended, or has proven no address", async () => {
    const world = await mailWorld();
    const { env, organization, creator } = world;
    const suspended = await givenPerson(env, organization, {
      roles: ADMINISTRATOR,
      status: "suspended",
    });
    const unproven = await givenPerson(env, organization, { roles: ADMINISTRATOR });
    await env.db.batch([
      {
        sql: "UPDATE identities SET verified_at = NULL WHERE user_id = ?",
        params: [unproven.user.id],
      },
    ]);
    const { id } = await nominated(world, creator.user.id);
    await world.send();
    expect(world.server.tried).toEqual([]);
    const reasons = new Map((await world.rows()).map((row) => [row.subject_id, row.last_error]));
    expect(reasons.get(`${id}.${creator.user.id}`)).toBe("own-nomination");
    expect(reasons.get(`${id}.${suspended.user.id}`)).toBe("person-not-active");
    expect(reasons.get(`${id}.${unproven.user.id}`)).toBe("person-without-proven-email");
  });

  it("goes to an address that somebody proved under an account of their own", async () => {
    const world = await mailWorld();
    const { env, organization, creator } = world;
    const address = creator.identity.normalised;
    const record = await givenPerson(env, organization, { email: address, roles: ADMINISTRATOR });
    expect(record.identity.verified_at).toBe(null);
    const { id } = await nominated(world);
    await world.send();
    const row = (await world.rows()).find((one) => one.subject_id === `${id}.${record.user.id}`);
    expect(row?.state).toBe("sent");
  });

  it("is told of no more once it is decided", async () => {
    const world = await mailWorld();
    const { id } = await nominated(world);
    await world.env.db.batch([
      world.env.db.orm
        .update(nominations)
        .set({ state: "withdrawn" })
        .where(eq(nominations.id, id)),
    ]);
    await world.send();
    expect(world.server.tried).toEqual([]);
    expect((await world.rows())[0]?.last_error).toBe("nomination-decided");
  });

  it(`is told to ${MAX_DECIDERS} administrators at most`, async () => {
    const world = await mailWorld();
    for (let i = 0; i < MAX_DECIDERS; i++) {
      await givenPerson(world.env, world.organization, { roles: ADMINISTRATOR });
    }
    await nominated(world);
    await world.send();
    expect(world.server.taken).toHaveLength(MAX_DECIDERS);
    expect(await world.rows()).toHaveLength(MAX_DECIDERS);
  });
});

describe("a nomination that was decided", () => {
  it.each([
    ["approved", "was approved"],
    ["declined", "was declined"],
  ] as const)("%s: who nominated is told, with the note", async (state, words) => {
    const world = await mailWorld();
    const cora = await givenPerson(world.env, world.organization, { roles: ["coordinator"] });
    const { id } = await nominated(world, cora.user.id);
    await world.send();
    world.server.taken.length = 0;
    await decided(world, id, { state, decision_note: "Gladly *later*." });
    await world.send();
    expect(world.server.taken.map(({ to }) => to)).toEqual([cora.identity.normalised]);
    const [mail] = world.server.taken;
    expect(mail?.subject).toContain(words);
    expect(mail?.text).toContain("Gladly *later*.");
  });

  it.each([
    ["nomination-without-nominator", {}],
    ["nothing-to-tell", { state: "withdrawn" }],
  ] as const)("nobody is told: %s", async (code, over) => {
    const world = await mailWorld();
    const { id } = await nominated(world);
    await decided(world, id, { state: "declined", ...over });
    await world.send();
    const row = (await world.rows()).find(({ kind }) => kind === "nomination.decided");
    expect(row).toMatchObject({ state: "cancelled", last_error: code });
  });

  it("and was made by who decided: they know", async () => {
    const world = await mailWorld();
    const { id } = await nominated(world, world.creator.user.id);
    await decided(world, id, { state: "approved", decided_by_id: world.creator.user.id });
    await world.send();
    expect(world.server.tried).toEqual([]);
  });
});
