// The queries about mails by the way SQLite takes to their rows: none reads another organization's, nor all awards of a badge.
import { describe, expect, it } from "vitest";
import { listAudit } from "../../src/db/audit-list.ts";
import { createDatabase, type Database, type Statement } from "../../src/db/database.ts";
import { dueDigests } from "../../src/db/digests.ts";
import { countParkedMails, lastWritten, lateJobs } from "../../src/db/jobs-look.ts";
import { findAwardToTell, hasUntold, listUntold, setTold } from "../../src/db/mail-facts.ts";
import {
  badgeNames,
  keyNames,
  memberNames,
  namedAwards,
  namedNominations,
} from "../../src/db/named.ts";
import { findNotification, listNotifications } from "../../src/db/notifications-list.ts";
import { claimDue, nextDue, organizationsLeftWaiting } from "../../src/db/notifications-send.ts";
import { testApp } from "../app.ts";

/** SQLite's plan for each statement, a line a step; what would be written is not. */
async function plansOf(ask: (db: Database) => Promise<unknown>): Promise<string[]> {
  const { env } = await testApp();
  const asked: Statement[] = [];
  const db = createDatabase({
    read(statement) {
      asked.push(statement);
      return env.db.read(statement);
    },
    async write(statements) {
      asked.push(...statements);
      return statements.map(() => ({ rows: [], rowsAffected: 0 }));
    },
    close: async () => {},
  });
  await ask(db);
  expect(asked).not.toEqual([]);
  const plans = await Promise.all(
    asked.map(({ sql, params }) => env.db.read({ sql: `EXPLAIN QUERY PLAN ${sql}`, params })),
  );
  return plans.flatMap(({ rows }) => rows.map((row) => String(row.at(-1))));
}

const period = { badgeId: "b", start: 1, end: 2 };
const after = { created_at: 1, kind: "award.created", subject_id: "a" };
const key = { organization_id: "o", kind: "award.created", subject_id: "a" };

const ASKED: Record<string, (db: Database) => Promise<unknown>> = {
  "the next mails to send": (db) => claimDue(db, "o", { now: 1, until: 2, limit: 3 }),
  "when the next is due": (db) => nextDue(db, "o"),
  "whom nobody sends for": (db) =>
    organizationsLeftWaiting(db, { kind: "mail.notify", now: 1, limit: 9 }),
  "a page of the list": (db) => listNotifications(db, "o", { limit: 25, after }),
  "those that failed": (db) => listNotifications(db, "o", { limit: 25, after, state: "parked" }),
  "those that were not sent": (db) =>
    listNotifications(db, "o", { limit: 25, after, state: "cancelled" }),
  "how many failed, of all": (db) => countParkedMails(db),
  "a page of the audit log": (db) => listAudit(db, "o", {}, { limit: 25, cursor: "c" }),
  "work that is late": (db) => lateJobs(db, 1, 1),
  "the newest work": (db) => lastWritten(db),
  "names of people": (db) => memberNames(db, "o", new Set(["u"])),
  "names of keys": (db) => keyNames(db, "o", new Set(["k"])),
  "names of badges": (db) => badgeNames(db, "o", new Set(["b"])),
  "names of awards": (db) => namedAwards(db, "o", new Set(["a"])),
  "names of nominations": (db) => namedNominations(db, "o", new Set(["n"])),
  "one of the list": (db) => findNotification(db, key),
  "an award to tell of": (db) => findAwardToTell(db, "a", 512),
  "digests that are due": (db) => dueDigests(db, 1, 100),
  "whether there is anything to tell": (db) => hasUntold(db, period),
  "what there is to tell": (db) => listUntold(db, period, 200),
  "what was told": (db) => db.batch([setTold(period, 1, 500)]),
};

describe("mails and digests are found, not looked for", () => {
  it.each(Object.entries(ASKED))("%s", async (_name, ask) => {
    const plan = await plansOf(ask);
    // What is parked is few, and all of it is asked for; kinds of objects are stepped along.
    const long =
      /^SCAN (?!CONSTANT|waiting|roles|kinds|\(subquery|\w+ USING COVERING INDEX idx_notifications_parked)|TEMP B-TREE/;
    expect(plan.filter((step) => long.test(step))).toEqual([]);
  });

  it("what was done to one thing by the thing, what waits by its waiting", async () => {
    const done = await plansOf((db) => listAudit(db, "o", { objectId: "b" }, { limit: 25 }));
    expect(done).toContainEqual(expect.stringContaining("idx_audit_log_object (object_kind=? AND"));
    const waits = await plansOf((db) =>
      listNotifications(db, "o", { limit: 25, state: "waiting" }),
    );
    expect(waits).toContainEqual(
      expect.stringContaining("idx_notifications_due (organization_id=?"),
    );
  });

  it("awards of a badge by where in time they lie", async () => {
    const plan = await plansOf((db) => hasUntold(db, period));
    expect(plan).toContainEqual(
      expect.stringContaining("idx_user_badges_badge_id (badge_id=? AND rowid>?)"),
    );
  });
});
