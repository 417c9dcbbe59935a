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
	`id` text PRIMARY KEY NOT NULL,
	`crit_id` text NOT NULL,
	`user_id` text NOT NULL,
	`organization_id` text NOT NULL,
	`date_met` integer NOT NULL,
	`issued_id` text,
	FOREIGN KEY (`crit_id`) REFERENCES `badge_criterias`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`user_id`) REFERENCES `users`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`organization_id`) REFERENCES `organizations`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`issued_id`) REFERENCES `badge_issues`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE UNIQUE INDEX `idx_badge_criteria_mets_user` ON `badge_criteria_mets` (`crit_id`,`user_id`);--> statement-breakpoint
CREATE INDEX `idx_badge_criteria_mets_person` ON `badge_criteria_mets` (`organization_id`,`user_id`);--> statement-breakpoint
CREATE TABLE `badge_criteria_params` (
	`id` text PRIMARY KEY NOT NULL,
	`crit_id` text NOT NULL,
	`name` text NOT NULL,
	`value` text NOT NULL,
	FOREIGN KEY (`crit_id`) REFERENCES `badge_criterias`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE UNIQUE INDEX `idx_badge_criteria_params_name` ON `badge_criteria_params` (`crit_id`,`name`);--> statement-breakpoint
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
	`digest` text NOT NULL,
	`created_at` integer DEFAULT (cast(unixepoch('subsec') * 1000 as integer)) NOT NULL,
	PRIMARY KEY(`organization_id`, `event_id`),
	FOREIGN KEY (`organization_id`) REFERENCES `organizations`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`user_id`) REFERENCES `users`(`id`) ON UPDATE no action ON DELETE no action
);
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
);
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
);
--> statement-breakpoint
CREATE TABLE `metric_totals` (
	`organization_id` text NOT NULL,
	`metric` text NOT NULL,
	`user_id` text NOT NULL,
	`count` integer NOT NULL,
	`total` integer NOT NULL,
	`updated_at` integer NOT NULL,
	PRIMARY KEY(`organization_id`, `metric`, `user_id`)
);
--> statement-breakpoint
CREATE INDEX `idx_metric_totals_user` ON `metric_totals` (`organization_id`,`user_id`);--> statement-breakpoint
CREATE TABLE `metrics` (
	`organization_id` text NOT NULL,
	`name` text NOT NULL,
	`kind` text NOT NULL,
	`label` text NOT NULL,
	`created_at` integer DEFAULT (cast(unixepoch('subsec') * 1000 as integer)) NOT NULL,
	PRIMARY KEY(`organization_id`, `name`),
	FOREIGN KEY (`organization_id`) REFERENCES `organizations`(`id`) ON UPDATE no action ON DELETE no action
);
