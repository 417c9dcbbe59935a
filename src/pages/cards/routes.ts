// Share cards: the wide picture that others show of a link, for awards and for badges as such.
import { type Context, Hono } from "hono";
import { answerProblem, wrongMethod } from "../../answer.ts";
import { findBadgePage, type PictureRef } from "../../db/badge-page.ts";
import type { Badge } from "../../db/badges.ts";
import { findOrganization, type Organization } from "../../db/organizations.ts";
import { findPublicBadge, findPublicPicture } from "../../db/published.ts";
import { findTombstone } from "../../db/tombstones.ts";
import type { Env } from "../../env.ts";
import { isHash, isId } from "../../ids.ts";
import { artOf } from "../../issuer/baked-badge.ts";
import { DEFAULT_WIDTH, pngOf } from "../../issuer/image-variants.ts";
import { badgePicture } from "../../issuer/images.ts";
import { languageBeside } from "../../language.ts";
import { Problem } from "../../problem.ts";
import { isPersonal } from "../badge-page.tsx";
import { CARD_HEIGHT, CARD_WIDTH } from "../card-size.ts";
import { issuerName } from "../sections.tsx";
import { BADGE_WORDS } from "../words/badge.ts";
import { speaker } from "../words/speak.tsx";

/** Seconds. */
const CARD_MAX_AGE = 3_600;
const INSTEAD_MAX_AGE = 300;
/** Of about 60 KB each. */
const MAX_CARDS_KEPT = 32;

/** What a card is drawn of. */
interface Subject {
  readonly badge: Badge;
  readonly organization: Organization;
  /** Null where the badge has no picture in the registry. */
  readonly picture: PictureRef | null;
}

export function cardRoutes(env: Env) {
  const app = new Hono();
  app.onError((error, c) => answerProblem(env, c, error));
  const cards = cardMemory(env);
  app.get("/b/:hash/card.png", async (c) => {
    const hash = c.req.param("hash");
    const row = isHash(hash) ? await findBadgePage(env.db, hash, DEFAULT_WIDTH) : null;
    if (row === null || !isPersonal(row)) throw noCard();
    return answerCard(env, c, row, cards);
  });
  app.get("/ob/v2/badges/:id/card.png", async (c) => {
    const id = c.req.param("id");
    const badge = isId(id) ? await findPublicBadge(env.db, id) : null;
    const organization = badge && (await findOrganization(env.db, badge.organization_id));
    if (badge === null || organization === null) throw await missing(env, id);
    const picture = await findPublicPicture(env.db, badge);
    return answerCard(env, c, { badge, organization, picture }, cards);
  });
  for (const path of ["/b/:hash/card.png", "/ob/v2/badges/:id/card.png"]) {
    app.all(path, () => {
      throw wrongMethod("GET, HEAD");
    });
  }
  return app;
}

function noCard(): Problem {
  return new Problem("not-found", "There is no card at this address.");
}

async function missing(env: Env, id: string): Promise<Problem> {
  return isId(id) && (await findTombstone(env.db, id)) !== null
    ? new Problem("gone", "Its issuer has removed it for good.")
    : noCard();
}

type Cards = (subject: Subject) => Promise<Uint8Array<ArrayBuffer> | null>;

/** Drawn cards, the newest last: those who show a link ask for its picture several times over. */
function cardMemory(env: Env): Cards {
  const known = new Map<string, ReturnType<Cards>>();
  return (subject) => {
    const { badge, organization, picture } = subject;
    const issuer = issuerName(badge, organization);
    const key = JSON.stringify([badge.id, badge.name, badge.updated_at, picture, issuer]);
    const drawing = known.get(key) ?? drawCard(env, badge, issuer);
    known.delete(key);
    known.set(key, drawing);
    const oldest = known.keys().next().value;
    if (known.size > MAX_CARDS_KEPT && oldest !== undefined) known.delete(oldest);
    // What could not be drawn is tried again by the next who asks.
    drawing.then(
      (png) => png ?? known.delete(key),
      () => known.delete(key),
    );
    return drawing;
  };
}

/** Null where this runtime cannot draw, or could not draw this picture in time. */
async function drawCard(env: Env, badge: Badge, issuer: string) {
  const art = await artPng(env, badge);
  if (art === null) return null;
  // In the badge's language: whoever shares the link and whoever sees the card read different ones.
  const by = speaker(languageBeside(badge.language), BADGE_WORDS)("card-by");
  const svg = await env.images.card?.({ name: badge.name, by, issuer, art });
  if (svg === undefined) return null;
  const picture = { mediaType: "image/svg+xml", bytes: new TextEncoder().encode(svg) } as const;
  const drawn = await env.images.rasterise(picture, CARD_WIDTH, CARD_HEIGHT);
  return drawn.ok ? drawn.png : null;
}

async function artPng(env: Env, badge: Badge): Promise<Uint8Array | null> {
  const picture = await badgePicture(env.db, badge);
  if (picture !== null) return (await pngOf(env, picture, DEFAULT_WIDTH))?.bytes ?? null;
  const bytes = artOf(badge);
  const drawn = await env.images.rasterise({ mediaType: "image/svg+xml", bytes }, DEFAULT_WIDTH);
  return drawn.ok ? drawn.png : null;
}

/** The badge's own picture where none can be drawn. */
async function answerCard(env: Env, c: Context, subject: Subject, cards: Cards) {
  const png = env.images.available ? await cards(subject) : null;
  if (png === null) {
    const { picture, badge } = subject;
    const instead =
      picture?.media_type === "image/png"
        ? env.urls.image(picture.sha256, picture.media_type)
        : env.urls.badgeImage(badge.id);
    const caching = `public, max-age=${INSTEAD_MAX_AGE}`;
    return c.body(null, 303, { location: instead, "cache-control": caching });
  }
  return c.body(png, 200, {
    "content-type": "image/png",
    "content-security-policy": "default-src 'none'",
    "cross-origin-resource-policy": "cross-origin",
    "x-content-type-options": "nosniff",
    "cache-control": `public, max-age=${CARD_MAX_AGE}`,
  });
}
