import { fileURLToPath } from 'node:url'
import { drizzle } from 'drizzle-orm/better-sqlite3'
import { migrate } from 'drizzle-orm/better-sqlite3/migrator'
import { type Connection, openConnection } from './connection.ts'

const MIGRATIONS = fileURLToPath(new URL('../../../drizzle', import.meta.url))

/**
 * Creates the database file, or brings it up to date.
 *
 * @throws Refusal when it cannot be written
 * @throws Error when the file is some other program's database, or its foreign keys do not hold
 */
export function migrateDatabase(path: string): void {
  const connection = openConnection(path)
  try {
    refuseForeignDatabase(connection, path)
    // A migration that rebuilds a table would fire its ON DELETE actions, and inside the migrator's transaction this
    // pragma does nothing: it must be off before.
    connection.pragma('foreign_keys = OFF')
    migrate(drizzle(connection), { migrationsFolder: MIGRATIONS })
    connection.pragma('foreign_keys = ON')
    const broken = connection.pragma('foreign_key_check') as unknown[]
    if (broken.length > 0) throw new Error(`${path}: ${broken.length} rows refer to rows that do not exist`)
  } finally {
    connection.close()
  }
}

function refuseForeignDatabase(connection: Connection, path: string): void {
  const tables = connection.prepare(`SELECT name FROM sqlite_schema WHERE type = 'table'`).pluck().all() as string[]
  if (tables.length > 0 && !tables.includes('__drizzle_migrations')) {
    throw new Error(`${path} is a SQLite database of another program: choose another DATABASE_URL`)
  }
}
