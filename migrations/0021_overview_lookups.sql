CREATE TABLE `setup_links` (
	`id` text PRIMARY KEY NOT NULL,
	`token_hash` text NOT NULL,
	`created_at` integer DEFAULT (cast(unixepoch('subsec') * 1000 as integer)) NOT NULL,
	`expires_at` integer NOT NULL,
	`consumed_at` integer
);
--> statement-breakpoint
CREATE UNIQUE INDEX `idx_setup_links_token` ON `setup_links` (`token_hash`);--> statement-breakpoint
CREATE INDEX `idx_user_badges_to_renew` ON `badge_issues` (`organization_id`,`date_expire`,`id`) WHERE date_expire is not null and revoked_at is null and superseded_by is null;--> statement-breakpoint
CREATE INDEX `idx_deliveries_failed` ON `deliveries` (`organization_id`,`id`) WHERE state in ('parked', 'refused');--> statement-breakpoint
CREATE INDEX `idx_notifications_parked` ON `notifications` (`organization_id`,`created_at`) WHERE state = 'parked';--> statement-breakpoint
CREATE INDEX `idx_memberships_staff` ON `memberships` (`organization_id`,`id`) WHERE roles <> '["member"]';--> statement-breakpoint
CREATE INDEX `idx_memberships_not_active` ON `memberships` (`organization_id`,`id`) WHERE status <> 'active';--> statement-breakpoint
CREATE INDEX `idx_users_site_administrator` ON `users` (`is_site_administrator`) WHERE is_site_administrator = 1;