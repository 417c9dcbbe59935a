// Corrections that race through two processes, and processes that are killed while they correct.
import Libsql from "libsql";
import { expect, it, onTestFinished } from "vitest";
import type { Server } from "../setup/process.ts";
import {
  award,
  givenInstallation,
  type Installation,
  type Posted,
  post,
  stored,
  wish,
} from "./issuing.ts";

/** More with `KILLS=100 npm test -- durability`. */
const KILLS = Number(process.env.KILLS ?? 4);
const CLIENTS = 8;

function correct(server: Server, { key }: Installation, id: string, narrative: string) {
  return post(server, key, `/api/v1/awards/${id}/reissue`, { narrative });
}

/** Every sentence that must hold of corrections, as the ids of awards that break it. */
function broken({ file }: Installation): Record<string, unknown[]> {
  const db = new Libsql(file);
  try {
    const ids = (sql: string) => db.prepare(sql).raw(true).all([]).flat();
    const found = {
      "revoked, and nothing in its place": ids(
        "SELECT id FROM badge_issues WHERE revoked_at IS NOT NULL AND superseded_by IS NULL",
      ),
      "replaced, and not revoked": ids(
        "SELECT id FROM badge_issues WHERE revoked_at IS NULL AND superseded_by IS NOT NULL",
      ),
      "in the place of two, or made for one that does not know it": ids(
        `SELECT a.id FROM badge_issues a JOIN audit_log l ON l.object_id = a.id
          AND l.action = 'award.created' AND l.detail ->> 'replaces' IS NOT NULL
          WHERE 1 <> (SELECT count(*) FROM badge_issues o WHERE o.superseded_by = a.id)`,
      ),
      "two of one person": ids(
        "SELECT user_id FROM badge_issues WHERE revoked_at IS NULL GROUP BY user_id HAVING count(*) > 1",
      ),
      "nobody's any more": ids(
        "SELECT user_id FROM badge_issues GROUP BY user_id HAVING sum(revoked_at IS NULL) = 0",
      ),
    };
    return Object.fromEntries(Object.entries(found).filter(([, rows]) => rows.length > 0));
  } finally {
    db.close();
  }
}

function peopleOf({ file }: Installation): number {
  const db = new Libsql(file);
  try {
    return db.prepare("SELECT id FROM users").raw(true).all([]).length;
  } finally {
    db.close();
  }
}

it("twenty corrections of one award through two processes leave exactly one replacement", async () => {
  const installation = await givenInstallation({ max_awards_per_user: 1 });
  const servers = [await installation.serve(), await installation.serve()] as const;
  onTestFinished(async () => {
    await Promise.all(servers.map((server) => server.stop()));
  });
  for (let round = 0; round < 5; round++) {
    const old = await award(servers[0], installation, wish(installation));
    const before = stored(installation).ids.size;
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, i) =>
        correct(servers[i % 2 === 0 ? 0 : 1], installation, String(old.body.id), `Ask ${i}`),
      ),
    );
    const made = answers.filter(({ status }) => status === 201);
    expect(made).toHaveLength(1);
    const others = answers.filter(({ status }) => status !== 201);
    for (const { status, body } of others) {
      expect([status, body.reissued, body.award]).toEqual([200, false, made[0]?.body]);
    }
    const after = stored(installation);
    expect(after.ids.size - before).toBe(1);
    expect(after.broken).toEqual({});
    expect(broken(installation)).toEqual({});
  }
}, 60_000);

it("twenty corrections to twenty people through two processes go to exactly one of them", async () => {
  const installation = await givenInstallation({ max_awards_per_user: null });
  const servers = [await installation.serve(), await installation.serve()] as const;
  onTestFinished(async () => {
    await Promise.all(servers.map((server) => server.stop()));
  });
  const old = await award(servers[0], installation, wish(installation));
  const answers = await Promise.all(
    Array.from({ length: 20 }, (_, i) =>
      post(
        servers[i % 2 === 0 ? 0 : 1],
        installation.key,
        `/api/v1/awards/${old.body.id}/reissue`,
        { recipient: { type: "email", identity: `person-${i}@example.org` } },
      ),
    ),
  );
  const made = answers.filter(({ status }) => status === 201);
  expect(made).toHaveLength(1);
  expect(answers.filter(({ status }) => status === 200)).toHaveLength(19);
  // Of those who were not awarded anything nobody became a member.
  const { ids, broken: faults } = stored(installation);
  expect(ids).toEqual(new Set([old.body.id, made[0]?.body.id]));
  expect(faults).toEqual({});
  expect(peopleOf(installation)).toBe(2);
}, 60_000);

/** Clients that correct the latest of their own award without a pause until the server is gone. */
async function correctUntilKilled(
  server: Server,
  installation: Installation,
  latest: string[],
  killAfter: number,
): Promise<Posted[]> {
  const acknowledged: Posted[] = [];
  let asked = 0;
  const client = async (own: number) => {
    for (;;) {
      if (++asked === killAfter) server.program.child.kill("SIGKILL");
      try {
        const answer = await correct(server, installation, latest[own] ?? "", `Ask ${asked}`);
        acknowledged.push(answer);
        latest[own] = String(answer.body.id);
      } catch {
        return;
      }
    }
  };
  await Promise.all(latest.map((_, own) => client(own)));
  await server.program.ended;
  return acknowledged;
}

it("SIGKILL during corrections leaves each whole or not begun", async () => {
  const installation = await givenInstallation({ max_awards_per_user: 1 });
  const first = await installation.serve();
  const awarded = await Promise.all(
    Array.from({ length: CLIENTS }, () => award(first, installation, wish(installation))),
  );
  await first.stop();
  let latest = awarded.map(({ body }) => String(body.id));
  for (let kill = 0; kill < KILLS; kill++) {
    const server = await installation.serve();
    const acknowledged = await correctUntilKilled(server, installation, latest, 25 + kill * 7);
    expect(acknowledged.length).toBeGreaterThan(0);
    expect(acknowledged.map(({ status }) => status)).toEqual(acknowledged.map(() => 201));
    const after = stored(installation);
    expect(after.integrity).toBe("ok");
    expect(after.broken).toEqual({});
    expect(broken(installation)).toEqual({});
    expect(acknowledged.filter(({ body }) => !after.ids.has(String(body.id)))).toEqual([]);

    // Whether or not the last one was written before the end: asked again, there is one answer.
    const again = await installation.serve();
    latest = await Promise.all(
      latest.map(async (id) => {
        const { status, body } = await correct(again, installation, id, "Asked again.");
        if (status === 201) return String(body.id);
        expect([status, body.reason]).toEqual([200, "already_replaced"]);
        return String((body.award as Record<string, unknown>).id);
      }),
    );
    await again.stop();
    expect(broken(installation)).toEqual({});
  }
}, 120_000);
