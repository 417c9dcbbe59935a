// Who changed what about the site's backpacks: an entry in the batch of the deed itself.
import { type AuditEntry, auditLog } from "../db/audit.ts";
import type { Writable } from "../db/database.ts";
import type { Env } from "../env.ts";
import { newId } from "../ids.ts";

/** Who acts: a person who is signed in, or whoever sits at the machine. */
export interface SiteActor {
  readonly kind: AuditEntry["actor_kind"];
  /** The user's id; null for an operator. */
  readonly id: string | null;
}

export const OPERATOR: SiteActor = { kind: "operator", id: null };

/** Ids and codes only: no addresses, no secrets, nobody's name. */
export function siteAudited(
  env: Pick<Env, "db" | "now" | "random">,
  actor: SiteActor,
  action: `backpack.${string}`,
  backpackId: string,
  detail: Readonly<Record<string, unknown>> = {},
): Writable {
  return env.db.orm.insert(auditLog).values({
    id: newId(env),
    organization_id: null,
    at: env.now(),
    actor_kind: actor.kind,
    actor_id: actor.id,
    action,
    object_kind: "backpack",
    object_id: backpackId,
    detail: { ...detail },
  });
}
