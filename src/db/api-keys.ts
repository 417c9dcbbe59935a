// Reads of API keys: one organization's, or with no organization those of the whole installation.
import { and, desc, eq, lt } from "drizzle-orm";
import type { Database } from "./database.ts";
import { type ApiKey, apiKeys } from "./organizations.ts";

/** Null is the site: it sees every key. */
export async function findApiKey(
  db: Database,
  organizationId: string | null,
  id: string,
): Promise<ApiKey | null> {
  const rows = await db.orm
    .select()
    .from(apiKeys)
    .where(
      and(
        organizationId === null ? undefined : eq(apiKeys.organization_id, organizationId),
        eq(apiKeys.id, id),
      ),
    )
    .limit(1);
  return rows[0] ?? null;
}

/** One row more than a page holds, newest first, below `cursor`. */
export function listApiKeys(
  db: Database,
  organizationId: string | null,
  page: { readonly limit: number; readonly cursor?: string | undefined },
): Promise<ApiKey[]> {
  return db.orm
    .select()
    .from(apiKeys)
    .where(
      and(
        organizationId === null ? undefined : eq(apiKeys.organization_id, organizationId),
        page.cursor === undefined ? undefined : lt(apiKeys.id, page.cursor),
      ),
    )
    .orderBy(desc(apiKeys.id))
    .limit(page.limit + 1);
}
