CREATE INDEX `idx_user_badges_superseded_by` ON `badge_issues` (`superseded_by`) WHERE superseded_by is not null;--> statement-breakpoint
CREATE INDEX `idx_badge_previous_version` ON `badges` (`previous_version_id`) WHERE previous_version_id is not null;--> statement-breakpoint
CREATE INDEX `idx_claims_award` ON `claims` (`award_id`);--> statement-breakpoint
CREATE INDEX `idx_nominations_award` ON `nominations` (`award_id`) WHERE award_id is not null;