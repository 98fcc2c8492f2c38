import { Database } from '../../../src/storage/sqlite/connection/driver.ts'

/** All that is in a database file: what it is made of, and every row of every table, as the keys order them. */
export function contentsOf(path: string): Readonly<Record<string, readonly unknown[]>> {
  const database = new Database(path, { readonly: true })
  try {
    const schema = database.prepare('SELECT type, name, sql FROM sqlite_schema ORDER BY type, name').all() as Entry[]
    const tables = schema.filter(({ type }) => type === 'table').map(({ name }) => name)
    const rows = tables.map(name => [name, sorted(database.prepare(`SELECT * FROM "${name}"`).raw().all())])
    return { sqlite_schema: schema, ...Object.fromEntries(rows) }
  } finally {
    database.close()
  }
}

interface Entry {
  readonly type: string
  readonly name: string
}

function sorted(rows: readonly unknown[]): string[] {
  return rows.map(row => JSON.stringify(row)).sort()
}
