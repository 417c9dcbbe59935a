// What awarding would come to, asked over the API: as the award itself, but nothing is written.
import { describe, expect, it } from "vitest";
import { testApp } from "../app.ts";
import { givenApiKey, givenAward, givenBadge, givenOrganization, givenPerson } from "../given.ts";

async function previewing(over: Parameters<typeof givenBadge>[2] = {}) {
  const { env, request } = await testApp();
  const organization = await givenOrganization(env);
  const badge = await givenBadge(env, organization, { name: "Night School", ...over });
  const noor = await givenPerson(env, organization, { email: "noor@example.org" });
  const key = await givenApiKey(env, organization, ["awards:write"]);
  const preview = async (body: Record<string, unknown>) => {
    const response = await request("/api/v1/awards/preview", {
      method: "POST",
      headers: { authorization: `Bearer ${key}`, "content-type": "application/json" },
      body: JSON.stringify({ badge: badge.id, ...body }),
    });
    return { status: response.status, body: (await response.json()) as Record<string, unknown> };
  };
  const rows = async (table: string) =>
    (await env.db.read({ sql: `select count(*) from ${table}`, params: [] })).rows[0]?.[0];
  return { env, organization, badge, noor, preview, rows };
}

const KIM = { type: "email", identity: "kim@example.org", name: "Kim" };

describe("previewing an award", () => {
  it("of somebody new says so, with the mail, and writes nobody down", async () => {
    const { preview, rows } = await previewing({ max_awards_per_user: 1, expire_period: 86_400 });
    const before = [await rows("users"), await rows("audit_log"), await rows("jobs")];
    expect(await preview({ recipient: KIM })).toMatchObject({
      status: 200,
      body: {
        would_award: true,
        reason: null,
        recipient: { user: null, name: "Kim" },
        held: 0,
        max_awards_per_user: 1,
        expires_at: "2026-10-05T14:02:00.000Z",
        award: null,
        mail: {
          subject: "You have been awarded the badge Night School",
          text: expect.stringContaining("Hello Kim,"),
          language: "en",
        },
      },
    });
    expect([await rows("users"), await rows("audit_log"), await rows("jobs")]).toEqual(before);
    expect(await rows("badge_issues")).toBe(0);
  });

  it("of who holds all that is allowed names the award in the way, and no mail", async () => {
    const { env, preview, badge, noor } = await previewing({ max_awards_per_user: 1 });
    const held = await givenAward(env, badge, noor);
    expect((await preview({ user: noor.user.id })).body).toMatchObject({
      would_award: false,
      reason: "max_awards_per_user_enforced",
      recipient: { user: noor.user.id, name: "Noor Haddad" },
      held: 1,
      award: { id: held.id },
      mail: null,
    });
  });

  it("of who may hold more counts what they hold; what was revoked is not held", async () => {
    const { env, preview, badge, noor } = await previewing({ max_awards_per_user: null });
    await givenAward(env, badge, noor, { award_slot: "1" });
    await givenAward(env, badge, noor, { award_slot: "2", revoked_at: env.now() });
    expect(
      (await preview({ recipient: { type: "email", identity: "NOOR@example.org" } })).body,
    ).toMatchObject({ would_award: true, held: 1, max_awards_per_user: null });
  });

  it("of what is no e-mail address tells nobody", async () => {
    const { preview } = await previewing();
    const recipient = { type: "url", identity: "https://kim.example" };
    expect((await preview({ recipient })).body).toMatchObject({ would_award: true, mail: null });
  });

  it("is refused where the award would be", async () => {
    const { env, organization, preview } = await previewing();
    const draft = await givenBadge(env, organization, { status: "inactive" });
    const foreign = await givenBadge(env, await givenOrganization(env));
    const refused = await Promise.all([
      preview({ recipient: KIM, badge: draft.id }),
      preview({ recipient: KIM, badge: foreign.id }),
      preview({ recipient: KIM, expires_at: "2026-10-01T00:00:00Z" }),
      preview({}),
    ]);
    expect(refused.map(({ status, body }) => [status, body.code])).toEqual([
      [409, "badge-inactive"],
      [404, "not-found"],
      [422, "invalid-request"],
      [422, "invalid-request"],
    ]);
  });
});
