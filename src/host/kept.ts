// The badges kept here for a person, as they see them themselves: what apps put here, and what became of it.
import { clientsOf } from "../db/authorization-records.ts";
import { type HostedBadge, listHostedBadges } from "../db/hosted-badges.ts";
import type { Env } from "../env.ts";
import type { KeptBadge } from "../pages/kept-badges.tsx";
import { KEPT_BADGES_PATH } from "./addresses.ts";

/** Badges on one page. */
export const KEPT_ON_A_PAGE = 50;

export interface KeptPage {
  readonly badges: readonly KeptBadge[];
  /** The path of the page with those before these; null at the end. */
  readonly older: string | null;
}

/**
 * A person's kept badges, the last updated first, revoked ones too. `after` is what the page before
 * led on with: milliseconds and an id with a dot between; anything else is the first page.
 */
export async function keptBadges(
  env: Env,
  userId: string,
  after: string | undefined,
): Promise<KeptPage> {
  const found = await listHostedBadges(env.db, userId, {
    limit: KEPT_ON_A_PAGE,
    after: readPlace(after),
  });
  const shown = found.slice(0, KEPT_ON_A_PAGE);
  const clients = await clientsOf(env.db, [...new Set(shown.map((row) => row.client_id))]);
  const last = found.length > KEPT_ON_A_PAGE ? shown.at(-1) : undefined;
  return {
    badges: shown.map((row) => viewOf(row, clients.get(row.client_id), env.now())),
    older: last === undefined ? null : `${KEPT_BADGES_PATH}?after=${last.updated_at}.${last.id}`,
  };
}

function readPlace(text: string | undefined) {
  const [, at, id] = /^(\d{1,15})\.([\w-]{1,64})$/.exec(text ?? "") ?? [];
  return at === undefined || id === undefined ? undefined : { updated_at: Number(at), id };
}

/** How an app is called by its own word, and the host that all its addresses have. */
export function appName(clientId: string, client: Readonly<Record<string, unknown>>) {
  const { client_name: name, client_uri: uri } = client;
  return {
    name: typeof name === "string" ? name : clientId,
    host: typeof uri === "string" && URL.canParse(uri) ? new URL(uri).hostname : "",
  };
}

function viewOf(
  row: HostedBadge,
  client: Readonly<Record<string, unknown>> | undefined,
  now: number,
): KeptBadge {
  // What a signed badge is kept under may name its issuer too, after a blank.
  const [id = row.assertion_id] = row.assertion_id.split(" ");
  return {
    id,
    isHosted: row.jws === null,
    name: row.name,
    issuerName: row.issuer_name,
    verdict: row.verdict,
    verdictDetail: row.verdict_detail,
    hasRunOut: row.verdict === "valid" && hasRunOut(row.document, now),
    broughtBy: client === undefined ? null : appName(row.client_id, client),
    since: row.created_at,
    checkedAt: row.checked_at,
  };
}

/** Nobody asks the issuer again for a date that the badge itself names. */
function hasRunOut({ expires }: Readonly<Record<string, unknown>>, now: number): boolean {
  return typeof expires === "string" && Date.parse(expires) <= now;
}
