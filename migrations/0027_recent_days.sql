ALTER TABLE `metric_totals` ADD `recent` text DEFAULT '' NOT NULL;--> statement-breakpoint
-- Days lie beside the total they are part of, in the page that is written anyway, until there are
-- about five; then they go to the table of days, and add to what it has of the same day. A migration
-- that makes one of the two tables anew drops this and the view first.
CREATE TRIGGER `metric_totals_recent_days` AFTER UPDATE OF `recent` ON `metric_totals`
WHEN length(NEW.recent) > 64
BEGIN
  INSERT INTO metric_days (organization_id, metric, user_id, day, count, total)
  SELECT NEW.organization_id, NEW.metric, NEW.user_id, value->>0, sum(value->>1), sum(value->>2)
  FROM json_each('[' || rtrim(NEW.recent, ',') || ']') WHERE true GROUP BY value->>0
  ON CONFLICT (organization_id, metric, user_id, day) DO UPDATE SET
    count = count + excluded.count, total = total + excluded.total;
  UPDATE metric_totals SET recent = ''
  WHERE organization_id = NEW.organization_id AND metric = NEW.metric AND user_id = NEW.user_id;
END;
--> statement-breakpoint
-- Both together; a day may come several times.
CREATE VIEW `days_counted` AS
SELECT organization_id, metric, user_id, day, count, total FROM metric_days
UNION ALL
SELECT organization_id, metric, user_id, value->>0, value->>1, value->>2
FROM metric_totals CROSS JOIN json_each('[' || rtrim(recent, ',') || ']');
