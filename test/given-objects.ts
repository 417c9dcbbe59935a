// One of each thing that an organization has and a path can name, for tests of who may see and change it.
import { notifications } from "../src/db/notifications.ts";
import type { Organization } from "../src/db/organizations.ts";
import type { TestApp } from "./app.ts";
import { givenApiKey, givenAward, givenBadge, givenCriteria, givenPerson } from "./given.ts";
import { givenManualCriterion, givenNomination, givenVouch } from "./given-nominations.ts";

/** Ids by the segment before a parameter of the API and its name: `badges/{id}`. */
export async function givenObjects(
  t: Pick<TestApp, "env" | "request">,
  organization: Organization,
): Promise<Readonly<Record<string, string>>> {
  const { env } = t;
  const key = await givenApiKey(env, organization);
  const make = async (path: string, body: unknown, type = "application/json", method = "POST") => {
    const response = await t.request(`/api/v1${path}`, {
      method,
      headers: { authorization: `Bearer ${key}`, "content-type": type },
      body: typeof body === "string" ? body : JSON.stringify(body),
    });
    const made = (await response.json()) as Record<string, string>;
    if (response.status >= 300) throw new Error(`${path}: ${JSON.stringify(made)}`);
    return made.id ?? "";
  };
  const person = await givenPerson(env, organization);
  const badge = await givenBadge(env, organization, {
    status: "inactive",
    max_awards_per_user: 1,
    eligibility_roles: ["member"],
  });
  const neighbour = await givenBadge(env, organization);
  const criteria = await givenCriteria(env, badge);
  const criterion = criteria.find(({ criteria_type: type }) => type !== "overall");
  await givenManualCriterion(env, neighbour);
  const award = await givenAward(env, badge, person);
  const vouch = await givenVouch(env, badge, person);
  const nomination = await givenNomination(env, neighbour, await givenPerson(env, organization));
  const endpoint = await make("/webhook-endpoints", { url: "https://hooks.example.org/in" });
  await make(`/webhook-endpoints/${endpoint}/ping`, {});
  const first = async (sql: string) =>
    String((await env.db.read({ sql, params: [] })).rows[0]?.[0]);
  const alignment = {
    target_name: "Mentoring",
    target_url: "https://skills.example.org/mentoring",
  };
  const rows = `badge,email\n${neighbour.id},new@example.org\n`;
  await make(`/badges/${badge.id}/related`, { badge: neighbour.id });
  await make(`/badges/${badge.id}/endorsement`, {
    issuer_name: "Mentors' League",
    issuer_url: "https://league.example.org",
    issuer_email: "badges@league.example.org",
    claim_comment: "Well made.",
  });
  const words = { subject: "You have earned {{badge}}", body: "Well done." };
  await make("/mail-templates/award.created/en", words, "application/json", "PUT");
  await make("/metrics", { name: "laps", kind: "count", label: "Laps" });
  await env.db.batch([
    env.db.orm.insert(notifications).values({
      kind: "award.created",
      subject_id: award.id,
      organization_id: organization.id,
      due_at: env.now(),
      created_at: env.now(),
    }),
  ]);
  return {
    "organizations/{id}": organization.id,
    "users/{id}": person.user.id,
    "identities/{identity}": person.identity.id,
    "images/{id}": await first("select id from images"),
    "badges/{id}": badge.id,
    "alignments/{alignment}": await make(`/badges/${badge.id}/alignments`, alignment),
    "related/{badge}": neighbour.id,
    "criteria/{criterion}": criterion?.id ?? "",
    "vouches/{vouch}": vouch.id,
    "awards/{id}": award.id,
    "nominations/{id}": nomination.id,
    "imports/{id}": await make("/imports", rows, "text/csv"),
    "rows/{line}": "2",
    "claim-codes/{code}": await make(`/badges/${badge.id}/claim-codes`, {}),
    "evaluations/{id}": await make("/evaluations", { dry_run: true }),
    "metrics/{name}": "laps",
    "event-sources/{id}": await make("/event-sources", { name: "Timekeeper" }),
    "notifications/{id}": `award.created.${award.id}`,
    "mail-templates/{kind}": "award.created",
    "{kind}/{language}": "en",
    "api-keys/{id}": await make("/api-keys", { name: "Another", scopes: ["badges:read"] }),
    "signing-keys/{id}": await make("/signing-keys", {}),
    "webhook-endpoints/{id}": endpoint,
    "webhook-deliveries/{id}": await first("select id from webhook_deliveries"),
  };
}
