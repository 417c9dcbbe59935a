ALTER TABLE `jobs` ADD `lane` text DEFAULT '' NOT NULL;--> statement-breakpoint
CREATE INDEX `idx_jobs_lane` ON `jobs` (`lane`,`due_at`) WHERE done_at is null and parked_at is null;--> statement-breakpoint
CREATE INDEX `idx_jobs_held` ON `jobs` (`lane`,`lease_until`) WHERE lease_until is not null and done_at is null and parked_at is null;--> statement-breakpoint
CREATE INDEX `idx_deliveries_waiting` ON `deliveries` (`connection_id`,`next_try_at`) WHERE next_try_at is not null;