// Where secrets that are shared with other programs stand: two sealed columns of whoever has them.
import type { Statement } from "./database.ts";

export type SecretsTable = "event_sources" | "webhook_endpoints";
export type SecretColumn = "secret" | "previous_secret";

/** What both tables have in common. */
export interface SharedSecrets {
  readonly id: string;
  /** Sealed. */
  readonly secret: string;
  /** Sealed; counts as well until `previous_until`, in milliseconds since 1970. */
  readonly previous_secret: string | null;
  readonly previous_until: number | null;
}

/** The same secret, sealed under another key; nothing happens where it was changed meanwhile. */
export function resealSecret(
  table: SecretsTable,
  id: string,
  column: SecretColumn,
  { sealed, anew }: { readonly sealed: string; readonly anew: string },
): Statement {
  return {
    sql: `UPDATE ${table} SET ${column} = ? WHERE id = ? AND ${column} = ?`,
    params: [anew, id, sealed],
  };
}
