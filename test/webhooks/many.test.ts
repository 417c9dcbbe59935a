// However much waits at an endpoint, no statement takes all of it.
import { expect, it } from "vitest";
import { PARKED_AT_ONCE, RESENT_AT_ONCE } from "../../src/db/webhook-deliveries.ts";
import type { WebhookDeliveryState } from "../../src/db/webhooks.ts";
import { TEST_NOW } from "../app.ts";
import { type WebhookWorld, webhookWorld } from "./receiver.ts";

async function lying(w: WebhookWorld, id: string, count: number, state: WebhookDeliveryState) {
  await w.env.db.batch([
    {
      sql: `WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?)
        INSERT INTO webhook_deliveries (id, endpoint_id, organization_id, message_id, type, data,
          occurred_at, state, due_at, created_at)
        SELECT printf('00000000-0000-7000-8000-%012d', i), ?, ?, 'message-' || i, 'ping', '{}',
          ?, ?, ?, ? FROM n WHERE i <= ?`,
      params: [count, id, w.organization.id, TEST_NOW, state, TEST_NOW, TEST_NOW, count],
    },
  ]);
}

async function counted(w: WebhookWorld): Promise<Record<string, number>> {
  const { rows } = await w.env.db.read({
    sql: "SELECT state, count(*) FROM webhook_deliveries GROUP BY state",
    params: [],
  });
  return Object.fromEntries(rows.map(([state, count]) => [String(state), Number(count)]));
}

it.each([0, 1, PARKED_AT_ONCE, PARKED_AT_ONCE + 1])("parks %i", async (count) => {
  const w = await webhookWorld();
  const { id } = await w.add();
  await lying(w, id, count, "waiting");
  await w.ask("PATCH", `/webhook-endpoints/${id}`, { body: { enabled: false } });
  await w.work();
  expect(await counted(w)).toEqual(count === 0 ? {} : { parked: count });
  expect(w.receiver.received).toEqual([]);
});

it.each([
  [RESENT_AT_ONCE, 0],
  [RESENT_AT_ONCE + 1, 1],
])("of %i that are parked sends all but %i again", async (count, left) => {
  const w = await webhookWorld();
  const { id } = await w.add();
  await lying(w, id, count, "parked");
  const said = await w.ask("POST", `/webhook-endpoints/${id}/resend`, { body: {} });
  expect(said.json).toEqual({ resent: RESENT_AT_ONCE, left });
  expect(await counted(w)).toMatchObject({ waiting: RESENT_AT_ONCE });
});
