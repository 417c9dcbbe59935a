CREATE TABLE `profile_slugs` (
	`slug` text PRIMARY KEY NOT NULL,
	`user_id` text NOT NULL,
	`created_at` integer DEFAULT (cast(unixepoch('subsec') * 1000 as integer)) NOT NULL,
	FOREIGN KEY (`user_id`) REFERENCES `users`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `idx_profile_slugs_user` ON `profile_slugs` (`user_id`);--> statement-breakpoint
CREATE TABLE `profiles` (
	`user_id` text PRIMARY KEY NOT NULL,
	`slug` text NOT NULL,
	`name` text NOT NULL,
	`is_public` integer DEFAULT false NOT NULL,
	`is_indexed` integer DEFAULT false NOT NULL,
	`is_listed` integer DEFAULT false NOT NULL,
	`created_at` integer DEFAULT (cast(unixepoch('subsec') * 1000 as integer)) NOT NULL,
	`updated_at` integer NOT NULL,
	FOREIGN KEY (`user_id`) REFERENCES `users`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE UNIQUE INDEX `idx_profiles_slug` ON `profiles` (`slug`);--> statement-breakpoint
CREATE INDEX `idx_profiles_listed` ON `profiles` (`user_id`) WHERE is_listed and is_public;--> statement-breakpoint
CREATE INDEX `idx_user_badges_declined` ON `badge_issues` (`organization_id`,`id`) WHERE claim_state = 'declined' and revoked_at is null;