// What is told of a nomination: that it was made, to who decides; how it was decided, to who made it.
import {
  findNominationToTell,
  listDeciders,
  type NominationToTell,
  tellEach,
} from "../db/nomination-to-tell.ts";
import type { Env } from "../env.ts";
import type { Templates } from "./award-mail.ts";
import { composed } from "./compose.ts";
import { notTold, type Telling } from "./letter.ts";
import { type Staff, staffOf } from "./staff.ts";
import { chosenWords } from "./templates.ts";

/** Who decides about nominations, and so is told of each. */
const DECIDER = "organization_administrator";
/** Of more administrators those who are there longest. */
export const MAX_DECIDERS = 50;

const NAMELESS = "Somebody without a name";
/** Where a program nominated, for nobody in particular. */
const NOBODY = "A program";

/**
 * The subject is the nomination: then it is to be told to each who decides. Or it is the nomination
 * and one of them, with a full stop between.
 */
export async function nominationCreated(
  env: Env,
  subjectId: string,
  templates: Templates,
): Promise<Telling> {
  const [id = "", deciderId] = subjectId.split(".");
  const found = await findNominationToTell(env.db, id);
  if (found === null) return notTold("subject-gone");
  const { nomination, organization, nominator } = found;
  if (nomination.state !== "pending") return notTold("nomination-decided");
  if (deciderId === undefined) {
    const deciders = await listDeciders(env.db, organization.id, DECIDER, MAX_DECIDERS);
    return { tell: "each", writes: tellEach(nomination, deciders, env.now()) };
  }
  if (nomination.nominator_id === deciderId) return notTold("own-nomination");
  const decider = await staffOf(env, organization.id, deciderId);
  if (!decider.ok) return notTold(decider.reason);
  const { language } = decider.staff;
  const words = chosenWords(templates, "nomination.created", [language, organization.language]);
  const nominatorname = nomination.nominator_id === null ? NOBODY : (nominator ?? NAMELESS);
  const values = { ...valuesOf(found, decider.staff), nominatorname };
  return {
    tell: true,
    letter: { to: decider.staff.to, ...composed(words, values, words.language) },
    writes: [],
  };
}

export async function nominationDecided(
  env: Env,
  nominationId: string,
  templates: Templates,
): Promise<Telling> {
  const found = await findNominationToTell(env.db, nominationId);
  if (found === null) return notTold("subject-gone");
  const { nomination, organization } = found;
  const { state, nominator_id, decision_note } = nomination;
  if (state !== "approved" && state !== "declined") return notTold("nothing-to-tell");
  if (nominator_id === null) return notTold("nomination-without-nominator");
  if (nominator_id === nomination.decided_by_id) return notTold("own-nomination");
  const nominator = await staffOf(env, organization.id, nominator_id);
  if (!nominator.ok) return notTold(nominator.reason);
  const { language } = nominator.staff;
  const words = chosenWords(templates, `nomination.${state}`, [language, organization.language]);
  const values = { ...valuesOf(found, nominator.staff), note: decision_note ?? "" };
  return {
    tell: true,
    letter: { to: nominator.staff.to, ...composed(words, values, words.language) },
    writes: [],
  };
}

function valuesOf({ nomination, badge, organization, nominee }: NominationToTell, reader: Staff) {
  return {
    badgename: badge.name,
    username: reader.name,
    nomineename: nominee ?? NAMELESS,
    reason: nomination.reason,
    organizationname: organization.name,
  };
}
