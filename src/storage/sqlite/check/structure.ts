import { getTableConfig, SQLiteSyncDialect, SQLiteTable } from 'drizzle-orm/sqlite-core'
import type { Connection } from '../connection/connection.ts'
import { Database } from '../connection/driver.ts'
import { applyMigrations, type Migration } from '../schema/migrations.ts'
import * as tables from '../schema/tables.ts'
import type { Findings } from './rules.ts'

/** How integrity_check reports a CHECK, which it does only on a writable connection: see `checkConstraints`. */
const OF_A_CONSTRAINT = 'CHECK constraint failed'

const MAX_MESSAGES = 100

/** How integrity_check reports an index whose table may be sound. */
const OF_AN_INDEX =
  /^(row \d+ missing from index|wrong # of entries in index|non-unique entry in index|row not in PRIMARY KEY order for index)/

/** Has SQLite check its pages, types and indexes. */
export function checkFile(connection: Connection, findings: Findings): void {
  const messages = connection.pragma(`integrity_check(${MAX_MESSAGES})`) as { integrity_check: string }[]
  for (const { integrity_check: message } of messages) {
    if (message === 'ok' || message.startsWith(OF_A_CONSTRAINT)) continue
    findings.add(OF_AN_INDEX.test(message) ? 'index-differs' : 'file-damaged', message)
  }
}

type SchemaEntry = readonly [type: string, name: string, sql: string]

/** Without the table of migrations, which an older version created with another statement. */
const SCHEMA = `SELECT type, name, sql FROM sqlite_schema
  WHERE sql IS NOT NULL AND name <> '__drizzle_migrations' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'`

/** The schema that the migrations create in an empty database. */
export function expectedSchema(migrations: readonly Migration[]): SchemaEntry[] {
  const connection = new Database(':memory:')
  try {
    applyMigrations(connection, migrations)
    return connection.prepare(SCHEMA).raw().all() as SchemaEntry[]
  } finally {
    connection.close()
  }
}

/** Compares the schema with that of the migrations. An additional table, index or view is allowed, a trigger is not. */
export function checkSchema(connection: Connection, migrations: readonly Migration[], findings: Findings): void {
  const found = connection.prepare(SCHEMA).raw().all() as SchemaEntry[]
  for (const [type, name, sql] of expectedSchema(migrations)) {
    const actual = found.find(entry => entry[0] === type && entry[1] === name)
    if (actual?.[2] === sql) continue
    const rule = type === 'table' ? 'table-altered' : 'index-or-view-altered'
    findings.add(rule, `${type} ${name} is ${actual ? 'altered' : 'missing'}`)
  }
  for (const [type, name] of found) {
    if (type === 'trigger') findings.add('table-altered', `trigger ${name} was added`)
  }
}

export function checkReferences(connection: Connection, findings: Findings): void {
  const broken = connection.pragma('foreign_key_check') as { table: string; parent: string }[]
  for (const { table, parent } of broken) findings.add('reference-broken', `${table}: no such ${parent}`)
}

/** Evaluates the CHECKs of all tables, which SQLite does not know of on a read-only connection. */
export function checkConstraints(connection: Connection, findings: Findings): void {
  const dialect = new SQLiteSyncDialect()
  for (const table of Object.values(tables)) {
    if (!(table instanceof SQLiteTable)) continue
    const { name, checks } = getTableConfig(table)
    if (checks.length === 0) continue
    const conditions = checks.map(({ value }) => dialect.sqlToQuery(value).sql)
    const broken = conditions.map(condition => `coalesce(sum(NOT (${condition})), 0)`).join(', ')
    const counts = connection.prepare(`SELECT ${broken} FROM "${name}"`).raw().get() as number[]
    for (const [index, condition] of conditions.entries()) {
      const count = counts[index]!
      if (count > 0) findings.add('constraint-broken', `${name}: ${count} rows are not ${condition}`)
    }
  }
}
