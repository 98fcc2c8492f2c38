CREATE TABLE `ingestion_warning` (
	`ingestion` integer NOT NULL,
	`sequence` integer NOT NULL,
	`code` text NOT NULL,
	`column` text,
	`message` text NOT NULL,
	PRIMARY KEY(`ingestion`, `sequence`),
	FOREIGN KEY (`ingestion`) REFERENCES `ingestion`(`id`) ON UPDATE no action ON DELETE no action,
	CONSTRAINT "ingestion_warning_code" CHECK(code IN ('STATISTICS_DISAGREE', 'SIZE_DISAGREES', 'TRAILING_BYTES'))
) STRICT, WITHOUT ROWID;
