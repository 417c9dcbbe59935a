// The migrations this program was written for, for a runtime that has no folder to read them from.

/** File names of `migrations/` without `.sql`, in the order they are applied. */
export const MIGRATION_NAMES: readonly string[] = [
  "0000_init",
  "0001_triggers",
  "0002_revoked",
  "0003_signing_keys",
  "0004_hosted_key",
  "0005_members_page",
  "0006_backpacks",
  "0007_backpack_added_by",
  "0008_job_lanes",
  "0009_proven_identities",
  "0010_theirs_anew",
  "0011_assertion_forms",
  "0012_awards_engine",
  "0013_webhook_endpoints",
  "0014_import_row_field",
  "0015_notifications_due",
  "0016_evaluations",
  "0017_withheld_awards",
  "0018_purge_lookups",
  "0019_evaluations_news",
  "0020_listed_organizations",
  "0021_overview_lookups",
  "0023_recipients",
];
