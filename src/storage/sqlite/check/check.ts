import type { Connection } from '../connection/connection.ts'
import { isCorruption } from '../connection/errors.ts'
import { withReadOnly } from '../connection/read-only.ts'
import { type Migration, readMigrations, requireCurrent } from '../schema/migrations.ts'
import { inspectAccounts } from './accounts.ts'
import { inspectCategories } from './categories.ts'
import { inspectConstraints } from './constraints.ts'
import { inspectCorrections } from './corrections.ts'
import { inspectFile, inspectReferences } from './file.ts'
import { type Finding, Findings } from './findings.ts'
import { type Inspection, scalarOf } from './inspection.ts'
import { BroughtBy, inspectLedger } from './ledger.ts'
import { walkMeasurements } from './measurements.ts'
import { inspectMemberships } from './memberships.ts'
import { inspectSchema } from './schema.ts'
import { inspectTotals } from './totals.ts'

const CHECK_STEPS = ['pages and indexes', 'tables', 'references', 'measurements', 'accounts', 'ledger'] as const
export type CheckStep = (typeof CHECK_STEPS)[number]

/** What a check found of one state of a database. */
export interface CheckReport {
  readonly isSound: boolean
  readonly findings: readonly Finding[]
  /** Null where the damage kept it from being counted. */
  readonly counted: { readonly measurements: number; readonly accounts: number; readonly asOf: number | null } | null
  /** An ingestion was under way: what it has written so far is not part of what was checked. */
  readonly isBeingWritten: boolean
}

export type OnCheckProgress = (step: CheckStep, done: number) => void

/**
 * Verifies a database and changes nothing: the file, the schema, the ledger, and everything derived, which is computed
 * anew from the measurements in another way than when it was written. Rules: docs/database.md.
 *
 * It sees one state, also while the program is at work on the file. Memory: some 170 bytes an account.
 *
 * @throws AppError when it is no database of this program and version
 */
export function checkDatabase(path: string, onProgress: OnCheckProgress = () => {}): CheckReport {
  const migrations = readMigrations()
  return withReadOnly(path, connection => {
    boundMemory(connection)
    connection.exec('BEGIN')
    requireCurrent(connection, path, migrations)
    return inspect(connection, migrations, onProgress)
  })
}

/** Sorts in files rather than in memory. */
export function boundMemory(connection: Connection): void {
  connection.pragma('temp_store = FILE')
}

/** The same, within the caller's transaction. */
export function inspect(
  connection: Connection,
  migrations: readonly Migration[],
  onProgress: OnCheckProgress,
): CheckReport {
  const findings = new Findings()
  let step: CheckStep = CHECK_STEPS[0]
  const inspection = { connection, findings, onProgress: (done: number) => onProgress(step, done) }
  const begin = (next: CheckStep) => {
    step = next
    onProgress(step, 0)
  }
  let counted: CheckReport['counted'] = null
  let isBeingWritten = false
  try {
    begin('pages and indexes')
    inspectFile(inspection)
    begin('tables')
    inspectSchema(inspection, migrations)
    // What is damaged or altered cannot be asked any further.
    if (!findings.has('file') && !findings.has('schema')) {
      begin('references')
      inspectReferences(inspection)
      inspectConstraints(inspection)
      isBeingWritten = scalarOf(inspection, `SELECT count(*) FROM ingestion WHERE status = 'RUNNING'`) !== 0
      counted = inspectContents(inspection, begin)
    }
  } catch (error) {
    // Thrown where a page that is needed cannot be read.
    if (!isCorruption(error)) throw error
    findings.add('file-damaged', () => (error as Error).message)
  }
  return { isSound: findings.all.length === 0, findings: findings.all, counted, isBeingWritten }
}

function inspectContents(inspection: Inspection, begin: (step: CheckStep) => void): CheckReport['counted'] {
  const brought = new BroughtBy()
  const sets = inspectCategories(inspection)
  begin('measurements')
  const measured = walkMeasurements(inspection, sets, brought)
  inspectCorrections(inspection, measured, brought)
  begin('accounts')
  inspectAccounts(inspection, measured.accounts, brought)
  inspectMemberships(inspection, measured.accounts, sets)
  inspectTotals(inspection, measured)
  begin('ledger')
  inspectLedger(inspection, brought)
  return { measurements: measured.count, accounts: measured.accounts.ids.length, asOf: measured.accounts.asOf }
}
