// A secret that signs what goes to or comes from another program: sealed where it is stored, and two of them while it is changed.
import type { Statement } from "../db/database.ts";
import {
  resealSecret,
  type SecretColumn,
  type SecretsTable,
  type SharedSecrets,
} from "../db/shared-secrets.ts";
import type { Env } from "../env.ts";
import { type Place, SealError, seal, unseal } from "../seal.ts";
import { newWebhookSecret } from "../standard-webhooks.ts";

type Sources = Pick<Env, "config" | "now" | "random">;

type SecretColumns = Omit<SharedSecrets, "id">;

interface MadeSecret {
  /** `whsec_…`; to be shown this once. */
  readonly secret: string;
  /** To be stored. */
  readonly columns: SecretColumns;
}

function placeOf(table: SecretsTable, row: string, column: SecretColumn): Place {
  return { table, row, column };
}

/** The first secret of the row with this id. */
export async function firstSecret(
  env: Sources,
  table: SecretsTable,
  id: string,
): Promise<MadeSecret> {
  const secret = newWebhookSecret(env);
  const sealed = await seal(env.config, placeOf(table, id, "secret"), secret);
  return { secret, columns: { secret: sealed, previous_secret: null, previous_until: null } };
}

/**
 * The next secret. The one before counts as well for so long, if it can be opened: one that cannot
 * has signed nothing anyhow, and a new one is the cure.
 */
export async function nextSecret(
  env: Sources,
  table: SecretsTable,
  before: Pick<SharedSecrets, "id" | "secret">,
  overlapMs: number,
): Promise<MadeSecret> {
  const { secret, columns } = await firstSecret(env, table, before.id);
  const previous = overlapMs === 0 ? null : await sealedAsPrevious(env, table, before);
  return {
    secret,
    columns: {
      ...columns,
      previous_secret: previous,
      previous_until: previous === null ? null : env.now() + overlapMs,
    },
  };
}

async function sealedAsPrevious(
  { config }: Sources,
  table: SecretsTable,
  { id, secret }: Pick<SharedSecrets, "id" | "secret">,
): Promise<string | null> {
  try {
    const { text } = await unseal(config, placeOf(table, id, "secret"), secret);
    return await seal(config, placeOf(table, id, "previous_secret"), text);
  } catch (error) {
    if (error instanceof SealError) return null;
    throw error;
  }
}

interface OpenedSecrets {
  /** The current one first. */
  readonly secrets: readonly string[];
  /** Seals anew what a retired SECRET_KEY sealed, so that it can be forgotten. */
  readonly writes: readonly Statement[];
}

/** Those that count now; null where one of them cannot be opened, which is logged. */
export async function openedSecrets(
  env: Pick<Env, "config" | "now" | "log">,
  table: SecretsTable,
  row: SharedSecrets,
): Promise<OpenedSecrets | null> {
  const { id, previous_secret: previous, previous_until: until } = row;
  const counts = previous !== null && until !== null && until > env.now();
  const wanted: readonly (readonly [SecretColumn, string])[] = [
    ["secret", row.secret],
    ...(counts ? [["previous_secret", previous] as const] : []),
  ];
  const secrets: string[] = [];
  const writes: Statement[] = [];
  for (const [column, sealed] of wanted) {
    const place = placeOf(table, id, column);
    try {
      const { text, outdated } = await unseal(env.config, place, sealed);
      secrets.push(text);
      if (!outdated) continue;
      const anew = await seal(env.config, place, text);
      writes.push(resealSecret(table, id, column, { sealed, anew }));
    } catch (error) {
      if (!(error instanceof SealError)) throw error;
      env.log.error("secret.sealed", { table, row: id, code: error.code });
      return null;
    }
  }
  return { secrets, writes };
}
