CREATE TABLE `claim_codes` (
	`id` text PRIMARY KEY NOT NULL,
	`organization_id` text NOT NULL,
	`badge_id` text NOT NULL,
	`code_hash` text NOT NULL,
	`hint` text NOT NULL,
	`label` text DEFAULT '' NOT NULL,
	`max_claims` integer,
	`claims` integer DEFAULT 0 NOT NULL,
	`expires_at` integer,
	`revoked_at` integer,
	`created_by_id` text,
	`created_at` integer DEFAULT (cast(unixepoch('subsec') * 1000 as integer)) NOT NULL,
	FOREIGN KEY (`organization_id`) REFERENCES `organizations`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`badge_id`) REFERENCES `badges`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`created_by_id`) REFERENCES `users`(`id`) ON UPDATE no action ON DELETE no action,
	CONSTRAINT "claims_within_limit" CHECK(max_claims is null or claims <= max_claims)
);
--> statement-breakpoint
CREATE UNIQUE INDEX `idx_claim_codes_hash` ON `claim_codes` (`code_hash`);--> statement-breakpoint
CREATE INDEX `idx_claim_codes_organization` ON `claim_codes` (`organization_id`,`id`);--> statement-breakpoint
CREATE TABLE `claims` (
	`claim_code_id` text NOT NULL,
	`user_id` text NOT NULL,
	`award_id` text NOT NULL,
	`claimed_at` integer NOT NULL,
	PRIMARY KEY(`claim_code_id`, `user_id`),
	FOREIGN KEY (`claim_code_id`) REFERENCES `claim_codes`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`user_id`) REFERENCES `users`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`award_id`) REFERENCES `badge_issues`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE TABLE `badge_criterias` (
	`id` text PRIMARY KEY NOT NULL,
	`badge_id` text NOT NULL,
	`criteria_type` text NOT NULL,
	`method` integer DEFAULT 1 NOT NULL,
	`description` text DEFAULT '' NOT NULL,
	`description_format` integer DEFAULT 1 NOT NULL,
	`created_at` integer DEFAULT (cast(unixepoch('subsec') * 1000 as integer)) NOT NULL,
	FOREIGN KEY (`badge_id`) REFERENCES `badges`(`id`) ON UPDATE no action ON DELETE no action,
	CONSTRAINT "method_valid_enum" CHECK(method in (1, 2))
);
--> statement-breakpoint
CREATE UNIQUE INDEX `idx_badge_criterias_badge_type` ON `badge_criterias` (`badge_id`,`criteria_type`);--> statement-breakpoint
CREATE INDEX `idx_badge_criterias_type` ON `badge_criterias` (`criteria_type`);--> statement-breakpoint
CREATE TABLE `badge_criteria_mets` (
	`id` text GENERATED ALWAYS AS (crit_id || ':' || user_id) VIRTUAL,
	`crit_id` text NOT NULL,
	`user_id` text NOT NULL,
	`organization_id` text NOT NULL,
	`date_met` integer NOT NULL,
	`issued_id` text,
	PRIMARY KEY(`crit_id`, `user_id`)
) WITHOUT ROWID;
--> statement-breakpoint
CREATE TABLE `badge_criteria_params` (
	`id` text PRIMARY KEY NOT NULL,
	`crit_id` text NOT NULL,
	`name` text NOT NULL,
	`value` text NOT NULL,
	FOREIGN KEY (`crit_id`) REFERENCES `badge_criterias`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE UNIQUE INDEX `idx_badge_criteria_params_name` ON `badge_criteria_params` (`crit_id`,`name`);--> statement-breakpoint
CREATE TABLE `definition_versions` (
	`organization_id` text PRIMARY KEY NOT NULL,
	`version` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `badge_manual_awards` (
	`id` text PRIMARY KEY NOT NULL,
	`badge_id` text NOT NULL,
	`recipient_id` text NOT NULL,
	`issuer_id` text,
	`issuer_role` text NOT NULL,
	`date_met` integer NOT NULL,
	FOREIGN KEY (`badge_id`) REFERENCES `badges`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`recipient_id`) REFERENCES `users`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`issuer_id`) REFERENCES `users`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE UNIQUE INDEX `idx_badge_manual_awards_role` ON `badge_manual_awards` (`badge_id`,`recipient_id`,`issuer_role`);--> statement-breakpoint
CREATE TABLE `evaluations_due` (
	`organization_id` text NOT NULL,
	`user_id` text NOT NULL,
	`touched` integer DEFAULT 1 NOT NULL,
	PRIMARY KEY(`organization_id`, `user_id`)
) WITHOUT ROWID;
--> statement-breakpoint
CREATE TABLE `event_sources` (
	`id` text PRIMARY KEY NOT NULL,
	`organization_id` text NOT NULL,
	`name` text NOT NULL,
	`secret` text NOT NULL,
	`previous_secret` text,
	`previous_until` integer,
	`revoked_at` integer,
	`last_event_at` integer,
	`created_at` integer DEFAULT (cast(unixepoch('subsec') * 1000 as integer)) NOT NULL,
	FOREIGN KEY (`organization_id`) REFERENCES `organizations`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `idx_event_sources_organization` ON `event_sources` (`organization_id`);--> statement-breakpoint
CREATE TABLE `events` (
	`organization_id` text NOT NULL,
	`event_id` text NOT NULL,
	`user_id` text NOT NULL,
	`kind` text NOT NULL,
	`name` text NOT NULL,
	`quantity` integer NOT NULL,
	`occurred_at` integer NOT NULL,
	`day` integer NOT NULL,
	`detail` text,
	`created_at` integer DEFAULT (cast(unixepoch('subsec') * 1000 as integer)) NOT NULL,
	PRIMARY KEY(`organization_id`, `event_id`)
) WITHOUT ROWID;
--> statement-breakpoint
CREATE TABLE `facts` (
	`organization_id` text NOT NULL,
	`user_id` text NOT NULL,
	`kind` text NOT NULL,
	`key` text NOT NULL,
	`starts_at` integer NOT NULL,
	`ends_at` integer,
	`grade` integer,
	`updated_at` integer NOT NULL,
	PRIMARY KEY(`organization_id`, `kind`, `key`, `user_id`, `starts_at`)
) WITHOUT ROWID;
--> statement-breakpoint
CREATE INDEX `idx_facts_user` ON `facts` (`organization_id`,`user_id`);--> statement-breakpoint
CREATE TABLE `metric_days` (
	`organization_id` text NOT NULL,
	`metric` text NOT NULL,
	`user_id` text NOT NULL,
	`day` integer NOT NULL,
	`count` integer NOT NULL,
	`total` integer NOT NULL,
	PRIMARY KEY(`organization_id`, `metric`, `user_id`, `day`)
) WITHOUT ROWID;
--> statement-breakpoint
CREATE TABLE `metric_totals` (
	`organization_id` text NOT NULL,
	`metric` text NOT NULL,
	`user_id` text NOT NULL,
	`count` integer NOT NULL,
	`total` integer NOT NULL,
	`updated_at` integer NOT NULL,
	PRIMARY KEY(`organization_id`, `metric`, `user_id`)
) WITHOUT ROWID;
--> statement-breakpoint
CREATE TABLE `metrics` (
	`organization_id` text NOT NULL,
	`name` text NOT NULL,
	`kind` text NOT NULL,
	`label` text NOT NULL,
	`created_at` integer DEFAULT (cast(unixepoch('subsec') * 1000 as integer)) NOT NULL,
	PRIMARY KEY(`organization_id`, `name`),
	FOREIGN KEY (`organization_id`) REFERENCES `organizations`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE TABLE `import_rows` (
	`import_id` text NOT NULL,
	`line` integer NOT NULL,
	`values` text NOT NULL,
	`outcome` text,
	`code` text,
	`detail` text,
	`award_id` text,
	PRIMARY KEY(`import_id`, `line`)
) WITHOUT ROWID;
--> statement-breakpoint
CREATE TABLE `imports` (
	`id` text PRIMARY KEY NOT NULL,
	`organization_id` text NOT NULL,
	`actor_kind` text NOT NULL,
	`actor_id` text,
	`badge_id` text,
	`file_name` text NOT NULL,
	`dry_run` integer NOT NULL,
	`state` text DEFAULT 'waiting' NOT NULL,
	`reading` text NOT NULL,
	`rows` integer NOT NULL,
	`done_line` integer DEFAULT 0 NOT NULL,
	`awarded` integer DEFAULT 0 NOT NULL,
	`held` integer DEFAULT 0 NOT NULL,
	`refused` integer DEFAULT 0 NOT NULL,
	`created_at` integer DEFAULT (cast(unixepoch('subsec') * 1000 as integer)) NOT NULL,
	`finished_at` integer,
	FOREIGN KEY (`organization_id`) REFERENCES `organizations`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`badge_id`) REFERENCES `badges`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `idx_imports_organization` ON `imports` (`organization_id`,`id`);--> statement-breakpoint
CREATE TABLE `nominations` (
	`id` text PRIMARY KEY NOT NULL,
	`organization_id` text NOT NULL,
	`badge_id` text NOT NULL,
	`nominee_id` text NOT NULL,
	`nominator_id` text,
	`reason` text NOT NULL,
	`evidence` text,
	`state` text DEFAULT 'pending' NOT NULL,
	`decided_by_id` text,
	`decided_at` integer,
	`decision_note` text,
	`award_id` text,
	`created_at` integer DEFAULT (cast(unixepoch('subsec') * 1000 as integer)) NOT NULL,
	`updated_at` integer NOT NULL,
	FOREIGN KEY (`organization_id`) REFERENCES `organizations`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`badge_id`) REFERENCES `badges`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`nominee_id`) REFERENCES `users`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`nominator_id`) REFERENCES `users`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`decided_by_id`) REFERENCES `users`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`award_id`) REFERENCES `badge_issues`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE UNIQUE INDEX `idx_nominations_pending` ON `nominations` (`badge_id`,`nominee_id`) WHERE state = 'pending';--> statement-breakpoint
CREATE INDEX `idx_nominations_organization` ON `nominations` (`organization_id`,`state`,`id`);--> statement-breakpoint
CREATE INDEX `idx_nominations_nominee` ON `nominations` (`nominee_id`);--> statement-breakpoint
CREATE TABLE `mail_templates` (
	`id` text PRIMARY KEY NOT NULL,
	`organization_id` text NOT NULL,
	`kind` text NOT NULL,
	`language` text NOT NULL,
	`subject` text NOT NULL,
	`body` text NOT NULL,
	`updated_at` integer NOT NULL,
	FOREIGN KEY (`organization_id`) REFERENCES `organizations`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `idx_mail_templates_organization` ON `mail_templates` (`organization_id`,`kind`,`language`);--> statement-breakpoint
CREATE TABLE `notifications` (
	`kind` text NOT NULL,
	`subject_id` text NOT NULL,
	`organization_id` text NOT NULL,
	`state` text DEFAULT 'waiting' NOT NULL,
	`due_at` integer NOT NULL,
	`attempts` integer DEFAULT 0 NOT NULL,
	`sent_at` integer,
	`last_error` text,
	`created_at` integer NOT NULL,
	PRIMARY KEY(`kind`, `subject_id`)
) WITHOUT ROWID;
--> statement-breakpoint
CREATE INDEX `idx_notifications_due` ON `notifications` (`due_at`) WHERE state = 'waiting';--> statement-breakpoint
CREATE INDEX `idx_notifications_organization` ON `notifications` (`organization_id`,`created_at`);--> statement-breakpoint
CREATE TABLE `tombstones` (
	`id` text PRIMARY KEY NOT NULL,
	`kind` text NOT NULL,
	`organization_id` text NOT NULL,
	`purged_at` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `idx_tombstones_organization` ON `tombstones` (`organization_id`,`purged_at`);--> statement-breakpoint
CREATE TABLE `webhook_deliveries` (
	`id` text PRIMARY KEY NOT NULL,
	`endpoint_id` text NOT NULL,
	`organization_id` text NOT NULL,
	`message_id` text NOT NULL,
	`type` text NOT NULL,
	`data` text NOT NULL,
	`occurred_at` integer NOT NULL,
	`state` text DEFAULT 'waiting' NOT NULL,
	`attempts` integer DEFAULT 0 NOT NULL,
	`due_at` integer NOT NULL,
	`delivered_at` integer,
	`last_status` integer,
	`last_error` text,
	`created_at` integer DEFAULT (cast(unixepoch('subsec') * 1000 as integer)) NOT NULL,
	FOREIGN KEY (`endpoint_id`) REFERENCES `webhook_endpoints`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE UNIQUE INDEX `idx_webhook_deliveries_message` ON `webhook_deliveries` (`endpoint_id`,`message_id`);--> statement-breakpoint
CREATE INDEX `idx_webhook_deliveries_organization` ON `webhook_deliveries` (`organization_id`,`id`);--> statement-breakpoint
CREATE INDEX `idx_webhook_deliveries_due` ON `webhook_deliveries` (`endpoint_id`,`due_at`) WHERE state = 'waiting';--> statement-breakpoint
CREATE TABLE `webhook_endpoints` (
	`id` text PRIMARY KEY NOT NULL,
	`organization_id` text NOT NULL,
	`url` text NOT NULL,
	`description` text DEFAULT '' NOT NULL,
	`events` text NOT NULL,
	`secret` text NOT NULL,
	`previous_secret` text,
	`previous_until` integer,
	`disabled_at` integer,
	`failing_since` integer,
	`created_at` integer DEFAULT (cast(unixepoch('subsec') * 1000 as integer)) NOT NULL,
	`updated_at` integer NOT NULL,
	FOREIGN KEY (`organization_id`) REFERENCES `organizations`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `idx_webhook_endpoints_organization` ON `webhook_endpoints` (`organization_id`);--> statement-breakpoint
ALTER TABLE `badges` ADD `is_renewable` integer DEFAULT false NOT NULL;
--> statement-breakpoint
-- Whoever keeps definitions in memory asks for this number first.
CREATE TRIGGER `definitions_badges_insert` AFTER INSERT ON `badges`
BEGIN
  INSERT INTO definition_versions (organization_id, version) SELECT NEW.organization_id, 1 WHERE true
  ON CONFLICT (organization_id) DO UPDATE SET version = version + 1;
END;
--> statement-breakpoint
CREATE TRIGGER `definitions_criterias_insert` AFTER INSERT ON `badge_criterias`
BEGIN
  INSERT INTO definition_versions (organization_id, version) SELECT organization_id, 1 FROM badges WHERE id = NEW.badge_id
  ON CONFLICT (organization_id) DO UPDATE SET version = version + 1;
END;
--> statement-breakpoint
CREATE TRIGGER `definitions_params_insert` AFTER INSERT ON `badge_criteria_params`
BEGIN
  INSERT INTO definition_versions (organization_id, version) SELECT badges.organization_id, 1 FROM badges
    JOIN badge_criterias ON badge_criterias.badge_id = badges.id WHERE badge_criterias.id = NEW.crit_id
  ON CONFLICT (organization_id) DO UPDATE SET version = version + 1;
END;
--> statement-breakpoint
CREATE TRIGGER `definitions_tiers_insert` AFTER INSERT ON `badge_tiers`
BEGIN
  INSERT INTO definition_versions (organization_id, version) SELECT organization_id, 1 FROM badges WHERE id = NEW.badge_id
  ON CONFLICT (organization_id) DO UPDATE SET version = version + 1;
END;
--> statement-breakpoint
CREATE TRIGGER `definitions_badges_update` AFTER UPDATE ON `badges`
BEGIN
  INSERT INTO definition_versions (organization_id, version) SELECT NEW.organization_id, 1 WHERE true
  ON CONFLICT (organization_id) DO UPDATE SET version = version + 1;
END;
--> statement-breakpoint
CREATE TRIGGER `definitions_criterias_update` AFTER UPDATE ON `badge_criterias`
BEGIN
  INSERT INTO definition_versions (organization_id, version) SELECT organization_id, 1 FROM badges WHERE id = NEW.badge_id
  ON CONFLICT (organization_id) DO UPDATE SET version = version + 1;
END;
--> statement-breakpoint
CREATE TRIGGER `definitions_params_update` AFTER UPDATE ON `badge_criteria_params`
BEGIN
  INSERT INTO definition_versions (organization_id, version) SELECT badges.organization_id, 1 FROM badges
    JOIN badge_criterias ON badge_criterias.badge_id = badges.id WHERE badge_criterias.id = NEW.crit_id
  ON CONFLICT (organization_id) DO UPDATE SET version = version + 1;
END;
--> statement-breakpoint
CREATE TRIGGER `definitions_tiers_update` AFTER UPDATE ON `badge_tiers`
BEGIN
  INSERT INTO definition_versions (organization_id, version) SELECT organization_id, 1 FROM badges WHERE id = NEW.badge_id
  ON CONFLICT (organization_id) DO UPDATE SET version = version + 1;
END;
--> statement-breakpoint
CREATE TRIGGER `definitions_badges_delete` AFTER DELETE ON `badges`
BEGIN
  INSERT INTO definition_versions (organization_id, version) SELECT OLD.organization_id, 1 WHERE true
  ON CONFLICT (organization_id) DO UPDATE SET version = version + 1;
END;
--> statement-breakpoint
CREATE TRIGGER `definitions_criterias_delete` AFTER DELETE ON `badge_criterias`
BEGIN
  INSERT INTO definition_versions (organization_id, version) SELECT organization_id, 1 FROM badges WHERE id = OLD.badge_id
  ON CONFLICT (organization_id) DO UPDATE SET version = version + 1;
END;
--> statement-breakpoint
CREATE TRIGGER `definitions_params_delete` AFTER DELETE ON `badge_criteria_params`
BEGIN
  INSERT INTO definition_versions (organization_id, version) SELECT badges.organization_id, 1 FROM badges
    JOIN badge_criterias ON badge_criterias.badge_id = badges.id WHERE badge_criterias.id = OLD.crit_id
  ON CONFLICT (organization_id) DO UPDATE SET version = version + 1;
END;
--> statement-breakpoint
CREATE TRIGGER `definitions_tiers_delete` AFTER DELETE ON `badge_tiers`
BEGIN
  INSERT INTO definition_versions (organization_id, version) SELECT organization_id, 1 FROM badges WHERE id = OLD.badge_id
  ON CONFLICT (organization_id) DO UPDATE SET version = version + 1;
END;
--> statement-breakpoint
-- What a badge asks for, so far kept in its short forms, as rows. Ids keep the badge's time in front.
INSERT INTO badge_criterias (id, badge_id, criteria_type, method)
SELECT substr(id, 1, 24) || lower(hex(randomblob(6))), id, 'overall', 1 FROM badges;
--> statement-breakpoint
INSERT INTO badge_criterias (id, badge_id, criteria_type, method)
SELECT substr(id, 1, 24) || lower(hex(randomblob(6))), id,
  CASE WHEN criteria_type IS NOT NULL OR trigger_type = 'auto' THEN 'metric' ELSE 'manual' END,
  CASE WHEN criteria_type IS NOT NULL OR trigger_type = 'auto' THEN 1 ELSE 2 END
FROM badges;
--> statement-breakpoint
INSERT INTO badge_criteria_params (id, crit_id, name, value)
SELECT substr(badges.id, 1, 24) || lower(hex(randomblob(6))), badge_criterias.id, 'role_' || roles.value, roles.value
FROM badges JOIN badge_criterias ON badge_criterias.badge_id = badges.id AND badge_criterias.criteria_type = 'manual'
JOIN json_each('["coordinator","organization_administrator"]') roles;
--> statement-breakpoint
INSERT INTO badge_criteria_params (id, crit_id, name, value)
SELECT substr(badges.id, 1, 24) || lower(hex(randomblob(6))), badge_criterias.id,
  'metric_' || coalesce(badges.criteria_type, json_extract(trigger_condition_json, '$.metric')),
  coalesce(criteria_value, json_extract(trigger_condition_json, '$.threshold'), 1)
FROM badges JOIN badge_criterias ON badge_criterias.badge_id = badges.id AND badge_criterias.criteria_type = 'metric';
--> statement-breakpoint
INSERT INTO badge_criteria_params (id, crit_id, name, value)
SELECT substr(badges.id, 1, 24) || lower(hex(randomblob(6))), badge_criterias.id, 'unit_streak_length', 'day'
FROM badges JOIN badge_criterias ON badge_criterias.badge_id = badges.id AND badge_criterias.criteria_type = 'metric'
WHERE badges.criteria_type = 'streak_length';
--> statement-breakpoint
INSERT INTO badge_criteria_params (id, crit_id, name, value)
SELECT substr(badges.id, 1, 24) || lower(hex(randomblob(6))), badge_criterias.id,
  'window_' || json_extract(trigger_condition_json, '$.metric'), json_extract(trigger_condition_json, '$.window')
FROM badges JOIN badge_criterias ON badge_criterias.badge_id = badges.id AND badge_criterias.criteria_type = 'metric'
WHERE badges.criteria_type IS NULL AND json_extract(trigger_condition_json, '$.window') IS NOT NULL;
