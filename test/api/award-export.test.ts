// Awards as a CSV file: all of them, filtered, and nobody's address.
import { describe, expect, it } from "vitest";
import { testApp } from "../app.ts";
import { givenApiKey, givenAward, givenBadge, givenOrganization, givenPerson } from "../given.ts";

async function exported(query = "") {
  const t = await testApp();
  const organization = await givenOrganization(t.env);
  const badge = await givenBadge(t.env, organization);
  const other = await givenBadge(t.env, organization);
  const formula = await givenPerson(t.env, organization, {
    name: '=cmd|"A1"',
    email: "a@b.example",
  });
  await givenAward(t.env, badge, formula);
  await givenAward(t.env, other, formula, { revoked_at: 1, revocation_reason: "A mistake." });
  const key = await givenApiKey(t.env, organization, ["awards:read"]);
  const answer = await t.request(`/api/v1/awards.csv${query.replace("BADGE", badge.id)}`, {
    headers: { authorization: `Bearer ${key}` },
  });
  return { t, answer, text: await answer.text(), badge };
}

describe("GET /awards.csv", () => {
  it("is a file with a line for each award, without the addresses they were made out to", async () => {
    const { answer, text } = await exported();
    expect(answer.headers.get("content-type")).toBe("text/csv; charset=utf-8");
    expect(answer.headers.get("content-disposition")).toBe('attachment; filename="awards.csv"');
    expect(text.trim().split("\r\n")).toHaveLength(3);
    expect(text).toContain("A mistake.");
    expect(text).not.toContain("a@b.example");
  });

  it("holds no cell that a spreadsheet would run", async () => {
    expect((await exported()).text).toContain(`"'=cmd|""A1"""`);
  });

  it.each([
    ["?badge=BADGE", 1],
    ["?status=revoked", 1],
    ["?status=expired", 0],
    ["?badge=BADGE&status=revoked", 0],
  ])("%s: %i lines", async (query, lines) => {
    expect((await exported(query)).text.trim().split("\r\n")).toHaveLength(lines + 1);
  });

  it("more awards than are read at once are all in it, each once", async () => {
    const t = await testApp();
    const organization = await givenOrganization(t.env);
    const badge = await givenBadge(t.env, organization);
    const person = await givenPerson(t.env, organization);
    const first = await givenAward(t.env, badge, person);
    await t.env.db.batch([
      {
        sql: `INSERT INTO badge_issues (id, unique_hash, badge_id, user_id, organization_id,
            award_slot, awarded_at, awarded_by, recipient_identity_id, recipient_type,
            recipient_identity, recipient_salt, updated_at)
          WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1200)
          SELECT 'id-' || i, printf('%040x', i), badge_id, user_id, organization_id, 'r' || i,
            awarded_at, 'admin', recipient_identity_id, recipient_type, recipient_identity,
            recipient_salt, updated_at FROM badge_issues, n WHERE id = ?`,
        params: [first.id],
      },
    ]);
    const key = await givenApiKey(t.env, organization);
    const answer = await t.request("/api/v1/awards.csv", {
      headers: { authorization: `Bearer ${key}` },
    });
    const ids = (await answer.text())
      .trim()
      .split("\r\n")
      .slice(1)
      .map((line) => line.split(",")[0]);
    expect(ids).toHaveLength(1_201);
    expect(new Set(ids).size).toBe(1_201);
  });
});
