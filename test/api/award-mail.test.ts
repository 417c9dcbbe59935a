// The mail about an award sent once more: to whoever lost it, and never twice for one wish.
import { eq } from "drizzle-orm";
import { describe, expect, it } from "vitest";
import { RESEND_EVERY_MS } from "../../src/api/award-mail.ts";
import { type Award, awards } from "../../src/db/awards.ts";
import { awardToken } from "../../src/issuer/award-link.ts";
import { givenApiKey, givenAward, givenPerson } from "../given.ts";
import { type MailWorld, mailWorld } from "../mail/mailing.ts";
import { type Ask, asking } from "./ask.ts";

async function told(): Promise<MailWorld & { readonly ask: Ask; readonly one: Award }> {
  const made = await mailWorld();
  const one = await made.award();
  await made.send();
  made.app.clock.advance(RESEND_EVERY_MS + 1);
  return { ...made, one, ask: asking(made.app, await givenApiKey(made.env, made.organization)) };
}

describe("POST /awards/{id}/resend", () => {
  it("sends the same mail again to who was told before, as a mail of its own", async () => {
    const w = await told();
    const said = await w.ask("POST", `/awards/${w.one.unique_hash}/resend`);
    expect([said.status, said.json.kind, said.json.subject]).toEqual([
      202,
      "award.resent",
      w.one.id,
    ]);
    await w.send();
    const [first, second] = w.server.taken;
    expect(w.server.taken).toHaveLength(2);
    expect(second).toMatchObject({ to: first?.to, subject: first?.subject, text: first?.text });
    expect(second?.id).not.toBe(first?.id);
  });

  it("pressed twice, also at the same moment, sends one", async () => {
    const w = await told();
    const path = `/awards/${w.one.id}/resend`;
    const pair = await Promise.all([w.ask("POST", path), w.ask("POST", path)]);
    await w.send();
    w.app.clock.advance(RESEND_EVERY_MS - 1);
    const later = await w.ask("POST", path);
    await w.send();
    expect(pair.map(({ status }) => status).every((status) => status < 300)).toBe(true);
    expect([later.status, later.json.state]).toEqual([200, "sent"]);
    expect(w.server.taken).toHaveLength(2);
  });

  it("ten minutes later it is sent again", async () => {
    const w = await told();
    for (let i = 0; i < 2; i++) {
      expect((await w.ask("POST", `/awards/${w.one.id}/resend`)).status).toBe(202);
      await w.send();
      w.app.clock.advance(RESEND_EVERY_MS);
    }
    expect(w.server.taken).toHaveLength(3);
  });

  it("a first mail that still waits is the one that is sent", async () => {
    const w = await told();
    const fresh = await w.award();
    const said = await w.ask("POST", `/awards/${fresh.id}/resend`);
    expect([said.status, said.json.kind]).toEqual([200, "award.created"]);
  });

  it.each([
    ["revoked", { revoked_at: 1, revocation_reason: "A mistake." }, "award-revoked"],
    ["hidden", { visible: false }, "award-not-mailable"],
    ["expired", { date_expire: 1 }, "award-not-mailable"],
    ["declined", { claim_state: "declined" }, "award-not-mailable"],
    ["made out to a web address", { recipient_type: "url" }, "award-not-mailable"],
  ] as const)("409 for one that is %s", async (_what, over, code) => {
    const w = await told();
    const person = await givenPerson(w.env, w.organization);
    const award = await givenAward(w.env, w.badge, person, over);
    const said = await w.ask("POST", `/awards/${award.id}/resend`);
    expect([said.status, said.json.code]).toEqual([409, code]);
    await w.send();
    expect(w.server.taken).toHaveLength(1);
  });

  it("goes to a recipient whose award was corrected as the award that stands", async () => {
    const w = await told();
    const next = await w.award({ to: "else@example.org" });
    await w.env.db.batch([
      w.env.db.orm.update(awards).set({ superseded_by: next.id }).where(eq(awards.id, w.one.id)),
    ]);
    await w.ask("POST", `/awards/${w.one.id}/resend`);
    await w.send();
    const token = await awardToken(w.env, next.id, w.env.now());
    expect(w.server.taken.at(-1)?.text).toContain(token);
  });
});
