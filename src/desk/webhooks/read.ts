// Webhooks as their pages show them, from what the API says.
import type { DisabledReason, WebhookDeliveryState } from "../../db/webhooks.ts";
import type { DeliveryRow } from "../../pages/webhook-delivery.tsx";
import type { ShownEndpoint } from "../../pages/webhooks.tsx";
import { timeOf } from "../asked.ts";

/** As the API shows an endpoint; times in ISO 8601. */
export interface ApiEndpoint {
  readonly id: string;
  readonly url: string;
  readonly description: string;
  readonly events: readonly string[];
  readonly disabled: { readonly at: string; readonly reason: DisabledReason } | null;
  readonly failing_since: string | null;
  readonly previous_secret_until: string | null;
}

export function endpointOf(shown: ApiEndpoint): ShownEndpoint {
  const { id, url, description, events, disabled } = shown;
  return {
    id,
    url,
    description,
    events,
    disabled: disabled === null ? null : { at: Date.parse(disabled.at), reason: disabled.reason },
    failingSince: timeOf(shown.failing_since),
    bothUntil: timeOf(shown.previous_secret_until),
  };
}

/** As the API shows a delivery. */
export interface ApiDelivery {
  readonly id: string;
  readonly endpoint: string;
  readonly webhook_id: string;
  readonly type: string;
  readonly state: WebhookDeliveryState;
  readonly attempts: number;
  readonly last_attempt_at: string | null;
  readonly last_status: number | null;
  readonly last_error: { readonly code: string; readonly detail: string } | null;
  readonly next_attempt_at: string | null;
  readonly delivered_at: string | null;
  readonly created_at: string;
  readonly body: string;
}

export function deliveryOf(shown: ApiDelivery): DeliveryRow {
  const { id, type, state, attempts, body, last_error: error, last_status: lastStatus } = shown;
  return {
    id,
    type,
    messageId: shown.webhook_id,
    state,
    attempts,
    createdAt: Date.parse(shown.created_at),
    lastTryAt: timeOf(shown.last_attempt_at),
    nextTryAt: timeOf(shown.next_attempt_at),
    deliveredAt: timeOf(shown.delivered_at),
    lastStatus,
    fault: error === null ? null : { ...error, status: lastStatus },
    body,
  };
}
