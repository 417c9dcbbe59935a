DROP INDEX `idx_mail_templates_organization`;--> statement-breakpoint
CREATE UNIQUE INDEX `idx_mail_templates_organization` ON `mail_templates` (`organization_id`,`kind`,`language`);--> statement-breakpoint
DROP INDEX `idx_notifications_due`;--> statement-breakpoint
CREATE INDEX `idx_notifications_due` ON `notifications` (`organization_id`,`due_at`) WHERE state = 'waiting';--> statement-breakpoint
CREATE INDEX `idx_badge_next_cron` ON `badges` (`next_cron`) WHERE next_cron is not null;