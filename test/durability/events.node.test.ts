// Events among rivals and through deaths: each is counted once, whoever sends it however often.
import { randomUUID } from "node:crypto";
import Libsql from "libsql";
import { expect, it, onTestFinished } from "vitest";
import type { Server } from "../setup/process.ts";
import { givenInstallation, type Installation, post } from "./issuing.ts";

/** More with `KILLS=100 npm test -- durability`. */
const KILLS = Number(process.env.KILLS ?? 5);
const CLIENTS = 8;
const METRIC = "activity_count";

/** A member, whom events can be about, and a badge that asks for what they count. */
async function givenMember(installation: Installation): Promise<string> {
  const server = await installation.serve();
  const made = await post(server, installation.key, "/api/v1/users", {
    identities: [{ type: "email", identity: "kim@example.org" }],
  });
  expect(made.status).toBe(201);
  await server.stop();
  return String(made.body.id);
}

interface Counted {
  readonly events: number;
  readonly ids: ReadonlySet<string>;
  /** By day, and in all. */
  readonly days: number;
  readonly totals: number;
  readonly integrity: string;
}

/** Reads the file itself, with no server in between. */
function counted({ file }: Installation): Counted {
  const db = new Libsql(file);
  try {
    const rows = (sql: string) => db.prepare(sql).raw(true).all([]) as unknown as unknown[][];
    const sum = (sql: string) => Number(rows(sql)[0]?.[0] ?? 0);
    const ids = rows("SELECT event_id FROM events").map(([id]) => String(id));
    return {
      events: ids.length,
      ids: new Set(ids),
      days: sum("SELECT sum(count) FROM days_counted"),
      totals: sum("SELECT sum(count) FROM metric_totals"),
      integrity: String(rows("PRAGMA integrity_check")[0]?.[0]),
    };
  } finally {
    db.close();
  }
}

/** Of a whole file every event is counted by day and in all, and nothing else is. */
function expectWhole(after: Counted): void {
  const { events } = after;
  expect(after).toMatchObject({ days: events, totals: events, integrity: "ok" });
}

const event = (user: string, id: string) => ({
  id,
  user,
  metric: METRIC,
  occurred_at: "2026-01-04T12:00:00+01:00",
});

it("two processes that are sent the same events at once count each once", async () => {
  const installation = await givenInstallation();
  const user = await givenMember(installation);
  const servers = [await installation.serve(), await installation.serve()];
  onTestFinished(async () => {
    await Promise.all(servers.map((server) => server.stop()));
  });
  const ids = Array.from({ length: 200 }, () => randomUUID());
  const send = (server: Server, body: unknown) =>
    post(server, installation.key, "/api/v1/events", body);
  // Each alone, and all of them in batches that overlap, in both processes.
  const answers = await Promise.all(
    servers.flatMap((server) => [
      ...ids.map((id) => send(server, event(user, id))),
      ...[0, 40, 80, 120].map((from) =>
        send(server, { events: ids.slice(from, from + 80).map((id) => event(user, id)) }),
      ),
    ]),
  );
  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
  const stored = answers.reduce((sum, { body }) => sum + Number(body.stored), 0);
  const after = counted(installation);
  expectWhole(after);
  expect([stored, after.events]).toEqual([ids.length, ids.length]);
}, 60_000);

/** Clients that send batches without a pause until the server is gone. */
async function sendUntilKilled(
  server: Server,
  { key }: Installation,
  user: string,
  killAfter: number,
) {
  const acknowledged: string[][] = [];
  const unanswered: string[][] = [];
  let asked = 0;
  const client = async () => {
    for (;;) {
      const ids = Array.from({ length: 50 }, () => randomUUID());
      if (++asked === killAfter) server.program.child.kill("SIGKILL");
      try {
        const body = { events: ids.map((id) => event(user, id)) };
        const answer = await post(server, key, "/api/v1/events", body);
        expect(answer.body).toEqual({ stored: ids.length, repeated: 0 });
        acknowledged.push(ids);
      } catch {
        unanswered.push(ids);
        return;
      }
    }
  };
  await Promise.all(Array.from({ length: CLIENTS }, client));
  await server.program.ended;
  return { acknowledged, unanswered };
}

it("SIGKILL while events come loses no acknowledged one, halves no batch, and counts none twice", async () => {
  const installation = await givenInstallation();
  const user = await givenMember(installation);
  let sent = 0;
  for (let kill = 0; kill < KILLS; kill++) {
    const server = await installation.serve();
    const { acknowledged, unanswered } = await sendUntilKilled(
      server,
      installation,
      user,
      20 + kill * 7,
    );
    expect(acknowledged.length).toBeGreaterThan(0);
    const after = counted(installation);
    expectWhole(after);
    expect(acknowledged.flat().filter((id) => !after.ids.has(id))).toEqual([]);
    for (const ids of unanswered) {
      expect([0, ids.length]).toContain(ids.filter((id) => after.ids.has(id)).length);
    }
    // Whoever heard nothing sends it again, and so does whoever is not sure.
    const again = await installation.serve();
    for (const ids of [...unanswered, ...acknowledged.slice(-2)]) {
      const body = { events: ids.map((id) => event(user, id)) };
      const answer = await post(again, installation.key, "/api/v1/events", body);
      expect(Number(answer.body.stored) + Number(answer.body.repeated)).toBe(ids.length);
    }
    await again.stop("SIGKILL");
    sent += acknowledged.flat().length + unanswered.flat().length;
  }
  const end = counted(installation);
  expectWhole(end);
  expect(end.events).toBe(sent);
}, 180_000);
