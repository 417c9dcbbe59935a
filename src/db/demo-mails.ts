// Reads and writes of the demo's mailbox.
import { desc, eq, sql } from "drizzle-orm";
import type { Database, Writable } from "./database.ts";
import { type DemoMail, demoMails } from "./sessions.ts";

/** Rows lie in the order they were written in; ids of one millisecond have none. */
const WRITTEN = sql`${demoMails}.rowid`;

/** Keeps a mail, unless it is there already, and no more than the newest `keep`. */
export function insertDemoMail(db: Database, row: DemoMail, keep: number): Writable[] {
  const newest = db.orm
    .select({ id: demoMails.id })
    .from(demoMails)
    .orderBy(desc(WRITTEN))
    .limit(keep);
  return [
    db.orm.insert(demoMails).values(row).onConflictDoNothing(),
    db.orm.delete(demoMails).where(sql`${demoMails.id} not in ${newest}`),
  ];
}

export type ListedDemoMail = Omit<DemoMail, "html" | "attachments">;

/** The newest first. */
export function listDemoMails(db: Database): Promise<ListedDemoMail[]> {
  const { id, to, subject, text, created_at } = demoMails;
  return db.orm
    .select({ id, to, subject, text, created_at })
    .from(demoMails)
    .orderBy(desc(WRITTEN));
}

export async function findDemoMail(db: Database, id: string): Promise<DemoMail | null> {
  const rows = await db.orm.select().from(demoMails).where(eq(demoMails.id, id)).limit(1);
  return rows[0] ?? null;
}
