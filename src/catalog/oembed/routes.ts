// How another page may show one of ours, asked by its address: oEmbed (oembed.com, version 1.0).
import { type Context, Hono } from "hono";
import { answerProblem, answerUnknown, wrongMethod } from "../../answer.ts";
import { findBadgePage } from "../../db/badge-page.ts";
import { findOrganization, type Organization } from "../../db/organizations.ts";
import { findPublicBadge } from "../../db/published.ts";
import type { Env } from "../../env.ts";
import { DEFAULT_WIDTH } from "../../issuer/image-variants.ts";
import { CARD_HEIGHT, CARD_WIDTH } from "../../pages/card-size.ts";
import { Problem } from "../../problem.ts";
import { awardDocument, badgeDocument, embeddableAt, sizeIn, xmlOf } from "./document.ts";

/** Seconds. */
const MAX_AGE = 300;

export function oembedRoutes(env: Env) {
  const app = new Hono();
  app.onError((error, c) => answerProblem(env, c, error));
  app.notFound((c) => answerUnknown(env, c));
  app.get("/oembed", (c) => answerOembed(env, c));
  app.all("/oembed", () => {
    throw wrongMethod("GET, HEAD");
  });
  return app;
}

async function answerOembed(env: Env, c: Context): Promise<Response> {
  const { url, format = "json", maxwidth, maxheight } = c.req.query();
  if (format !== "json" && format !== "xml") {
    throw new Problem("format-not-offered", "The format must be json or xml.");
  }
  if (url === undefined || url === "") throw withoutAddress();
  const room = { width: sizeIn(maxwidth), height: sizeIn(maxheight) };
  const document = await documentOf(env, url, room);
  const isXml = format === "xml";
  return c.body(isXml ? xmlOf(document) : JSON.stringify(document), 200, {
    "content-type": `${isXml ? "text/xml" : "application/json"}; charset=utf-8`,
    "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
    "access-control-allow-origin": "*",
    "cache-control": `public, max-age=${MAX_AGE}`,
    "x-content-type-options": "nosniff",
  });
}

/** Throws `not-found` for what is not ours, not there, or hidden by who holds it. */
async function documentOf(env: Env, url: string, room: Parameters<typeof awardDocument>[2]) {
  const { db, urls } = env;
  const named = embeddableAt(url, urls);
  const cardAt = (address: string) =>
    env.images.available ? { address, width: CARD_WIDTH, height: CARD_HEIGHT } : null;
  const pageOf = ({ is_listed, slug }: Organization) => (is_listed ? urls.issuerPage(slug) : null);
  if (named?.kind === "award") {
    const row = await findBadgePage(db, named.hash, DEFAULT_WIDTH);
    if (row?.award.visible) {
      const { award, badge, organization } = row;
      const card = award.revoked_at === null ? cardAt(urls.badgeCard(named.hash)) : null;
      const issuer = badge.issuer_name ?? organization.name;
      const shown = { title: badge.name, issuer, issuerPage: pageOf(organization), card };
      return awardDocument(named.hash, shown, room, urls);
    }
  }
  const badge = named?.kind === "badge" ? await findPublicBadge(db, named.id) : null;
  const organization = badge && (await findOrganization(db, badge.organization_id));
  if (badge && organization) {
    const issuer = badge.issuer_name ?? organization.name;
    const card = cardAt(urls.badgeClassCard(badge.id));
    const shown = { title: badge.name, issuer, issuerPage: pageOf(organization), card };
    return badgeDocument(shown, room, urls);
  }
  throw new Problem("not-found", "This is no address of a badge here that may be shown elsewhere.");
}

function withoutAddress(): Problem {
  const detail = "The address of the page to show is missing.";
  const fix = "Send it as `url`: the address of a badge's page, escaped.";
  return new Problem("invalid-request", detail, {
    errors: [{ parameter: "url", code: "required", detail, fix }],
  });
}
