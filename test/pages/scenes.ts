// Awards in every state that a badge's page knows, and one whose words try to break it.
import type { awards } from "../../src/db/awards.ts";
import { badgeAlignments, badgeTiers } from "../../src/db/badges.ts";
import { DEMO_ORGANIZATION } from "../../src/demo-organization.ts";
import type { Env } from "../../src/env.ts";
import { newId } from "../../src/ids.ts";
import { TEST_NOW } from "../app.ts";
import { givenAward, givenBadge, givenOrganization, givenPerson } from "../given.ts";

const DAY = 86_400_000;
/** One word that no line can hold. */
const LONG_WORD =
  "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft";
const LONG_URL = `https://frameworks.example/${"very-long-path/".repeat(12)}?q=${"x".repeat(120)}`;

export const SCENES = [
  "valid",
  "endless",
  "expired",
  "revoked",
  "replaced",
  "hidden",
  "hostile",
] as const;
export type Scene = (typeof SCENES)[number];

/** The public ids of the awards, by what they show. */
export type Scenes = Readonly<Record<Scene, string>>;

export async function givenScenes(
  env: Env,
  art?: { svg: (name: string) => string },
): Promise<Scenes> {
  const organization = await givenOrganization(env, {
    slug: DEMO_ORGANIZATION.slug,
    description: "Students who mentor students, in four cities.",
  });
  const noor = await givenPerson(env, organization, { name: "Noor Haddad" });
  const badge = await givenBadge(env, organization, {
    name: "Streak Champion",
    image_caption: "A flame in a circle with a silver ring",
    category: "activity_milestone",
    criteria_narrative:
      "Run a mentoring session in each of **twelve consecutive weeks**:\n\n- at least 30 minutes each\n- with a note that says what was learnt\n- see the [handbook](https://northside.example/handbook)",
    tags: ["mentoring", "streak", "community"],
    ...(art ? { image_id: await picture(env, organization, art.svg("Streak Champion")) } : {}),
  });
  await env.db.batch([
    env.db.orm.insert(badgeTiers).values([
      { badge_id: badge.id, level: 1, name: "Bronze" },
      { badge_id: badge.id, level: 2, name: "Silver" },
    ]),
    env.db.orm.insert(badgeAlignments).values({
      id: newId(env),
      badge_id: badge.id,
      target_name: "Leads and supports others",
      target_url: "https://skills.example/v2/leads",
      target_framework: "Volunteer Skills Framework",
      target_code: "V2.1",
      target_description: "Takes responsibility for how others learn.",
    }),
  ]);
  const work = {
    narrative: "Ran a session every week from July to September, *also in the holidays*.",
    evidence: [
      {
        id: "https://northside.example/notes/noor",
        name: "Coordinator’s note",
        description: "A page on the twelve sessions.",
        narrative: "Noor planned each session and wrote down what the group had learnt.",
        genre: "Report",
        audience: "members",
      },
    ],
    tier_level: 2,
  };
  const given = (slot: string, over: Partial<typeof awards.$inferInsert>) =>
    givenAward(env, badge, noor, { award_slot: slot, ...work, ...over });

  const valid = await given("r1", {
    awarded_at: TEST_NOW - 1,
    date_expire: TEST_NOW + 730 * DAY,
  });
  const endless = await given("r2", { narrative: null, evidence: null, tier_level: null });
  const expired = await given("r3", {
    awarded_at: TEST_NOW - 800 * DAY,
    date_expire: TEST_NOW - 70 * DAY,
  });
  const revocation = { revoked_at: TEST_NOW - 5 * DAY, awarded_at: TEST_NOW - 30 * DAY };
  const revoked = await given("r4", {
    ...revocation,
    revocation_reason: "Made out to the wrong e-mail address",
  });
  const replaced = await given("r5", { ...revocation, superseded_by: valid.id });
  const hidden = await given("r6", { visible: false });
  return {
    valid: valid.unique_hash,
    endless: endless.unique_hash,
    expired: expired.unique_hash,
    revoked: revoked.unique_hash,
    replaced: replaced.unique_hash,
    hidden: hidden.unique_hash,
    hostile: await givenHostile(env),
  };
}

async function picture(
  env: Env,
  organization: Awaited<ReturnType<typeof givenOrganization>>,
  svg: string,
): Promise<string> {
  const { givenSvgImage } = await import("../given.ts");
  return (await givenSvgImage(env, organization, svg)).id;
}

/** Markup where text belongs, words and addresses without a break, and a script read from the right. */
async function givenHostile(env: Env): Promise<string> {
  const organization = await givenOrganization(env, {
    name: `${LONG_WORD} <script>alert(1)</script>`,
    url: LONG_URL,
    description: LONG_URL,
    email: `${"a".repeat(60)}@${"b".repeat(60)}.example`,
  });
  const person = await givenPerson(env, organization, {
    name: `نور حداد ${LONG_WORD} "><img src=x onerror=alert(1)>`,
  });
  const text = `<script>alert(1)</script> <b>no</b> [click](javascript:alert(1)) ${LONG_URL}\n\n- ${LONG_WORD}\n- *${LONG_WORD}*`;
  const badge = await givenBadge(env, organization, {
    name: `شارة ${LONG_WORD} </title><script>alert(1)</script>`,
    description: text,
    criteria_narrative: text,
    language: "ar",
    tags: [LONG_WORD, "<script>", "ok"],
    image_caption: `"><script>alert(1)</script>`,
  });
  await env.db.batch([
    env.db.orm.insert(badgeAlignments).values({
      id: newId(env),
      badge_id: badge.id,
      target_name: LONG_WORD,
      target_url: "javascript:alert(1)",
      target_framework: LONG_WORD,
      target_code: LONG_WORD,
      target_description: text,
    }),
  ]);
  const award = await givenAward(env, badge, person, {
    narrative: text,
    evidence: [{ id: LONG_URL, name: LONG_WORD, description: text, narrative: text }],
  });
  return award.unique_hash;
}
