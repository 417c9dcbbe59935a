// The pictures of badges and issuers at addresses of their own, over HTTP.
import { contentOfImage, type ImageContent } from "../db/images.ts";
import { findOrganization } from "../db/organizations.ts";
import { findPublicBadge, findPublicPicture } from "../db/published.ts";
import type { Env } from "../env.ts";
import { sha256Hex } from "../ids.ts";
import { hashTag, isKnown } from "../obv2/entity-tag.ts";
import { type Handler, known } from "../obv2/handler.ts";
import type { Ask } from "../obv2/hosted.ts";
import { answerPicture, CACHING, notModified, type PictureToServe } from "../obv2/serving.ts";
import { artOf, lockedArtOf } from "./baked-badge.ts";
import { badgePicture } from "./images.ts";

export function badgeImages(env: Env): Handler {
  return async (ask, id, query) => {
    const badge = known(await findPublicBadge(env.db, id));
    if (query("locked") !== undefined) return drawn(ask, lockedArtOf(badge));
    const kept = ask.ifNoneMatch === undefined ? null : await findPublicPicture(env.db, badge);
    // Who has the picture costs no reading of it.
    if (kept && isKnown(ask.ifNoneMatch, hashTag(kept.sha256))) {
      return notModified(hashTag(kept.sha256), CACHING.short);
    }
    const picture = await badgePicture(env.db, badge);
    if (picture !== null) return answerPicture(ask, ofRegistry(picture));
    return drawn(ask, artOf(badge));
  };
}

async function drawn(ask: Ask, bytes: Uint8Array<ArrayBuffer>) {
  const etag = hashTag(await sha256Hex(bytes));
  const { short: caching } = CACHING;
  return answerPicture(ask, { mediaType: "image/svg+xml", etag, caching, bytes });
}

export function issuerImages(env: Env): Handler {
  return async (ask, id) => {
    const organization = known(await findOrganization(env.db, id));
    const imageId = known(organization.image_id);
    const picture = known(await contentOfImage(env.db, organization.id, imageId));
    return answerPicture(ask, ofRegistry(picture));
  };
}

/** The name of a picture's address stays, its picture may change: hence the short caching. */
function ofRegistry(picture: ImageContent): PictureToServe {
  const { media_type: mediaType, bytes } = picture;
  return { mediaType, etag: hashTag(picture.sha256), caching: CACHING.short, bytes };
}
