INSERT INTO `dataset` (`id`, `as_of`, `first_measured_at`, `measurement_count`, `account_count`) VALUES (1, NULL, NULL, 0, 0);
--> statement-breakpoint
CREATE VIEW `accounts` AS
SELECT
	a.account_id,
	s.names AS categories,
	a.subscriber_count,
	strftime('%Y-%m-%dT%H:%M:%S', a.measured_at / 1000, 'unixepoch') || printf('.%03dZ', a.measured_at % 1000) AS measured_at,
	a.week_first_percent AS week_growth_percent,
	a.month_first_percent AS month_growth_percent,
	a.quarter_first_percent AS quarter_growth_percent,
	a.year_first_percent AS year_growth_percent,
	a.week_start_percent AS week_growth_percent_at_window_start,
	a.month_start_percent AS month_growth_percent_at_window_start,
	a.quarter_start_percent AS quarter_growth_percent_at_window_start,
	a.year_start_percent AS year_growth_percent_at_window_start
FROM `account` a
JOIN `category_set` s ON s.id = a.category_set
WHERE a.subscriber_count > 1000;
--> statement-breakpoint
CREATE VIEW `measurements` AS
SELECT
	a.account_id,
	strftime('%Y-%m-%dT%H:%M:%S', m.measured_at / 1000, 'unixepoch') || printf('.%03dZ', m.measured_at % 1000) AS measured_at,
	m.subscriber_count,
	s.names AS categories,
	i.file_name,
	i.public_id AS ingestion_id
FROM `measurement` m
JOIN `account` a ON a.id = m.account
JOIN `category_set` s ON s.id = m.category_set
JOIN `ingestion` i ON i.id = m.ingestion;
