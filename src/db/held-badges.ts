// The one list of what a person holds here: badges that apps put here, and awards made here that are theirs.
import { sql } from "drizzle-orm";
import type { Database } from "./database.ts";
import { theirAwardIds } from "./theirs.ts";

/** A badge in the list: kept here for an issuer elsewhere, or awarded here. */
export type HeldBadge =
  | {
      readonly kind: "kept";
      readonly document: Readonly<Record<string, unknown>>;
      readonly jws: string | null;
    }
  | { readonly kind: "own"; readonly hash: string };

export interface HeldPage {
  readonly limit: number;
  readonly offset: number;
  /** Only what was updated after it, in milliseconds; null for all. */
  readonly since: number | null;
}

export interface Held {
  /** The last updated first. */
  readonly badges: readonly HeldBadge[];
  /** In all, without regard to the page. */
  readonly total: number;
}

/**
 * What stands of a person's badges, expired ones included. What was revoked is left out: whoever
 * shows the list without asking the issuer must not show it. So is what the person hid or declined.
 */
export async function listHeldBadges(
  db: Database,
  userId: string,
  { limit, offset, since }: HeldPage,
): Promise<Held> {
  const after = since ?? -1;
  const held = sql`
    select 'kept' as kind, id, updated_at from hosted_badges
      where user_id = ${userId} and verdict <> 'revoked' and updated_at > ${after}
        and identity_id in (select id from identities
          where user_id = ${userId} and verified_at is not null)
    union all
    select 'own', id, updated_at from badge_issues
      where id in ${theirAwardIds(userId)} and revoked_at is null and visible = 1
        and claim_state <> 'declined' and updated_at > ${after}`;
  const [counted] = await db.orm.select({ total: sql<number>`count(*)` }).from(sql`(${held})`);
  const rows = await db.orm
    .select({
      kind: sql<string>`listed.kind`,
      document: sql<string | null>`kept.document`,
      jws: sql<string | null>`kept.jws`,
      hash: sql<string | null>`own.unique_hash`,
    })
    .from(sql`(select * from (${held}) order by updated_at desc, id desc
        limit ${limit} offset ${offset}) listed
      left join hosted_badges kept on listed.kind = 'kept' and kept.id = listed.id
      left join badge_issues own on listed.kind = 'own' and own.id = listed.id`)
    .orderBy(sql`listed.updated_at desc, listed.id desc`);
  const badges = rows.map(
    ({ kind, document, jws, hash }): HeldBadge =>
      kind === "own"
        ? { kind: "own", hash: hash ?? "" }
        : { kind: "kept", document: JSON.parse(document ?? "{}"), jws },
  );
  return { badges, total: counted?.total ?? 0 };
}
