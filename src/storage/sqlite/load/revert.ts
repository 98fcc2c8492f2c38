import { AppError } from '../../../domain/errors.ts'
import type { Connection } from '../connection/connection.ts'
import { countTracked, markAllStale, refreshDerived } from '../derive/refresh.ts'
import { PERIOD_MS, periodOf } from '../schema/tables.ts'

/*
 * Only the newest ingestion can be reverted, so nothing that came later can rest on what it brought: its rows,
 * accounts, categories and sets go as they came, and each value that it corrected is put back.
 */

interface Line {
  readonly id: number
  /** The first and last period that the ingestion wrote to: its rows are looked for in these only. */
  readonly periods: readonly [number, number]
}

/**
 * Takes back the newest SUCCEEDED ingestion, within the caller's transaction.
 *
 * @param publicId of the ingestion that is meant
 * @throws AppError NOT_FOUND, NOT_LATEST_INGESTION
 */
export function revertNewest(connection: Connection, publicId: string): void {
  const line = requireNewest(connection, publicId)
  markStaleByIngestion(connection, line)
  restoreCorrected(connection, line.id)
  const removed = removeInserted(connection, line)
  removeAccounts(connection, line.id)
  refresh(connection, removed)
  removeCategories(connection, line.id)
  connection.prepare(`UPDATE ingestion SET status = 'REVERTED' WHERE id = ?`).run(line.id)
}

interface NewestRow {
  readonly id: number
  readonly public_id: string
  readonly first_measured_at: number | null
  readonly last_measured_at: number | null
}

function requireNewest(connection: Connection, publicId: string): Line {
  requireStanding(connection, publicId)
  const newest = connection
    .prepare(`SELECT id, public_id, first_measured_at, last_measured_at FROM ingestion
      WHERE status = 'SUCCEEDED' AND dry_run = 0 ORDER BY id DESC LIMIT 1`)
    .get() as NewestRow | undefined
  if (newest?.public_id === publicId) {
    // Without an accepted row there is no first instant, and no row to look for.
    return { id: newest.id, periods: [periodOf(newest.first_measured_at ?? 0), periodOf(newest.last_measured_at ?? 0)] }
  }
  const advice = 'Only the newest ingestion that succeeded can be reverted; revert those after it first.'
  throw new AppError('NOT_LATEST_INGESTION', advice, { field: ['input', 'id'] })
}

/** Whoever names what holds no data is not to revert others for it. */
function requireStanding(connection: Connection, publicId: string): void {
  const known = connection
    .prepare('SELECT status, dry_run AS isDryRun FROM ingestion WHERE public_id = ?')
    .get(publicId) as { status: string; isDryRun: number } | undefined
  if (!known)
    throw new AppError('NOT_FOUND', 'There is no such ingestion. Take its id from the ledger.', {
      field: ['input', 'id'],
    })
  if (known.status === 'SUCCEEDED' && !known.isDryRun) return
  const what = known.isDryRun ? 'was a dry run' : `is ${known.status}`
  const advice = `The ingestion ${what}: nothing of it is in the data, and there is nothing to revert.`
  throw new AppError('NOT_LATEST_INGESTION', advice, { field: ['input', 'id'] })
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

/** @returns how many measurements are gone */
function removeInserted(connection: Connection, { id, periods }: Line): number {
  const { changes } = connection
    .prepare(`DELETE FROM measurement WHERE period BETWEEN ? AND ? AND ingestion = ?`)
    .run(...periods, id)
  connection.exec('DELETE FROM period WHERE NOT EXISTS (SELECT 1 FROM measurement m WHERE m.period = period.period)')
  return changes
}

function markStaleByIngestion(connection: Connection, { id, periods }: Line): void {
  connection
    .prepare(`INSERT OR IGNORE INTO stale (account)
      SELECT account FROM measurement WHERE period BETWEEN ? AND ? AND ingestion = ?
      UNION SELECT account FROM correction WHERE corrected_by = ?`)
    .run(...periods, id, id)
}

/** Accounts that the ingestion was the first to bring: they have no measurement any more. */
function removeAccounts(connection: Connection, ingestion: number): void {
  const remove = (sql: string) => connection.prepare(sql).run(ingestion)
  remove(`DELETE FROM account_category WHERE (category, subscriber_count, account_id) IN (
    SELECT m.category, a.subscriber_count, a.account_id FROM account a
    JOIN category_set_member m ON m.category_set = a.category_set WHERE a.ingestion = ?)`)
  remove('DELETE FROM stale WHERE account IN (SELECT id FROM account WHERE ingestion = ?)')
  remove('DELETE FROM account WHERE ingestion = ?')
}

/** Time may have gone back, and then every account's growth is another. */
function refresh(connection: Connection, removed: number): void {
  const asOfBefore = connection.prepare('SELECT as_of FROM dataset').pluck().get()
  const end = (which: 'min' | 'max') =>
    `(SELECT ${which}(measured_at) FROM measurement WHERE period = (SELECT ${which}(period) FROM period))`
  connection
    .prepare(`UPDATE dataset SET as_of = ${end('max')}, first_measured_at = ${end('min')},
      measurement_count = measurement_count - ?`)
    .run(removed)
  const asOf = connection.prepare('SELECT as_of FROM dataset').pluck().get() as number | null
  if (asOf !== null) {
    if (asOf !== asOfBefore) markAllStale(connection)
    refreshDerived(connection, asOf)
  }
  countTracked(connection)
}

/** Categories and sets that the ingestion was the first to bring. */
function removeCategories(connection: Connection, ingestion: number): void {
  const remove = (sql: string) => connection.prepare(sql).run(ingestion)
  remove('DELETE FROM category_set_member WHERE category_set IN (SELECT id FROM category_set WHERE ingestion = ?)')
  remove('DELETE FROM category_set WHERE ingestion = ?')
  remove('DELETE FROM category WHERE ingestion = ?')
}
