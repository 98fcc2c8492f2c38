import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { packageFile } from '../../../package-file.ts'
import type { Connection } from '../connection/connection.ts'

/** Where the released migrations lie. */
export const MIGRATIONS = fileURLToPath(packageFile('drizzle'))

/** One step from an older database to a newer one, as drizzle-kit wrote it. */
export interface Migration {
  readonly tag: string
  /** When it was made, which is what a database remembers it by. */
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

/** The table is the one of Drizzle's own migrator. That one creates it outside of its transaction, which cannot be undone. */
const CREATE_LOG =
  'CREATE TABLE IF NOT EXISTS __drizzle_migrations (id SERIAL PRIMARY KEY, hash text NOT NULL, created_at numeric)'

/** Runs the migrations within the caller's transaction. */
export function applyMigrations(connection: Connection, migrations: readonly Migration[]): void {
  connection.exec(CREATE_LOG)
  const remember = connection.prepare('INSERT INTO __drizzle_migrations (hash, created_at) VALUES (?, ?)')
  for (const { statements, hash, when } of migrations) {
    for (const statement of statements) connection.exec(statement)
    remember.run(hash, when)
  }
}

/** The migrations that a database has had, by when they were made; undefined when it has no list of them. */
export function appliedMigrations(connection: Connection): number[] | undefined {
  const hasLog = connection.prepare(`SELECT 1 FROM sqlite_schema WHERE name = '__drizzle_migrations'`).get()
  if (!hasLog) return undefined
  return (connection.prepare('SELECT created_at FROM __drizzle_migrations').pluck().all() as unknown[]).map(Number)
}

/** Statements after which every row is where it was: anything else counts as rewriting a table. */
const KEEPS_ROWS = /^\s*(CREATE (TABLE|VIEW|INDEX|UNIQUE INDEX)|DROP (VIEW|INDEX)|ALTER TABLE \S+ ADD)\b/i

/** Whether a migration does more than add to a database. */
export function rewrites({ statements }: Migration): boolean {
  return statements.some(statement => !KEEPS_ROWS.test(statement))
}
