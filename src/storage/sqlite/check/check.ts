import { type Connection, openConnection } from '../connection/connection.ts'
import { databaseError, isCorruption } from '../connection/errors.ts'
import { withReadOnly } from '../connection/read-only.ts'
import { prepareDerivation } from '../derive/derive.ts'
import { countTracked, markAllStale, rebuildMemberships, refreshDerived } from '../derive/refresh.ts'
import { truncateLog, truncateLogAfterRead } from '../files/checkpoint.ts'
import { acquireLock } from '../files/lock.ts'
import { type Migration, readMigrations, requireCurrent } from '../schema/migrations.ts'
import { type Counts, checkContents, EXPECTED_NAMES } from './contents.ts'
import { type Finding, Findings } from './rules.ts'
import { checkConstraints, checkFile, checkReferences, checkSchema, expectedSchema } from './structure.ts'

export type CheckStep = 'pages and indexes' | 'tables' | 'references' | 'measurements' | 'accounts' | 'rules'

/** @param done the share of the step that is done, from 0 to 1 */
export type OnCheckProgress = (step: CheckStep, done: number) => void

/** The result of checking one state of a database. */
export interface CheckReport {
  readonly isSound: boolean
  readonly findings: readonly Finding[]
  /** Null when the file is too damaged to count. */
  readonly counted: Counts | null
  /** An ingestion was running. What it has written so far was not checked. */
  readonly isBeingWritten: boolean
}

/**
 * Verifies the file, the schema, the ledger and all derived data of a database, and changes nothing. Derived data is
 * derived again and compared. Rules: docs/database.md. Checks one state, even while an ingestion runs. Sorts in temporary files of
 * some 150 bytes an account.
 *
 * @throws AppError NO_DATABASE, NOT_A_DATABASE, FOREIGN_DATABASE, DATABASE_TOO_NEW, DATABASE_TOO_OLD, DATABASE_DAMAGED
 */
export async function checkDatabase(path: string, onProgress: OnCheckProgress = () => {}): Promise<CheckReport> {
  const migrations = readMigrations()
  const report = withReadOnly(path, connection => {
    connection.pragma('temp_store = FILE')
    connection.exec('BEGIN')
    requireCurrent(connection, path, migrations)
    return checkConnection(connection, migrations, onProgress)
  })
  // A damaged database is left as it is, as evidence.
  if (report.isSound) await truncateLogAfterRead(path)
  return report
}

export interface Repair {
  readonly before: CheckReport
  /** Null when nothing was changed. */
  readonly after: CheckReport | null
}

export interface RepairOptions {
  /** How long to wait while another program writes, in milliseconds. */
  readonly waitMs?: number
  readonly onWait?: () => void
  readonly onProgress?: OnCheckProgress
}

/**
 * Checks a database and rebuilds what is derived, if nothing else is at fault. One transaction, which commits when a
 * second check finds nothing.
 *
 * @throws AppError one of DATABASE_ERROR_CODES, or DATABASE_BUSY, DATABASE_READ_ONLY, DATABASE_FULL
 */
export async function repairDatabase(path: string, options: RepairOptions = {}): Promise<Repair> {
  const { waitMs = 0, onWait, onProgress = () => {} } = options
  const migrations = readMigrations()
  // Before a lock is created beside a file of another program.
  withReadOnly(path, connection => requireCurrent(connection, path, migrations))
  const lock = await acquireLock(path, 'write', waitMs, onWait)
  try {
    return await repairUnderLock(path, migrations, onProgress)
  } finally {
    lock.release()
  }
}

async function repairUnderLock(
  path: string,
  migrations: readonly Migration[],
  onProgress: OnCheckProgress,
): Promise<Repair> {
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
      if (before.isSound) await truncateLog(connection)
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

/** Checks within the caller's transaction. */
function checkConnection(
  connection: Connection,
  migrations: readonly Migration[],
  onProgress: OnCheckProgress,
): CheckReport {
  const findings = new Findings()
  let counted: Counts | null = null
  let isBeingWritten = false
  try {
    onProgress('pages and indexes', 0)
    checkFile(connection, findings)
    onProgress('tables', 0)
    checkSchema(connection, migrations, findings)
    // A damaged file or an altered table cannot be queried.
    if (!findings.has('file') && !findings.has('schema')) {
      onProgress('references', 0)
      checkReferences(connection, findings)
      checkConstraints(connection, findings)
      isBeingWritten = connection.prepare(`SELECT 1 FROM ingestion WHERE status = 'RUNNING'`).get() !== undefined
      counted = checkContents(connection, findings, onProgress)
    }
  } catch (error) {
    if (!isCorruption(error)) throw error
    findings.add('file-damaged', (error as Error).message)
  }
  return { isSound: findings.all.length === 0, findings: findings.all, counted, isBeingWritten }
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
