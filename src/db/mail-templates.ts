// Reads and writes of the words an organization gave its mails.
import { and, asc, eq, sql } from "drizzle-orm";
import type { Database, Writable } from "./database.ts";
import { type MailTemplate, mailTemplates } from "./notifications.ts";

/** All of an organization, by kind and language: few. */
export function listMailTemplates(db: Database, organizationId: string): Promise<MailTemplate[]> {
  return db.orm
    .select()
    .from(mailTemplates)
    .where(eq(mailTemplates.organization_id, organizationId))
    .orderBy(asc(mailTemplates.kind), asc(mailTemplates.language));
}

type Key = Pick<MailTemplate, "organization_id" | "kind" | "language">;

function keyed({ organization_id, kind, language }: Key) {
  return and(
    eq(mailTemplates.organization_id, organization_id),
    eq(mailTemplates.kind, kind),
    eq(mailTemplates.language, language),
  );
}

export async function findMailTemplate(db: Database, key: Key): Promise<MailTemplate | null> {
  const rows = await db.orm.select().from(mailTemplates).where(keyed(key)).limit(1);
  return rows[0] ?? null;
}

export function putMailTemplate(db: Database, row: MailTemplate): Writable {
  return db.orm
    .insert(mailTemplates)
    .values(row)
    .onConflictDoUpdate({
      target: [mailTemplates.organization_id, mailTemplates.kind, mailTemplates.language],
      set: {
        subject: sql`excluded.subject`,
        body: sql`excluded.body`,
        updated_at: sql`excluded.updated_at`,
      },
    });
}

export function deleteMailTemplate(db: Database, key: Key): Writable {
  return db.orm.delete(mailTemplates).where(keyed(key));
}
