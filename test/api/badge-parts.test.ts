// Alignments, related badges and endorsement of a badge, in the document and at addresses of their own.
import { describe, expect, it } from "vitest";
import { MAX_LISTED } from "../../src/api/badge-schema.ts";
import { testApp } from "../app.ts";
import { givenBadge, givenOrganization } from "../given.ts";
import { BADGE, givenClient, rowCounts } from "./client.ts";

const LISTENING = {
  target_name: "Active listening",
  target_url: "https://skills.example/active-listening",
  target_code: "S-12",
  target_description: "Hears what is meant.",
  target_framework: "Peer Skills",
};
const PATIENCE = { target_name: "Patience", target_url: "https://skills.example/patience" };
const ENDORSEMENT = {
  issuer_name: "National Mentoring Board",
  issuer_url: "https://board.example/",
  issuer_email: "badges@board.example",
};

async function given(over: Record<string, unknown> = {}) {
  const t = await testApp();
  const client = await givenClient(t);
  const made = await client.send("POST", "/badges", { ...BADGE, ...over });
  return { t, ...client, id: made.body.id, path: `/badges/${made.body.id}`, made: made.body };
}

describe("alignments", () => {
  it("are listed, added, read and removed", async () => {
    const { send, path } = await given();
    const added = await send("POST", `${path}/alignments`, LISTENING);
    expect(added.status).toBe(201);
    expect(added.body).toEqual({ id: added.body.id, ...LISTENING });
    const own = `${path}/alignments/${added.body.id}`;
    expect(added.headers.get("location")).toBe(`/api/v1${own}`);
    expect((await send("GET", own)).body).toEqual(added.body);
    expect((await send("GET", `${path}/alignments`)).body.data).toEqual([added.body]);
    expect((await send("GET", path)).body).toMatchObject({ alignments: [added.body] });
    expect((await send("DELETE", own)).status).toBe(204);
    expect((await send("DELETE", own)).status).toBe(404);
    expect((await send("GET", own)).status).toBe(404);
    expect((await send("GET", `${path}/alignments`)).body.data).toEqual([]);
  });

  it("added at once, none is lost", async () => {
    const { send, path } = await given();
    const replies = await Promise.all(
      [1, 2, 3, 4].map((n) =>
        send("POST", `${path}/alignments`, {
          target_name: `${n}`,
          target_url: "https://a.example/",
        }),
      ),
    );
    expect(replies.map(({ status }) => status)).toEqual([201, 201, 201, 201]);
    const names = (await send("GET", `${path}/alignments`)).body.data.map((one) => one.target_name);
    expect(names.sort()).toEqual(["1", "2", "3", "4"]);
  });

  it("are at most 50, also when they come one by one", async () => {
    const numbered = Array.from({ length: MAX_LISTED - 1 }, (_, i) => ({
      ...PATIENCE,
      target_name: `Patience ${i}`,
    }));
    const { send, path, t } = await given({ alignments: numbered });
    expect((await send("POST", `${path}/alignments`, LISTENING)).status).toBe(201);
    const before = await rowCounts(t);
    const refused = await send("POST", `${path}/alignments`, LISTENING);
    expect(refused.status).toBe(422);
    expect(refused.body.errors).toMatchObject([{ pointer: "", code: "too_large" }]);
    expect(await rowCounts(t)).toEqual(before);
  });

  it("keep the order they were given in, and their ids when the list is sent back", async () => {
    const targets = Array.from({ length: 12 }, (_, i) => ({
      target_name: `Skill ${i}`,
      target_url: `https://skills.example/${i}`,
    }));
    const { send, path, made } = await given({ alignments: targets });
    const first = made.alignments as Record<string, unknown>[];
    expect(first.map((one) => one.target_name)).toEqual(targets.map((one) => one.target_name));
    const kept = first.slice(3).map((one) => ({ ...one, target_code: "C" }));
    const changed = await send("PATCH", path, { alignments: kept });
    expect(changed.body.alignments).toEqual(kept);
    expect((await send("GET", path)).body).toEqual(changed.body);
    const byUrl = await send("PATCH", path, { alignments: [targets[5]] });
    expect(byUrl.body.alignments).toMatchObject([{ id: first[5]?.id, target_code: null }]);
  });

  it("422 at the member that is wrong, and nothing is stored", async () => {
    const { t, send, path } = await given();
    const before = await rowCounts(t);
    const refused = await send("POST", `${path}/alignments`, { ...PATIENCE, target_url: "skills" });
    expect(refused.status).toBe(422);
    expect(refused.body.errors[0]).toMatchObject({ pointer: "/target_url", code: "url_format" });
    expect(await rowCounts(t)).toEqual(before);
  });
});

describe("related badges", () => {
  it("are at most 50, and repeating one of them is no new one", async () => {
    const { t, organization, send, path } = await given();
    const others = [];
    for (let i = 0; i <= MAX_LISTED; i++) others.push((await givenBadge(t.env, organization)).id);
    const [last, ...first] = others;
    expect((await send("PATCH", path, { related: first })).status).toBe(200);
    expect((await send("POST", `${path}/related`, { badge: first[0] })).status).toBe(201);
    const refused = await send("POST", `${path}/related`, { badge: last });
    expect(refused.status).toBe(422);
    expect(refused.body.errors).toMatchObject([{ pointer: "/badge", code: "too_large" }]);
  });

  it("a relation is seen from both sides and ended from either", async () => {
    const { t, send, organization, id, path } = await given();
    const other = await givenBadge(t.env, organization);
    const related = await send("POST", `${path}/related`, { badge: other.id });
    expect(related.status).toBe(201);
    expect(related.body).toEqual({ badge: other.id });
    expect((await send("GET", `${path}/related`)).body.data).toEqual([{ badge: other.id }]);
    expect((await send("GET", `/badges/${other.id}/related`)).body.data).toEqual([{ badge: id }]);
    const again = await send("POST", `/badges/${other.id}/related`, { badge: id });
    expect(again.status).toBe(201);
    expect(await rowCounts(t)).toMatchObject({ badge_relateds: 1 });
    expect((await send("DELETE", `/badges/${other.id}/related/${id}`)).status).toBe(204);
    expect((await send("GET", path)).body.related).toEqual([]);
    expect((await send("DELETE", `${path}/related/${other.id}`)).status).toBe(404);
  });

  it("422 for a badge of another organization and for the badge itself", async () => {
    const { t, send, id, path } = await given();
    const foreign = await givenBadge(t.env, await givenOrganization(t.env));
    const codes = async (badge: string) =>
      (await send("POST", `${path}/related`, { badge })).body.errors.map(({ pointer, code }) => ({
        pointer,
        code,
      }));
    expect(await codes(foreign.id)).toEqual([
      { pointer: "/badge", code: "related_badge_must_exist" },
    ]);
    expect(await codes(id)).toEqual([{ pointer: "/badge", code: "related_not_itself" }]);
    expect(await rowCounts(t)).toMatchObject({ badge_relateds: 0 });
  });
});

describe("endorsement", () => {
  it("is about the badge, from now, unless it says otherwise; and is withdrawn", async () => {
    const { t, send, path, made } = await given();
    expect((await send("GET", `${path}/endorsement`)).status).toBe(404);
    const said = await send("POST", `${path}/endorsement`, ENDORSEMENT);
    expect(said.status).toBe(201);
    expect(said.body).toEqual({
      id: said.body.id,
      ...ENDORSEMENT,
      claim_id: made.urls.badge_class,
      claim_comment: "",
      date_issued: "2026-10-04T14:02:00.000Z",
    });
    expect((await send("GET", `${path}/endorsement`)).body).toEqual(said.body);
    expect((await t.request(`/ob/v2/endorsements/${said.body.id}`)).status).toBe(200);
    expect((await send("DELETE", `${path}/endorsement`)).status).toBe(204);
    expect((await send("DELETE", `${path}/endorsement`)).status).toBe(404);
    expect((await send("GET", path)).body.endorsement).toBeNull();
    // OB20-N-04
    expect((await t.request(`/ob/v2/endorsements/${said.body.id}`)).status).toBe(410);
  });

  it("the same words keep their address, other words get another; there is at most one", async () => {
    const { t, send, path } = await given();
    const first = await send("POST", `${path}/endorsement`, ENDORSEMENT);
    const same = await send("POST", `${path}/endorsement`, ENDORSEMENT);
    expect(same.body.id).toBe(first.body.id);
    const other = await send("POST", `${path}/endorsement`, {
      ...ENDORSEMENT,
      claim_comment: "Yes",
    });
    expect(other.body.id).not.toBe(first.body.id);
    await send("DELETE", `${path}/endorsement`);
    const again = await send("POST", `${path}/endorsement`, ENDORSEMENT);
    expect(again.status).toBe(201);
    expect(await rowCounts(t)).toMatchObject({ badge_endorsements: 1 });
    expect((await send("GET", `${path}/endorsement`)).body).toEqual(again.body);
  });

  it("comes with the badge and goes by null", async () => {
    const { send, path, made } = await given({ endorsement: ENDORSEMENT });
    expect(made.endorsement).toMatchObject(ENDORSEMENT);
    expect((await send("GET", path)).body.endorsement).toEqual(made.endorsement);
    const gone = await send("PATCH", path, { endorsement: null });
    expect(gone.body.endorsement).toBeNull();
  });
});

describe("parts of a badge that has been awarded", () => {
  it.each([
    ["/alignments", PATIENCE],
    ["/endorsement", ENDORSEMENT],
  ])("409 for POST %s", async (part, body) => {
    const { t, send, id, path } = await given();
    const recipient = { type: "email", identity: "kim@example.org" };
    expect((await send("POST", "/awards", { badge: id, recipient })).status).toBe(201);
    const before = await rowCounts(t);
    const refused = await send("POST", `${path}${part}`, body);
    expect(refused.status).toBe(409);
    expect(refused.body).toMatchObject({ code: "badge-locked" });
    expect(await rowCounts(t)).toEqual(before);
  });

  it("a new badge may be related to it, from the new one's side", async () => {
    const { send, id, path } = await given();
    await send("POST", "/awards", {
      badge: id,
      recipient: { type: "email", identity: "kim@example.org" },
    });
    const next = await send("POST", "/badges", { ...BADGE, name: "Next", related: [id] });
    expect(next.body.related).toEqual([id]);
    expect((await send("GET", path)).body.related).toEqual([next.body.id]);
    expect((await send("DELETE", `${path}/related/${next.body.id}`)).status).toBe(409);
  });
});
