// The secrets of an endpoint: sealed where they are stored, and two of them while they are changed.
import type { Statement } from "../db/database.ts";
import { resealSecret } from "../db/webhook-endpoints.ts";
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

/** The current one, sealed as the one before; null where it cannot be opened any more. */
export async function sealedAsPrevious(
  env: Pick<Env, "config">,
  { id, secret }: Pick<WebhookEndpoint, "id" | "secret">,
): Promise<string | null> {
  try {
    const { text } = await unseal(env.config, placeOf(id, "secret"), secret);
    return await sealedSecret(env, id, "previous_secret", text);
  } catch (error) {
    if (error instanceof SealError) return null;
    throw error;
  }
}

export interface SigningSecrets {
  /** The current one first. */
  readonly secrets: readonly string[];
  /** Seals anew what a retired SECRET_KEY sealed, so that it can be forgotten. */
  readonly writes: readonly Statement[];
}

/** Those that sign now; null where one of them cannot be opened. */
export async function signingSecrets(
  env: Env,
  endpoint: WebhookEndpoint,
): Promise<SigningSecrets | null> {
  const { previous_secret: previous, previous_until: until } = endpoint;
  const isBoth = previous !== null && until !== null && until > env.now();
  const wanted: [Column, string][] = [
    ["secret", endpoint.secret],
    ...(isBoth ? [["previous_secret", previous] as [Column, string]] : []),
  ];
  const secrets: string[] = [];
  const writes: Statement[] = [];
  try {
    for (const [column, sealed] of wanted) {
      const { text, outdated } = await unseal(env.config, placeOf(endpoint.id, column), sealed);
      secrets.push(text);
      if (!outdated) continue;
      const anew = await sealedSecret(env, endpoint.id, column, text);
      writes.push(resealSecret(endpoint.id, column, sealed, anew));
    }
  } catch (error) {
    if (error instanceof SealError) return null;
    throw error;
  }
  return { secrets, writes };
}
