import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { drizzle } from 'drizzle-orm/better-sqlite3'
import { migrate } from 'drizzle-orm/better-sqlite3/migrator'
import { openConnection } from './connection.ts'

const MIGRATIONS = fileURLToPath(new URL('../../../drizzle', import.meta.url))

/**
 * Creates the database file, or brings it up to date.
 *
 * @throws Refusal when it cannot be written
 * @throws Error when the file is some other program's database, or its foreign keys do not hold
 */
export function migrateDatabase(path: string): void {
  refuseForeignDatabase(path)
  const connection = openConnection(path)
  try {
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

/** Looks before anything is opened for writing: even the journal mode of another program's file is not ours to change. */
function refuseForeignDatabase(path: string): void {
  if (!existsSync(path)) return
  const connection = openConnection(path, { readonly: true })
  try {
    const tables = connection.prepare(`SELECT name FROM sqlite_schema WHERE type = 'table'`).pluck().all() as string[]
    if (tables.length > 0 && !tables.includes('__drizzle_migrations')) {
      throw new Error(`${path} is a SQLite database of another program: choose another DATABASE_URL`)
    }
  } finally {
    connection.close()
  }
}
