// Whose an award is: the person's who has proven the identity it is made out to.
import { and, desc, eq, type SQL, sql } from "drizzle-orm";
import { alias } from "drizzle-orm/sqlite-core";
import { type Award, awards } from "./awards.ts";
import type { Database } from "./database.ts";
import { identities, users } from "./organizations.ts";

/**
 * Every organization has its own record of a person, so an award hangs on whichever record its
 * organization has. It belongs to who has proven an identity of the same type and form: `recorded`
 * is the identity on the award, `proven` the person's. What nobody has proven is nobody's.
 */
const recorded = alias(identities, "recorded");
const proven = alias(identities, "proven");

/** An award's owner's users row, given the award's id as SQL; in SQL, none or one value. */
export function ownerOf(awardId: SQL): SQL {
  return sql`(select ${proven.user_id} from ${awards} owned
    join ${identities} recorded on ${recorded.id} = owned.recipient_identity_id
    join ${identities} proven on ${proven.type} = ${recorded.type}
      and ${proven.normalised} = ${recorded.normalised} and ${proven.verified_at} is not null
    join ${users} on ${users.id} = ${proven.user_id} and ${users.status} = 'active'
    where owned.id = ${awardId})`;
}

/** The ids of the users rows an award belongs to: none, or one, and that person is not suspended. */
export async function ownersOf(db: Database, awardId: string): Promise<string[]> {
  const [row] = await db.orm
    .select({ owner: sql<string | null>`${ownerOf(sql`${awardId}`)}` })
    .from(sql`(select 1)`);
  return row?.owner ? [row.owner] : [];
}

/** The ids of all awards that belong to a person, as a subquery; revoked and hidden ones too. */
export function theirAwardIds(userId: string | SQL): SQL {
  return sql`(select mine.id ${ofPerson(userId)})`;
}

/** The same by their rowids, which lead to the rows themselves with no look into the index of ids. */
export function theirAwardRows(userId: string): SQL {
  return sql`(select mine.rowid ${ofPerson(userId)})`;
}

function ofPerson(userId: string | SQL): SQL {
  return sql`from ${identities} proven
    join ${identities} recorded on ${recorded.type} = ${proven.type}
      and ${recorded.normalised} = ${proven.normalised}
    join ${awards} mine on mine.user_id = ${recorded.user_id}
      and mine.recipient_identity_id = ${recorded.id}
    where ${proven.user_id} = ${userId} and ${proven.verified_at} is not null`;
}

export interface AwardsPage {
  readonly limit: number;
  /** An award's id: only what was written before it. */
  readonly cursor?: string | undefined;
}

/** Awards are made one after the other, and rows lie in that order. */
const WRITTEN = sql`${awards}.rowid`;

/**
 * The awards that belong to a person, of every organization, revoked and hidden ones too; one row
 * more than a page holds, the last written first.
 */
export function listAwardsOf(db: Database, userId: string, page: AwardsPage): Promise<Award[]> {
  const { cursor } = page;
  return db.orm
    .select()
    .from(awards)
    .where(
      and(
        sql`${awards.id} in ${theirAwardIds(userId)}`,
        cursor === undefined
          ? undefined
          : sql`${WRITTEN} < (select cursor.rowid from ${awards} cursor where cursor.id = ${cursor})`,
      ),
    )
    .orderBy(desc(WRITTEN))
    .limit(page.limit + 1);
}

/** Whether an award belongs to a person, suspended or not. */
export async function isTheirs(db: Database, userId: string, awardId: string): Promise<boolean> {
  const rows = await db.orm
    .select({ id: awards.id })
    .from(awards)
    .where(and(eq(awards.id, awardId), sql`${awards.id} in ${theirAwardIds(userId)}`))
    .limit(1);
  return rows.length > 0;
}
