CREATE TABLE `audit_log` (
	`id` text PRIMARY KEY NOT NULL,
	`organization_id` text,
	`at` integer NOT NULL,
	`actor_kind` text NOT NULL,
	`actor_id` text,
	`action` text NOT NULL,
	`object_kind` text NOT NULL,
	`object_id` text NOT NULL,
	`detail` text,
	`created_at` integer DEFAULT (cast(unixepoch('subsec') * 1000 as integer)) NOT NULL,
	FOREIGN KEY (`organization_id`) REFERENCES `organizations`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `idx_audit_log_organization` ON `audit_log` (`organization_id`,`id`);--> statement-breakpoint
CREATE INDEX `idx_audit_log_object` ON `audit_log` (`object_kind`,`object_id`);--> statement-breakpoint
CREATE TABLE `badge_issues` (
	`id` text PRIMARY KEY NOT NULL,
	`unique_hash` text NOT NULL,
	`badge_id` text NOT NULL,
	`user_id` text NOT NULL,
	`organization_id` text NOT NULL,
	`award_slot` text NOT NULL,
	`awarded_at` integer NOT NULL,
	`date_issued` integer GENERATED ALWAYS AS (awarded_at) VIRTUAL,
	`date_expire` integer,
	`awarded_by` text NOT NULL,
	`awarded_by_user_id` text,
	`tier_level` integer,
	`progress_snapshot` text,
	`evidence` text,
	`narrative` text,
	`visible` integer DEFAULT true NOT NULL,
	`is_visible` integer GENERATED ALWAYS AS (visible) VIRTUAL,
	`claim_state` text DEFAULT 'unclaimed' NOT NULL,
	`claimed_at` integer,
	`revoked_at` integer,
	`revocation_reason` text,
	`superseded_by` text,
	`notification_sent` integer DEFAULT false NOT NULL,
	`issuer_notified` integer,
	`recipient_identity_id` text NOT NULL,
	`recipient_type` text NOT NULL,
	`recipient_identity` text NOT NULL,
	`recipient_salt` text NOT NULL,
	`recipient_name` text,
	`revision` integer DEFAULT 1 NOT NULL,
	`created_at` integer DEFAULT (cast(unixepoch('subsec') * 1000 as integer)) NOT NULL,
	`updated_at` integer NOT NULL,
	FOREIGN KEY (`badge_id`) REFERENCES `badges`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`user_id`) REFERENCES `users`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`organization_id`) REFERENCES `organizations`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`awarded_by_user_id`) REFERENCES `users`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`superseded_by`) REFERENCES `badge_issues`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`recipient_identity_id`) REFERENCES `identities`(`id`) ON UPDATE no action ON DELETE no action,
	CONSTRAINT "tier_level_positive_integer" CHECK(tier_level is null or tier_level >= 1),
	CONSTRAINT "awarded_by_valid_enum" CHECK(awarded_by in ('system', 'coordinator', 'admin')),
	CONSTRAINT "progress_snapshot_valid_json" CHECK(progress_snapshot is null or json_valid(progress_snapshot))
);
--> statement-breakpoint
CREATE UNIQUE INDEX `idx_user_badges_unique_hash` ON `badge_issues` (`unique_hash`);--> statement-breakpoint
CREATE UNIQUE INDEX `idx_user_badges_award_slot` ON `badge_issues` (`user_id`,`badge_id`,`organization_id`,`award_slot`) WHERE revoked_at is null;--> statement-breakpoint
CREATE INDEX `idx_user_badges_user_id` ON `badge_issues` (`user_id`);--> statement-breakpoint
CREATE INDEX `idx_user_badges_badge_id` ON `badge_issues` (`badge_id`);--> statement-breakpoint
CREATE INDEX `idx_user_badges_user_badge_org` ON `badge_issues` (`user_id`,`badge_id`,`organization_id`);--> statement-breakpoint
CREATE INDEX `idx_user_badges_org_id` ON `badge_issues` (`organization_id`);--> statement-breakpoint
CREATE INDEX `idx_user_badges_awarded_at` ON `badge_issues` (`awarded_at`);--> statement-breakpoint
CREATE INDEX `idx_user_badges_notification_sent` ON `badge_issues` (`notification_sent`);--> statement-breakpoint
CREATE TABLE `hosted_assertions` (
	`unique_hash` text PRIMARY KEY NOT NULL,
	`base` text NOT NULL,
	`etag` text NOT NULL,
	`body` text NOT NULL
);
--> statement-breakpoint
CREATE TABLE `badge_alignments` (
	`id` text PRIMARY KEY NOT NULL,
	`badge_id` text NOT NULL,
	`target_name` text NOT NULL,
	`target_url` text NOT NULL,
	`target_code` text,
	`target_description` text,
	`target_framework` text,
	FOREIGN KEY (`badge_id`) REFERENCES `badges`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `idx_badge_alignments_badge` ON `badge_alignments` (`badge_id`);--> statement-breakpoint
CREATE TABLE `badge_endorsements` (
	`id` text PRIMARY KEY NOT NULL,
	`badge_id` text NOT NULL,
	`issuer_name` text NOT NULL,
	`issuer_url` text NOT NULL,
	`issuer_email` text NOT NULL,
	`claim_id` text NOT NULL,
	`claim_comment` text DEFAULT '' NOT NULL,
	`date_issued` integer NOT NULL,
	`revoked_at` integer,
	FOREIGN KEY (`badge_id`) REFERENCES `badges`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE UNIQUE INDEX `idx_badge_endorsements_badge` ON `badge_endorsements` (`badge_id`);--> statement-breakpoint
CREATE TABLE `badge_relateds` (
	`id` text PRIMARY KEY NOT NULL,
	`badge_id` text NOT NULL,
	`related_badge_id` text NOT NULL,
	FOREIGN KEY (`badge_id`) REFERENCES `badges`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`related_badge_id`) REFERENCES `badges`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE UNIQUE INDEX `idx_badge_relateds_pair` ON `badge_relateds` (`badge_id`,`related_badge_id`);--> statement-breakpoint
CREATE INDEX `idx_badge_relateds_related` ON `badge_relateds` (`related_badge_id`);--> statement-breakpoint
CREATE TABLE `badge_tiers` (
	`badge_id` text NOT NULL,
	`level` integer NOT NULL,
	`name` text NOT NULL,
	`threshold` integer,
	PRIMARY KEY(`badge_id`, `level`),
	FOREIGN KEY (`badge_id`) REFERENCES `badges`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE TABLE `badges` (
	`id` text PRIMARY KEY NOT NULL,
	`organization_id` text NOT NULL,
	`user_id` text,
	`name` text NOT NULL,
	`description` text NOT NULL,
	`status` text DEFAULT 'inactive' NOT NULL,
	`is_active` integer GENERATED ALWAYS AS (status in ('active', 'active_locked')) VIRTUAL,
	`is_enabled` integer GENERATED ALWAYS AS (status in ('active', 'active_locked')) VIRTUAL,
	`type` integer DEFAULT 1 NOT NULL,
	`course_id` text,
	`category` text DEFAULT 'recognition' NOT NULL,
	`sort_order` integer DEFAULT 0 NOT NULL,
	`is_visible_when_locked` integer DEFAULT true NOT NULL,
	`eligibility_roles` text NOT NULL,
	`max_awards_per_user` integer,
	`trigger_type` text DEFAULT 'coordinator_nomination' NOT NULL,
	`trigger_condition_json` text,
	`criteria_type` text,
	`criteria_value` integer,
	`criteria_narrative` text NOT NULL,
	`tags` text NOT NULL,
	`language` text DEFAULT 'en' NOT NULL,
	`version` text DEFAULT '1' NOT NULL,
	`previous_version_id` text,
	`expire_date` integer,
	`expire_period` integer,
	`image_id` text,
	`asset_url` text,
	`icon_key` text,
	`image_author_name` text,
	`image_author_email` text,
	`image_author_url` text,
	`image_caption` text,
	`issuer_name` text,
	`issuer_url` text,
	`issuer_contact` text,
	`message` text DEFAULT '' NOT NULL,
	`message_subject` text DEFAULT '' NOT NULL,
	`attachment` integer DEFAULT true NOT NULL,
	`notification` integer DEFAULT 0 NOT NULL,
	`next_cron` integer,
	`created_at` integer DEFAULT (cast(unixepoch('subsec') * 1000 as integer)) NOT NULL,
	`updated_at` integer NOT NULL,
	FOREIGN KEY (`organization_id`) REFERENCES `organizations`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`user_id`) REFERENCES `users`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`previous_version_id`) REFERENCES `badges`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`image_id`) REFERENCES `images`(`id`) ON UPDATE no action ON DELETE no action,
	CONSTRAINT "max_awards_positive_integer" CHECK(max_awards_per_user is null or max_awards_per_user >= 1),
	CONSTRAINT "sort_order_non_negative" CHECK(sort_order >= 0),
	CONSTRAINT "criteria_value_min_one" CHECK(criteria_value is null or criteria_value >= 1)
);
--> statement-breakpoint
CREATE INDEX `idx_badge_organization_id` ON `badges` (`organization_id`);--> statement-breakpoint
CREATE INDEX `idx_badge_category` ON `badges` (`category`);--> statement-breakpoint
CREATE INDEX `idx_badge_organization_category` ON `badges` (`organization_id`,`category`);--> statement-breakpoint
CREATE INDEX `idx_badge_trigger_type` ON `badges` (`trigger_type`);--> statement-breakpoint
CREATE INDEX `idx_badge_organization_active` ON `badges` (`organization_id`,`is_active`);--> statement-breakpoint
CREATE INDEX `idx_badge_definition_org_id` ON `badges` (`organization_id`);--> statement-breakpoint
CREATE INDEX `idx_badge_definition_org_enabled` ON `badges` (`organization_id`,`is_enabled`);--> statement-breakpoint
CREATE INDEX `idx_badge_definition_org_criteria` ON `badges` (`organization_id`,`criteria_type`);--> statement-breakpoint
CREATE UNIQUE INDEX `idx_badge_definition_org_name` ON `badges` (`organization_id`,`name`) WHERE status <> 'archived';--> statement-breakpoint
CREATE TABLE `idempotency_keys` (
	`api_key_id` text NOT NULL,
	`key` text NOT NULL,
	`method` text NOT NULL,
	`path` text NOT NULL,
	`body_hash` text NOT NULL,
	`status` integer NOT NULL,
	`headers` text NOT NULL,
	`body` text NOT NULL,
	`expires_at` integer NOT NULL,
	`created_at` integer DEFAULT (cast(unixepoch('subsec') * 1000 as integer)) NOT NULL,
	PRIMARY KEY(`api_key_id`, `key`)
);
--> statement-breakpoint
CREATE INDEX `idx_idempotency_keys_expires_at` ON `idempotency_keys` (`expires_at`);--> statement-breakpoint
CREATE TABLE `image_contents` (
	`sha256` text PRIMARY KEY NOT NULL,
	`media_type` text NOT NULL,
	`bytes` blob NOT NULL,
	`size` integer NOT NULL,
	`width` integer NOT NULL,
	`height` integer NOT NULL,
	`splice` text,
	`created_at` integer DEFAULT (cast(unixepoch('subsec') * 1000 as integer)) NOT NULL
);
--> statement-breakpoint
CREATE TABLE `image_variants` (
	`source_sha256` text NOT NULL,
	`width` integer NOT NULL,
	`sha256` text NOT NULL,
	`created_at` integer DEFAULT (cast(unixepoch('subsec') * 1000 as integer)) NOT NULL,
	PRIMARY KEY(`source_sha256`, `width`),
	FOREIGN KEY (`source_sha256`) REFERENCES `image_contents`(`sha256`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`sha256`) REFERENCES `image_contents`(`sha256`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE TABLE `images` (
	`id` text PRIMARY KEY NOT NULL,
	`organization_id` text NOT NULL,
	`sha256` text NOT NULL,
	`media_type` text NOT NULL,
	`name` text NOT NULL,
	`origin` text NOT NULL,
	`created_at` integer DEFAULT (cast(unixepoch('subsec') * 1000 as integer)) NOT NULL,
	FOREIGN KEY (`organization_id`) REFERENCES `organizations`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`sha256`) REFERENCES `image_contents`(`sha256`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE UNIQUE INDEX `idx_images_organization_content` ON `images` (`organization_id`,`sha256`);--> statement-breakpoint
CREATE INDEX `idx_images_organization` ON `images` (`organization_id`,`id`);--> statement-breakpoint
CREATE TABLE `jobs` (
	`id` text PRIMARY KEY NOT NULL,
	`organization_id` text,
	`kind` text NOT NULL,
	`dedupe_key` text,
	`payload` text NOT NULL,
	`due_at` integer NOT NULL,
	`attempts` integer DEFAULT 0 NOT NULL,
	`lease_until` integer,
	`fence` integer DEFAULT 0 NOT NULL,
	`last_error` text,
	`done_at` integer,
	`parked_at` integer,
	`created_at` integer DEFAULT (cast(unixepoch('subsec') * 1000 as integer)) NOT NULL,
	FOREIGN KEY (`organization_id`) REFERENCES `organizations`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `idx_jobs_due` ON `jobs` (`due_at`) WHERE done_at is null and parked_at is null;--> statement-breakpoint
CREATE UNIQUE INDEX `idx_jobs_dedupe` ON `jobs` (`kind`,`dedupe_key`) WHERE done_at is null and parked_at is null;--> statement-breakpoint
CREATE TABLE `api_keys` (
	`id` text PRIMARY KEY NOT NULL,
	`organization_id` text,
	`name` text NOT NULL,
	`prefix` text NOT NULL,
	`key_hash` text NOT NULL,
	`scopes` text NOT NULL,
	`created_at` integer DEFAULT (cast(unixepoch('subsec') * 1000 as integer)) NOT NULL,
	`expires_at` integer,
	`last_used_at` integer,
	`revoked_at` integer,
	FOREIGN KEY (`organization_id`) REFERENCES `organizations`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE UNIQUE INDEX `idx_api_keys_hash` ON `api_keys` (`key_hash`);--> statement-breakpoint
CREATE INDEX `idx_api_keys_organization` ON `api_keys` (`organization_id`);--> statement-breakpoint
CREATE TABLE `identities` (
	`id` text PRIMARY KEY NOT NULL,
	`user_id` text NOT NULL,
	`type` text NOT NULL,
	`identity` text NOT NULL,
	`normalised` text NOT NULL,
	`verified_at` integer,
	`created_at` integer DEFAULT (cast(unixepoch('subsec') * 1000 as integer)) NOT NULL,
	FOREIGN KEY (`user_id`) REFERENCES `users`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE UNIQUE INDEX `idx_identities_user` ON `identities` (`user_id`,`type`,`normalised`);--> statement-breakpoint
CREATE INDEX `idx_identities_normalised` ON `identities` (`type`,`normalised`);--> statement-breakpoint
CREATE TABLE `memberships` (
	`id` text PRIMARY KEY NOT NULL,
	`organization_id` text NOT NULL,
	`user_id` text NOT NULL,
	`name` text,
	`roles` text NOT NULL,
	`status` text DEFAULT 'active' NOT NULL,
	`created_at` integer DEFAULT (cast(unixepoch('subsec') * 1000 as integer)) NOT NULL,
	`updated_at` integer NOT NULL,
	FOREIGN KEY (`organization_id`) REFERENCES `organizations`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`user_id`) REFERENCES `users`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE UNIQUE INDEX `idx_memberships_organization_user` ON `memberships` (`organization_id`,`user_id`);--> statement-breakpoint
CREATE INDEX `idx_memberships_user` ON `memberships` (`user_id`);--> statement-breakpoint
CREATE TABLE `organizations` (
	`id` text PRIMARY KEY NOT NULL,
	`slug` text NOT NULL,
	`name` text NOT NULL,
	`description` text,
	`url` text NOT NULL,
	`email` text NOT NULL,
	`telephone` text,
	`language` text DEFAULT 'en' NOT NULL,
	`image_id` text,
	`verification_starts_with` text,
	`verification_allowed_origins` text,
	`created_at` integer DEFAULT (cast(unixepoch('subsec') * 1000 as integer)) NOT NULL,
	`updated_at` integer NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `idx_organizations_slug` ON `organizations` (`slug`);--> statement-breakpoint
CREATE TABLE `users` (
	`id` text PRIMARY KEY NOT NULL,
	`name` text,
	`status` text DEFAULT 'active' NOT NULL,
	`language` text,
	`time_zone` text,
	`created_at` integer DEFAULT (cast(unixepoch('subsec') * 1000 as integer)) NOT NULL,
	`updated_at` integer NOT NULL
);
