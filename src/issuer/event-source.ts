// Senders of signed events: each has a secret that is shown once, changed at leisure, and ended at once.
import { eq, type SQL, sql } from "drizzle-orm";
import type { Writable } from "../db/database.ts";
import { countEventSources, type EventSource, findSender } from "../db/event-sources.ts";
import { eventSources } from "../db/facts.ts";
import type { Env } from "../env.ts";
import { newId } from "../ids.ts";
import { Problem } from "../problem.ts";
import { type Place, SealError, seal, unseal } from "../seal.ts";
import { newWebhookSecret, verify } from "../standard-webhooks.ts";
import { type Actor, audited } from "./audit.ts";

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
  const secret = newWebhookSecret(env);
  const source: EventSource = {
    id,
    organization_id: organizationId,
    name,
    secret: await seal(env.config, placeOf(id, "secret"), secret),
    previous_secret: null,
    previous_until: null,
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
  const secret = newWebhookSecret(env);
  const old = overlapMs === 0 ? null : await opened(env, id, "secret", before.secret);
  const change = {
    secret: await seal(env.config, placeOf(id, "secret"), secret),
    previous_secret:
      old === null ? null : await seal(env.config, placeOf(id, "previous_secret"), old),
    previous_until: old === null ? null : env.now() + overlapMs,
  };
  const unchanged = sql`exists (select 1 from event_sources where id = ${id}
    and secret = ${before.secret} and revoked_at is null)`;
  return {
    source: { ...before, ...change },
    secret,
    writes: [
      entry(env, before, "rotated", actor, unchanged),
      env.db.orm.update(eventSources).set(change).where(eq(eventSources.id, id)),
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
  readonly writes: readonly Writable[];
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
  const secrets = source === null ? [] : await secretsOf(env, source);
  const verified = await verify(secrets, headers, body, env.now());
  if (source === null || !verified.ok) return null;
  const seen = env.db.orm
    .update(eventSources)
    .set({ last_event_at: env.now() })
    .where(eq(eventSources.id, id));
  return { organizationId: source.organization_id, writes: [seen] };
}

async function secretsOf(env: Env, source: EventSource): Promise<string[]> {
  const { id, previous_secret: previous, previous_until: until } = source;
  const current = await opened(env, id, "secret", source.secret);
  if (previous === null || until === null || until <= env.now()) return [current];
  return [current, await opened(env, id, "previous_secret", previous)];
}

type Column = "secret" | "previous_secret";

function placeOf(id: string, column: Column): Place {
  return { table: "event_sources", row: id, column };
}

/** Sealed anew where its seal is of a retired secret key. */
async function opened(env: Env, id: string, column: Column, sealed: string): Promise<string> {
  try {
    const { text, outdated } = await unseal(env.config, placeOf(id, column), sealed);
    if (outdated) env.background(sealAnew(env, id, column, sealed, text));
    return text;
  } catch (error) {
    if (!(error instanceof SealError)) throw error;
    env.log.error("event_source.sealed", { source_id: id, code: error.code });
    throw new Problem("temporarily-unavailable", "The secret of this source cannot be opened.");
  }
}

async function sealAnew(
  env: Env,
  id: string,
  column: Column,
  sealed: string,
  text: string,
): Promise<void> {
  const again = await seal(env.config, placeOf(id, column), text);
  await env.db.batch([
    env.db.orm
      .update(eventSources)
      .set({ [column]: again })
      .where(sql`id = ${id} and ${sql.identifier(column)} = ${sealed}`),
  ]);
}

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
