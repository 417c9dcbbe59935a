// What an organization's work leaves behind: the log, mails, webhooks, imports, evaluations, and badges in backpacks.
import { externalBadges } from "../src/db/externals.ts";
import { newId } from "../src/ids.ts";
import type { Person } from "./given.ts";
import type { Sizes, World } from "./given-many.ts";
import { oneOf, type Series } from "./multiply.ts";
import { givenBackpack, givenConnection, givenDelivery } from "./pages/shelf-scenes.ts";

/** Due when nobody measures any more. */
const FAR = "4102444800000";
const ACTIONS = [
  "award.created",
  "award.claimed",
  "award.mailed",
  "award.revoked",
  "badge.updated",
];

/** The log, mails, webhooks, imports and evaluations. */
export async function givenWork(
  { env, many }: World,
  objects: Readonly<Record<string, string>>,
  { awards, others, typed }: Sizes,
  award: string,
): Promise<void> {
  const { multiply, id, at } = many;
  const audit = "rowid = (SELECT max(rowid) FROM audit_log WHERE organization_id IS NOT NULL)";
  await multiply(
    "audit_log",
    { count: awards * 2, of: audit },
    {
      id: id("audit", "n / 2", "n"),
      at: at("n / 2"),
      actor_id: id("user", "n / 9"),
      actor_kind: "'user'",
      action: oneOf(ACTIONS),
      object_kind: "'award'",
      object_id: id("award", "n / 2"),
      created_at: at("n / 2"),
    },
  );
  await env.db.batch([
    {
      sql: `INSERT INTO notifications (kind, subject_id, organization_id, due_at, created_at)
        SELECT 'award.created', id, organization_id, ${FAR}, awarded_at FROM badge_issues WHERE id = ?
        ON CONFLICT DO NOTHING`,
      params: [award],
    },
  ]);
  await multiply(
    "notifications",
    { count: awards, of: `subject_id = '${award}'` },
    {
      subject_id: id("award"),
      state: oneOf(["sent", "sent", "sent", "waiting", "parked", "cancelled"], "n / 3"),
      last_error: "iif(n / 3 % 6 = 4, 'mail-refused', NULL)",
      sent_at: `iif(n / 3 % 6 < 3, ${at()}, NULL)`,
      due_at: FAR,
      created_at: at(),
    },
  );
  await givenWebhooks({ env, many }, objects, { awards, others, typed });
  const source = `id = '${objects["imports/{id}"]}'`;
  await multiply(
    "imports",
    { count: others, of: source },
    {
      id: id("import"),
      file_name: `substr(${typed("line")}, 1, 200) || '.csv'`,
      state: "'done'",
      created_at: at(),
    },
  );
  const line = `import_id = '${objects["imports/{id}"]}' AND line = 2`;
  await multiply(
    "import_rows",
    { count: others * 4, of: line },
    {
      line: "n + 3",
      outcome: oneOf(["awarded", "held", "refused"], "n"),
      code: oneOf([null, "award-held", "email-invalid"], "n"),
      award_id: `iif(n % 3 = 0, ${id("award")}, NULL)`,
      detail: "NULL",
    },
  );
  await env.db.batch([
    {
      sql: `UPDATE imports SET state = 'done', rows = ?1, done_line = ?1, awarded = ?1 / 3,
        held = ?1 / 3, refused = ?1 / 3, finished_at = created_at WHERE id = ?2`,
      params: [others * 4, objects["imports/{id}"] ?? ""],
    },
  ]);
  const evaluation = `id = '${objects["evaluations/{id}"]}'`;
  await multiply(
    "evaluations",
    { count: others, of: evaluation },
    {
      id: id("evaluation"),
      dry_run: "n % 3 = 0",
      state: "'done'",
      created_at: at(),
      finished_at: at(),
    },
  );
}

async function givenWebhooks(
  { env, many }: World,
  objects: Readonly<Record<string, string>>,
  { awards, others, typed }: Pick<Sizes, "awards" | "others" | "typed">,
): Promise<void> {
  const { multiply, id, at } = many;
  await env.db.batch([
    { sql: "UPDATE webhook_deliveries SET state = 'delivered', delivered_at = due_at", params: [] },
  ]);
  await multiply(
    "webhook_deliveries",
    {
      count: Math.floor(awards / 2),
      of: `id = '${objects["webhook-deliveries/{id}"]}'`,
    },
    {
      id: id("delivery"),
      message_id: "'msg_' || n",
      type: "'award.created'",
      state: oneOf(["delivered", "delivered", "delivered", "parked", "waiting"], "n / 5"),
      last_error: "iif(n / 5 % 5 = 3, 'unreachable', NULL)",
      due_at: FAR,
      created_at: at(),
    },
  );
  const few = Math.min(others, 300);
  const hidden = "lower(hex(randomblob(32)))";
  const one = (key: string): Series => ({ count: few, of: `id = '${objects[key]}'` });
  await multiply("webhook_endpoints", one("webhook-endpoints/{id}"), {
    id: id("endpoint"),
    description: `substr(${typed("line")}, 1, 200)`,
    disabled_at: `iif(n % 3 = 0, ${at()}, NULL)`,
    disabled_reason: "iif(n % 3 = 0, 'failing', NULL)",
  });
  await multiply("api_keys", one("api-keys/{id}"), {
    id: id("key"),
    name: `substr(${typed("line")}, 1, 100)`,
    key_hash: hidden,
  });
  await multiply("event_sources", one("event-sources/{id}"), {
    id: id("source"),
    name: `substr(${typed("line")}, 1, 100)`,
  });
  await multiply("signing_keys", one("signing-keys/{id}"), {
    id: id("signing"),
    private_jwk_sealed: "NULL",
    retired_at: at(),
  });
}

/** A backpack that the recipient's awards go to. */
export async function givenCarried(
  { env, many }: World,
  { awards, others }: Sizes,
  recipient: Person,
  award: { readonly id: string; readonly organization_id: string },
): Promise<string> {
  const { multiply, id, at } = many;
  const backpack = await givenBackpack(env);
  const connection = await givenConnection(env, recipient, backpack);
  const delivery = await givenDelivery(env, recipient, connection, award, "delivered");
  await multiply(
    "deliveries",
    { count: Math.floor(awards / 100), of: `id = '${delivery}'` },
    {
      id: id("carried"),
      award_id: id("award", "n * 100 + 1"),
      state: oneOf(["delivered", "delivered", "parked", "refused"]),
      last_problem: oneOf([null, null, "unreachable", "recipient_mismatch"]),
      updated_at: at(),
    },
  );
  const { orm } = env.db;
  const pulled = newId(env);
  await env.db.batch([
    orm.insert(externalBadges).values({
      id: pulled,
      backpack_id: connection,
      entity_id: "https://elsewhere.example/1",
      canonical_id: "https://elsewhere.example/1",
      assertion: {},
      name: "Open Water Swimmer",
      issuer_name: "Elsewhere",
      verdict: "valid",
      is_theirs: true,
      checked_at: env.now(),
      updated_at: env.now(),
    }),
  ]);
  await multiply(
    "badge_externals",
    { count: Math.min(others, 500), of: `id = '${pulled}'` },
    {
      id: id("pulled"),
      entity_id: "'https://elsewhere.example/' || (n + 2)",
      canonical_id: "'https://elsewhere.example/' || (n + 2)",
    },
  );
  return backpack.id;
}
