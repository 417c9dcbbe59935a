ALTER TABLE `badge_issues` ADD `is_withheld` integer DEFAULT false NOT NULL;--> statement-breakpoint
-- What was revoked so far was taken back for good.
UPDATE `badge_issues` SET `is_withheld` = 1 WHERE `revoked_at` IS NOT NULL AND `superseded_by` IS NULL;
