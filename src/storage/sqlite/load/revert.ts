import { AppError } from '../../../domain/errors.ts'
import type { Connection } from '../connection/connection.ts'
import { countTracked, markAllStale, refreshDerived } from '../derive/refresh.ts'
import { PERIOD_MS, periodOf } from '../schema/tables.ts'

/*
 * Only the newest ingestion can be reverted, so no later ingestion depends on it: its measurements, accounts, categories
 * and sets are deleted, and each value that it corrected is restored.
 */

interface Reverted {
  readonly id: number
  /** The first and last period that the ingestion wrote to: only these can hold its measurements. */
  readonly periods: readonly [number, number]
}

/**
 * Reverts the newest SUCCEEDED ingestion, within the caller's transaction.
 *
 * @param publicId of the ingestion that is meant
 * @throws AppError NOT_FOUND, NOT_LATEST_INGESTION
 */
export function revertNewest(connection: Connection, publicId: string): void {
  const reverted = requireNewest(connection, publicId)
  markStaleAccounts(connection, reverted)
  restoreCorrected(connection, reverted.id)
  const removed = deleteMeasurements(connection, reverted)
  deleteAccounts(connection, reverted.id)
  refresh(connection, removed)
  deleteCategories(connection, reverted.id)
  connection.prepare(`UPDATE ingestion SET status = 'REVERTED' WHERE id = ?`).run(reverted.id)
}

interface NewestRow {
  readonly id: number
  readonly public_id: string
  readonly first_measured_at: number | null
  readonly last_measured_at: number | null
}

function requireNewest(connection: Connection, publicId: string): Reverted {
  requireSucceeded(connection, publicId)
  const newest = connection
    .prepare(`SELECT id, public_id, first_measured_at, last_measured_at FROM ingestion
      WHERE status = 'SUCCEEDED' AND dry_run = 0 ORDER BY id DESC LIMIT 1`)
    .get() as NewestRow | undefined
  if (newest?.public_id === publicId) {
    // An ingestion without accepted rows has no first instant, and no measurements.
    return { id: newest.id, periods: [periodOf(newest.first_measured_at ?? 0), periodOf(newest.last_measured_at ?? 0)] }
  }
  const message = 'Only the newest ingestion that SUCCEEDED can be reverted. Revert the later ones first.'
  throw new AppError('NOT_LATEST_INGESTION', message, { field: ['input', 'id'] })
}

/** Checked first: reverting later ingestions would not help for one that has no data. */
function requireSucceeded(connection: Connection, publicId: string): void {
  const known = connection
    .prepare('SELECT status, dry_run AS isDryRun FROM ingestion WHERE public_id = ?')
    .get(publicId) as { status: string; isDryRun: number } | undefined
  if (!known) {
    const message = 'There is no such ingestion. Take its id from the ledger.'
    throw new AppError('NOT_FOUND', message, { field: ['input', 'id'] })
  }
  if (known.status === 'SUCCEEDED' && !known.isDryRun) return
  const what = known.isDryRun ? 'was a dry run' : `is ${known.status}`
  const message = `The ingestion ${what}: it has no data in the database, and nothing to revert.`
  throw new AppError('NOT_LATEST_INGESTION', message, { field: ['input', 'id'] })
}

/** The value before the ingestion is the one that its first correction of a measurement replaced. */
function restoreCorrected(connection: Connection, ingestion: number): void {
  connection
    .prepare(`
      UPDATE measurement AS m
      SET subscriber_count = c.subscriber_count, category_set = c.category_set, ingestion = c.ingestion
      FROM (SELECT account, measured_at, subscriber_count, category_set, ingestion, min(sequence) FROM correction
        WHERE corrected_by = :ingestion GROUP BY account, measured_at) c
      WHERE m.period = c.measured_at / ${PERIOD_MS} AND m.account = c.account AND m.measured_at = c.measured_at
        AND c.ingestion <> :ingestion`)
    .run({ ingestion })
  connection.prepare('DELETE FROM correction WHERE corrected_by = ?').run(ingestion)
}

/** @returns the number of measurements that were deleted */
function deleteMeasurements(connection: Connection, { id, periods }: Reverted): number {
  const { changes } = connection
    .prepare(`DELETE FROM measurement WHERE period BETWEEN ? AND ? AND ingestion = ?`)
    .run(...periods, id)
  connection.exec('DELETE FROM period WHERE NOT EXISTS (SELECT 1 FROM measurement m WHERE m.period = period.period)')
  return changes
}

function markStaleAccounts(connection: Connection, { id, periods }: Reverted): void {
  connection
    .prepare(`INSERT OR IGNORE INTO stale (account)
      SELECT account FROM measurement WHERE period BETWEEN ? AND ? AND ingestion = ?
      UNION SELECT account FROM correction WHERE corrected_by = ?`)
    .run(...periods, id, id)
}

/** Deletes the accounts that the ingestion created: they have no measurements left. */
function deleteAccounts(connection: Connection, ingestion: number): void {
  const run = (sql: string) => connection.prepare(sql).run(ingestion)
  run(`DELETE FROM account_category WHERE (category, subscriber_count, account_id) IN (
    SELECT m.category, a.subscriber_count, a.account_id FROM account a
    JOIN category_set_member m ON m.category_set = a.category_set WHERE a.ingestion = ?)`)
  run('DELETE FROM stale WHERE account IN (SELECT id FROM account WHERE ingestion = ?)')
  run('DELETE FROM account WHERE ingestion = ?')
}

/** When `asOf` moves back, the growth of every account changes. */
function refresh(connection: Connection, removed: number): void {
  const readAsOf = connection.prepare('SELECT as_of FROM dataset').pluck()
  const asOfBefore = readAsOf.get()
  const end = (which: 'min' | 'max') =>
    `(SELECT ${which}(measured_at) FROM measurement WHERE period = (SELECT ${which}(period) FROM period))`
  connection
    .prepare(`UPDATE dataset SET as_of = ${end('max')}, first_measured_at = ${end('min')},
      measurement_count = measurement_count - ?`)
    .run(removed)
  const asOf = readAsOf.get() as number | null
  if (asOf !== null) {
    if (asOf !== asOfBefore) markAllStale(connection)
    refreshDerived(connection, asOf)
  }
  countTracked(connection)
}

/** Deletes the categories and sets that the ingestion created. */
function deleteCategories(connection: Connection, ingestion: number): void {
  const run = (sql: string) => connection.prepare(sql).run(ingestion)
  run('DELETE FROM category_set_member WHERE category_set IN (SELECT id FROM category_set WHERE ingestion = ?)')
  run('DELETE FROM category_set WHERE ingestion = ?')
  run('DELETE FROM category WHERE ingestion = ?')
}
