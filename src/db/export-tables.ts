// What belongs to an organization, table by table: in which order it is read, and what of it is kept back.
import { eq, inArray, type SQL, sql } from "drizzle-orm";
import type { SQLiteColumn, SQLiteTable } from "drizzle-orm/sqlite-core";
import { auditLog } from "./audit.ts";
import { badgeAlignments, badgeEndorsements, badgeRelateds, badges, badgeTiers } from "./badges.ts";
import { claimCodes, claims } from "./claim-codes.ts";
import { criteria, criterionMets, criterionParams, manualAwards } from "./criteria.ts";
import type { Database } from "./database.ts";
import { evaluations } from "./evaluations.ts";
import { eventSources, events, facts, metrics, metricTotals } from "./facts.ts";
import { importRows, imports } from "./imports.ts";
import { nominations } from "./nominations.ts";
import { mailTemplates, notifications } from "./notifications.ts";
import { apiKeys, organizations } from "./organizations.ts";
import { signingKeys } from "./signing-keys.ts";
import { tombstones } from "./tombstones.ts";
import { webhookDeliveries, webhookEndpoints } from "./webhooks.ts";

export interface ExportTable {
  /** What a record of it is called. */
  readonly record: string;
  readonly table: SQLiteTable;
  /** Tells rows apart, and is the order they are read in: an index has it. */
  readonly key: readonly SQLiteColumn[];
  readonly scope: (db: Database, organizationId: string) => SQL;
  /** Secrets, and what opens something: no export has them. And what is said elsewhere. */
  readonly without?: readonly string[];
}

const owned =
  (column: SQLiteColumn): ExportTable["scope"] =>
  (_db, organizationId) =>
    eq(column, organizationId);

/** Rows of what belongs to the organization, by the id of that. */
const of =
  (column: SQLiteColumn, owner: SQLiteColumn, organization: SQLiteColumn): ExportTable["scope"] =>
  ({ orm }, organizationId) =>
    inArray(
      column,
      orm.select({ id: owner }).from(owner.table).where(eq(organization, organizationId)),
    );

const ofBadge = (column: SQLiteColumn) => of(column, badges.id, badges.organization_id);

const ofCriterion =
  (column: SQLiteColumn): ExportTable["scope"] =>
  (_db, organizationId) =>
    sql`${column} in (select own.id from badge_criterias own
      join badges on badges.id = own.badge_id where badges.organization_id = ${organizationId})`;

const DEFINED: readonly ExportTable[] = [
  { record: "badge", table: badges, key: [badges.id], scope: owned(badges.organization_id) },
  {
    record: "badge_tier",
    table: badgeTiers,
    key: [badgeTiers.badge_id, badgeTiers.level],
    scope: ofBadge(badgeTiers.badge_id),
  },
  {
    record: "badge_alignment",
    table: badgeAlignments,
    key: [badgeAlignments.badge_id, badgeAlignments.id],
    scope: ofBadge(badgeAlignments.badge_id),
  },
  {
    record: "badge_endorsement",
    table: badgeEndorsements,
    key: [badgeEndorsements.badge_id, badgeEndorsements.id],
    scope: ofBadge(badgeEndorsements.badge_id),
  },
  {
    record: "related_badge",
    table: badgeRelateds,
    key: [badgeRelateds.badge_id, badgeRelateds.related_badge_id],
    scope: ofBadge(badgeRelateds.badge_id),
  },
  {
    record: "criterion",
    table: criteria,
    key: [criteria.badge_id, criteria.criteria_type],
    scope: ofBadge(criteria.badge_id),
  },
  {
    record: "criterion_param",
    table: criterionParams,
    key: [criterionParams.crit_id, criterionParams.name],
    scope: ofCriterion(criterionParams.crit_id),
  },
  { record: "metric", table: metrics, key: [metrics.name], scope: owned(metrics.organization_id) },
];

const COUNTED: readonly ExportTable[] = [
  {
    record: "metric_total",
    table: metricTotals,
    key: [metricTotals.metric, metricTotals.user_id],
    scope: owned(metricTotals.organization_id),
    // Records of their own, whichever of two places they lie in.
    without: ["recent"],
  },
  {
    record: "fact",
    table: facts,
    key: [facts.kind, facts.key, facts.user_id, facts.starts_at],
    scope: owned(facts.organization_id),
  },
  { record: "event", table: events, key: [events.event_id], scope: owned(events.organization_id) },
  {
    record: "criterion_met",
    table: criterionMets,
    key: [criterionMets.crit_id, criterionMets.user_id],
    scope: ofCriterion(criterionMets.crit_id),
  },
  {
    record: "vouch",
    table: manualAwards,
    key: [manualAwards.badge_id, manualAwards.recipient_id, manualAwards.issuer_role],
    scope: ofBadge(manualAwards.badge_id),
  },
  {
    record: "nomination",
    table: nominations,
    key: [nominations.state, nominations.id],
    scope: owned(nominations.organization_id),
  },
];

const WORKED: readonly ExportTable[] = [
  {
    record: "claim_code",
    table: claimCodes,
    key: [claimCodes.id],
    scope: owned(claimCodes.organization_id),
    without: ["code_hash"],
  },
  {
    record: "claim",
    table: claims,
    key: [claims.claim_code_id, claims.user_id],
    scope: of(claims.claim_code_id, claimCodes.id, claimCodes.organization_id),
  },
  { record: "import", table: imports, key: [imports.id], scope: owned(imports.organization_id) },
  {
    record: "import_row",
    table: importRows,
    key: [importRows.import_id, importRows.line],
    scope: of(importRows.import_id, imports.id, imports.organization_id),
  },
  {
    record: "evaluation",
    table: evaluations,
    key: [evaluations.id],
    scope: owned(evaluations.organization_id),
  },
  {
    record: "notification",
    table: notifications,
    key: [notifications.created_at, notifications.kind, notifications.subject_id],
    scope: owned(notifications.organization_id),
  },
];

const SET_UP: readonly ExportTable[] = [
  {
    record: "mail_template",
    table: mailTemplates,
    key: [mailTemplates.kind, mailTemplates.language],
    scope: owned(mailTemplates.organization_id),
  },
  {
    record: "event_source",
    table: eventSources,
    key: [eventSources.id],
    scope: owned(eventSources.organization_id),
    without: ["secret", "previous_secret"],
  },
  {
    record: "webhook_endpoint",
    table: webhookEndpoints,
    key: [webhookEndpoints.id],
    scope: owned(webhookEndpoints.organization_id),
    without: ["secret", "previous_secret"],
  },
  {
    record: "webhook_delivery",
    table: webhookDeliveries,
    key: [webhookDeliveries.endpoint_id, webhookDeliveries.id],
    scope: of(webhookDeliveries.endpoint_id, webhookEndpoints.id, webhookEndpoints.organization_id),
  },
  {
    record: "signing_key",
    table: signingKeys,
    key: [signingKeys.id],
    scope: owned(signingKeys.organization_id),
    without: ["private_jwk_sealed"],
  },
  {
    record: "api_key",
    table: apiKeys,
    key: [apiKeys.id],
    scope: owned(apiKeys.organization_id),
    without: ["key_hash"],
  },
  {
    record: "tombstone",
    table: tombstones,
    key: [tombstones.purged_at, tombstones.id],
    scope: owned(tombstones.organization_id),
  },
  { record: "audit", table: auditLog, key: [auditLog.id], scope: owned(auditLog.organization_id) },
];

export const ORGANIZATION_TABLE: ExportTable = {
  record: "organization",
  table: organizations,
  key: [organizations.id],
  scope: owned(organizations.id),
};

/** Before the people and the awards, which have readers of their own, and after them. */
export const TABLES_BEFORE: readonly ExportTable[] = DEFINED;
export const TABLES_AFTER: readonly ExportTable[] = [...COUNTED, ...WORKED, ...SET_UP];
