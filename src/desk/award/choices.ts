// What of an organization's badges somebody at a desk may award, nominate for, or vouch for.
import { ADMINISTRATOR } from "../../auth.ts";
import { type BadgeChoice, badgeChoices } from "../../db/award-choices.ts";
import type { Env } from "../../env.ts";
import { asksForWordOf, isGivenByOne } from "../../issuer/manual-award-rights.ts";
import type { AwardChoice } from "../../pages/award-form.tsx";
import type { Desk } from "../../signin/desk.ts";

const isAdministrator = (roles: readonly string[]) => roles.includes(ADMINISTRATOR);

/** As `issuer/manual-award-rights` decides it, which is asked again when it is done. */
function mayAward({ manual }: BadgeChoice, desk: Desk): boolean {
  if (isAdministrator(desk.roles)) return true;
  if (manual === null || !isGivenByOne(manual)) return false;
  return manual.roles.some((role) => desk.roles.includes(role));
}

function mayNominate({ manual }: BadgeChoice): boolean {
  return manual !== null && isGivenByOne(manual);
}

/** Of a badge that asks for several people's words, or for other things besides. */
function mayVouch({ manual }: BadgeChoice, desk: Desk): boolean {
  return asksForWordOf(manual, isAdministrator(desk.roles) ? (manual?.roles ?? []) : desk.roles);
}

export interface Choices {
  /** Each tier of a badge by itself. */
  readonly awardable: readonly AwardChoice[];
  /** To be vouched for. */
  readonly vouchable: readonly BadgeChoice[];
  /** Active badges that are not among the awardable. */
  readonly hidden: number;
  /** Active badges that may be awarded, as they are. */
  readonly given: readonly BadgeChoice[];
  readonly all: readonly BadgeChoice[];
}

export async function choicesOf(env: Env, desk: Desk): Promise<Choices> {
  const all = await badgeChoices(env.db, desk.organization.id);
  const offered = all.filter((one) => mayAward(one, desk) || mayNominate(one));
  return {
    awardable: offered.flatMap((one) => tiersOf(one, !mayAward(one, desk))),
    vouchable: all.filter((one) => mayVouch(one, desk)),
    hidden: all.length - offered.length,
    given: all.filter((one) => mayAward(one, desk)),
    all,
  };
}

function tiersOf({ id, name, tiers }: BadgeChoice, nominateOnly: boolean): AwardChoice[] {
  if (tiers.length === 0) return [{ value: id, badgeName: name, tier: null, nominateOnly }];
  return tiers.map((tier) => ({
    value: `${id}/${tier.level}`,
    badgeName: name,
    tier,
    nominateOnly,
  }));
}

/** A choice's value, taken apart. */
export function badgeOf(value: string): { readonly id: string; readonly tier: number | null } {
  const [id = "", level] = value.split("/");
  return { id, tier: level === undefined ? null : Number(level) };
}
