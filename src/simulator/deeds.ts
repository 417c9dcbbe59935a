// What a misbehaving backpack does once: it forgets what it granted, or whom it knew.
import type { Env } from "../env.ts";
import type { Deed } from "./faults.ts";

/** The kinds the authorization server keeps for a grant. */
const GRANTED = ["AccessToken", "RefreshToken", "AuthorizationCode", "Grant"];

/** Does it to every app at once, without telling any of them. */
export async function doDeed(env: Pick<Env, "db">, deed: Deed): Promise<void> {
  const kinds = deed === "revoke-tokens" ? GRANTED : [...GRANTED, "Client"];
  await env.db.batch([
    {
      sql: `DELETE FROM authorization_records WHERE kind IN (${kinds.map(() => "?").join(", ")})`,
      params: kinds,
    },
  ]);
}
