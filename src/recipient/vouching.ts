// Whether somebody who is no coordinator is asked for their word on others: then their own page leads to where they give it.
import { anyNamesRole, badgeChoices } from "../db/award-choices.ts";
import { ownMemberships } from "../db/own-memberships.ts";
import type { Env } from "../env.ts";
import { asksForWordOf } from "../issuer/manual-award-rights.ts";
import type { Account } from "../pages/account.tsx";
import type { Session } from "../signin/session.ts";

/** In the organization that the page is about; false for coordinators, who have it in their navigation. */
export async function isAskedForWord(
  { db }: Pick<Env, "db">,
  { user }: Pick<Session, "user">,
  { organization, may }: Pick<Account, "organization" | "may">,
): Promise<boolean> {
  if (organization === null || may.award) return false;
  const known = await ownMemberships(db, organization.id, user.id);
  const roles = known.flatMap((one) => one.roles);
  // Badges are many, and few of them ask for anybody's word.
  if (!(await anyNamesRole(db, organization.id, roles))) return false;
  const choices = await badgeChoices(db, organization.id);
  return choices.some(({ manual }) => asksForWordOf(manual, roles));
}
