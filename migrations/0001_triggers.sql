-- Every change to a badge moves updated_at, also one made in plain SQL.
CREATE TRIGGER `badges_updated_at` AFTER UPDATE ON `badges`
WHEN NEW.updated_at = OLD.updated_at
BEGIN
  UPDATE badges SET updated_at = cast(unixepoch('subsec') * 1000 as integer) WHERE id = NEW.id;
END;
--> statement-breakpoint
CREATE TRIGGER `badges_organization_id_immutable` BEFORE UPDATE OF `organization_id` ON `badges`
WHEN NEW.organization_id <> OLD.organization_id
BEGIN
  SELECT RAISE(ABORT, 'rosette:organization_id_immutable');
END;
--> statement-breakpoint
-- A badge is awarded by its own organization only.
CREATE TRIGGER `badge_issues_org_scope` BEFORE INSERT ON `badge_issues`
WHEN NEW.organization_id <> (SELECT organization_id FROM badges WHERE id = NEW.badge_id)
BEGIN
  SELECT RAISE(ABORT, 'rosette:org_scope_matches_badge_definition');
END;
--> statement-breakpoint
-- What an award says of itself for ever.
CREATE TRIGGER `badge_issues_immutable` BEFORE UPDATE OF `unique_hash`, `awarded_at`, `organization_id`, `badge_id` ON `badge_issues`
WHEN NEW.unique_hash <> OLD.unique_hash OR NEW.awarded_at <> OLD.awarded_at
  OR NEW.organization_id <> OLD.organization_id OR NEW.badge_id <> OLD.badge_id
BEGIN
  SELECT RAISE(ABORT, 'rosette:award_immutable');
END;
--> statement-breakpoint
-- The stored assertion never outlives what it says: any change to its sources drops it, and the
-- higher revision keeps a slow reader from putting the old one back.
CREATE TRIGGER `badge_issues_changed` AFTER UPDATE OF `date_expire`, `evidence`, `narrative`, `revoked_at`, `revocation_reason`, `recipient_type`, `recipient_identity`, `recipient_salt` ON `badge_issues`
BEGIN
  DELETE FROM hosted_assertions WHERE unique_hash = NEW.unique_hash;
  UPDATE badge_issues SET revision = OLD.revision + 1 WHERE id = NEW.id;
END;
--> statement-breakpoint
CREATE TRIGGER `badge_issues_deleted` AFTER DELETE ON `badge_issues`
BEGIN
  DELETE FROM hosted_assertions WHERE unique_hash = OLD.unique_hash;
END;
