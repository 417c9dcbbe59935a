// Reads and writes of sign-ins at an OpenID provider, and of whom its subjects stand for.
import { and, eq, gt, isNull } from "drizzle-orm";
import type { Database, Writable } from "./database.ts";
import { type User, users } from "./organizations.ts";
import { type OidcSignIn, oidcSignIns, oidcSubjects } from "./sessions.ts";

export function insertOidcSignIn(db: Database, row: OidcSignIn): Writable {
  return db.orm.insert(oidcSignIns).values(row);
}

/** By the SHA-256 of its `state`; a used or expired one is found too. */
export async function findOidcSignIn(db: Database, stateHash: string): Promise<OidcSignIn | null> {
  const rows = await db.orm
    .select()
    .from(oidcSignIns)
    .where(eq(oidcSignIns.state_hash, stateHash))
    .limit(1);
  return rows[0] ?? null;
}

/** Changes one row for one of many callers, and none for the others. */
export function consumeOidcSignIn(db: Database, id: string, now: number): Writable {
  return db.orm
    .update(oidcSignIns)
    .set({ consumed_at: now })
    .where(
      and(eq(oidcSignIns.id, id), isNull(oidcSignIns.consumed_at), gt(oidcSignIns.expires_at, now)),
    );
}

/** Who a provider's subject is here. */
export async function findSubject(
  db: Database,
  issuer: string,
  subject: string,
): Promise<User | null> {
  const rows = await db.orm
    .select({ user: users })
    .from(oidcSubjects)
    .innerJoin(users, eq(users.id, oidcSubjects.user_id))
    .where(and(eq(oidcSubjects.issuer, issuer), eq(oidcSubjects.subject, subject)))
    .limit(1);
  return rows[0]?.user ?? null;
}

/** Refused as `unique` where the subject stands for somebody already. */
export function insertSubject(
  db: Database,
  row: Pick<typeof oidcSubjects.$inferSelect, "issuer" | "subject" | "user_id" | "created_at">,
): Writable {
  return db.orm.insert(oidcSubjects).values(row);
}

export function deleteSubjectsOf(db: Database, userId: string): Writable {
  return db.orm.delete(oidcSubjects).where(eq(oidcSubjects.user_id, userId));
}
