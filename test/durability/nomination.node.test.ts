// Approvals that race through two processes, and processes that are killed while they approve.
import { randomUUID } from "node:crypto";
import Libsql from "libsql";
import { expect, it, onTestFinished } from "vitest";
import type { Server } from "../setup/process.ts";
import { givenInstallation, type Installation, type Posted, post, stored } from "./issuing.ts";

/** More with `KILLS=100 npm test -- durability`. */
const KILLS = Number(process.env.KILLS ?? 4);
const CLIENTS = 8;

/** A member who waits for a decision; the nomination's id. */
async function nominated(server: Server, { key, badge }: Installation): Promise<string> {
  const identity = `${randomUUID()}@example.org`;
  const user = await post(server, key, "/api/v1/users", {
    name: "Durable Person",
    identities: [{ type: "email", identity }],
  });
  const made = await post(server, key, "/api/v1/nominations", {
    badge,
    user: user.body.id,
    reason: "Survived.",
  });
  expect(made.status).toBe(201);
  return String(made.body.id);
}

const approve = (server: Server, { key }: Installation, id: string, note: string) =>
  post(server, key, `/api/v1/nominations/${id}/approve`, { note });

/** Every sentence that must hold of nominations, as the ids that break it. */
function broken({ file }: Installation): Record<string, unknown[]> {
  const db = new Libsql(file);
  try {
    const ids = (sql: string) => db.prepare(sql).raw(true).all([]).flat();
    const found = {
      "approved without its award": ids(
        `SELECT id FROM nominations n WHERE state = 'approved' AND NOT EXISTS
          (SELECT 1 FROM badge_issues a WHERE a.id = n.award_id AND a.user_id = n.nominee_id)`,
      ),
      "awarded without its approval": ids(
        `SELECT id FROM badge_issues a WHERE 1 <>
          (SELECT count(*) FROM nominations n WHERE n.award_id = a.id AND n.state = 'approved')`,
      ),
      "approved without one audit entry": ids(
        `SELECT id FROM nominations n WHERE (state = 'approved') <> (SELECT count(*) FROM audit_log l
          WHERE l.object_id = n.id AND l.action = 'nomination.approved')`,
      ),
      "awarded twice": ids(
        "SELECT user_id FROM badge_issues GROUP BY user_id, badge_id HAVING count(*) > 1",
      ),
      "vouched for without an award that says so": ids(
        `SELECT m.id FROM badge_manual_awards m WHERE NOT EXISTS
          (SELECT 1 FROM badge_criteria_mets c JOIN badge_issues a ON a.id = c.issued_id
            WHERE c.user_id = m.recipient_id AND a.badge_id = m.badge_id)`,
      ),
    };
    return Object.fromEntries(Object.entries(found).filter(([, rows]) => rows.length > 0));
  } finally {
    db.close();
  }
}

it("fifty approvals of one nomination through two processes award once", async () => {
  // Without a cap, nothing but the nomination's own state keeps the badge from being awarded again.
  const installation = await givenInstallation({ max_awards_per_user: null });
  const servers = [await installation.serve(), await installation.serve()] as const;
  onTestFinished(async () => {
    await Promise.all(servers.map((server) => server.stop()));
  });
  for (let round = 0; round < 4; round++) {
    const id = await nominated(servers[0], installation);
    const answers = await Promise.all(
      Array.from({ length: 50 }, (_, i) =>
        approve(servers[i % 2 === 0 ? 0 : 1], installation, id, `Ask ${i}`),
      ),
    );
    expect(answers.map(({ status }) => status)).toEqual(Array(50).fill(200));
    expect(new Set(answers.map(({ body }) => JSON.stringify(body))).size).toBe(1);
    expect(stored(installation).ids.size).toBe(round + 1);
    expect(broken(installation)).toEqual({});
    expect(stored(installation).broken).toEqual({});
  }
}, 120_000);

it("SIGKILL during approvals loses no acknowledged one, halves none, doubles none", async () => {
  const installation = await givenInstallation({ max_awards_per_user: null });
  const acknowledged: Posted[] = [];
  const all: string[] = [];
  for (let kill = 0; kill < KILLS; kill++) {
    const server = await installation.serve();
    const ids: string[] = [];
    for (let i = 0; i < 40; i++) ids.push(await nominated(server, installation));
    all.push(...ids);
    const waiting = [...ids];
    let asked = 0;
    const client = async () => {
      for (let id = waiting.shift(); id !== undefined; id = waiting.shift()) {
        if (++asked === 12 + kill * 5) server.program.child.kill("SIGKILL");
        try {
          acknowledged.push(await approve(server, installation, id, "Well deserved."));
        } catch {
          return;
        }
      }
    };
    await Promise.all(Array.from({ length: CLIENTS }, client));
    await server.program.ended;
    expect(broken(installation)).toEqual({});
    expect(stored(installation).broken).toEqual({});
    expect(stored(installation).integrity).toBe("ok");
  }
  expect(acknowledged.length).toBeGreaterThan(0);
  const { ids } = stored(installation);
  for (const { status, body } of acknowledged) {
    expect([status, ids.has(String(body.award))]).toEqual([200, true]);
  }
  const server = await installation.serve();
  onTestFinished(() => server.stop().then(() => {}));
  for (const id of all) {
    expect((await approve(server, installation, id, "Again.")).status).toBe(200);
  }
  expect(stored(installation).ids.size).toBe(all.length);
  expect(broken(installation)).toEqual({});
}, 180_000);
