// What the mails about a nomination are made of.
import { eq, sql } from "drizzle-orm";
import { alias } from "drizzle-orm/sqlite-core";
import { type Badge, badges } from "./badges.ts";
import type { Database, Statement } from "./database.ts";
import { type Nomination, nominations } from "./nominations.ts";
import { insertNotification } from "./notifications.ts";
import { memberships, type Organization, organizations, users } from "./organizations.ts";

/** Names are the organization's own for the person, else the person's; null where there is neither. */
export interface NominationToTell {
  readonly nomination: Nomination;
  readonly badge: Badge;
  readonly organization: Organization;
  readonly nominee: string | null;
  readonly nominator: string | null;
}

const nominees = alias(users, "nominees");
const nominators = alias(users, "nominators");

/** Any nomination by its id. */
export async function findNominationToTell(
  db: Database,
  id: string,
): Promise<NominationToTell | null> {
  const known = (userId: typeof nominations.nominee_id | typeof nominations.nominator_id) =>
    sql<string | null>`(select ${memberships.name} from ${memberships}
      where ${memberships.organization_id} = ${nominations.organization_id}
      and ${memberships.user_id} = ${userId})`;
  const [row] = await db.orm
    .select({
      nomination: nominations,
      badge: badges,
      organization: organizations,
      nominee: sql<string | null>`coalesce(${known(nominations.nominee_id)}, ${nominees.name})`,
      nominator: sql<
        string | null
      >`coalesce(${known(nominations.nominator_id)}, ${nominators.name})`,
    })
    .from(nominations)
    .innerJoin(badges, eq(badges.id, nominations.badge_id))
    .innerJoin(organizations, eq(organizations.id, nominations.organization_id))
    .innerJoin(nominees, eq(nominees.id, nominations.nominee_id))
    .leftJoin(nominators, eq(nominators.id, nominations.nominator_id))
    .where(eq(nominations.id, id))
    .limit(1);
  return row ?? null;
}

/** Who has that role in an organization: at most `limit`, the longest there first. */
export async function listDeciders(
  db: Database,
  organizationId: string,
  role: string,
  limit: number,
): Promise<string[]> {
  const { rows } = await db.read({
    sql: `SELECT user_id FROM memberships
      WHERE organization_id = ? AND status = 'active' AND instr(roles, ?) > 0
        AND EXISTS (SELECT 1 FROM json_each(roles) WHERE value = ?)
      ORDER BY id LIMIT ?`,
    // Most are told apart by the text, without reading it as JSON.
    params: [organizationId, role, role, limit],
  });
  return rows.map(([id]) => String(id));
}

/** A row for each who decides, in place of the nomination's own. */
export function tellEach(
  { id, organization_id }: Pick<Nomination, "id" | "organization_id">,
  deciders: readonly string[],
  now: number,
): Statement[] {
  return [
    ...deciders.map((decider) =>
      insertNotification(
        { kind: "nomination.created", subject_id: `${id}.${decider}`, organization_id },
        now,
      ),
    ),
    {
      sql: "DELETE FROM notifications WHERE kind = 'nomination.created' AND subject_id = ?",
      params: [id],
    },
  ];
}
