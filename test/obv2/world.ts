// One organization with everything its tables can hold, and the awards the tests ask for.
import type { Award } from "../../src/db/awards.ts";
import {
  type Badge,
  badgeAlignments,
  badgeEndorsements,
  badgeRelateds,
} from "../../src/db/badges.ts";
import { imageContents, images } from "../../src/db/images.ts";
import type { Organization } from "../../src/db/organizations.ts";
import type { Env } from "../../src/env.ts";
import { newId, sha256Hex } from "../../src/ids.ts";
import { IDAT, IEND, ihdr, pngOf } from "../bakery/fixtures.ts";
import {
  givenAward,
  givenBadge,
  givenOrganization,
  givenPerson,
  givenSvgImage,
  type Person,
} from "../given.ts";

export const DAY = 86_400_000;

/** A picture of one grey pixel, as good as any for what is around it. */
export const PIXEL = pngOf(ihdr(), IDAT, IEND);

export interface World {
  readonly organization: Organization;
  readonly badge: Badge;
  /** Relates to `badge` and is the version before it. */
  readonly older: Badge;
  readonly person: Person;
  readonly award: Award;
  readonly endorsementId: string;
  readonly alignmentId: string;
}

/** Everything set that can be set. `pictures` says of what kind the badge's picture is. */
export async function givenWorld(env: Env, pictures: "svg" | "png" = "svg"): Promise<World> {
  const organization = await givenOrganization(env, {
    description: "Students who mentor students, in four cities.",
    telephone: "+16175551212",
    language: "en",
    verification_starts_with: env.urls.assertion(""),
    verification_allowed_origins: ["assertions.example.net"],
  });
  const logo = await givenSvgImage(env, organization);
  await env.db.batch([
    {
      sql: "UPDATE organizations SET image_id = ? WHERE id = ?",
      params: [logo.id, organization.id],
    },
  ]);
  const older = await givenBadge(env, organization, { version: "1", language: "de" });
  const badge = await givenBadge(env, organization, {
    name: "Streak Champion",
    version: "2",
    language: "en-US",
    tags: ["mentoring", "streak"],
    previous_version_id: older.id,
    image_caption: "A flame in a circle",
    image_author_name: "Ada Ellis",
    image_author_email: "ada@example.net",
    image_author_url: "https://ada.example.net",
    issuer_name: "The Northside Choir",
    issuer_url: "https://choir.example",
    ...(pictures === "png" ? { image_id: await givenPngImage(env, organization) } : {}),
  });
  const endorsementId = newId(env);
  const alignmentId = newId(env);
  await env.db.batch([
    env.db.orm.insert(badgeAlignments).values([
      {
        id: alignmentId,
        badge_id: badge.id,
        target_name: "Leads and supports others",
        target_url: "https://skills.example/v2/leads",
        target_code: "V2.1",
        target_description: "Takes responsibility for how others learn.",
        target_framework: "Volunteer Skills Framework",
      },
      {
        id: newId(env),
        badge_id: badge.id,
        target_name: "Keeps at it",
        target_url: "https://skills.example/v2/keeps",
      },
    ]),
    env.db.orm.insert(badgeRelateds).values({
      id: newId(env),
      badge_id: older.id,
      related_badge_id: badge.id,
    }),
    env.db.orm.insert(badgeEndorsements).values({
      id: endorsementId,
      badge_id: badge.id,
      issuer_name: "City Youth Council",
      issuer_url: "https://council.example",
      issuer_email: "badges@council.example",
      claim_id: env.urls.badgeClass(badge.id),
      claim_comment: "We know how much work this is.",
      date_issued: env.now() - 40 * DAY,
    }),
  ]);
  const person = await givenPerson(env, organization, { email: "kim@example.org" });
  const award = await givenAward(env, badge, person, {
    date_expire: env.now() + 365 * DAY,
    narrative: "Ran a session *every* week.",
    evidence: [
      {
        id: "https://northside.example/notes/kim",
        name: "Coordinator’s note",
        description: "A page on the twelve sessions.",
        narrative: "Planned each session.",
        genre: "Report",
        audience: "members",
      },
      { narrative: "Seen by two coordinators." },
    ],
  });
  return { organization, badge, older, person, award, endorsementId, alignmentId };
}

/** Its id. */
export async function givenPngImage(env: Env, organization: Organization): Promise<string> {
  const sha256 = await sha256Hex(PIXEL);
  const id = newId(env);
  await env.db.batch([
    env.db.orm
      .insert(imageContents)
      .values({
        sha256,
        media_type: "image/png",
        bytes: PIXEL,
        size: PIXEL.length,
        width: 1,
        height: 1,
      })
      .onConflictDoNothing(),
    env.db.orm.insert(images).values({
      id,
      organization_id: organization.id,
      sha256,
      media_type: "image/png",
      name: "pixel.png",
      origin: "upload",
    }),
  ]);
  return id;
}

/** As the rules for revoking would do it; the triggers do the rest. */
export async function revoke(env: Env, award: Award, reason: string | null): Promise<void> {
  await env.db.batch([
    {
      sql: "UPDATE badge_issues SET revoked_at = ?, revocation_reason = ? WHERE id = ?",
      params: [env.now(), reason, award.id],
    },
  ]);
}
