// Codes of the rules that a value can break, by where their words for people stand: none is used that is not here.
import type { CsvFaultCode } from "./csv/fault.ts";
import type { WordedFault } from "./pages/words/faults.ts";

/** A code that a form of our pages can get has words in every language, or this does not compile. */
export type FaultCode = WordedFault | ImportFault | FaultOfKind | ProgramFault;

/** Of a file with people to award: told by the page that sends it. */
type ImportFault =
  | CsvFaultCode
  | "cells_beyond_heading"
  | "csv_badge_column_missing"
  | "csv_column_twice"
  | "csv_heading_missing"
  | "csv_no_rows"
  | "csv_recipient_column_missing";

/** Only with a problem of a kind of its own, whose words say as much. */
type FaultOfKind =
  | `image-${string}`
  | `payload-${string}`
  | `png-${string}`
  | `svg-${string}`
  | "award_was_revoked"
  | "coordinator_nomination_requires_authorization"
  | "max_awards_per_user_enforced"
  | "one_pending_nomination"
  | "tier_level_monotonically_increasing"
  | "unique_badge_per_user_per_org";

/** Of what no form of our pages sends: events, the short forms of criteria, names of members. */
type ProgramFault =
  | `${string}_range`
  | "acts_for_oneself"
  | "asset_url_format_valid"
  | "awarded_by_valid_enum"
  | "criteria_forms_agree"
  | "criteria_type_and_value_together"
  | "criteria_type_valid_enum"
  | "criteria_unit_of_streak"
  | "criteria_value_min_one"
  | "email_or_identity"
  | "ends_after_start"
  | "event_conflict"
  | "identities_distinct"
  | "image_and_asset_url_agree"
  | "input_non_empty"
  | "invalid_cursor"
  | "invalid_limit"
  | "metric_is_state"
  | "metric_name_format"
  | "metric_name_taken"
  | "metric_not_state"
  | "metric_or_fact"
  | "metric_unknown"
  | "not_with_this"
  | "occurred_at_not_future"
  | "occurred_at_too_early"
  | "outlives_its_maker"
  | "progress_snapshot_valid_json"
  | "quantity_whole_number"
  | "status_and_is_active_agree"
  | "tier_levels_increase_from_one"
  | "trigger_condition_json_schema_valid"
  | "unknown_field"
  | "user_or_person"
  | "wrong_type";
