-- Stored assertions are taken apart: what those of a badge have in common is stored once. What is
-- there already is carried over whole, as the own words of a form that is nothing but a hole.
DROP TRIGGER `badge_issues_changed`;--> statement-breakpoint
DROP TRIGGER `badge_issues_deleted`;--> statement-breakpoint
CREATE TABLE `assertion_forms` (
	`id` integer PRIMARY KEY NOT NULL,
	`base` text NOT NULL,
	`pieces` text NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `idx_assertion_forms_text` ON `assertion_forms` (`base`,`pieces`);--> statement-breakpoint
CREATE TABLE `__new_hosted_assertions` (
	`key` integer PRIMARY KEY NOT NULL,
	`unique_hash` text NOT NULL,
	`form_id` integer NOT NULL,
	`etag` text NOT NULL,
	`own` text NOT NULL,
	FOREIGN KEY (`form_id`) REFERENCES `assertion_forms`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
INSERT INTO `assertion_forms` (base, pieces) SELECT DISTINCT base, '[-1]' FROM `hosted_assertions`;--> statement-breakpoint
INSERT INTO `__new_hosted_assertions`
SELECT key, unique_hash, assertion_forms.id, etag, body FROM `hosted_assertions`
JOIN `assertion_forms` ON assertion_forms.base = hosted_assertions.base ORDER BY key;--> statement-breakpoint
DROP TABLE `hosted_assertions`;--> statement-breakpoint
ALTER TABLE `__new_hosted_assertions` RENAME TO `hosted_assertions`;--> statement-breakpoint
-- Readers keep the forms they have read for ever.
CREATE TRIGGER `assertion_forms_unchanged` BEFORE UPDATE ON `assertion_forms`
BEGIN
  SELECT RAISE(ABORT, 'rosette:assertion_form_immutable');
END;
--> statement-breakpoint
CREATE TRIGGER `assertion_forms_kept` BEFORE DELETE ON `assertion_forms`
BEGIN
  SELECT RAISE(ABORT, 'rosette:assertion_form_immutable');
END;
--> statement-breakpoint
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
