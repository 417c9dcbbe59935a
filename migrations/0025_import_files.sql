CREATE TABLE `import_files` (
	`import_id` text PRIMARY KEY NOT NULL,
	`bytes` blob NOT NULL
);
