// Senders of signed events: each has a secret that is shown once, changed at leisure, and ended at once.
import { eq, type SQL, sql } from "drizzle-orm";
import type { Statement, Writable } from "../db/database.ts";
import { countEventSources, type EventSource, findSender } from "../db/event-sources.ts";
import { eventSources } from "../db/facts.ts";
import type { Env } from "../env.ts";
import { newId } from "../ids.ts";
import { Problem } from "../problem.ts";
import { verify } from "../standard-webhooks.ts";
import { type Actor, audited } from "./audit.ts";
import { firstSecret, nextSecret, openedSecrets } from "./shared-secret.ts";

const TABLE = "event_sources";

/** Of one organization, revoked ones aside. */
export const MAX_EVENT_SOURCES = 20;

export interface WithSecret {
  readonly source: EventSource;
  /** `whsec_…`; stored sealed, and shown this once. */
  readonly secret: string;
  readonly writes: readonly Writable[];
}

/**
 * A new sender. Throws a `too-many-event-sources` Problem where the organization has as many as it
 * may; the writes are undone (`isOvertaken`) where it has by then.
 */
export async function createEventSource(
  env: Env,
  organizationId: string,
  name: string,
  actor: Actor,
): Promise<WithSecret> {
  if ((await countEventSources(env.db, organizationId)) >= MAX_EVENT_SOURCES) {
    const detail = `The organization has ${MAX_EVENT_SOURCES} event sources, and can have no more.`;
    throw new Problem("too-many-event-sources", detail);
  }
  const id = newId(env);
  const { secret, columns } = await firstSecret(env, TABLE, id);
  const source: EventSource = {
    id,
    organization_id: organizationId,
    name,
    ...columns,
    revoked_at: null,
    last_event_at: null,
    created_at: env.now(),
  };
  const room = sql`(select count(*) from event_sources where organization_id = ${organizationId}
    and revoked_at is null) < ${MAX_EVENT_SOURCES}`;
  return {
    source,
    secret,
    writes: [
      entry(env, source, "created", actor, room),
      env.db.orm.insert(eventSources).values(source),
    ],
  };
}

/**
 * A new secret; the one before is accepted as well for so long. The writes are undone
 * (`isOvertaken`) where another was made or the source was revoked meanwhile.
 */
export async function rotateEventSource(
  env: Env,
  before: EventSource,
  overlapMs: number,
  actor: Actor,
): Promise<WithSecret> {
  const { id } = before;
  const { secret, columns } = await nextSecret(env, TABLE, before, overlapMs);
  const unchanged = sql`exists (select 1 from event_sources where id = ${id}
    and secret = ${before.secret} and revoked_at is null)`;
  return {
    source: { ...before, ...columns },
    secret,
    writes: [
      entry(env, before, "rotated", actor, unchanged),
      env.db.orm.update(eventSources).set(columns).where(eq(eventSources.id, id)),
    ],
  };
}

/** From the moment this is written nothing it sends is taken. Nothing to write for a revoked one. */
export function revokeEventSource(
  env: Env,
  before: EventSource,
  actor: Actor,
): readonly Writable[] {
  if (before.revoked_at !== null) return [];
  const change = {
    revoked_at: env.now(),
    secret: "",
    previous_secret: null,
    previous_until: null,
  };
  const unchanged = sql`exists (select 1 from event_sources where id = ${before.id}
    and revoked_at is null)`;
  return [
    entry(env, before, "revoked", actor, unchanged),
    env.db.orm.update(eventSources).set(change).where(eq(eventSources.id, before.id)),
  ];
}

export interface Sender {
  readonly organizationId: string;
  /** To be written with what it sent. */
  readonly writes: readonly (Writable | Statement)[];
}

/**
 * Whose message it is; null for an unknown or revoked source, a signature that is not one of its
 * secrets', or a message from another time, all alike. Throws a `temporarily-unavailable` Problem
 * where the secret cannot be opened here.
 */
export async function senderOf(
  env: Env,
  id: string,
  headers: Pick<Headers, "get">,
  body: Uint8Array<ArrayBuffer>,
): Promise<Sender | null> {
  const source = await findSender(env.db, id);
  const opened = source === null ? NO_SECRETS : await openedSecrets(env, TABLE, source);
  if (opened === null) {
    throw new Problem("temporarily-unavailable", "The secret of this source cannot be opened.");
  }
  const { secrets, writes } = opened;
  const verified = await verify(secrets, headers, body, env.now());
  if (source === null || !verified.ok) return null;
  const seen = env.db.orm
    .update(eventSources)
    .set({ last_event_at: env.now() })
    .where(eq(eventSources.id, id));
  return { organizationId: source.organization_id, writes: [seen, ...writes] };
}

const NO_SECRETS = { secrets: [], writes: [] } as const;

function entry(
  env: Env,
  { id, organization_id: organizationId }: EventSource,
  what: "created" | "rotated" | "revoked",
  actor: Actor,
  provided: SQL,
): Writable {
  const action = `event_source.${what}`;
  return audited(env, { organizationId, actor, action, object: ["event_source", id], provided });
}
