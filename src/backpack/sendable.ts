// An award of ours in the form it is sent in: the Assertion as it is served, or what is left to say of one that was revoked.
import type { HeldDelivery } from "../db/deliveries-send.ts";
import { findHostedAssertion, findPublicAward, type PublicAward } from "../db/published.ts";
import type { Env } from "../env.ts";
import { bakedImageOf } from "../obv2/baked-image.ts";
import { hostedAssertion } from "../obv2/hosted.ts";
import type { Sendable } from "./protocol.ts";

/**
 * Null where there is no such award any more. `twinWidth` is the width of the PNG that is stored
 * beside an SVG. One that was revoked goes with `revoked` and its reason and with all it said: what
 * is served of it (410) has too little in it for a backpack that checks the form before it verifies.
 */
export async function sendable(
  env: Env,
  row: Pick<HeldDelivery, "unique_hash" | "revoked_at">,
  twinWidth: number,
): Promise<Sendable | null> {
  const hash = row.unique_hash;
  const stored = await findHostedAssertion(env.db, hash);
  if (stored !== null && stored.base === env.urls.base) return ready(env, hash, stored.body);
  const found = await findPublicAward(env.db, hash, twinWidth);
  if (found === null) return null;
  return ready(env, hash, await written(env, found), revocation(found));
}

async function written(env: Env, { award, picture }: PublicAward): Promise<string> {
  const bakedImage = bakedImageOf(picture, env.images.available);
  return (await hostedAssertion(award, { urls: env.urls, bakedImage })).body;
}

function revocation({ award }: PublicAward): Record<string, unknown> {
  if (award.revoked_at === null) return {};
  const { revocation_reason: reason } = award;
  return { revoked: true, ...(reason ? { revocationReason: reason } : {}) };
}

function ready(
  env: Env,
  hash: string,
  body: string,
  more: Readonly<Record<string, unknown>> = {},
): Sendable {
  const assertion: Record<string, unknown> = JSON.parse(body);
  return { id: env.urls.assertion(hash), assertion: { ...assertion, ...more } };
}
