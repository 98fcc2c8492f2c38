import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { AppError } from '../../../domain/errors.ts'
import { packageFile } from '../../../package-file.ts'
import type { Connection } from '../connection/connection.ts'

/** The folder of the released migrations. */
export const MIGRATIONS = fileURLToPath(packageFile('drizzle'))

/** One step from an older schema to a newer one, as drizzle-kit generated it. */
export interface Migration {
  readonly tag: string
  /** When it was generated. A database records its migrations by this. */
  readonly when: number
  readonly statements: readonly string[]
  readonly hash: string
}

interface Journal {
  readonly entries: readonly { readonly tag: string; readonly when: number }[]
}

/** Oldest first. */
export function readMigrations(folder = MIGRATIONS): Migration[] {
  const journal = JSON.parse(readFileSync(join(folder, 'meta/_journal.json'), 'utf8')) as Journal
  return journal.entries.map(({ tag, when }) => {
    const sql = readFileSync(join(folder, `${tag}.sql`), 'utf8')
    const hash = createHash('sha256').update(sql).digest('hex')
    return { tag, when, statements: sql.split('--> statement-breakpoint'), hash }
  })
}

/** The table of Drizzle's own migrator, which creates it outside its transaction, so that it cannot be rolled back. */
const CREATE_MIGRATION_TABLE =
  'CREATE TABLE IF NOT EXISTS __drizzle_migrations (id SERIAL PRIMARY KEY, hash text NOT NULL, created_at numeric)'

/** Applies the migrations within the caller's transaction. */
export function applyMigrations(connection: Connection, migrations: readonly Migration[]): void {
  connection.exec(CREATE_MIGRATION_TABLE)
  const record = connection.prepare('INSERT INTO __drizzle_migrations (hash, created_at) VALUES (?, ?)')
  for (const { statements, hash, when } of migrations) {
    for (const statement of statements) connection.exec(statement)
    record.run(hash, when)
  }
}

/** Statements that keep every row where it is. A migration with any other counts as one that rewrites a table. */
const KEEPS_ROWS = /^\s*(CREATE (TABLE|VIEW|INDEX|UNIQUE INDEX)|DROP (VIEW|INDEX)|ALTER TABLE \S+ ADD)\b/i

/** Whether a migration does more than add to a database. */
export function rewritesTables({ statements }: Migration): boolean {
  return statements.some(statement => !KEEPS_ROWS.test(statement))
}

/**
 * The migrations that a database of this program lacks.
 *
 * @throws AppError FOREIGN_DATABASE, DATABASE_TOO_NEW
 */
export function pendingMigrations(connection: Connection, path: string, migrations: readonly Migration[]): Migration[] {
  const applied = appliedMigrations(connection)
  if (applied.length === 0) {
    requireEmpty(connection, path)
    return [...migrations]
  }
  // Another program that uses Drizzle records other migrations.
  if (!applied.includes(migrations[0]!.when)) throw foreignDatabase(path)
  const known = new Set(migrations.map(({ when }) => when))
  if (applied.some(when => !known.has(when))) throw tooNew(path)
  return migrations.filter(({ when }) => !applied.includes(when))
}

/** @throws AppError FOREIGN_DATABASE, DATABASE_TOO_NEW, DATABASE_TOO_OLD */
export function requireCurrent(connection: Connection, path: string, migrations: readonly Migration[]): void {
  const [pending] = pendingMigrations(connection, path, migrations)
  if (!pending) return
  const message = `${path} is of an older version. Start the server on it, or ingest into it, to upgrade it first.`
  throw new AppError('DATABASE_TOO_OLD', message)
}

function appliedMigrations(connection: Connection): number[] {
  const hasTable = connection.prepare(`SELECT 1 FROM sqlite_schema WHERE name = '__drizzle_migrations'`).get()
  if (!hasTable) return []
  return (connection.prepare('SELECT created_at FROM __drizzle_migrations').pluck().all() as unknown[]).map(Number)
}

function requireEmpty(connection: Connection, path: string): void {
  const objects = `SELECT 1 FROM sqlite_schema WHERE name <> '__drizzle_migrations' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'`
  if (connection.prepare(objects).get()) throw foreignDatabase(path)
}

function foreignDatabase(path: string): AppError {
  const message = `${path} is a SQLite database of another program. Choose another DATABASE_URL.`
  return new AppError('FOREIGN_DATABASE', message)
}

function tooNew(path: string): AppError {
  const message = `${path} was written by a newer version of this program. Use that version, or the copy from before the upgrade.`
  return new AppError('DATABASE_TOO_NEW', message)
}
