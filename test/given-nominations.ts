// Badges that ask for somebody's word, nominations for them, and words that were given.
import { and, eq } from "drizzle-orm";
import type { Badge } from "../src/db/badges.ts";
import {
  type BadgeCriterion,
  type CriterionMethod,
  criteria,
  criterionParams,
  type ManualAward,
  manualAwards,
} from "../src/db/criteria.ts";
import { type Nomination, nominations } from "../src/db/nominations.ts";
import type { Env } from "../src/env.ts";
import { newId } from "../src/ids.ts";
import type { Person } from "./given.ts";

export const NOMINATORS = ["coordinator", "organization_administrator"];

/** A badge then asks for the word of one of the roles, or of each of them (method 1). */
export function givenManualCriterion(
  env: Env,
  badge: Pick<Badge, "id">,
  roles: readonly string[] = NOMINATORS,
  method: CriterionMethod = 2,
): Promise<string> {
  const params = roles.map((role) => [`role_${role}`, role] as const);
  return givenCriterion(env, badge, { criteria_type: "manual", method }, params);
}

/** A badge then asks for what is counted as well, or, with the method 2, instead. */
export async function givenMetricCriterion(
  env: Env,
  badge: Pick<Badge, "id">,
  threshold: number,
  overall: CriterionMethod = 1,
): Promise<string> {
  const params = [["metric_activity_count", String(threshold)] as const];
  const id = await givenCriterion(env, badge, { criteria_type: "metric" }, params);
  const of = and(eq(criteria.badge_id, badge.id), eq(criteria.criteria_type, "overall"));
  await env.db.batch([env.db.orm.update(criteria).set({ method: overall }).where(of)]);
  return id;
}

/** Under the overall row, which is made with the first. */
async function givenCriterion(
  env: Env,
  { id: badge_id }: Pick<Badge, "id">,
  criterion: Pick<BadgeCriterion, "criteria_type"> & Partial<BadgeCriterion>,
  params: readonly (readonly [name: string, value: string])[],
): Promise<string> {
  const id = newId(env);
  const { orm } = env.db;
  const overall = { id: newId(env), badge_id, criteria_type: "overall" } as const;
  await env.db.batch([
    orm.insert(criteria).values(overall).onConflictDoNothing(),
    orm.insert(criteria).values({ ...criterion, id, badge_id }),
    ...params.map(([name, value]) =>
      orm.insert(criterionParams).values({ id: newId(env), crit_id: id, name, value }),
    ),
  ]);
  return id;
}

export async function givenNomination(
  env: Env,
  badge: Badge,
  nominee: Person,
  over: Partial<typeof nominations.$inferInsert> = {},
): Promise<Nomination> {
  const id = newId(env);
  await env.db.batch([
    env.db.orm.insert(nominations).values({
      id,
      organization_id: badge.organization_id,
      badge_id: badge.id,
      nominee_id: nominee.user.id,
      reason: "Took over the Tuesday group.",
      updated_at: env.now(),
      ...over,
    }),
  ]);
  const [row] = await env.db.orm.select().from(nominations).where(eq(nominations.id, id));
  return row as Nomination;
}

export async function givenVouch(
  env: Env,
  badge: Pick<Badge, "id">,
  recipient: Person,
  over: Partial<typeof manualAwards.$inferInsert> = {},
): Promise<ManualAward> {
  const id = newId(env);
  await env.db.batch([
    env.db.orm.insert(manualAwards).values({
      id,
      badge_id: badge.id,
      recipient_id: recipient.user.id,
      issuer_role: "coordinator",
      date_met: env.now(),
      ...over,
    }),
  ]);
  const [row] = await env.db.orm.select().from(manualAwards).where(eq(manualAwards.id, id));
  return row as ManualAward;
}
