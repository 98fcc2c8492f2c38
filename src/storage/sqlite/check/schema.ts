import { Database } from '../connection/driver.ts'
import { applyMigrations, type Migration } from '../schema/migrations.ts'
import { type Inspection, tuplesOf } from './inspection.ts'

type Entry = readonly [type: string, name: string, sql: string]

/** The list of migrations was made by Drizzle's migrator once, in other words. */
const SCHEMA = `SELECT type, name, sql FROM sqlite_schema
  WHERE sql IS NOT NULL AND name <> '__drizzle_migrations' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'`

/** What the migrations make of an empty database. */
export function expectedSchema(migrations: readonly Migration[]): Entry[] {
  const connection = new Database(':memory:')
  try {
    applyMigrations(connection, migrations)
    return connection.prepare(SCHEMA).raw().all() as Entry[]
  } finally {
    connection.close()
  }
}

/** Tables, indexes and views must be those of the migrations. What somebody has added does no harm, triggers excepted. */
export function inspectSchema(inspection: Inspection, migrations: readonly Migration[]): void {
  const { findings } = inspection
  const found = [...tuplesOf<Entry>(inspection, SCHEMA)]
  for (const [type, name, sql] of expectedSchema(migrations)) {
    const is = found.find(entry => entry[0] === type && entry[1] === name)
    if (is?.[2] === sql) continue
    const rule = type === 'table' ? 'table-altered' : 'index-or-view-altered'
    findings.add(rule, () => `${type} ${name} ${is ? 'is altered' : 'is missing'}`)
  }
  for (const [type, name] of found) {
    if (type === 'trigger') findings.add('table-altered', () => `trigger ${name} was added`)
  }
}
