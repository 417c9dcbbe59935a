DROP INDEX `idx_webhook_deliveries_organization`;--> statement-breakpoint
ALTER TABLE `webhook_deliveries` ADD `resent_at` integer;--> statement-breakpoint
ALTER TABLE `webhook_deliveries` ADD `last_attempt_at` integer;--> statement-breakpoint
CREATE INDEX `idx_webhook_deliveries_endpoint` ON `webhook_deliveries` (`endpoint_id`,`id`);--> statement-breakpoint
CREATE INDEX `idx_webhook_deliveries_parked` ON `webhook_deliveries` (`endpoint_id`,`id`) WHERE state = 'parked';--> statement-breakpoint
ALTER TABLE `webhook_endpoints` ADD `disabled_reason` text;--> statement-breakpoint
ALTER TABLE `webhook_endpoints` ADD `failures` integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE `webhook_endpoints` ADD `rests_until` integer;--> statement-breakpoint
ALTER TABLE `webhook_endpoints` ADD `deleted_at` integer;--> statement-breakpoint
CREATE INDEX `idx_user_badges_date_expire` ON `badge_issues` (`date_expire`,`id`) WHERE date_expire is not null and revoked_at is null;