CREATE TABLE `account` (
	`id` integer PRIMARY KEY NOT NULL,
	`account_id` text NOT NULL,
	`ingestion` integer NOT NULL,
	`measured_at` integer NOT NULL,
	`subscriber_count` integer NOT NULL,
	`category_set` integer NOT NULL,
	`week_first_at` integer,
	`week_first_count` integer,
	`week_start_at` integer,
	`week_start_count` integer,
	`week_first_percent` real GENERATED ALWAYS AS (CASE WHEN week_first_count > 0 THEN (subscriber_count - week_first_count) * 100.0 / week_first_count END) VIRTUAL,
	`week_start_percent` real GENERATED ALWAYS AS (CASE WHEN week_start_count > 0 THEN (subscriber_count - week_start_count) * 100.0 / week_start_count END) VIRTUAL,
	`month_first_at` integer,
	`month_first_count` integer,
	`month_start_at` integer,
	`month_start_count` integer,
	`month_first_percent` real GENERATED ALWAYS AS (CASE WHEN month_first_count > 0 THEN (subscriber_count - month_first_count) * 100.0 / month_first_count END) VIRTUAL,
	`month_start_percent` real GENERATED ALWAYS AS (CASE WHEN month_start_count > 0 THEN (subscriber_count - month_start_count) * 100.0 / month_start_count END) VIRTUAL,
	`quarter_first_at` integer,
	`quarter_first_count` integer,
	`quarter_start_at` integer,
	`quarter_start_count` integer,
	`quarter_first_percent` real GENERATED ALWAYS AS (CASE WHEN quarter_first_count > 0 THEN (subscriber_count - quarter_first_count) * 100.0 / quarter_first_count END) VIRTUAL,
	`quarter_start_percent` real GENERATED ALWAYS AS (CASE WHEN quarter_start_count > 0 THEN (subscriber_count - quarter_start_count) * 100.0 / quarter_start_count END) VIRTUAL,
	`year_first_at` integer,
	`year_first_count` integer,
	`year_start_at` integer,
	`year_start_count` integer,
	`year_first_percent` real GENERATED ALWAYS AS (CASE WHEN year_first_count > 0 THEN (subscriber_count - year_first_count) * 100.0 / year_first_count END) VIRTUAL,
	`year_start_percent` real GENERATED ALWAYS AS (CASE WHEN year_start_count > 0 THEN (subscriber_count - year_start_count) * 100.0 / year_start_count END) VIRTUAL,
	FOREIGN KEY (`ingestion`) REFERENCES `ingestion`(`id`) ON UPDATE no action ON DELETE no action,
	CONSTRAINT "account_id_canonical" CHECK(length(account_id) = 36 AND account_id = lower(account_id))
) STRICT;
--> statement-breakpoint
CREATE UNIQUE INDEX `account_by_account_id` ON `account` (`account_id`);--> statement-breakpoint
CREATE INDEX `account_by_subscriber_count` ON `account` (`subscriber_count`,`account_id`) WHERE subscriber_count > 1000;--> statement-breakpoint
CREATE INDEX `account_by_measured_at` ON `account` (`measured_at`,`account_id`) WHERE subscriber_count > 1000;--> statement-breakpoint
CREATE INDEX `account_by_week_percent` ON `account` (week_first_percent,`account_id`) WHERE subscriber_count > 1000;--> statement-breakpoint
CREATE INDEX `account_by_month_percent` ON `account` (month_first_percent,`account_id`) WHERE subscriber_count > 1000;--> statement-breakpoint
CREATE INDEX `account_by_quarter_percent` ON `account` (quarter_first_percent,`account_id`) WHERE subscriber_count > 1000;--> statement-breakpoint
CREATE INDEX `account_by_year_percent` ON `account` (year_first_percent,`account_id`) WHERE subscriber_count > 1000;--> statement-breakpoint
CREATE TABLE `account_category` (
	`category` integer NOT NULL,
	`subscriber_count` integer NOT NULL,
	`account_id` text NOT NULL,
	`account` integer NOT NULL,
	PRIMARY KEY(`category`, `subscriber_count`, `account_id`),
	FOREIGN KEY (`category`) REFERENCES `category`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`account`) REFERENCES `account`(`id`) ON UPDATE no action ON DELETE no action
) STRICT, WITHOUT ROWID;
--> statement-breakpoint
CREATE TABLE `category` (
	`id` integer PRIMARY KEY NOT NULL,
	`name` text NOT NULL,
	`folded` text NOT NULL,
	`ingestion` integer NOT NULL,
	FOREIGN KEY (`ingestion`) REFERENCES `ingestion`(`id`) ON UPDATE no action ON DELETE no action
) STRICT;
--> statement-breakpoint
CREATE UNIQUE INDEX `category_folded_unique` ON `category` (`folded`);--> statement-breakpoint
CREATE TABLE `category_set` (
	`id` integer PRIMARY KEY NOT NULL,
	`members` text NOT NULL,
	`names` text NOT NULL,
	`ingestion` integer NOT NULL,
	FOREIGN KEY (`ingestion`) REFERENCES `ingestion`(`id`) ON UPDATE no action ON DELETE no action
) STRICT;
--> statement-breakpoint
CREATE UNIQUE INDEX `category_set_members_unique` ON `category_set` (`members`);--> statement-breakpoint
CREATE TABLE `category_set_member` (
	`category_set` integer NOT NULL,
	`category` integer NOT NULL,
	PRIMARY KEY(`category_set`, `category`),
	FOREIGN KEY (`category_set`) REFERENCES `category_set`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`category`) REFERENCES `category`(`id`) ON UPDATE no action ON DELETE no action
) STRICT, WITHOUT ROWID;
--> statement-breakpoint
CREATE TABLE `correction` (
	`corrected_by` integer NOT NULL,
	`sequence` integer NOT NULL,
	`account` integer NOT NULL,
	`measured_at` integer NOT NULL,
	`subscriber_count` integer NOT NULL,
	`category_set` integer NOT NULL,
	`ingestion` integer NOT NULL,
	PRIMARY KEY(`corrected_by`, `sequence`),
	FOREIGN KEY (`corrected_by`) REFERENCES `ingestion`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`account`) REFERENCES `account`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`category_set`) REFERENCES `category_set`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`ingestion`) REFERENCES `ingestion`(`id`) ON UPDATE no action ON DELETE no action
) STRICT, WITHOUT ROWID;
--> statement-breakpoint
CREATE TABLE `dataset` (
	`id` integer PRIMARY KEY NOT NULL,
	`as_of` integer,
	`first_measured_at` integer,
	`measurement_count` integer NOT NULL,
	`account_count` integer NOT NULL,
	CONSTRAINT "dataset_one_row" CHECK(id = 1)
) STRICT;
--> statement-breakpoint
CREATE TABLE `ingestion` (
	`id` integer PRIMARY KEY NOT NULL,
	`public_id` text NOT NULL,
	`file_name` text NOT NULL,
	`sha256` text NOT NULL,
	`file_size` integer NOT NULL,
	`status` text NOT NULL,
	`dry_run` integer NOT NULL,
	`queued_at` integer NOT NULL,
	`started_at` integer NOT NULL,
	`finished_at` integer,
	`rows_total` integer,
	`rows_read` integer DEFAULT 0 NOT NULL,
	`inserted` integer DEFAULT 0 NOT NULL,
	`corrected` integer DEFAULT 0 NOT NULL,
	`unchanged` integer DEFAULT 0 NOT NULL,
	`rejected` integer DEFAULT 0 NOT NULL,
	`accounts_created` integer DEFAULT 0 NOT NULL,
	`first_measured_at` integer,
	`last_measured_at` integer,
	`program_version` text NOT NULL,
	`error_code` text,
	`error_field` text,
	`error_message` text,
	CONSTRAINT "ingestion_status" CHECK(status IN ('RUNNING', 'SUCCEEDED', 'FAILED', 'CANCELLED', 'REVERTED')),
	CONSTRAINT "ingestion_balance" CHECK(status <> 'SUCCEEDED' OR rows_read = inserted + corrected + unchanged + rejected),
	CONSTRAINT "ingestion_nothing_taken" CHECK(status NOT IN ('FAILED', 'CANCELLED') OR (inserted = 0 AND corrected = 0 AND unchanged = 0)),
	CONSTRAINT "ingestion_error" CHECK((status IN ('FAILED', 'CANCELLED')) = (error_code IS NOT NULL))
) STRICT;
--> statement-breakpoint
CREATE UNIQUE INDEX `ingestion_public_id_unique` ON `ingestion` (`public_id`);--> statement-breakpoint
CREATE UNIQUE INDEX `ingestion_bytes` ON `ingestion` (`sha256`) WHERE status = 'SUCCEEDED' AND dry_run = 0;--> statement-breakpoint
CREATE INDEX `ingestion_queued` ON `ingestion` (`queued_at`,`public_id`);--> statement-breakpoint
CREATE TABLE `measurement` (
	`period` integer NOT NULL,
	`account` integer NOT NULL,
	`measured_at` integer NOT NULL,
	`subscriber_count` integer NOT NULL,
	`category_set` integer NOT NULL,
	`ingestion` integer NOT NULL,
	PRIMARY KEY(`period`, `account`, `measured_at`),
	FOREIGN KEY (`account`) REFERENCES `account`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`category_set`) REFERENCES `category_set`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`ingestion`) REFERENCES `ingestion`(`id`) ON UPDATE no action ON DELETE no action,
	CONSTRAINT "measurement_period" CHECK(period = measured_at / 2592000000),
	CONSTRAINT "measurement_count" CHECK(subscriber_count BETWEEN 0 AND 9007199254740991)
) STRICT, WITHOUT ROWID;
--> statement-breakpoint
CREATE TABLE `period` (
	`period` integer PRIMARY KEY NOT NULL
) STRICT;
--> statement-breakpoint
CREATE TABLE `rejected_row` (
	`ingestion` integer NOT NULL,
	`row_number` integer NOT NULL,
	`reason` text NOT NULL,
	`column` text NOT NULL,
	`row` text NOT NULL,
	PRIMARY KEY(`ingestion`, `row_number`),
	FOREIGN KEY (`ingestion`) REFERENCES `ingestion`(`id`) ON UPDATE no action ON DELETE no action
) STRICT, WITHOUT ROWID;
--> statement-breakpoint
CREATE TABLE `rejection_count` (
	`ingestion` integer NOT NULL,
	`reason` text NOT NULL,
	`count` integer NOT NULL,
	PRIMARY KEY(`ingestion`, `reason`),
	FOREIGN KEY (`ingestion`) REFERENCES `ingestion`(`id`) ON UPDATE no action ON DELETE no action,
	CONSTRAINT "rejection_count_reason" CHECK(reason IN ('INVALID_ACCOUNT_ID', 'INVALID_TIMESTAMP', 'TIMESTAMP_OUT_OF_RANGE', 'INVALID_SUBSCRIBER_COUNT', 'INVALID_CATEGORIES')),
	CONSTRAINT "rejection_count_positive" CHECK(count > 0)
) STRICT, WITHOUT ROWID;
