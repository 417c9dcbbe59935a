-- Stored assertions move under a number, the first 52 bits of their hash: JSON5 reads hexadecimal,
-- and SQLite has no other function that does. Dropping the table leaves the triggers that name it.
DROP TRIGGER `badge_issues_changed`;--> statement-breakpoint
DROP TRIGGER `badge_issues_deleted`;--> statement-breakpoint
CREATE TABLE `__new_hosted_assertions` (
	`key` integer PRIMARY KEY NOT NULL,
	`unique_hash` text NOT NULL,
	`base` text NOT NULL,
	`etag` text NOT NULL,
	`body` text NOT NULL
);
--> statement-breakpoint
INSERT OR IGNORE INTO `__new_hosted_assertions`
SELECT ('0x' || substr(unique_hash, 1, 13)) ->> '$', unique_hash, base, etag, body FROM `hosted_assertions` ORDER BY 1;--> statement-breakpoint
DROP TABLE `hosted_assertions`;--> statement-breakpoint
ALTER TABLE `__new_hosted_assertions` RENAME TO `hosted_assertions`;--> statement-breakpoint
-- The stored assertion never outlives what it says: any change to its sources drops it, and the
-- higher revision keeps a slow reader from putting the old one back.
CREATE TRIGGER `badge_issues_changed` AFTER UPDATE OF `date_expire`, `evidence`, `narrative`, `revoked_at`, `revocation_reason`, `recipient_type`, `recipient_identity`, `recipient_salt` ON `badge_issues`
BEGIN
  DELETE FROM hosted_assertions
  WHERE key = ('0x' || substr(NEW.unique_hash, 1, 13)) ->> '$' AND unique_hash = NEW.unique_hash;
  UPDATE badge_issues SET revision = OLD.revision + 1 WHERE id = NEW.id;
END;
--> statement-breakpoint
CREATE TRIGGER `badge_issues_deleted` AFTER DELETE ON `badge_issues`
BEGIN
  DELETE FROM hosted_assertions
  WHERE key = ('0x' || substr(OLD.unique_hash, 1, 13)) ->> '$' AND unique_hash = OLD.unique_hash;
END;
