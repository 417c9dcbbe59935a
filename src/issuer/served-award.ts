// An award as files for its holder, over HTTP: baked into its badge's picture, and signed.
import type { SvgPayload } from "../bakery/bake-svg.ts";
import {
  findHostedAssertion,
  findPublicAward,
  type PublicAward,
  putHostedAssertion,
} from "../db/published.ts";
import type { Env } from "../env.ts";
import { revokedAssertionDocument } from "../obv2/assertion.ts";
import { bakedImageOf } from "../obv2/baked-image.ts";
import { contentDisposition } from "../obv2/content-disposition.ts";
import { isKnown, variantTag } from "../obv2/entity-tag.ts";
import { type Handler, known } from "../obv2/handler.ts";
import { hostedAssertion, type StoredAssertion } from "../obv2/hosted.ts";
import {
  answerElsewhere,
  answerGone,
  answerPicture,
  answerText,
  CACHING,
  notModified,
} from "../obv2/serving.ts";
import { bakedPng, bakedSvg } from "./baked-badge.ts";
import { DEFAULT_WIDTH } from "./image-variants.ts";

/** Writes the Assertion and keeps it for the next request, unless the award changes meanwhile. */
export async function storedAnew(
  env: Env,
  { award, picture }: PublicAward,
): Promise<StoredAssertion> {
  const bakedImage = bakedImageOf(picture, env.images.available);
  const hosted = await hostedAssertion(award, { urls: env.urls, bakedImage });
  const kept = env.db.batch(putHostedAssertion(hosted, award.revision)).catch(() => {
    env.log.warn("assertion.not_stored", { award_id: award.id });
  });
  env.background(kept);
  return hosted;
}

/**
 * The badge's picture with the very Assertion that is served inside. The tag is made of both, so a
 * file that a client has is known to be current without baking it again.
 */
export function bakedFiles(env: Env, kind: "png" | "svg"): Handler {
  return async (ask, hash, query) => {
    const found = known(await findPublicAward(env.db, hash, DEFAULT_WIDTH));
    const { award, badge, picture } = found;
    if (award.revoked_at !== null) {
      return answerGone(ask, revokedAssertionDocument(award, env.urls));
    }
    const signed = query("signed") !== undefined;
    const inside = signed
      ? await signedInside(env, found)
      : await hostedInside(env, found, query("verify") === "none");
    const drawn = picture?.sha256.slice(0, 16) ?? badge.updated_at.toString(36);
    const etag = variantTag(inside.etag, drawn);
    if (isKnown(ask.ifNoneMatch, etag)) return notModified(etag, CACHING.asked);
    const bytes =
      kind === "png"
        ? await bakedPng(env, badge, inside.payload)
        : await bakedSvg(env, badge, inside.payload);
    if (bytes === null) {
      return answerElsewhere(signed ? env.urls.signedSvg(hash) : env.urls.bakedSvg(hash));
    }
    const purpose = query("download") === undefined ? "inline" : "attachment";
    return answerPicture(ask, {
      mediaType: kind === "png" ? "image/png" : "image/svg+xml",
      etag,
      caching: CACHING.asked,
      disposition: contentDisposition(purpose, badge.name, hash, kind),
      bytes,
    });
  };
}

/** What goes into a picture, and the tag of it. */
interface Inside {
  readonly etag: string;
  readonly payload: SvgPayload;
}

/** Without an address the SVG has no `verify` attribute, for readers that take any for a JWS. */
export async function hostedInside(
  env: Env,
  found: PublicAward,
  unnamed: boolean,
): Promise<Inside> {
  const hash = found.award.unique_hash;
  const stored = await findHostedAssertion(env.db, hash);
  const { etag, body } = stored?.base === env.urls.base ? stored : await storedAnew(env, found);
  const json = body;
  return { etag, payload: unnamed ? { json } : { json, url: env.urls.assertion(hash) } };
}

async function signedInside(env: Env, found: PublicAward): Promise<Inside> {
  const { signAward, storedSignedForm } = await signing();
  const stored = await storedSignedForm(env, found.award.unique_hash);
  const { etag, jws } = stored ?? (await signAward(env, found));
  return { etag, payload: { jws } };
}

/** What signs is loaded when somebody first asks for a signed badge. */
const signing = () => import("./signed-award.ts");

/** The compact JWS of the award (RFC 7515, section 9.2.1), signed anew only when it must be. */
export function signedBadges(env: Env): Handler {
  return async (ask, hash, query) => {
    const found = known(await findPublicAward(env.db, hash, DEFAULT_WIDTH));
    const { award, badge } = found;
    if (award.revoked_at !== null) {
      return answerGone(ask, revokedAssertionDocument(award, env.urls));
    }
    const { signAward, storedSignedForm } = await signing();
    const { etag, jws } = (await storedSignedForm(env, hash)) ?? (await signAward(env, found));
    const purpose = query("download") === undefined ? "inline" : "attachment";
    return answerText(ask, {
      mediaType: "application/jose",
      etag,
      caching: CACHING.asked,
      disposition: contentDisposition(purpose, badge.name, hash, "jws"),
      text: jws,
    });
  };
}
