// Evaluations on disk: servers that are killed while they evaluate, and two that do so at once.
import Libsql from "libsql";
import { expect, it, onTestFinished } from "vitest";
import type { Server } from "../setup/process.ts";
import { givenInstallation, type Installation, post, stored } from "./issuing.ts";

/** More with `KILLS=100 npm test -- durability`. */
const KILLS = Number(process.env.KILLS ?? 6);
const PEOPLE = 400;
/** Three badges: one for three activities, one for whoever holds that, one with tiers at 2 and 4. */
const AWARDS_OF_ONE = 4;

const rule = (type: string, params: Record<string, string>) => ({ type, params });

/** `PEOPLE` members, and badges that allow any number of awards: what is doubled would show. */
async function ruled(): Promise<Installation> {
  const installation = await givenInstallation();
  const server = await installation.serve();
  const define = async (name: string, rules: unknown[], over = {}) => {
    const made = await post(server, installation.key, "/api/v1/badges", {
      name,
      description: "Never lost, never doubled.",
      criteria: { narrative: "Go on.", rules },
      max_awards_per_user: null,
      ...over,
    });
    expect(made.status).toBe(201);
    return String(made.body.id);
  };
  const first = await define("Three", [rule("metric", { metric_activity_count: "3" })]);
  await define("Then", [rule("badge", { [`badge_${first}`]: first })]);
  const tiers = [2, 4].map((threshold, i) => ({ level: i + 1, name: `Tier ${i + 1}`, threshold }));
  await define("Tiered", [rule("metric", { metric_activity_count: "1" })], { tiers });
  await server.stop();
  const db = new Libsql(installation.file);
  db.exec(`WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${PEOPLE})
    INSERT INTO users (id, name, updated_at) SELECT printf('person-%06d', i), 'Durable', 0 FROM n`);
  db.exec(`INSERT INTO identities (id, user_id, type, identity, normalised, verified_at)
    SELECT 'identity-' || id, id, 'email', id || '@example.org', id || '@example.org', 0 FROM users`);
  db.exec(`INSERT INTO memberships (id, organization_id, user_id, roles, updated_at)
    SELECT 'member-' || users.id, organizations.id, users.id, '["member"]', 0 FROM users, organizations`);
  db.close();
  return installation;
}

/** Four activities of everybody of these, in one request. */
async function send({ origin }: Server, { key }: Installation, from: number, to: number) {
  const events = [];
  for (let i = from; i <= to; i++) {
    const user = `person-${String(i).padStart(6, "0")}`;
    for (let n = 1; n <= 4; n++)
      events.push({ id: `${user}-${n}`, user, metric: "activity_count" });
  }
  const response = await fetch(`${origin}/api/v1/events`, {
    method: "POST",
    headers: { authorization: `Bearer ${key}`, "content-type": "application/json" },
    body: JSON.stringify({ events }),
  });
  expect([response.status, response.ok]).toEqual([response.status, true]);
}

function counted({ file }: Installation, sql: string): number {
  const db = new Libsql(file, { timeout: 5_000 });
  try {
    return Number((db.prepare(sql).raw(true).get([]) as unknown as [number])[0]);
  } finally {
    db.close();
  }
}

/** A lease of a process that is gone ends by itself a minute later; nobody waits for that here. */
function endLeases({ file }: Installation): void {
  const db = new Libsql(file, { timeout: 5_000 });
  db.prepare("UPDATE jobs SET lease_until = 0 WHERE kind LIKE 'award.%' AND done_at IS NULL").run(
    [],
  );
  db.close();
}

async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((resolve) => setTimeout(resolve, 10));
}

const awards = (installation: Installation) =>
  counted(installation, "SELECT count(*) FROM badge_issues");
const waiting = (installation: Installation) =>
  counted(
    installation,
    `SELECT (SELECT count(*) FROM evaluations_due) +
      (SELECT count(*) FROM jobs WHERE kind IN ('award.evaluate', 'award.sweep_organization')
        AND done_at IS NULL)`,
  );

function expectWhole(installation: Installation): void {
  const after = stored(installation);
  expect([after.broken, after.integrity]).toEqual([{}, "ok"]);
  expect(after.ids.size).toBe(PEOPLE * AWARDS_OF_ONE);
  expect(
    counted(
      installation,
      "SELECT count(*) FROM (SELECT DISTINCT user_id, badge_id, tier_level FROM badge_issues)",
    ),
  ).toBe(PEOPLE * AWARDS_OF_ONE);
  // Each criterion that was met knows the award it led to.
  expect(
    counted(
      installation,
      `SELECT count(*) FROM badge_criteria_mets WHERE issued_id IS NULL
        OR issued_id NOT IN (SELECT id FROM badge_issues)`,
    ),
  ).toBe(0);
  expect(waiting(installation)).toBe(0);
}

it("SIGKILL during evaluations loses no award and doubles none", async () => {
  const installation = await ruled();
  let server = await installation.serve();
  await send(server, installation, 1, PEOPLE / 2);
  for (let kill = 1; kill <= KILLS; kill++) {
    const least = Math.floor((kill * PEOPLE * AWARDS_OF_ONE) / (KILLS + 2));
    if (kill === Math.ceil(KILLS / 2)) await send(server, installation, PEOPLE / 2 + 1, PEOPLE);
    await until(() => awards(installation) >= least);
    await server.stop("SIGKILL");
    expect(stored(installation).broken).toEqual({});
    endLeases(installation);
    server = await installation.serve();
  }
  await until(() => waiting(installation) === 0);
  await server.stop();
  expectWhole(installation);
}, 120_000);

it("SIGKILL while everybody is evaluated loses no award and doubles none", async () => {
  const installation = await ruled();
  const db = new Libsql(installation.file);
  // Counted before, and nobody was marked: only a look at everybody finds them.
  db.exec(`INSERT INTO metric_totals (organization_id, metric, user_id, count, total, updated_at)
    SELECT organization_id, 'activity_count', user_id, 4, 4000, 0 FROM memberships`);
  db.close();
  let server = await installation.serve();
  const asked = await post(server, installation.key, "/api/v1/evaluations", {});
  expect(asked.status).toBe(202);
  for (let kill = 1; kill <= KILLS; kill++) {
    const least = Math.floor(((kill - 1) * PEOPLE * AWARDS_OF_ONE) / (KILLS + 1));
    await until(() => awards(installation) >= least);
    await server.stop("SIGKILL");
    expect(stored(installation).broken).toEqual({});
    endLeases(installation);
    server = await installation.serve();
  }
  await until(() => waiting(installation) === 0);
  const answer = await fetch(`${server.origin}/api/v1/evaluations/${asked.body.id}`, {
    headers: { authorization: `Bearer ${installation.key}` },
  });
  expect(await answer.json()).toMatchObject({
    state: "done",
    people: PEOPLE,
    found: PEOPLE,
    awarded: PEOPLE * AWARDS_OF_ONE,
  });
  await server.stop();
  expectWhole(installation);
}, 120_000);

it("fifty evaluations of one person through two processes award each badge once", async () => {
  const installation = await ruled();
  const [first, second] = [await installation.serve(), await installation.serve()];
  onTestFinished(async () => {
    await Promise.all([first.stop(), second.stop()]);
  });
  const user = "person-000001";
  const ask = (server: Server) => post(server, installation.key, "/api/v1/evaluations", { user });
  await send(first, installation, 1, 1);
  const answers = await Promise.all(
    Array.from({ length: 50 }, (_, i) => ask(i % 2 === 0 ? first : second)),
  );
  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
  await until(() => waiting(installation) === 0);
  expect(awards(installation)).toBe(AWARDS_OF_ONE);
  expect(stored(installation).broken).toEqual({});
}, 60_000);
