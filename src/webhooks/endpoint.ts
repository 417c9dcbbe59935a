// The endpoints of an organization: adding one, changing it, its secret, its end, and sending again.
import { eq, type SQL, sql } from "drizzle-orm";
import type { Statement, Writable } from "../db/database.ts";
import { hurryWaiting, resendAllParked, resendOne } from "../db/webhook-deliveries.ts";
import { disableEndpoint, listEndpoints, wakeEndpoint } from "../db/webhook-endpoints.ts";
import {
  type WebhookDelivery,
  type WebhookEndpoint,
  webhookDeliveries,
  webhookEndpoints,
} from "../db/webhooks.ts";
import type { Env } from "../env.ts";
import { newId } from "../ids.ts";
import type { WebhookEvent } from "../issuer/announce.ts";
import { type Actor, audited } from "../issuer/audit.ts";
import { firstSecret, nextSecret } from "../issuer/shared-secret.ts";
import { judgeUrl, type UrlFault } from "../net/public-url.ts";
import { type FieldError, Problem } from "../problem.ts";
import { deliverAt } from "./deliver.ts";

const TABLE = "webhook_endpoints";

/** Endpoints of one organization. */
export const MAX_ENDPOINTS = 10;

type Writes = readonly (Writable | Statement)[];

export interface EndpointInput {
  readonly url: string;
  readonly description?: string | undefined;
  /** Empty means all. */
  readonly events?: readonly WebhookEvent[] | undefined;
}

export interface WithSecret {
  readonly endpoint: WebhookEndpoint;
  /** `whsec_…`; stored sealed, and shown this once. */
  readonly secret: string;
  readonly writes: Writes;
}

/**
 * A new endpoint. Throws a Problem: `invalid-request` for an address that is not asked,
 * `too-many-webhook-endpoints`. The writes are undone (`isOvertaken`) where there are too many by then.
 */
export async function addEndpoint(
  env: Env,
  organizationId: string,
  input: EndpointInput,
  actor: Actor,
): Promise<WithSecret> {
  const url = askable(env, input.url);
  await requireRoom(env, organizationId);
  const id = newId(env);
  const now = env.now();
  const { secret, columns } = await firstSecret(env, TABLE, id);
  const endpoint: WebhookEndpoint = {
    id,
    organization_id: organizationId,
    url,
    description: input.description ?? "",
    events: [...new Set(input.events ?? [])],
    ...columns,
    disabled_at: null,
    disabled_reason: null,
    failing_since: null,
    failures: 0,
    rests_until: null,
    deleted_at: null,
    created_at: now,
    updated_at: now,
  };
  const room = sql`(select count(*) from ${webhookEndpoints}
    where ${webhookEndpoints.organization_id} = ${organizationId}
      and ${webhookEndpoints.deleted_at} is null) < ${MAX_ENDPOINTS}`;
  return {
    endpoint,
    secret,
    writes: [
      entry(env, endpoint, "created", actor, room),
      env.db.orm.insert(webhookEndpoints).values(endpoint),
    ],
  };
}

async function requireRoom(env: Env, organizationId: string): Promise<void> {
  const limit = MAX_ENDPOINTS - 1;
  if ((await listEndpoints(env.db, organizationId, { limit })).length < MAX_ENDPOINTS) return;
  const detail = `The organization has ${MAX_ENDPOINTS} webhook endpoints, and can have no more.`;
  throw new Problem("too-many-webhook-endpoints", detail);
}

export interface EndpointChange extends Partial<EndpointInput> {
  readonly enabled?: boolean | undefined;
}

/**
 * Changes an endpoint as it was read; the writes are undone (`isOvertaken`) where it is another by
 * then. Disabling parks what waits. Enabling, and another address, have it tried at once.
 */
export function changeEndpoint(
  env: Env,
  before: WebhookEndpoint,
  { url, description, events, enabled }: EndpointChange,
  actor: Actor,
): { readonly endpoint: WebhookEndpoint; readonly writes: Writes } {
  const now = env.now();
  const anew = { failing_since: null, failures: 0, rests_until: null } as const;
  const moves = url !== undefined && askable(env, url) !== before.url;
  const isDisabled = enabled === undefined ? before.disabled_at !== null : !enabled;
  const wakes = !isDisabled && (moves || before.disabled_at !== null);
  const changed: WebhookEndpoint = {
    ...before,
    ...(moves ? { url: askable(env, url), ...anew } : {}),
    ...(wakes ? { ...anew, disabled_at: null, disabled_reason: null } : {}),
    ...(isDisabled && before.disabled_at === null
      ? { disabled_at: now, disabled_reason: "by_hand", rests_until: null }
      : {}),
    description: description ?? before.description,
    events: events === undefined ? before.events : [...new Set(events)],
    updated_at: Math.max(now, before.updated_at + 1),
  };
  const { id: _id, organization_id: _organization, secret: _secret, ...row } = changed;
  return {
    endpoint: changed,
    writes: [
      entry(env, before, "changed", actor, unchanged(before)),
      env.db.orm.update(webhookEndpoints).set(row).where(eq(webhookEndpoints.id, before.id)),
      ...(wakes ? [hurryWaiting(before.id, now)] : []),
      ...(wakes || isDisabled ? [deliverAt(env, before, now)] : []),
    ],
  };
}

/** A new secret; the one before, if it can be opened, signs as well for so long. */
export async function rotateSecret(
  env: Env,
  before: WebhookEndpoint,
  overlapMs: number,
  actor: Actor,
): Promise<WithSecret> {
  const { id, updated_at } = before;
  const { secret, columns } = await nextSecret(env, TABLE, before, overlapMs);
  const change = { ...columns, updated_at: Math.max(env.now(), updated_at + 1) };
  return {
    endpoint: { ...before, ...change },
    secret,
    writes: [
      entry(env, before, "secret_rotated", actor, unchanged(before)),
      env.db.orm.update(webhookEndpoints).set(change).where(eq(webhookEndpoints.id, id)),
    ],
  };
}

/** From the moment this is written nobody finds it; its log goes bit by bit. */
export function deleteEndpoint(env: Env, before: WebhookEndpoint, actor: Actor): Writes {
  const now = env.now();
  return [
    entry(env, before, "deleted", actor, unchanged(before)),
    disableEndpoint(before.id, "by_hand", now),
    env.db.orm
      .update(webhookEndpoints)
      .set({
        deleted_at: now,
        secret: "",
        previous_secret: null,
        previous_until: null,
        updated_at: Math.max(now, before.updated_at + 1),
      })
      .where(eq(webhookEndpoints.id, before.id)),
    deliverAt(env, before, now),
  ];
}

/** A message of type `ping` for this endpoint alone. Throws `webhook-endpoint-disabled`. */
export function pingEndpoint(
  env: Env,
  endpoint: WebhookEndpoint,
): { readonly delivery: WebhookDelivery; readonly writes: Writes } {
  requireEnabled(endpoint);
  const now = env.now();
  const type: WebhookEvent = "ping";
  const delivery: WebhookDelivery = {
    id: newId(env),
    endpoint_id: endpoint.id,
    organization_id: endpoint.organization_id,
    message_id: newId(env),
    type,
    data: { organization: endpoint.organization_id, endpoint: endpoint.id },
    occurred_at: now,
    state: "waiting",
    attempts: 0,
    due_at: now,
    resent_at: null,
    last_attempt_at: null,
    delivered_at: null,
    last_status: null,
    last_error: null,
    created_at: now,
  };
  return {
    delivery,
    writes: [env.db.orm.insert(webhookDeliveries).values(delivery), ...atOnce(env, endpoint)],
  };
}

/** Sends a message again, whatever became of it, under its id. Throws `webhook-endpoint-disabled`. */
export function resendDelivery(
  env: Env,
  endpoint: WebhookEndpoint,
  delivery: WebhookDelivery,
): { readonly delivery: WebhookDelivery; readonly writes: Writes } {
  requireEnabled(endpoint);
  const now = env.now();
  return {
    delivery: {
      ...delivery,
      state: "waiting",
      attempts: 0,
      due_at: now,
      resent_at: now,
      delivered_at: null,
      last_error: null,
    },
    writes: [resendOne(delivery.id, now), ...atOnce(env, endpoint)],
  };
}

/** Sends again what is parked, of events from `since` on; at most RESENT_AT_ONCE of it. Throws `webhook-endpoint-disabled`. */
export function resendParked(env: Env, endpoint: WebhookEndpoint, since: number): Writes {
  requireEnabled(endpoint);
  return [resendAllParked(endpoint.id, since, env.now()), ...atOnce(env, endpoint)];
}

function atOnce(env: Env, endpoint: WebhookEndpoint): Writes {
  return [wakeEndpoint(endpoint.id), deliverAt(env, endpoint, env.now())];
}

function requireEnabled({ disabled_at }: WebhookEndpoint): void {
  if (disabled_at === null) return;
  throw new Problem(
    "webhook-endpoint-disabled",
    "The endpoint is disabled: nothing is sent to it.",
  );
}

function entry(
  env: Env,
  endpoint: WebhookEndpoint,
  deed: "created" | "changed" | "secret_rotated" | "deleted",
  actor: Actor,
  provided: SQL,
): Writable {
  return audited(env, {
    organizationId: endpoint.organization_id,
    actor,
    action: `webhook_endpoint.${deed}`,
    object: ["webhook_endpoint", endpoint.id],
    provided,
  });
}

function unchanged({ id, updated_at }: WebhookEndpoint): SQL {
  return sql`exists (select 1 from ${webhookEndpoints} where ${webhookEndpoints.id} = ${id}
    and ${webhookEndpoints.updated_at} = ${updated_at} and ${webhookEndpoints.deleted_at} is null)`;
}

/** In its one spelling. What is asked is judged again each time, by the address it resolves to. */
function askable(env: Pick<Env, "loopbackOrigins">, text: string): string {
  const verdict = judgeUrl(text.trim(), env.loopbackOrigins ?? []);
  if (verdict.ok) return verdict.url.href;
  const fault = URL_FAULTS[verdict.reason];
  throw new Problem("invalid-request", fault.detail, { errors: [{ pointer: "/url", ...fault }] });
}

const URL_FAULTS: Readonly<Record<UrlFault, Omit<FieldError, "pointer">>> = {
  "bad-url": {
    code: "webhook_bad_url",
    detail: "This is not a web address.",
    fix: "Send the whole address, such as https://example.org/webhooks/badges.",
  },
  "not-https": {
    code: "webhook_not_https",
    detail: "The address does not begin with https://.",
    fix: "Receive webhooks over https.",
  },
  "credentials-in-url": {
    code: "webhook_credentials_in_url",
    detail: "The address has a user name or a password in it.",
    fix: "Leave it out: the signature proves who sent the message.",
  },
  "port-not-allowed": {
    code: "webhook_port_not_allowed",
    detail: "The address names a port; only 443 is asked.",
    fix: "Receive webhooks on port 443.",
  },
  "address-not-public": {
    code: "webhook_address_not_public",
    detail: "The address is not on the public Internet.",
    fix: "Give a host that can be reached from anywhere.",
  },
};
