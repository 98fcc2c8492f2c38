import { TRACKED_ABOVE } from '../../../domain/account.ts'
import { type Connection, openConnection } from '../connection/connection.ts'
import { requireCurrentDatabase } from '../database.ts'
import { countTracked, markAllStale, prepareDerivation, refreshDerived } from '../derive/derive.ts'
import { truncateLog } from '../files/checkpoint.ts'
import { type Migration, readMigrations } from '../schema/migrations.ts'
import { inspectCategories } from './categories.ts'
import { boundMemory, type CheckReport, inspect, type OnCheckProgress } from './check.ts'
import { Findings } from './findings.ts'
import { expectedSchema } from './schema.ts'

export interface Repair {
  /** What was found before. */
  readonly before: CheckReport
  /** What is found now; null when nothing was changed. */
  readonly after: CheckReport | null
}

/**
 * Checks a database and rebuilds what is derived, if only that is at fault. One transaction: it is committed when a
 * second check, of the whole, finds nothing. To be called by the holder of the write lock.
 *
 * @throws AppError when it is no database of this program and version
 * @throws AppError when it cannot be written
 */
export async function repairDatabase(path: string, onProgress: OnCheckProgress = () => {}): Promise<Repair> {
  const migrations = readMigrations()
  // Before anything is opened for writing.
  requireCurrentDatabase(path)
  const connection = openConnection(path)
  try {
    boundMemory(connection)
    connection.pragma('foreign_keys = OFF')
    prepareDerivation(connection)
    connection.exec('BEGIN IMMEDIATE')
    const before = inspect(connection, migrations, onProgress)
    const isDerivedOnly = before.findings.every(({ kind }) => kind === 'derived')
    if (before.isSound || !isDerivedOnly) {
      connection.exec('ROLLBACK')
      return { before, after: null }
    }
    rebuild(connection, migrations)
    countRepair(connection)
    const after = inspect(connection, migrations, onProgress)
    connection.exec(after.isSound ? 'COMMIT' : 'ROLLBACK')
    await truncateLog(connection)
    return { before, after }
  } finally {
    connection.close()
  }
}

/** For who asks whether the data is still the same: a repair leaves no line in the ledger. */
function countRepair(connection: Connection): void {
  const repairs = connection.pragma('user_version', { simple: true }) as number
  connection.pragma(`user_version = ${repairs + 1}`)
}

function rebuild(connection: Connection, migrations: readonly Migration[]): void {
  rebuildSchema(connection, migrations)
  connection.exec('REINDEX')
  rebuildNames(connection)
  connection.exec(REBUILD_TOTALS)
  connection.exec(DELETE_EMPTY_ACCOUNTS)
  const asOf = connection.prepare('SELECT as_of FROM dataset').pluck().get() as number | null
  markAllStale(connection)
  if (asOf !== null) refreshDerived(connection, asOf)
  connection.exec(REBUILD_MEMBERSHIPS)
  countTracked(connection)
}

/** Puts back what is missing or altered; tables were found right. */
function rebuildSchema(connection: Connection, migrations: readonly Migration[]): void {
  const found = connection.prepare('SELECT sql FROM sqlite_schema WHERE type = ? AND name = ?').pluck()
  for (const [type, name, sql] of expectedSchema(migrations)) {
    if (found.get(type, name) === sql) continue
    connection.exec(`DROP ${type} IF EXISTS "${name}"`)
    connection.exec(sql)
  }
}

function rebuildNames(connection: Connection): void {
  const { names } = inspectCategories({ connection, findings: new Findings(), onProgress: () => {} })
  const update = connection.prepare('UPDATE category_set SET names = ? WHERE id = ?')
  for (const [set, expected] of names) update.run(expected, set)
}

/** Memberships are put back when the accounts are right: the refresh tells what moved, not what was wrong. */
const REBUILD_TOTALS = `
  DELETE FROM account_category;
  DELETE FROM period;
  INSERT INTO period (period) SELECT DISTINCT period FROM measurement;
  INSERT OR REPLACE INTO dataset (id, as_of, first_measured_at, measurement_count, account_count)
    SELECT 1, max(measured_at), min(measured_at), count(*), 0 FROM measurement`

const DELETE_EMPTY_ACCOUNTS = `
  DELETE FROM account WHERE NOT EXISTS (
    SELECT 1 FROM period p CROSS JOIN measurement m WHERE m.period = p.period AND m.account = account.id)`

const REBUILD_MEMBERSHIPS = `
  DELETE FROM account_category;
  INSERT INTO account_category (category, subscriber_count, account_id, account)
  SELECT m.category, a.subscriber_count, a.account_id, a.id
  FROM account a JOIN category_set_member m ON m.category_set = a.category_set
  WHERE a.subscriber_count > ${TRACKED_ABOVE}
  ORDER BY m.category, a.subscriber_count, a.account_id`
