// The public address a database's badges were issued under: their ids keep it for ever, so a start keeps it too.
import { isLocalHost } from "../config.ts";
import type { Engine } from "../db/database.ts";
import type { Variables } from "./open.ts";

/** One badge that was issued, and the origin in its id. */
export interface IssuedAddress {
  readonly base: string;
  readonly hash: string;
}

const PROBE_MS = 1_500;
const DEFAULT_HTTP_PORT = 80;

/** Null for a database that has issued nothing. */
export async function issuedAddress(engine: Engine): Promise<IssuedAddress | null> {
  const { rows } = await engine.read({
    sql: "SELECT base, unique_hash FROM hosted_assertions JOIN assertion_forms ON assertion_forms.id = form_id LIMIT 1",
    params: [],
  });
  const row = rows[0];
  return row ? { base: String(row[0]), hash: String(row[1]) } : null;
}

/** The port in an address on this machine; null for any other. */
export function localPort(address: IssuedAddress | null): number | null {
  if (address === null) return null;
  const { hostname, port, protocol } = new URL(address.base);
  if (protocol !== "http:" || !isLocalHost(hostname)) return null;
  return port === "" ? DEFAULT_HTTP_PORT : Number(port);
}

/** Whether another process serves this database's badges where their ids say. */
export async function answersThere(address: IssuedAddress): Promise<boolean> {
  try {
    const response = await fetch(`${address.base}/ob/v2/assertions/${address.hash}`, {
      signal: AbortSignal.timeout(PROBE_MS),
      headers: { accept: "application/json" },
    });
    const document: unknown = await response.json();
    return (
      typeof document === "object" &&
      document !== null &&
      "id" in document &&
      document.id === `${address.base}/ob/v2/assertions/${address.hash}`
    );
  } catch {
    return false;
  }
}

/** Settings with the issued address as the public one, where nobody chose one. */
export function keepingAddress(variables: Variables, address: IssuedAddress | null): Variables {
  if (variables.PUBLIC_URL || variables.PORT || localPort(address) === null) return variables;
  return { ...variables, PUBLIC_URL: address?.base };
}
