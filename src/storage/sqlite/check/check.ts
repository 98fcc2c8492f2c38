import type { Connection } from '../connection/connection.ts'
import { isCorruption } from '../connection/errors.ts'
import { withReadOnly } from '../connection/read-only.ts'
import { type Migration, readMigrations, requireCurrent } from '../schema/migrations.ts'
import { type Counts, checkContents } from './contents.ts'
import { type Finding, Findings } from './rules.ts'
import { checkConstraints, checkFile, checkReferences, checkSchema } from './structure.ts'

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
 * Verifies a database and changes nothing: the file, the schema, the ledger, and all derived data, which is derived anew
 * and compared. Rules: docs/database.md. Checks one state, even while an ingestion runs. Sorts in temporary files of
 * some 150 bytes an account.
 *
 * @throws AppError NO_DATABASE, NOT_A_DATABASE, FOREIGN_DATABASE, DATABASE_TOO_NEW, DATABASE_TOO_OLD, DATABASE_DAMAGED
 */
export function checkDatabase(path: string, onProgress: OnCheckProgress = () => {}): CheckReport {
  const migrations = readMigrations()
  return withReadOnly(path, connection => {
    connection.pragma('temp_store = FILE')
    connection.exec('BEGIN')
    requireCurrent(connection, path, migrations)
    return checkConnection(connection, migrations, onProgress)
  })
}

/** Checks within the caller's transaction. */
export function checkConnection(
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
