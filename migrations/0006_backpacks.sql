CREATE TABLE `oauth2_issuers` (
	`id` text PRIMARY KEY NOT NULL,
	`name` text NOT NULL,
	`manifest_url` text,
	`manifest` text,
	`manifest_etag` text,
	`manifest_fetched_at` integer,
	`manifest_fresh_until` integer,
	`authorization_url` text NOT NULL,
	`token_url` text NOT NULL,
	`registration_url` text,
	`revocation_url` text,
	`issuer` text,
	`iss_promised` integer DEFAULT false NOT NULL,
	`scopes_offered` text NOT NULL,
	`terms_url` text,
	`policy_url` text,
	`registration` text,
	`client_id` text,
	`client_secret_sealed` text,
	`client_secret_expires_at` integer,
	`redirect_uri` text,
	`scopes_registered` text,
	`registered_at` integer,
	`registration_version` integer DEFAULT 0 NOT NULL,
	`registration_lease_until` integer,
	`created_at` integer DEFAULT (cast(unixepoch('subsec') * 1000 as integer)) NOT NULL,
	`updated_at` integer NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `idx_oauth2_issuers_manifest` ON `oauth2_issuers` (`manifest_url`);--> statement-breakpoint
CREATE TABLE `oauth_authorizations` (
	`id` text PRIMARY KEY NOT NULL,
	`state_hash` text NOT NULL,
	`session_id` text NOT NULL,
	`user_id` text NOT NULL,
	`external_backpack_id` text NOT NULL,
	`issuer_id` text NOT NULL,
	`verifier_sealed` text NOT NULL,
	`scopes` text NOT NULL,
	`redirect_uri` text NOT NULL,
	`auto_sync` integer NOT NULL,
	`created_at` integer DEFAULT (cast(unixepoch('subsec') * 1000 as integer)) NOT NULL,
	`expires_at` integer NOT NULL,
	`consumed_at` integer,
	FOREIGN KEY (`session_id`) REFERENCES `sessions`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`user_id`) REFERENCES `users`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`external_backpack_id`) REFERENCES `badge_external_backpacks`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`issuer_id`) REFERENCES `oauth2_issuers`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE UNIQUE INDEX `idx_oauth_authorizations_state` ON `oauth_authorizations` (`state_hash`);--> statement-breakpoint
CREATE INDEX `idx_oauth_authorizations_expires` ON `oauth_authorizations` (`expires_at`);--> statement-breakpoint
CREATE TABLE `badge_external_backpacks` (
	`id` text PRIMARY KEY NOT NULL,
	`name` text NOT NULL,
	`api_version` text NOT NULL,
	`backpack_api_url` text NOT NULL,
	`backpack_web_url` text NOT NULL,
	`oauth2_issuer_id` text,
	`sort_order` integer DEFAULT 0 NOT NULL,
	`image_url` text,
	`provider` text,
	`is_enabled` integer DEFAULT true NOT NULL,
	`auto_sync_default` integer DEFAULT true NOT NULL,
	`last_probe` text,
	`last_probe_at` integer,
	`created_at` integer DEFAULT (cast(unixepoch('subsec') * 1000 as integer)) NOT NULL,
	`updated_at` integer NOT NULL,
	FOREIGN KEY (`oauth2_issuer_id`) REFERENCES `oauth2_issuers`(`id`) ON UPDATE no action ON DELETE no action,
	CONSTRAINT "api_version_valid_enum" CHECK(api_version in ('v2p1', 'v2', 'v1'))
);
--> statement-breakpoint
CREATE UNIQUE INDEX `idx_badge_external_backpacks_api` ON `badge_external_backpacks` (`backpack_api_url`);--> statement-breakpoint
CREATE UNIQUE INDEX `idx_badge_external_backpacks_web` ON `badge_external_backpacks` (`backpack_web_url`);--> statement-breakpoint
CREATE INDEX `idx_badge_external_backpacks_order` ON `badge_external_backpacks` (`sort_order`);--> statement-breakpoint
CREATE TABLE `badge_backpacks` (
	`id` text PRIMARY KEY NOT NULL,
	`user_id` text NOT NULL,
	`external_backpack_id` text NOT NULL,
	`auto_sync` integer DEFAULT false NOT NULL,
	`email` text,
	`backpack_uid` text,
	`password` text,
	`status` text DEFAULT 'connected' NOT NULL,
	`problem` text,
	`connected_at` integer NOT NULL,
	`pulled_since` integer,
	`last_pulled_at` integer,
	`last_pull_problem` text,
	`created_at` integer DEFAULT (cast(unixepoch('subsec') * 1000 as integer)) NOT NULL,
	`updated_at` integer NOT NULL,
	FOREIGN KEY (`user_id`) REFERENCES `users`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`external_backpack_id`) REFERENCES `badge_external_backpacks`(`id`) ON UPDATE no action ON DELETE no action,
	CONSTRAINT "status_valid_enum" CHECK(status in ('connected', 'reconnect'))
);
--> statement-breakpoint
CREATE UNIQUE INDEX `idx_badge_backpacks_user_backpack` ON `badge_backpacks` (`user_id`,`external_backpack_id`);--> statement-breakpoint
CREATE INDEX `idx_badge_backpacks_backpack` ON `badge_backpacks` (`external_backpack_id`);--> statement-breakpoint
CREATE TABLE `badge_backpack_oauth2s` (
	`id` text PRIMARY KEY NOT NULL,
	`user_id` text NOT NULL,
	`external_backpack_id` text NOT NULL,
	`issuer_id` text NOT NULL,
	`connection_id` text NOT NULL,
	`token` text NOT NULL,
	`refresh_token` text DEFAULT '' NOT NULL,
	`expires` integer,
	`scope` text NOT NULL,
	`generation` integer DEFAULT 1 NOT NULL,
	`refresh_lease_until` integer,
	`refresh_lease_holder` text,
	`created_at` integer DEFAULT (cast(unixepoch('subsec') * 1000 as integer)) NOT NULL,
	`updated_at` integer NOT NULL,
	FOREIGN KEY (`user_id`) REFERENCES `users`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`external_backpack_id`) REFERENCES `badge_external_backpacks`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`issuer_id`) REFERENCES `oauth2_issuers`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`connection_id`) REFERENCES `badge_backpacks`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE UNIQUE INDEX `idx_badge_backpack_oauth2s_connection` ON `badge_backpack_oauth2s` (`connection_id`);--> statement-breakpoint
CREATE UNIQUE INDEX `idx_badge_backpack_oauth2s_user_backpack` ON `badge_backpack_oauth2s` (`user_id`,`external_backpack_id`);--> statement-breakpoint
CREATE TABLE `backpack_events` (
	`id` text PRIMARY KEY NOT NULL,
	`connection_id` text NOT NULL,
	`delivery_id` text,
	`kind` text NOT NULL,
	`detail` text,
	`created_at` integer DEFAULT (cast(unixepoch('subsec') * 1000 as integer)) NOT NULL,
	FOREIGN KEY (`connection_id`) REFERENCES `badge_backpacks`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `idx_backpack_events_connection` ON `backpack_events` (`connection_id`,`id`);--> statement-breakpoint
CREATE TABLE `deliveries` (
	`id` text PRIMARY KEY NOT NULL,
	`award_id` text NOT NULL,
	`connection_id` text NOT NULL,
	`organization_id` text NOT NULL,
	`user_id` text NOT NULL,
	`state` text DEFAULT 'pending' NOT NULL,
	`delivered_revision` integer,
	`remote_id` text,
	`attempts` integer DEFAULT 0 NOT NULL,
	`first_attempt_at` integer,
	`next_try_at` integer,
	`lease_until` integer,
	`fence` integer DEFAULT 0 NOT NULL,
	`last_problem` text,
	`last_answer` text,
	`delivered_at` integer,
	`created_at` integer DEFAULT (cast(unixepoch('subsec') * 1000 as integer)) NOT NULL,
	`updated_at` integer NOT NULL,
	FOREIGN KEY (`award_id`) REFERENCES `badge_issues`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`connection_id`) REFERENCES `badge_backpacks`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`organization_id`) REFERENCES `organizations`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`user_id`) REFERENCES `users`(`id`) ON UPDATE no action ON DELETE no action,
	CONSTRAINT "state_valid_enum" CHECK(state in ('pending', 'sending', 'unknown', 'delivered', 'refused', 'parked', 'withdrawn'))
);
--> statement-breakpoint
CREATE UNIQUE INDEX `idx_deliveries_award_connection` ON `deliveries` (`award_id`,`connection_id`);--> statement-breakpoint
CREATE INDEX `idx_deliveries_connection` ON `deliveries` (`connection_id`,`id`);--> statement-breakpoint
CREATE INDEX `idx_deliveries_due` ON `deliveries` (`next_try_at`) WHERE next_try_at is not null;--> statement-breakpoint
CREATE INDEX `idx_deliveries_state` ON `deliveries` (`state`,`updated_at`);--> statement-breakpoint
CREATE TABLE `outbound_hosts` (
	`host` text PRIMARY KEY NOT NULL,
	`consecutive_failures` integer DEFAULT 0 NOT NULL,
	`open_until` integer,
	`last_problem` text,
	`last_success_at` integer,
	`last_failure_at` integer,
	`updated_at` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `badge_externals` (
	`id` text PRIMARY KEY NOT NULL,
	`backpack_id` text NOT NULL,
	`collection_id` text DEFAULT '-1' NOT NULL,
	`collection_name` text,
	`entity_id` text NOT NULL,
	`assertion` text NOT NULL,
	`jws` text,
	`canonical_id` text NOT NULL,
	`name` text,
	`issuer_name` text,
	`image_url` text,
	`issued_on` integer,
	`verdict` text NOT NULL,
	`verdict_detail` text,
	`is_theirs` integer NOT NULL,
	`checked_at` integer NOT NULL,
	`created_at` integer DEFAULT (cast(unixepoch('subsec') * 1000 as integer)) NOT NULL,
	`updated_at` integer NOT NULL,
	FOREIGN KEY (`backpack_id`) REFERENCES `badge_backpacks`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE UNIQUE INDEX `idx_badge_externals_entity` ON `badge_externals` (`backpack_id`,`collection_id`,`entity_id`);--> statement-breakpoint
CREATE INDEX `idx_badge_externals_canonical` ON `badge_externals` (`canonical_id`);--> statement-breakpoint
CREATE TABLE `badge_external_identifiers` (
	`id` text PRIMARY KEY NOT NULL,
	`site_backpack_id` text NOT NULL,
	`internal_id` text NOT NULL,
	`external_id` text NOT NULL,
	`type` text NOT NULL,
	`created_at` integer DEFAULT (cast(unixepoch('subsec') * 1000 as integer)) NOT NULL,
	FOREIGN KEY (`site_backpack_id`) REFERENCES `badge_external_backpacks`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE UNIQUE INDEX `idx_badge_external_identifiers_unique` ON `badge_external_identifiers` (`site_backpack_id`,`internal_id`,`external_id`,`type`);--> statement-breakpoint
CREATE TABLE `authorization_records` (
	`kind` text NOT NULL,
	`id` text NOT NULL,
	`payload` text NOT NULL,
	`sealed` text,
	`grant_id` text,
	`uid` text,
	`user_id` text,
	`client_id` text,
	`consumed_at` integer,
	`revoked` integer DEFAULT false NOT NULL,
	`expires_at` integer,
	`created_at` integer DEFAULT (cast(unixepoch('subsec') * 1000 as integer)) NOT NULL,
	PRIMARY KEY(`kind`, `id`)
);
--> statement-breakpoint
CREATE INDEX `idx_authorization_records_grant` ON `authorization_records` (`grant_id`);--> statement-breakpoint
CREATE INDEX `idx_authorization_records_uid` ON `authorization_records` (`kind`,`uid`);--> statement-breakpoint
CREATE INDEX `idx_authorization_records_user` ON `authorization_records` (`user_id`,`kind`);--> statement-breakpoint
CREATE INDEX `idx_authorization_records_expires` ON `authorization_records` (`expires_at`);--> statement-breakpoint
CREATE TABLE `hosted_badges` (
	`id` text PRIMARY KEY NOT NULL,
	`user_id` text NOT NULL,
	`assertion_id` text NOT NULL,
	`document` text NOT NULL,
	`jws` text,
	`name` text,
	`issuer_name` text,
	`verdict` text NOT NULL,
	`verdict_detail` text,
	`identity_id` text NOT NULL,
	`client_id` text NOT NULL,
	`checked_at` integer NOT NULL,
	`created_at` integer DEFAULT (cast(unixepoch('subsec') * 1000 as integer)) NOT NULL,
	`updated_at` integer NOT NULL,
	FOREIGN KEY (`user_id`) REFERENCES `users`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`identity_id`) REFERENCES `identities`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE UNIQUE INDEX `idx_hosted_badges_user_assertion` ON `hosted_badges` (`user_id`,`assertion_id`);--> statement-breakpoint
CREATE INDEX `idx_hosted_badges_order` ON `hosted_badges` (`user_id`,`updated_at`,`id`);--> statement-breakpoint
CREATE TABLE `demo_mails` (
	`id` text PRIMARY KEY NOT NULL,
	`to_address` text NOT NULL,
	`subject` text NOT NULL,
	`text` text NOT NULL,
	`html` text,
	`attachments` text DEFAULT '[]' NOT NULL,
	`created_at` integer DEFAULT (cast(unixepoch('subsec') * 1000 as integer)) NOT NULL
);
--> statement-breakpoint
CREATE TABLE `oidc_sign_ins` (
	`id` text PRIMARY KEY NOT NULL,
	`state_hash` text NOT NULL,
	`browser_hash` text NOT NULL,
	`secrets_sealed` text NOT NULL,
	`next` text,
	`created_at` integer DEFAULT (cast(unixepoch('subsec') * 1000 as integer)) NOT NULL,
	`expires_at` integer NOT NULL,
	`consumed_at` integer
);
--> statement-breakpoint
CREATE UNIQUE INDEX `idx_oidc_sign_ins_state` ON `oidc_sign_ins` (`state_hash`);--> statement-breakpoint
CREATE INDEX `idx_oidc_sign_ins_expires` ON `oidc_sign_ins` (`expires_at`);--> statement-breakpoint
CREATE TABLE `oidc_subjects` (
	`issuer` text NOT NULL,
	`subject` text NOT NULL,
	`user_id` text NOT NULL,
	`created_at` integer DEFAULT (cast(unixepoch('subsec') * 1000 as integer)) NOT NULL,
	PRIMARY KEY(`issuer`, `subject`),
	FOREIGN KEY (`user_id`) REFERENCES `users`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `idx_oidc_subjects_user` ON `oidc_subjects` (`user_id`);--> statement-breakpoint
CREATE TABLE `rate_limits` (
	`key` text PRIMARY KEY NOT NULL,
	`count` integer NOT NULL,
	`resets_at` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `idx_rate_limits_resets` ON `rate_limits` (`resets_at`);--> statement-breakpoint
CREATE TABLE `sessions` (
	`id` text PRIMARY KEY NOT NULL,
	`token_hash` text NOT NULL,
	`user_id` text NOT NULL,
	`method` text NOT NULL,
	`user_agent` text,
	`created_at` integer DEFAULT (cast(unixepoch('subsec') * 1000 as integer)) NOT NULL,
	`last_seen_at` integer NOT NULL,
	`expires_at` integer NOT NULL,
	`ended_at` integer,
	FOREIGN KEY (`user_id`) REFERENCES `users`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE UNIQUE INDEX `idx_sessions_token` ON `sessions` (`token_hash`);--> statement-breakpoint
CREATE INDEX `idx_sessions_user` ON `sessions` (`user_id`,`created_at`);--> statement-breakpoint
CREATE INDEX `idx_sessions_expires` ON `sessions` (`expires_at`);--> statement-breakpoint
CREATE TABLE `sign_in_links` (
	`id` text PRIMARY KEY NOT NULL,
	`token_hash` text NOT NULL,
	`code_hash` text NOT NULL,
	`purpose` text NOT NULL,
	`email` text NOT NULL,
	`normalised` text NOT NULL,
	`user_id` text,
	`browser_hash` text NOT NULL,
	`next` text,
	`attempts` integer DEFAULT 0 NOT NULL,
	`created_at` integer DEFAULT (cast(unixepoch('subsec') * 1000 as integer)) NOT NULL,
	`expires_at` integer NOT NULL,
	`consumed_at` integer,
	FOREIGN KEY (`user_id`) REFERENCES `users`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE UNIQUE INDEX `idx_sign_in_links_token` ON `sign_in_links` (`token_hash`);--> statement-breakpoint
CREATE INDEX `idx_sign_in_links_browser` ON `sign_in_links` (`browser_hash`);--> statement-breakpoint
CREATE INDEX `idx_sign_in_links_expires` ON `sign_in_links` (`expires_at`);--> statement-breakpoint
ALTER TABLE `users` ADD `is_site_administrator` integer DEFAULT false NOT NULL;