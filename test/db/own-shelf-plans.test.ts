// What a person holds and could earn, by the way SQLite takes to it: through the person, never through an organization's awards.
import { describe, expect, it } from "vitest";
import { createDatabase, type Database, type Statement } from "../../src/db/database.ts";
import { countDeclined, listDeclined } from "../../src/db/declined.ts";
import {
  countOwn,
  countOwnShown,
  holdsAny,
  lastEvaluated,
  listLocked,
  listOwnAwardsOf,
  listOwnBadges,
  listUnaccepted,
} from "../../src/db/own-shelf.ts";
import { findPublicProfile, holderOfSlug, slugsOf } from "../../src/db/profiles.ts";
import { testApp } from "../app.ts";

/** SQLite's plan for what is asked, a line a step. */
async function planOf(ask: (db: Database) => Promise<unknown>): Promise<string[]> {
  const { env } = await testApp();
  const asked: Statement[] = [];
  const db = createDatabase({
    read(statement) {
      asked.push(statement);
      return env.db.read(statement);
    },
    write: (statements) => env.db.batch([...statements]),
    close: async () => {},
  });
  await ask(db);
  expect(asked).not.toEqual([]);
  const plans = await Promise.all(
    asked.map(({ sql, params }) => env.db.read({ sql: `EXPLAIN QUERY PLAN ${sql}`, params })),
  );
  return plans.flatMap(({ rows }) => rows.map((row) => String(row.at(-1))));
}

const page = { limit: 60, offset: 0 };
const who = { userId: "u", memberIds: ["u", "m"] };

const ASKED: Readonly<Record<string, (db: Database) => Promise<unknown>>> = {
  "what is held": (db) => listOwnBadges(db, "u", { seen: "owner" }, page),
  "what others see": (db) => listOwnBadges(db, "u", { seen: "others" }, page),
  "what is hidden, by name": (db) =>
    listOwnBadges(db, "u", { seen: "hidden", namePart: "a", category: "recognition" }, page),
  "how many": (db) => countOwn(db, "u"),
  "how many others see": (db) => countOwnShown(db, "u"),
  "what waits to be accepted": (db) => listUnaccepted(db, "u", 3),
  "awards of one badge": (db) => listOwnAwardsOf(db, "u", "b", { visible: true }, 100),
  "whether one badge is held": (db) => holdsAny(db, "u", "b"),
  "what is locked": (db) => listLocked(db, "o", who, { namePart: "a" }, 120),
  "when all were last looked at": (db) => lastEvaluated(db, "o"),
  "what was declined": (db) => listDeclined(db, "o", { limit: 25 }),
  "what was declined, further on": (db) => listDeclined(db, "o", { limit: 25, cursor: "a" }),
  "how many were declined": (db) => countDeclined(db, "o", 1_000),
  "a public page": (db) => findPublicProfile(db, "noor"),
  "whose an address is": (db) => holderOfSlug(db, "noor"),
  "addresses of a person": (db) => slugsOf(db, "u"),
};

/** Of a table of which there may be many rows for one organization. */
const WHOLE =
  /^SCAN (badge_issues|mine|users|identities|memberships|badges|profiles|profile_slugs|evaluations)\b|idx_user_badges_org_id/;

describe("a person's badges are found, not looked for", () => {
  it.each(Object.entries(ASKED))("%s", async (_name, ask) => {
    const plan = await planOf(ask);
    expect(plan.filter((step) => WHOLE.test(step))).toEqual([]);
  });

  it("each award of theirs is one step from the next, with no look into the index of ids", async () => {
    for (const ask of [
      (db: Database) => countOwn(db, "u"),
      (db: Database) => listOwnBadges(db, "u", { seen: "owner" }, page),
    ]) {
      const plan = await planOf(ask);
      expect(plan).toContainEqual(
        expect.stringMatching(/badge_issues USING INTEGER PRIMARY KEY \(rowid=\?\)/),
      );
    }
  });

  it("what was declined by an index of its own", async () => {
    const plan = await planOf((db) => listDeclined(db, "o", { limit: 25 }));
    expect(plan).toContainEqual(expect.stringContaining("idx_user_badges_declined"));
    expect(plan.filter((step) => /TEMP B-TREE/.test(step))).toEqual([]);
  });
});
