// Imports on disk: the server is killed while it runs one, and started again.
import Libsql from "libsql";
import { expect, it } from "vitest";
import type { Server } from "../setup/process.ts";
import { givenInstallation, type Installation, stored } from "./issuing.ts";

/** More with `KILLS=100 npm test -- durability`. */
const KILLS = Number(process.env.KILLS ?? 6);
const ROWS = 4_000;

function counted({ file }: Installation, sql: string): number {
  const db = new Libsql(file);
  try {
    return Number((db.prepare(sql).raw(true).get([]) as unknown as [number])[0]);
  } finally {
    db.close();
  }
}

/** A lease of a process that is gone ends by itself a minute later; nobody waits for that here. */
function endLeases({ file }: Installation): void {
  const db = new Libsql(file, { timeout: 5_000 });
  db.prepare("UPDATE jobs SET lease_until = 0 WHERE kind = 'award.import' AND done_at IS NULL").run(
    [],
  );
  db.close();
}

async function send({ origin }: Server, { key, badge }: Installation): Promise<string> {
  const lines = Array.from({ length: ROWS }, (_, i) => `person-${i}@example.org,Person ${i}`);
  const response = await fetch(`${origin}/api/v1/imports?badge=${badge}`, {
    method: "POST",
    headers: { authorization: `Bearer ${key}`, "content-type": "text/csv" },
    body: `email,name\n${lines.join("\n")}\n`,
  });
  expect(response.status).toBe(202);
  return ((await response.json()) as { id: string }).id;
}

async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((resolve) => setTimeout(resolve, 10));
}

it("SIGKILL during an import loses no row and doubles no award", async () => {
  // One that could be awarded over and over: what is doubled would show.
  const installation = await givenInstallation({ max_awards_per_user: null });
  let server = await installation.serve();
  const id = await send(server, installation);
  const done = () => counted(installation, "SELECT awarded + held + refused FROM imports");
  for (let kill = 1; kill <= KILLS; kill++) {
    const least = Math.floor((kill * ROWS) / (KILLS + 2));
    await until(() => done() >= least);
    await server.stop("SIGKILL");
    const between = stored(installation);
    expect(between.broken).toEqual({});
    expect(between.ids.size).toBe(done());
    expect(
      counted(installation, "SELECT count(*) FROM import_rows WHERE outcome IS NOT NULL"),
    ).toBe(done());
    endLeases(installation);
    server = await installation.serve();
  }
  await until(
    () => counted(installation, "SELECT count(*) FROM imports WHERE state = 'done'") === 1,
  );
  const answer = await fetch(`${server.origin}/api/v1/imports/${id}`, {
    headers: { authorization: `Bearer ${installation.key}` },
  });
  expect(await answer.json()).toMatchObject({
    state: "done",
    rows: ROWS,
    awarded: ROWS,
    held: 0,
    refused: 0,
  });
  await server.stop();
  const end = stored(installation);
  expect(end.broken).toEqual({});
  expect(end.integrity).toBe("ok");
  expect(end.ids.size).toBe(ROWS);
  expect(counted(installation, "SELECT count(DISTINCT user_id) FROM badge_issues")).toBe(ROWS);
}, 120_000);
