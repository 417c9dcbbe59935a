// GET /assertions: what a person holds here, as their app may see it.
import type { LivingToken } from "../db/authorization-records.ts";
import { type HeldBadge, listHeldBadges } from "../db/held-badges.ts";
import { findHostedAssertion, findPublicAward } from "../db/published.ts";
import type { Env } from "../env.ts";
import { bakedImageOf } from "../obv2/baked-image.ts";
import { hostedAssertion } from "../obv2/hosted.ts";
import { API_PATH } from "./addresses.ts";
import { success } from "./envelope.ts";
import { pageHeaders, readPage } from "./list-page.ts";

/** Which stored copies of a picture count; none does here, where only its kind is asked. */
const NO_WIDTH = 0;

/**
 * One entry for each badge, in one order over both lists: the last updated first (OB21-G-02). A
 * signed badge stands in the second one and nowhere else.
 */
export async function listAssertions(
  env: Env,
  token: LivingToken,
  request: Request,
): Promise<Response> {
  const page = readPage(new URL(request.url).searchParams);
  const { badges, total } = await listHeldBadges(env.db, token.userId, page);
  const assertions: unknown[] = [];
  const signedAssertions: string[] = [];
  for (const badge of badges) {
    if (badge.kind === "kept" && badge.jws !== null) signedAssertions.push(badge.jws);
    else assertions.push(await documentOf(env, badge));
  }
  const address = `${env.urls.base}${API_PATH}/assertions`;
  const lists = { assertions, signedAssertions };
  return success(lists, pageHeaders(address, page, total));
}

/** An award made here is what its own address serves. */
async function documentOf(env: Env, badge: HeldBadge): Promise<unknown> {
  if (badge.kind === "kept") return badge.document;
  const stored = await findHostedAssertion(env.db, badge.hash);
  if (stored?.base === env.urls.base) return JSON.parse(stored.body);
  const found = await findPublicAward(env.db, badge.hash, NO_WIDTH);
  if (found === null) throw new TypeError("an award that was listed is gone");
  const bakedImage = bakedImageOf(found.picture, env.images.available);
  const { body } = await hostedAssertion(found.award, { urls: env.urls, bakedImage });
  return JSON.parse(body);
}
