CREATE TABLE `evaluation_finds` (
	`evaluation_id` text NOT NULL,
	`user_id` text NOT NULL,
	`badge_id` text NOT NULL,
	`tier_level` integer NOT NULL,
	PRIMARY KEY(`evaluation_id`, `user_id`, `badge_id`, `tier_level`)
) WITHOUT ROWID;
--> statement-breakpoint
CREATE TABLE `evaluations` (
	`id` text PRIMARY KEY NOT NULL,
	`organization_id` text NOT NULL,
	`badge_id` text,
	`dry_run` integer NOT NULL,
	`reason` text NOT NULL,
	`state` text DEFAULT 'waiting' NOT NULL,
	`criterion_id` text DEFAULT '' NOT NULL,
	`after_user_id` text DEFAULT '' NOT NULL,
	`step` integer DEFAULT 0 NOT NULL,
	`people` integer DEFAULT 0 NOT NULL,
	`found` integer DEFAULT 0 NOT NULL,
	`awarded` integer DEFAULT 0 NOT NULL,
	`created_at` integer DEFAULT (cast(unixepoch('subsec') * 1000 as integer)) NOT NULL,
	`finished_at` integer,
	FOREIGN KEY (`organization_id`) REFERENCES `organizations`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `idx_evaluations_organization` ON `evaluations` (`organization_id`,`id`);--> statement-breakpoint
CREATE INDEX `idx_evaluations_open` ON `evaluations` (`organization_id`) WHERE state <> 'done';--> statement-breakpoint
CREATE INDEX `idx_badge_criteria_params_by_name` ON `badge_criteria_params` (`name`);--> statement-breakpoint
CREATE INDEX `idx_users_time_zone` ON `users` (`time_zone`) WHERE time_zone is not null;