-- Whose a pulled badge is was judged by the identities that were proven then: with another set of
-- them nothing is theirs that nobody has proven any more, and each backpack is read anew.
CREATE TRIGGER `identities_proven` AFTER INSERT ON `identities`
WHEN NEW.verified_at IS NOT NULL
BEGIN
  UPDATE badge_backpacks SET pulled_since = NULL WHERE user_id = NEW.user_id;
END;
--> statement-breakpoint
CREATE TRIGGER `identities_proven_later` AFTER UPDATE OF `verified_at` ON `identities`
WHEN OLD.verified_at IS NULL AND NEW.verified_at IS NOT NULL
BEGIN
  UPDATE badge_backpacks SET pulled_since = NULL WHERE user_id = NEW.user_id;
END;
--> statement-breakpoint
CREATE TRIGGER `identities_unproven` AFTER UPDATE OF `verified_at` ON `identities`
WHEN OLD.verified_at IS NOT NULL AND NEW.verified_at IS NULL
BEGIN
  UPDATE badge_externals SET is_theirs = 0
    WHERE backpack_id IN (SELECT id FROM badge_backpacks WHERE user_id = OLD.user_id);
  UPDATE badge_backpacks SET pulled_since = NULL WHERE user_id = OLD.user_id;
END;
--> statement-breakpoint
CREATE TRIGGER `identities_unproven_gone` AFTER DELETE ON `identities`
WHEN OLD.verified_at IS NOT NULL
BEGIN
  UPDATE badge_externals SET is_theirs = 0
    WHERE backpack_id IN (SELECT id FROM badge_backpacks WHERE user_id = OLD.user_id);
  UPDATE badge_backpacks SET pulled_since = NULL WHERE user_id = OLD.user_id;
END;
