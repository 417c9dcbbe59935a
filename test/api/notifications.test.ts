// Mails over the API: what became of each, and having one sent again that was not.
import { describe, expect, it } from "vitest";
import type { TestApp } from "../app.ts";
import { givenApiKey, givenAward, givenPerson } from "../given.ts";
import { givenNotification } from "../mail/given.ts";
import { type MailWorld, mailWorld, notified, REFUSED } from "../mail/mailing.ts";
import { type Ask, asking } from "./ask.ts";

async function world(): Promise<MailWorld & { readonly ask: Ask }> {
  const made = await mailWorld();
  return { ...made, ask: asking(made.app, await givenApiKey(made.env, made.organization)) };
}

describe("GET /notifications", () => {
  it("tells what became of each mail, page by page, each once", async () => {
    const w = await world();
    for (let i = 0; i < 7; i++) {
      await w.award();
      if (i % 3 === 0) w.app.clock.advance(1);
    }
    const seen: string[] = [];
    let cursor: string | null = "";
    while (cursor !== null) {
      const after: string = cursor === "" ? "" : `&cursor=${cursor}`;
      const page = await w.ask("GET", `/notifications?limit=3${after}`);
      expect(page.status).toBe(200);
      seen.push(...page.json.data.map(({ id }) => id));
      cursor = page.json.next_cursor;
    }
    expect(seen).toHaveLength(7);
    expect(new Set(seen).size).toBe(7);
    await w.send();
    expect((await w.ask("GET", "/notifications?state=waiting")).json.data).toEqual([]);
    const [sent] = (await w.ask("GET", "/notifications?state=sent")).json.data;
    expect(sent).toMatchObject({ kind: "award.created", attempts: 1, reason: null, due_at: null });
    const one = await w.ask("GET", `/notifications/${sent?.id}`);
    expect(one.json).toEqual(sent);
  });

  it.each(["limit=0", "state=lost", "cursor=abc", "cursor=YmVmb3JlOjE"])(
    "refuses %s",
    async (query) => {
      const { ask } = await world();
      expect((await ask("GET", `/notifications?${query}`)).status).toBe(422);
    },
  );

  it.each(["award.created.nobody", "award.created", "nonsense", "creator.digest.x.1.2"])(
    "knows no %s",
    async (id) => {
      const { ask } = await world();
      expect((await ask("GET", `/notifications/${id}`)).status).toBe(404);
    },
  );
});

describe("sending again", () => {
  it("what was parked, whose tries begin anew", async () => {
    const w = await world();
    w.server.answer = () => REFUSED;
    const award = await w.award();
    await w.send();
    w.server.answer = () => ({ ok: true });
    const again = await w.ask("POST", `/notifications/award.created.${award.id}/resend`);
    expect(again.json).toMatchObject({ state: "waiting", attempts: 0, reason: null });
    await w.send();
    expect(w.server.taken).toHaveLength(1);
    expect(await notified(w.env, award)).toBe(true);
  });

  it("by its award, by id or hash; what was sent is not sent again", async () => {
    const w = await world();
    const award = await w.award();
    await w.send();
    for (const id of [award.id, award.unique_hash]) {
      const said = await w.ask("POST", `/awards/${id}/resend-notification`);
      expect(said.json).toMatchObject({ state: "sent" });
    }
    await w.ask("POST", `/notifications/award.created.${award.id}/resend`);
    await w.send();
    expect(w.server.tried).toHaveLength(1);
  });

  it("of an award that was made before mail was set up, since somebody asks for it", async () => {
    const w = await world();
    const person = await givenPerson(w.env, w.organization);
    const award = await givenAward(w.env, w.badge, person);
    await w.send();
    expect(w.server.tried).toEqual([]);
    const said = await w.ask("POST", `/awards/${award.id}/resend-notification`);
    expect(said.json).toMatchObject({ state: "waiting", kind: "award.created" });
    await w.send();
    expect(w.server.taken).toHaveLength(1);
    expect(await notified(w.env, award)).toBe(true);
  });

  it("what was cancelled is looked at again", async () => {
    const w = await world();
    const award = await w.award();
    const show = (visible: number) => ({
      sql: "UPDATE badge_issues SET visible = ? WHERE id = ?",
      params: [visible, award.id],
    });
    await w.env.db.batch([show(0)]);
    await w.send();
    await w.ask("POST", `/awards/${award.id}/resend-notification`);
    await w.send();
    expect((await w.row(award))?.state).toBe("cancelled");
    await w.env.db.batch([show(1)]);
    await w.ask("POST", `/awards/${award.id}/resend-notification`);
    await w.send();
    expect((await w.row(award))?.state).toBe("sent");
  });

  it("does nothing to a mail that is under way", async () => {
    const w = await world();
    const award = await w.award();
    w.server.answer = async () => {
      const said = await w.ask("POST", `/awards/${award.id}/resend-notification`);
      expect(said.json).toMatchObject({ state: "waiting", attempts: 1 });
      return { ok: true };
    };
    await w.send();
    await w.send();
    expect(w.server.tried).toHaveLength(1);
    expect((await w.row(award))?.state).toBe("sent");
  });

  it("all that were given up, at once", async () => {
    const w = await world();
    for (let i = 0; i < 3; i++) {
      const person = await givenPerson(w.env, w.organization);
      await givenNotification(w.env, await givenAward(w.env, w.badge, person));
    }
    expect((await w.ask("POST", "/notifications/resend")).json).toMatchObject({ resent: 3 });
    await w.send();
    expect(w.server.taken).toHaveLength(3);
    expect((await w.ask("POST", "/notifications/resend")).json).toMatchObject({ resent: 0 });
  });

  it("is refused where no mail can be sent", async () => {
    const w = await world();
    const award = await w.award();
    const t: TestApp = { ...w.app, request: w.app.request };
    const { createApp } = await import("../../src/app.ts");
    const app = createApp({ ...w.env, mail: undefined });
    const silent = asking(
      {
        ...t,
        request: async (path, init) => app.request(`https://badges.example.org${path}`, init),
      },
      await givenApiKey(w.env, w.organization),
    );
    for (const path of [
      `/awards/${award.id}/resend-notification`,
      `/notifications/award.created.${award.id}/resend`,
      "/notifications/resend",
    ]) {
      const said = await silent("POST", path);
      expect([path, said.status, said.json.code]).toEqual([path, 409, "mail-not-set-up"]);
    }
  });
});
