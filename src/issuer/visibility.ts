// Showing an award or hiding it: whose decision that is, and what it changes.
import { and, eq, sql } from "drizzle-orm";
import { type Award, awards } from "../db/awards.ts";
import { ownersOf } from "../db/theirs.ts";
import type { Env } from "../env.ts";
import { Problem } from "../problem.ts";
import { announce } from "./announce.ts";
import { type Actor, audited } from "./audit.ts";
import type { Decision } from "./badge.ts";

/** The role of who may decide for the people of an organization. A coordinator may not. */
const ADMINISTRATOR = "organization_administrator";
const SCOPE = "awards:write";

/** Who asks: a person, with the roles they have now in the award's organization; or a program. */
export type VisibilityAsker =
  | { readonly kind: "user"; readonly id: string; readonly roles: readonly string[] }
  | {
      readonly kind: "api_key" | "operator";
      readonly id: string;
      /** Null: the whole site. */
      readonly organizationId: string | null;
      readonly scopes: readonly string[];
    };

/**
 * visibility_toggle_restricted_to_owner: an award is shown or hidden by its owner, who has proven the
 * identity it is made out to (`ownerId`, null while nobody has), by an administrator of its
 * organization, or by a program that may write the organization's awards. Reading is not asked about.
 */
export function mayToggleVisibility(
  asker: VisibilityAsker,
  award: Pick<Award, "organization_id">,
  ownerId: string | null,
): boolean {
  if (asker.kind === "user") return asker.id === ownerId || asker.roles.includes(ADMINISTRATOR);
  const { organizationId, scopes } = asker;
  if (organizationId !== null && organizationId !== award.organization_id) return false;
  return scopes.includes("*") || scopes.includes(SCOPE);
}

/**
 * Shows or hides an award. Its record answers as before, and its revision stays: no verifier and no
 * backpack is told. Repeating it changes nothing. Throws a `visibility-restricted` Problem, also where
 * a declined award is to be shown.
 */
export async function setVisibility(
  env: Env,
  award: Award,
  visible: boolean,
  asker: VisibilityAsker,
): Promise<Decision<Award>> {
  await requireToggler(env, asker, award);
  requireNotDeclined(award, visible);
  if (award.visible === visible) return { result: award, writes: [] };
  const actor: Actor = { kind: asker.kind, id: asker.id };
  const updated_at = env.now();
  // Who declines it meanwhile has hidden it, which is as it was, and shall stay.
  const asRead = and(
    eq(awards.id, award.id),
    eq(awards.visible, award.visible),
    eq(awards.claim_state, award.claim_state),
  );
  return {
    result: { ...award, visible, is_visible: visible, updated_at },
    writes: [
      audited(env, {
        organizationId: award.organization_id,
        actor,
        action: visible ? "award.shown" : "award.hidden",
        object: ["award", award.id],
        provided: sql`exists (select 1 from ${awards} where ${asRead})`,
      }),
      env.db.orm.update(awards).set({ visible, updated_at }).where(asRead),
      ...announce(env, {
        organizationId: award.organization_id,
        type: "award.visibility_changed",
        data: { award: award.id, badge: award.badge_id, user: award.user_id },
      }),
    ],
  };
}

/** What its recipient says is not theirs is shown to nobody until that is settled. */
function requireNotDeclined({ claim_state }: Award, visible: boolean): void {
  if (!visible || claim_state !== "declined") return;
  throw new Problem("visibility-restricted", "Its recipient says that the award is not theirs.", {
    fix: "It is shown again once its recipient accepts it, or somebody of the organization upholds it.",
  });
}

async function requireToggler(env: Env, asker: VisibilityAsker, award: Award): Promise<void> {
  const [owner = null] = asker.kind === "user" ? await ownersOf(env.db, award.id) : [];
  if (mayToggleVisibility(asker, award, owner)) return;
  const detail = "Only who holds the award, or an administrator of its organization, may do this.";
  throw new Problem("visibility-restricted", detail);
}
