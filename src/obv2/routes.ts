// Open Badges 2.0 over HTTP: the public documents of issuers, badges, awards and endorsements.
import { type Context, Hono } from "hono";
import { isLocalDemo } from "../config.ts";
import { findOrganization } from "../db/organizations.ts";
import {
  findHostedAssertion,
  findPublicAlignment,
  findPublicAward,
  findPublicBadge,
  findPublicBadgeParts,
  findPublicEndorsement,
  findPublicPicture,
  listPublicAlignments,
  listRevokedAwards,
  type PublicAward,
} from "../db/published.ts";
import { findPublicKey, listTrustedKeys } from "../db/signing-keys.ts";
import { findTombstone, listPurgedAwards } from "../db/tombstones.ts";
import type { Env } from "../env.ts";
import { isHash, isId } from "../ids.ts";
import { DEFAULT_WIDTH } from "../issuer/image-variants.ts";
import { bakedFiles, signedBadges, storedAnew } from "../issuer/served-award.ts";
import { badgeImages, issuerImages } from "../issuer/served-picture.ts";
import { languageOf } from "../language.ts";
import { criteriaPage } from "../pages/criteria.tsx";
import { PAGE_HEADERS, spoken } from "../pages/headers.ts";
import { Problem } from "../problem.ts";
import { alignmentDocument, alignmentsDocument } from "./alignment.ts";
import { REMOVED, revokedAssertionDocument } from "./assertion.ts";
import { badgeClassDocument, criteriaDocument, imageAuthorDocument } from "./badge-class.ts";
import {
  endorsementDocument,
  endorserDocument,
  withdrawnEndorsementDocument,
} from "./endorsement.ts";
import { entityTag } from "./entity-tag.ts";
import { type AnyAnswer, type Handler, known, notPublished } from "./handler.ts";
import {
  type Answer,
  type Ask,
  answerHosted,
  answerStored,
  prefersPage,
  seeOther,
} from "./hosted.ts";
import { jwkSet, keyDocument, revokedKeyDocument } from "./key.ts";
import { DOCUMENT_WITH_PAGE, PAGE_WITH_DOCUMENT } from "./negotiate.ts";
import { profileDocument } from "./profile.ts";
import { revocationListDocument } from "./revocation-list.ts";
import {
  answerDocument,
  answerGone,
  answerPage,
  answerText,
  CACHING,
  METHODS,
  OPEN_TO_ALL,
  PREFLIGHT,
  wishFor,
} from "./serving.ts";

/**
 * Every address answers GET, HEAD and OPTIONS, to anyone, without a cookie. What does not look like
 * an id of ours is unknown before the database is asked.
 */
export function obv2Routes(env: Env) {
  const app = new Hono();
  const publish = (path: string, isKnownForm: (id: string) => boolean, handle: Handler) => {
    app.get(path, async (c) => {
      const id = c.req.param("id") ?? "";
      if (!isKnownForm(id)) throw notPublished();
      const ask = askOf(c);
      const answered = handle(ask, id, (name) => c.req.query(name), c.req.raw);
      return send(await answered.catch((error: unknown) => gone(env, ask, path, id, error)));
    });
    app.options(path, () => send(PREFLIGHT));
    app.all(path, () => {
      throw new Problem("method-not-allowed", "This document can be read, not changed.", {
        headers: { ...OPEN_TO_ALL, allow: METHODS },
      });
    });
  };

  const v2 = "/ob/v2";
  publish(`${v2}/assertions/:id`, isHash, assertions(env));
  publish(`${v2}/assertions/:id/image.png`, isHash, bakedFiles(env, "png"));
  publish(`${v2}/assertions/:id/image.svg`, isHash, bakedFiles(env, "svg"));
  publish(`${v2}/assertions/:id/signed`, isHash, signedBadges(env));
  publish(`${v2}/badges/:id`, isId, badgeClasses(env));
  publish(`${v2}/badges/:id/image`, isId, badgeImages(env));
  publish(`${v2}/badges/:id/image/author`, isId, imageAuthors(env));
  publish(`${v2}/badges/:id/criteria`, isId, criteria(env));
  publish(`${v2}/badges/:id/alignments`, isId, alignmentsOfBadges(env));
  publish(`${v2}/alignments/:id`, isId, alignments(env));
  publish(`${v2}/endorsements/:id`, isId, endorsements(env));
  publish(`${v2}/endorsements/:id/issuer`, isId, endorsers(env));
  publish(`${v2}/issuers/:id`, isId, issuers(env));
  publish(`${v2}/issuers/:id/image`, isId, issuerImages(env));
  publish(`${v2}/issuers/:id/revocations`, isId, revocationLists(env));
  publish(`${v2}/keys/:id`, isId, keys(env));
  publish("/.well-known/jwks.json", () => true, keySets(env));
  return app;
}

function askOf(c: Context): Ask {
  return {
    method: c.req.method,
    accept: c.req.header("accept"),
    ifNoneMatch: c.req.header("if-none-match"),
  };
}

function send({ status, headers, body }: AnyAnswer): Response {
  return new Response(body, { status, headers });
}

/** What was purged was published once: its address says so for ever. Anything else stays as it was. */
async function gone(
  env: Env,
  ask: Ask,
  path: string,
  id: string,
  error: unknown,
): Promise<AnyAnswer> {
  if (!(error instanceof Problem) || error.code !== "not-found") throw error;
  const stone = await findTombstone(env.db, id);
  if (stone === null) throw error;
  if (stone.kind !== "award") {
    throw new Problem("gone", "Its issuer has removed it for good.", { headers: OPEN_TO_ALL });
  }
  if (path.endsWith("/:id") && prefersPage(ask)) return seeOther(env.urls.badgePage(id));
  const award = { unique_hash: id, revocation_reason: REMOVED };
  return answerGone(ask, revokedAssertionDocument(award, env.urls));
}

function assertions(env: Env): Handler {
  return async (ask, hash) => {
    const stored = await findHostedAssertion(env.db, hash);
    return (
      answerHosted(ask, hash, stored, env.urls) ??
      answerAward(env, ask, known(await findPublicAward(env.db, hash, DEFAULT_WIDTH)))
    );
  };
}

/** The long way: from the award itself, revoked or not yet stored. */
async function answerAward(env: Env, ask: Ask, found: PublicAward): Promise<Answer> {
  const { unique_hash: hash, revoked_at } = found.award;
  if (revoked_at === null) return answerStored(ask, hash, await storedAnew(env, found), env.urls);
  if (prefersPage(ask)) return seeOther(env.urls.badgePage(hash));
  return answerGone(ask, revokedAssertionDocument(found.award, env.urls));
}

/** Also of a retired key, for ever: what it signed goes on verifying. */
function keys(env: Env): Handler {
  return async (ask, id) => {
    const key = known(await findPublicKey(env.db, id));
    const { organization_id } = key;
    if (organization_id === null) throw notPublished();
    const shown = { ...key, organization_id };
    return key.revoked_at === null
      ? answerDocument(ask, keyDocument(shown, env.urls), CACHING.asked)
      : answerGone(ask, revokedKeyDocument(shown, env.urls));
  };
}

/** Every key of this installation whose signatures count. */
function keySets(env: Env): Handler {
  return async (ask) => {
    const text = JSON.stringify(jwkSet(await listTrustedKeys(env.db, "all")));
    return answerText(ask, {
      mediaType: "application/jwk-set+json",
      etag: await entityTag(text),
      caching: CACHING.asked,
      text,
    });
  };
}

function badgeClasses(env: Env): Handler {
  const wish = wishFor(DOCUMENT_WITH_PAGE);
  return async (ask, id) => {
    const badge = known(await findPublicBadge(env.db, id));
    if (wish(ask.accept) === "text/html") return seeOther(env.urls.badgeCriteria(id));
    const parts = await findPublicBadgeParts(env.db, badge);
    return answerDocument(ask, badgeClassDocument(badge, parts, env.urls), CACHING.short);
  };
}

function imageAuthors(env: Env): Handler {
  return async (ask, id) => {
    const badge = known(await findPublicBadge(env.db, id));
    return answerDocument(ask, known(imageAuthorDocument(badge, env.urls)), CACHING.short);
  };
}

/** The one address whose first purpose is a page: people are meant to open it. */
function criteria(env: Env): Handler {
  const wish = wishFor(PAGE_WITH_DOCUMENT);
  return async (ask, id, _query, request) => {
    const badge = known(await findPublicBadge(env.db, id));
    if (wish(ask.accept) !== "text/html") {
      return answerDocument(ask, criteriaDocument(badge, env.urls), CACHING.short);
    }
    const [organization, alignmentRows, picture] = await Promise.all([
      findOrganization(env.db, badge.organization_id),
      listPublicAlignments(env.db, id),
      findPublicPicture(env.db, badge),
    ]);
    const language = languageOf(request);
    const page = await criteriaPage({
      badge,
      organization: known(organization),
      alignments: alignmentRows,
      picture,
      urls: env.urls,
      canDraw: env.images.available,
      isDemo: isLocalDemo(env.config),
      language,
    });
    return answerPage(spoken(PAGE_HEADERS, language), String(page));
  };
}

function alignmentsOfBadges(env: Env): Handler {
  return async (ask, id) => {
    const badge = known(await findPublicBadge(env.db, id));
    const rows = await listPublicAlignments(env.db, id);
    return answerDocument(ask, alignmentsDocument(badge, rows, env.urls), CACHING.short);
  };
}

function alignments(env: Env): Handler {
  return async (ask, id) => {
    const alignment = known(await findPublicAlignment(env.db, id));
    return answerDocument(ask, alignmentDocument(alignment, env.urls), CACHING.short);
  };
}

function endorsements(env: Env): Handler {
  return async (ask, id) => {
    const said = known(await findPublicEndorsement(env.db, id));
    return said.revoked_at === null
      ? answerDocument(ask, endorsementDocument(said, env.urls), CACHING.asked)
      : answerGone(ask, withdrawnEndorsementDocument(said, env.urls));
  };
}

function endorsers(env: Env): Handler {
  return async (ask, id) => {
    const said = known(await findPublicEndorsement(env.db, id));
    return answerDocument(ask, endorserDocument(said, env.urls), CACHING.short);
  };
}

/** An organization has a page while it is in the catalogue; otherwise a browser is shown the document. */
function issuers(env: Env): Handler {
  const wish = wishFor(DOCUMENT_WITH_PAGE);
  return async (ask, id) => {
    const organization = known(await findOrganization(env.db, id));
    if (organization.is_listed && wish(ask.accept) === "text/html") {
      return seeOther(env.urls.issuerPage(organization.slug));
    }
    const trusted = await listTrustedKeys(env.db, id);
    const issuerKeys = {
      current: trusted.find(({ retired_at }) => retired_at === null)?.id ?? null,
      retired: trusted.filter(({ retired_at }) => retired_at !== null).map((key) => key.id),
    };
    return answerDocument(ask, profileDocument(organization, env.urls, issuerKeys), CACHING.short);
  };
}

function revocationLists(env: Env): Handler {
  return async (ask, id) => {
    known(await findOrganization(env.db, id));
    const [revoked, purged] = await Promise.all([
      listRevokedAwards(env.db, id),
      listPurgedAwards(env.db, id),
    ]);
    const all = [
      ...revoked,
      ...purged.map((hash) => ({ unique_hash: hash, revocation_reason: REMOVED })),
    ];
    return answerDocument(ask, revocationListDocument(id, all, env.urls), CACHING.asked);
  };
}
