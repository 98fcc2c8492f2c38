import type { Connection } from '../../../src/storage/sqlite/connection/connection.ts'
import { Database } from '../../../src/storage/sqlite/connection/driver.ts'

/** Looks at a database file from outside the program, changing nothing. */
export function inspect<Found>(path: string, look: (database: Connection) => Found): Found {
  const database = new Database(path, { readonly: true })
  try {
    return look(database)
  } finally {
    database.close()
  }
}

export interface Line {
  readonly file: string
  readonly status: string
  readonly inserted: number
  readonly corrected: number
  readonly unchanged: number
  readonly error: string | null
}

/** What the ledger of a database file says, oldest first. */
export function ledgerIn(path: string): Line[] {
  return inspect(path, database =>
    database
      .prepare(`SELECT file_name AS file, status, inserted, corrected, unchanged, error_code AS error
        FROM ingestion ORDER BY id`)
      .all(),
  ) as Line[]
}

export function measurementsIn(path: string): number {
  return inspect(path, database => database.prepare('SELECT count(*) FROM measurement').pluck().get()) as number
}
