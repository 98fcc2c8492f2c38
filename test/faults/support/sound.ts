import { rmSync } from 'node:fs'
import type { Connection } from '../../../src/storage/sqlite/connection/connection.ts'
import { Database } from '../../../src/storage/sqlite/connection/driver.ts'
import { prepareDerivation } from '../../../src/storage/sqlite/derive/derive.ts'
import { countTracked, markAllStale, refreshDerived } from '../../../src/storage/sqlite/derive/refresh.ts'
import { inspect } from './inspect.ts'

/**
 * Expects that a database file is sound, holds exactly what its ledger acknowledges, and that everything derived is what
 * comes out of its measurements anew. The program may be at work on it meanwhile.
 */
export function expectSound(path: string): void {
  const copy = `${path}.sound`
  inspect(path, database => {
    expect(database.pragma('integrity_check', { simple: true })).toBe('ok')
    expect(database.pragma('foreign_key_check')).toEqual([])
    database.prepare('VACUUM INTO ?').run(copy)
  })
  const database = new Database(copy)
  try {
    expect(database.prepare(UNBALANCED).all()).toEqual([])
    const found = derivedIn(database)
    deriveAnew(database)
    // Not `toEqual`: thousands of rows that differ would be put side by side.
    for (const [table, rows] of Object.entries(derivedIn(database)))
      expect([table, found[table] === rows]).toEqual([table, true])
  } finally {
    database.close()
    rmSync(copy)
  }
}

/** Every value that an ingestion wrote stands in `measurement`, or in `correction` when a later row replaced it. */
const UNBALANCED = `
  SELECT i.file_name, i.status, i.inserted, i.corrected,
    (SELECT count(*) FROM measurement m WHERE m.ingestion = i.id) AS standing,
    (SELECT count(*) FROM correction c WHERE c.ingestion = i.id) AS replaced,
    (SELECT count(*) FROM correction c WHERE c.corrected_by = i.id) AS replacing
  FROM ingestion i
  WHERE i.dry_run = 0 AND i.status <> 'REVERTED' AND (standing + replaced <> inserted + corrected OR replacing <> corrected)`

const DERIVED = {
  account: 'SELECT * FROM account ORDER BY id',
  account_category: 'SELECT * FROM account_category ORDER BY category, subscriber_count, account_id',
  period: 'SELECT * FROM period ORDER BY period',
  dataset: 'SELECT * FROM dataset',
}

function derivedIn(database: Connection): Record<string, string> {
  const rows = Object.entries(DERIVED).map(([table, sql]) => [table, JSON.stringify(database.prepare(sql).raw().all())])
  return Object.fromEntries(rows)
}

function deriveAnew(database: Connection): void {
  database.exec(`
    DELETE FROM account_category;
    DELETE FROM period;
    INSERT INTO period (period) SELECT DISTINCT period FROM measurement;
    UPDATE account SET measured_at = 0, subscriber_count = 0;
    UPDATE dataset SET (as_of, first_measured_at, measurement_count) =
      (SELECT max(measured_at), min(measured_at), count(*) FROM measurement)`)
  const asOf = database.prepare('SELECT as_of FROM dataset').pluck().get() as number | null
  prepareDerivation(database)
  markAllStale(database)
  if (asOf !== null) refreshDerived(database, asOf)
  countTracked(database)
}
