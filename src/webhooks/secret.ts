// The secrets of an endpoint: sealed where they are stored, and two of them while they are changed.
import type { WebhookEndpoint } from "../db/webhooks.ts";
import type { Env } from "../env.ts";
import { type Place, SealError, seal, unseal } from "../seal.ts";

type Column = "secret" | "previous_secret";

function placeOf(id: string, column: Column): Place {
  return { table: "webhook_endpoints", row: id, column };
}

export function sealedSecret(
  env: Pick<Env, "config">,
  id: string,
  column: Column,
  secret: string,
): Promise<string> {
  return seal(env.config, placeOf(id, column), secret);
}

/** Throws SealError. */
export async function openedSecret(
  env: Pick<Env, "config">,
  id: string,
  column: Column,
  sealed: string,
): Promise<string> {
  return (await unseal(env.config, placeOf(id, column), sealed)).text;
}

/** Those that sign now, the current one first; null where the current one cannot be opened. */
export async function signingSecrets(
  env: Env,
  endpoint: WebhookEndpoint,
): Promise<readonly string[] | null> {
  const { id, previous_secret: previous, previous_until: until } = endpoint;
  try {
    const current = await openedSecret(env, id, "secret", endpoint.secret);
    if (previous === null || until === null || until <= env.now()) return [current];
    return [current, await openedSecret(env, id, "previous_secret", previous)];
  } catch (error) {
    if (error instanceof SealError) return null;
    throw error;
  }
}
