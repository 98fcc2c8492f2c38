import type { Connection } from '../../../src/storage/sqlite/connection/connection.ts'
import { Database } from '../../../src/storage/sqlite/connection/driver.ts'

interface Entry {
  readonly type: string
  readonly name: string
  readonly sql: string
}

/** A whole database as SQL text: what it is made of, and all rows in the order of their keys. */
export function dumpOf(path: string): string {
  const database = new Database(path, { readonly: true })
  try {
    const entries = database.prepare('SELECT type, name, sql FROM sqlite_schema WHERE sql IS NOT NULL').all() as Entry[]
    const tables = entries.filter(({ type }) => type === 'table')
    const rows = tables.flatMap(({ name }) => insertsInto(database, name))
    // Indexes and views once the rows are there.
    const others = entries.filter(({ type }) => type !== 'table')
    return `${[...tables.map(({ sql }) => sql), ...rows, ...others.map(({ sql }) => sql)].join(';\n')};\n`
  } finally {
    database.close()
  }
}

function insertsInto(database: Connection, table: string): string[] {
  const names = columnsOf(database, table)
    .map(name => `"${name}"`)
    .join(', ')
  const rows = database.prepare(`SELECT ${names} FROM "${table}"`).raw().all() as unknown[][]
  return rows.map(row => `INSERT INTO "${table}" (${names}) VALUES (${row.map(quoted).join(', ')})`)
}

/** Those that are stored. */
export function columnsOf(database: Connection, table: string): string[] {
  const columns = database.pragma(`table_xinfo("${table}")`) as { name: string; hidden: number }[]
  return columns.filter(({ hidden }) => hidden === 0).map(({ name }) => name)
}

function quoted(value: unknown): string {
  if (typeof value === 'string') return `'${value.replaceAll("'", "''")}'`
  return value === null ? 'NULL' : String(value)
}

/** Restores the database file of a dump, as an idle server leaves it. */
export function restore(dump: string, path: string): void {
  const database = new Database(path)
  database.pragma('journal_mode = WAL')
  // Tables come in the order in which they were made.
  database.pragma('foreign_keys = OFF')
  database.exec(`BEGIN; ${dump} COMMIT`)
  database.close()
}
