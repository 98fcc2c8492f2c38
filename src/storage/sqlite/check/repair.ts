import { type Connection, openConnection } from '../connection/connection.ts'
import { databaseError } from '../connection/errors.ts'
import { prepareDerivation } from '../derive/derive.ts'
import { countTracked, markAllStale, rebuildMemberships, refreshDerived } from '../derive/refresh.ts'
import { truncateLog } from '../files/checkpoint.ts'
import { type Migration, readMigrations, requireCurrent } from '../schema/migrations.ts'
import { type CheckReport, checkConnection, type OnCheckProgress } from './check.ts'
import { EXPECTED_NAMES } from './contents.ts'
import { expectedSchema } from './structure.ts'

export interface Repair {
  readonly before: CheckReport
  /** Null when nothing was changed. */
  readonly after: CheckReport | null
}

/**
 * Checks a database and rebuilds what is derived, if nothing else is at fault. One transaction, which commits when a
 * second check finds nothing. Only the holder of the write lock may call this, with a database of this version.
 *
 * @throws AppError DATABASE_READ_ONLY, DATABASE_FULL, DATABASE_BUSY, DATABASE_DAMAGED
 */
export async function repairDatabase(path: string, onProgress: OnCheckProgress = () => {}): Promise<Repair> {
  const migrations = readMigrations()
  const connection = openConnection(path)
  try {
    connection.pragma('temp_store = FILE')
    connection.pragma('foreign_keys = OFF')
    connection.exec('BEGIN IMMEDIATE')
    requireCurrent(connection, path, migrations)
    const before = checkConnection(connection, migrations, onProgress)
    const isDerivedOnly = before.findings.every(({ kind }) => kind === 'derived')
    if (before.isSound || !isDerivedOnly) {
      connection.exec('ROLLBACK')
      return { before, after: null }
    }
    rebuild(connection, migrations)
    countRepair(connection)
    const after = checkConnection(connection, migrations, onProgress)
    connection.exec(after.isSound ? 'COMMIT' : 'ROLLBACK')
    await truncateLog(connection)
    return { before, after }
  } catch (error) {
    throw databaseError(error, path)
  } finally {
    connection.close()
  }
}

/** Changes the state of the data, because a repair adds nothing to the ledger: see `readDataState`. */
function countRepair(connection: Connection): void {
  const repairs = connection.pragma('user_version', { simple: true }) as number
  connection.pragma(`user_version = ${repairs + 1}`)
}

function rebuild(connection: Connection, migrations: readonly Migration[]): void {
  rebuildSchema(connection, migrations)
  connection.exec('REINDEX')
  connection.exec(REBUILD_CONTENTS)
  const asOf = connection.prepare('SELECT as_of FROM dataset').pluck().get() as number | null
  prepareDerivation(connection)
  markAllStale(connection)
  if (asOf !== null) refreshDerived(connection, asOf)
  rebuildMemberships(connection)
  countTracked(connection)
}

/** Creates the indexes and views that are missing or altered. The tables have been found right. */
function rebuildSchema(connection: Connection, migrations: readonly Migration[]): void {
  const found = connection.prepare('SELECT sql FROM sqlite_schema WHERE type = ? AND name = ?').pluck()
  for (const [type, name, sql] of expectedSchema(migrations)) {
    if (found.get(type, name) === sql) continue
    connection.exec(`DROP ${type} IF EXISTS "${name}"`)
    connection.exec(sql)
  }
}

/** Wrong memberships are deleted first: a refresh of their accounts could collide with them. */
const REBUILD_CONTENTS = `
  UPDATE category_set AS s SET names = ${EXPECTED_NAMES};
  DELETE FROM account_category;
  DELETE FROM period;
  INSERT INTO period (period) SELECT DISTINCT period FROM measurement;
  INSERT OR REPLACE INTO dataset (id, as_of, first_measured_at, measurement_count, account_count)
    SELECT 1, max(measured_at), min(measured_at), count(*), 0 FROM measurement;
  DELETE FROM account WHERE NOT EXISTS (
    SELECT 1 FROM period p CROSS JOIN measurement m WHERE m.period = p.period AND m.account = account.id)`
