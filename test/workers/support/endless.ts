import { openConnection } from '../../../src/storage/sqlite/connection/connection.ts'

/** Makes every statement that reads categories run for ever: only a kill stops it. */
export function makeCategoriesEndless(databasePath: string): void {
  const database = openConnection(databasePath)
  try {
    database.exec(`
      ALTER TABLE category RENAME TO category_table;
      CREATE VIEW category AS SELECT max(n) AS id, 'Endless' AS name, 'endless' AS folded FROM (
        WITH RECURSIVE number(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM number) SELECT n FROM number)`)
  } finally {
    database.close()
  }
}

export function makeCategoriesEndAgain(databasePath: string): void {
  const database = openConnection(databasePath)
  try {
    database.exec('DROP VIEW category; ALTER TABLE category_table RENAME TO category')
  } finally {
    database.close()
  }
}
