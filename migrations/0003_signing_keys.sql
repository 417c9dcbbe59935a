CREATE TABLE `signed_assertions` (
	`unique_hash` text PRIMARY KEY NOT NULL,
	`key_id` text NOT NULL,
	`base` text NOT NULL,
	`etag` text NOT NULL,
	`jws` text NOT NULL,
	FOREIGN KEY (`key_id`) REFERENCES `signing_keys`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `idx_signed_assertions_key` ON `signed_assertions` (`key_id`);--> statement-breakpoint
CREATE TABLE `signing_keys` (
	`id` text PRIMARY KEY NOT NULL,
	`organization_id` text,
	`algorithm` text NOT NULL,
	`public_jwk` text NOT NULL,
	`public_pem` text NOT NULL,
	`private_jwk_sealed` text,
	`created_at` integer DEFAULT (cast(unixepoch('subsec') * 1000 as integer)) NOT NULL,
	`activated_at` integer NOT NULL,
	`retired_at` integer,
	`revoked_at` integer,
	`revocation_reason` text,
	FOREIGN KEY (`organization_id`) REFERENCES `organizations`(`id`) ON UPDATE no action ON DELETE no action,
	CONSTRAINT "algorithm_valid_enum" CHECK(algorithm in ('RS256')),
	CONSTRAINT "private_jwk_of_current_key_only" CHECK(private_jwk_sealed is null or (retired_at is null and revoked_at is null))
);
--> statement-breakpoint
CREATE UNIQUE INDEX `idx_signing_keys_current` ON `signing_keys` (`organization_id`) WHERE retired_at is null and revoked_at is null;--> statement-breakpoint
CREATE UNIQUE INDEX `idx_signing_keys_current_of_installation` ON `signing_keys` (`algorithm`) WHERE organization_id is null and retired_at is null and revoked_at is null;--> statement-breakpoint
CREATE INDEX `idx_signing_keys_organization` ON `signing_keys` (`organization_id`,`id`);--> statement-breakpoint
-- What was signed never outlives what it says, nor the trust in its key.
CREATE TRIGGER `badge_issues_changed_signed` AFTER UPDATE OF `date_expire`, `evidence`, `narrative`, `revoked_at`, `revocation_reason`, `recipient_type`, `recipient_identity`, `recipient_salt` ON `badge_issues`
BEGIN
  DELETE FROM signed_assertions WHERE unique_hash = NEW.unique_hash;
END;
--> statement-breakpoint
CREATE TRIGGER `badge_issues_deleted_signed` AFTER DELETE ON `badge_issues`
BEGIN
  DELETE FROM signed_assertions WHERE unique_hash = OLD.unique_hash;
END;
--> statement-breakpoint
CREATE TRIGGER `signing_keys_revoked` AFTER UPDATE OF `revoked_at` ON `signing_keys`
WHEN NEW.revoked_at IS NOT NULL
BEGIN
  DELETE FROM signed_assertions WHERE key_id = NEW.id;
END;
--> statement-breakpoint
-- What was signed with a key is checked with it for ever, so it never becomes another key.
CREATE TRIGGER `signing_keys_immutable` BEFORE UPDATE OF `id`, `organization_id`, `algorithm`, `public_jwk`, `public_pem` ON `signing_keys`
BEGIN
  SELECT RAISE(ABORT, 'rosette:signing_key_immutable');
END;
