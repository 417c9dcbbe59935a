// The queries of the API by the way SQLite takes to their rows: nothing may read a whole organization.
import { getTableName } from "drizzle-orm";
import { describe, expect, it } from "vitest";
import { ATTENTION, listAttention } from "../../src/db/attention.ts";
import { type AwardFilter, listAwards, wasAwarded } from "../../src/db/awards.ts";
import { listBadgeAwards } from "../../src/db/badge-awards.ts";
import { badgeFunnel } from "../../src/db/badges-desk.ts";
import { createDatabase, type Database, type Statement } from "../../src/db/database.ts";
import { tableRecords } from "../../src/db/export.ts";
import { TABLES_AFTER, TABLES_BEFORE } from "../../src/db/export-tables.ts";
import { listMembers } from "../../src/db/member-list.ts";
import {
  countToDo,
  firstSteps,
  funnelsByBadge,
  newestFunnel,
  recentActivity,
  TO_DO_KINDS,
} from "../../src/db/overview.ts";
import { organizationsOf, ownMemberships } from "../../src/db/own-memberships.ts";
import { findMember, findMemberByIdentity } from "../../src/db/people.ts";
import { isAdministered } from "../../src/db/setup-links.ts";
import {
  findDueDeliveries,
  listWebhookDeliveries,
  nextDueDelivery,
} from "../../src/db/webhook-deliveries.ts";
import { endOfSlice } from "../../src/db/webhook-expiry.ts";
import { testApp } from "../app.ts";

/** SQLite's plan for each statement that `ask` reads with, a line a step. */
async function plansOf(ask: (db: Database) => Promise<unknown>): Promise<string[]> {
  const { env } = await testApp();
  const asked: Statement[] = [];
  const db = createDatabase({
    read(statement) {
      asked.push(statement);
      return env.db.read(statement);
    },
    write: () => Promise.reject(new TypeError("only reads have a plan")),
    close: async () => {},
  });
  await ask(db);
  expect(asked).not.toEqual([]);
  const plans = await Promise.all(
    asked.map(({ sql, params }) => env.db.read({ sql: `EXPLAIN QUERY PLAN ${sql}`, params })),
  );
  return plans.flatMap(({ rows }) => rows.map((row) => String(row.at(-1))));
}

const SORT = /TEMP B-TREE/;
const SCAN = /^SCAN (?!CONSTANT)/;
const WHOLE_ORGANIZATION = /idx_user_badges_org_id/;

const CURSOR = "0193c0de-0000-7000-8000-000000000000";

describe("a page of awards is read in the order it lies in", () => {
  const filters: Record<string, AwardFilter> = {
    "of the organization": {},
    "of a badge": { badge: "b" },
    "of a person": { user: "u" },
  };

  it.each(Object.entries(filters))("%s", async (_name, filter) => {
    for (const cursor of [undefined, CURSOR]) {
      const plan = await plansOf((db) => listAwards(db, "o", filter, { limit: 25, cursor }, 0));
      expect(plan.filter((step) => SORT.test(step) || SCAN.test(step))).toEqual([]);
    }
  });
});

describe("what is sought is found by the narrower column", () => {
  const asked: Record<string, (db: Database) => Promise<unknown>> = {
    "awards of a badge": (db) => listAwards(db, "o", { badge: "b" }, { limit: 25 }, 0),
    "awards of a person": (db) => listAwards(db, "o", { user: "u" }, { limit: 25 }, 0),
    "awards of a badge to a person": (db) =>
      listAwards(db, "o", { badge: "b", user: "u" }, { limit: 25 }, 0),
    "whether a badge was awarded": (db) => wasAwarded(db, "o", "b"),
    "a member by identity": (db) => findMemberByIdentity(db, "o", "email", "kim@example.org"),
    "a member by id": (db) => findMember(db, "o", "u"),
    "the organizations of a person": (db) => organizationsOf(db, "u"),
    "as whom an organization knows a person": (db) => ownMemberships(db, "o", "u"),
  };

  it.each(Object.entries(asked))("%s", async (_name, ask) => {
    const plan = await plansOf(ask);
    expect(plan.filter((step) => WHOLE_ORGANIZATION.test(step) || SCAN.test(step))).toEqual([]);
  });

  it("awards of a badge to some people by who they are, not by the badge", async () => {
    const filter = { status: null, users: ["u", "v"] };
    const plan = await plansOf((db) =>
      listBadgeAwards(db, "b", filter, { limit: 25, cursor: null, now: 0 }),
    );
    expect(plan).toContainEqual(expect.stringContaining("idx_user_badges_user_badge_org"));
  });
});

describe("what waits at a webhook endpoint, and its log, is read in the order it lies in", () => {
  const asked: Record<string, (db: Database) => Promise<unknown>> = {
    "what is due": (db) => findDueDeliveries(db, "e", 1, 8),
    "what is due next": (db) => nextDueDelivery(db, "e"),
    "a page of the log": (db) => listWebhookDeliveries(db, "e", { limit: 25, cursor: CURSOR }),
    "a page of what is parked": (db) =>
      listWebhookDeliveries(db, "e", { limit: 25, state: "parked" }),
    "the end of a slice of awards that expire": (db) => endOfSlice(db, { at: 0, id: "" }, 1),
  };

  it.each(Object.entries(asked))("%s", async (_name, ask) => {
    const plan = await plansOf(ask);
    expect(plan.filter((step) => SORT.test(step) || SCAN.test(step))).toEqual([]);
  });
});

describe("what an administrator looks at first is found without a look at all the rest", () => {
  const asked: Record<string, (db: Database) => Promise<unknown>> = {
    ...Object.fromEntries(
      TO_DO_KINDS.map((kind) => [
        `how much waits: ${kind}`,
        (db: Database) => countToDo(db, "o", kind, 0),
      ]),
    ),
    ...Object.fromEntries(
      ATTENTION.map((kind) => [
        `a page of the list: ${kind}`,
        (db: Database) => listAttention(db, "o", kind, { limit: 25, after: CURSOR }, 0),
      ]),
    ),
    "how awards fare": (db) => newestFunnel(db, "o"),
    "the first steps": (db) => firstSteps(db, "o"),
    "a page of people": (db) => listMembers(db, "o", { limit: 25, cursor: CURSOR }),
    "whether anybody administers anything": isAdministered,
  };

  it.each(Object.entries(asked))("%s", async (_name, ask) => {
    const plan = await plansOf(ask);
    // The few rows that were found are a table of their own to what counts them.
    const scans = plan.filter(
      (step) =>
        SCAN.test(step) &&
        !/^SCAN (looked|\(subquery|role |memberships USING INDEX idx_memberships_staff)/.test(step),
    );
    expect(scans.concat(plan.filter((step) => SORT.test(step)))).toEqual([]);
  });

  it.each([
    ["coordinators", { role: "coordinator" }, /idx_memberships_staff/],
    ["the suspended", { status: "suspended" as const }, /idx_memberships_not_active/],
  ])("%s are found among many members", async (_name, filter, index) => {
    const plan = await plansOf((db) => listMembers(db, "o", { limit: 25, ...filter }));
    expect(plan.filter((step) => index.test(step))).not.toEqual([]);
  });

  it("recent deeds are read from the end of the log", async () => {
    const plan = await plansOf((db) => recentActivity(db, "o", 8));
    expect(plan.filter((step) => /idx_audit_log_organization/.test(step))).not.toEqual([]);
  });
});

describe("whether a backpack has an award is asked of that award's deliveries, not of all that arrived", () => {
  const asked: Record<string, (db: Database) => Promise<unknown>> = {
    "the newest of the organization": (db) => newestFunnel(db, "o"),
    "by badge": (db) => funnelsByBadge(db, "o"),
    "of one badge": (db) => badgeFunnel(db, "b", 10_000, 0),
  };

  it.each(Object.entries(asked))("%s", async (_name, ask) => {
    const plan = await plansOf(ask);
    expect(plan).toContainEqual(expect.stringContaining("idx_deliveries_award_connection"));
    expect(plan.filter((step) => /idx_deliveries_state/.test(step))).toEqual([]);
  });
});

describe("an export reads what there may be much of in the order it lies in", () => {
  /** An organization has few of them: they are sorted as they are read. */
  const FEW = ["badges", "badge_alignments", "event_sources", "webhook_endpoints", "api_keys"];

  it.each(
    [...TABLES_BEFORE, ...TABLES_AFTER]
      .map((source) => [getTableName(source.table), source] as const)
      .filter(([name]) => ![...FEW, "tombstones"].includes(name)),
  )("%s", async (_name, source) => {
    const plan = await plansOf(async (db) => {
      for await (const _records of tableRecords(db, "o", source)) return;
    });
    expect(plan.filter((step) => SORT.test(step) || SCAN.test(step))).toEqual([]);
  });
});
