// The signed form of an award: signed when somebody first asks for it, and kept.
import type { PublicAward } from "../db/published.ts";
import {
  findSignedAssertion,
  putSignedAssertion,
  type SignedAssertion,
} from "../db/signing-keys.ts";
import type { Env } from "../env.ts";
import { bakedImageOf } from "../obv2/baked-image.ts";
import { signedAssertion } from "../obv2/signed.ts";
import { currentSigner } from "./signing-key.ts";

export type SignedForm = Pick<SignedAssertion, "etag" | "jws">;

/** As it is stored, under the current key and for this public address; null where it is not. */
export async function storedSignedForm(env: Env, hash: string): Promise<SignedForm | null> {
  const stored = await findSignedAssertion(env.db, hash);
  return stored?.base === env.urls.base ? stored : null;
}

/**
 * Signs an award that is not revoked with its organization's current key, and keeps what came of it
 * unless the award or the key changes meanwhile. Throws what `currentSigner` throws.
 */
export async function signAward(env: Env, { award, picture }: PublicAward): Promise<SignedForm> {
  const signer = await currentSigner(env, award.organization_id);
  const bakedImage = bakedImageOf(picture, env.images.available);
  const signed = await signedAssertion(award, { urls: env.urls, bakedImage }, signer);
  const kept = env.db.batch([putSignedAssertion(signed, award.revision)]).catch(() => {
    env.log.warn("signed_assertion.not_stored", { award_id: award.id });
  });
  env.background(kept);
  return signed;
}
