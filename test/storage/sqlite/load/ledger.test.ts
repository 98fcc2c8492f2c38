import { describe, expect, test } from '@jest/globals'
import type { IngestionWarning, RejectedRow } from '../../../../src/domain/ingestion.ts'
import type { Load } from '../../../../src/domain/loader.ts'
import { openConnection } from '../../../../src/storage/sqlite/connection/connection.ts'
import { SqliteLoader } from '../../../../src/storage/sqlite/load/loader.ts'
import { identityOf, type TestDatabase, withDatabase } from '../../../ingestion/support/database.ts'
import { batchesOf, beginLoad, loadRows, type Row } from '../../../ingestion/support/loads.ts'
import { idOf } from '../../../support/parquet/columns.ts'

const MAY = Date.UTC(2024, 4, 1)
const LEDGER = ['ingestion', 'ingestion_warning', 'rejected_row', 'rejection_count']
const WARNINGS: readonly IngestionWarning[] = [
  { code: 'TRAILING_BYTES', column: 'date', message: 'Eight bytes follow the last value.' },
  { code: 'SIZE_DISAGREES', column: null, message: 'The footer declares another size.' },
]

const rows: readonly Row[] = [
  { accountId: idOf(1), measuredAt: MAY, subscriberCount: 1500, categories: ['Gaming'] },
  { accountId: idOf(2), measuredAt: MAY - 1000, subscriberCount: 900, categories: [] },
  { accountId: idOf(1), measuredAt: MAY + 1000, subscriberCount: 1600, categories: ['Gaming'] },
]

const identity = identityOf({
  id: 'an id',
  fileName: 'drops/may.parquet',
  sha256: 'ab'.repeat(32),
  fileSize: 12_345,
  queuedAt: 1_000,
  programVersion: '1.2.3',
})

async function write(load: Load, rows: readonly Row[]): Promise<void> {
  for (const batch of batchesOf(rows, 2)) await load.write(batch)
}

function rejections(length: number, reason: RejectedRow['reason'], from = 1) {
  const rows = Array.from({ length }, (_, i) => ({ rowNumber: from + i, reason, column: 'date', row: `{"n":${i}}` }))
  return { counts: new Map([[reason, length]]), rows }
}

function statusOf(database: TestDatabase, id: string) {
  return database.all('SELECT status FROM ingestion WHERE public_id = ?', id)
}

describe('a ledger entry', () => {
  test('of an ingestion that SUCCEEDED', () =>
    withDatabase(async database => {
      const load = await beginLoad(database.loader, identity, 2_000)
      await write(load, rows)
      await load.reject(rejections(2, 'TIMESTAMP_OUT_OF_RANGE', 4))
      await load.reject(rejections(1, 'INVALID_ACCOUNT_ID', 6))
      await load.warn(WARNINGS.slice(0, 1))
      await load.warn(WARNINGS.slice(1))
      const before = Date.now()
      const ingestion = await load.commit({ rowsTotal: 6, rowsRead: 6 })
      expect(ingestion).toEqual({
        ...identity,
        status: 'SUCCEEDED',
        startedAt: 2_000,
        finishedAt: expect.any(Number),
        rowsTotal: 6,
        rowsRead: 6,
        inserted: 3,
        corrected: 0,
        unchanged: 0,
        rejected: 3,
        rejections: [
          { reason: 'INVALID_ACCOUNT_ID', count: 1 },
          { reason: 'TIMESTAMP_OUT_OF_RANGE', count: 2 },
        ],
        accountsCreated: 2,
        firstMeasuredAt: MAY - 1000,
        lastMeasuredAt: MAY + 1000,
        warnings: WARNINGS,
        error: null,
      })
      expect(ingestion.finishedAt).toBeGreaterThanOrEqual(before)
      expect(database.rejectedRows(identity.id).map(row => row.rowNumber)).toEqual([4, 5, 6])
    }))

  test('of one that FAILED has no measurements, and keeps its rejected rows', () =>
    withDatabase(async database => {
      const before = database.contents(LEDGER)
      const load = await beginLoad(database.loader, identity, 2_000)
      await write(load, rows)
      await load.reject(rejections(5, 'INVALID_TIMESTAMP'))
      await load.warn(WARNINGS)
      const error = { code: 'TOO_MANY_REJECTED_ROWS', field: null, message: 'Too many.' } as const
      expect(await load.rollBack(error, { rowsTotal: 9, rowsRead: 8 })).toEqual({
        ...identity,
        status: 'FAILED',
        startedAt: 2_000,
        finishedAt: expect.any(Number),
        rowsTotal: 9,
        rowsRead: 8,
        inserted: 0,
        corrected: 0,
        unchanged: 0,
        rejected: 5,
        rejections: [{ reason: 'INVALID_TIMESTAMP', count: 5 }],
        accountsCreated: 0,
        firstMeasuredAt: null,
        lastMeasuredAt: null,
        warnings: WARNINGS,
        error,
      })
      expect(database.rejectedRows(identity.id)).toHaveLength(5)
      expect(database.contents(LEDGER)).toEqual(before)
    }))

  test('keeps the input field at fault', () =>
    withDatabase(async database => {
      const load = await beginLoad(database.loader, identity, 2_000)
      const error = { code: 'CHECKSUM_MISMATCH', field: ['input', 'expectedSha256'], message: 'x' } as const
      expect(await load.rollBack(error, { rowsTotal: null, rowsRead: 0 })).toMatchObject({ error, rowsTotal: null })
    }))

  test('of one that was CANCELLED', () =>
    withDatabase(async database => {
      const load = await beginLoad(database.loader, identity, 2_000)
      const error = { code: 'INGESTION_CANCELLED', field: null, message: 'x' } as const
      const ingestion = await load.rollBack(error, { rowsTotal: 9, rowsRead: 8 })
      expect(ingestion).toMatchObject({ status: 'CANCELLED', error })
    }))

  test('without rows has zeros and no span', () =>
    withDatabase(async database => {
      const before = database.contents(LEDGER)
      const ingestion = await loadRows(database.loader, [])
      expect(ingestion).toMatchObject({ status: 'SUCCEEDED', rowsTotal: 0, rowsRead: 0, inserted: 0 })
      expect(ingestion).toMatchObject({ accountsCreated: 0, firstMeasuredAt: null, lastMeasuredAt: null })
      expect(database.contents(LEDGER)).toEqual(before)
    }))

  test('spans all accepted rows, including unchanged ones', () =>
    withDatabase(async database => {
      await loadRows(database.loader, rows)
      expect(await loadRows(database.loader, rows)).toMatchObject({
        unchanged: 3,
        accountsCreated: 0,
        firstMeasuredAt: MAY - 1000,
        lastMeasuredAt: MAY + 1000,
      })
    }))
})

test('the first 1,000 rejected rows are kept, and all are counted', () =>
  withDatabase(async database => {
    const load = await beginLoad(database.loader, identity, 2_000)
    await load.reject(rejections(600, 'INVALID_TIMESTAMP', 1))
    await load.reject(rejections(600, 'INVALID_CATEGORIES', 601))
    await load.reject(rejections(600, 'INVALID_TIMESTAMP', 1201))
    expect(await load.commit({ rowsTotal: 1800, rowsRead: 1800 })).toMatchObject({
      rejected: 1800,
      rejections: [
        { reason: 'INVALID_TIMESTAMP', count: 1200 },
        { reason: 'INVALID_CATEGORIES', count: 600 },
      ],
    })
    const kept = database.rejectedRows(identity.id)
    expect(kept).toHaveLength(1000)
    expect(kept.at(-1)).toEqual({ rowNumber: 1000, reason: 'INVALID_CATEGORIES', column: 'date', row: '{"n":399}' })
  }))

test('other connections see RUNNING during the load, then all of its data at once', () =>
  withDatabase(async database => {
    const before = database.contents(LEDGER)
    const load = await beginLoad(database.loader, identity, 2_000)
    expect(statusOf(database, identity.id)).toEqual([{ status: 'RUNNING' }])
    await write(load, rows)
    await load.reject(rejections(1, 'INVALID_TIMESTAMP'))
    expect(statusOf(database, identity.id)).toEqual([{ status: 'RUNNING' }])
    expect(database.all('SELECT * FROM rejected_row')).toEqual([])
    expect(database.contents(LEDGER)).toEqual(before)
    await load.commit({ rowsTotal: 4, rowsRead: 4 })
    expect(statusOf(database, identity.id)).toEqual([{ status: 'SUCCEEDED' }])
    expect(database.measurements()).toHaveLength(3)
  }))

test('an entry ends even when its transaction cannot begin', () =>
  withDatabase(async database => {
    const other = openConnection(database.path)
    other.exec('ALTER TABLE category_set RENAME TO gone')
    const begun = database.loader.begin(identity, 2_000)
    await expect(begun).rejects.toMatchObject({ message: expect.stringContaining('category_set') })
    expect(database.all('SELECT public_id, status, error_code FROM ingestion')).toEqual([
      { public_id: identity.id, status: 'FAILED', error_code: 'INGESTION_INTERRUPTED' },
    ])
    other.exec('ALTER TABLE gone RENAME TO category_set')
    other.close()
    expect(await loadRows(database.loader, rows)).toMatchObject({ status: 'SUCCEEDED', inserted: 3 })
  }))

test('an entry that has ended cannot end again', () =>
  withDatabase(async database => {
    const load = await beginLoad(database.loader, identity, 2_000)
    const ended = await load.commit({ rowsTotal: 0, rowsRead: 0 })
    const error = { code: 'INGESTION_INTERRUPTED', field: null, message: 'x' } as const
    await expect(load.rollBack(error, { rowsTotal: 0, rowsRead: 0 })).rejects.toThrow('has ended already')
    expect(await database.loader.begin(identityOf({ sha256: identity.sha256 }), 1)).toMatchObject({ ingestion: ended })
  }))

describe('bytes that were ingested before', () => {
  test('return their ingestion, unless it failed', () =>
    withDatabase(async database => {
      const failed = await beginLoad(database.loader, identityOf({ sha256: identity.sha256 }), 1)
      await failed.rollBack({ code: 'CORRUPT_PARQUET', field: null, message: 'x' }, { rowsTotal: null, rowsRead: 0 })
      const ingestion = await loadRows(database.loader, rows, 2, identity)
      const before = database.contents()
      const again = await database.loader.begin(identityOf({ sha256: identity.sha256 }), 1, {
        expectedSha256: identity.sha256,
      })
      expect(again).toEqual({ load: null, ingestion, alreadyIngested: true })
      expect(database.contents()).toEqual(before)
      expect(await loadRows(database.loader, rows)).toMatchObject({ status: 'SUCCEEDED', unchanged: 3 })
    }))

  test('return the ingestion of a loader that was waited for', () =>
    withDatabase(async database => {
      const load = await beginLoad(database.loader, identity, 1)
      const other = new SqliteLoader(database.path)
      const waiting = other.begin(identityOf({ sha256: identity.sha256 }), 2)
      const ingestion = await load.commit({ rowsTotal: 0, rowsRead: 0 })
      expect(await waiting).toEqual({ load: null, ingestion, alreadyIngested: true })
      await other.close()
    }))

  test('fail when the client expects another SHA-256', () =>
    withDatabase(async database => {
      await loadRows(database.loader, rows, 2, identity)
      const before = database.contents(LEDGER)
      const damaged = identityOf({ sha256: identity.sha256 })
      const { load, ...result } = await database.loader.begin(damaged, 1, { expectedSha256: '00'.repeat(32) })
      const error = { code: 'CHECKSUM_MISMATCH', field: ['input', 'expectedSha256'] }
      expect(load).toBeNull()
      expect(result).toMatchObject({ ingestion: { id: damaged.id, status: 'FAILED', error }, alreadyIngested: false })
      expect(database.contents(LEDGER)).toEqual(before)
      expect(await loadRows(database.loader, rows)).toMatchObject({ status: 'SUCCEEDED' })
    }))
})

describe('a dry run', () => {
  test('reports what would become of the rows, and leaves only its ledger entry', () =>
    withDatabase(async database => {
      await loadRows(database.loader, rows.slice(0, 1))
      const before = database.contents(LEDGER)
      const dry = await loadRows(database.loader, rows, 2, { ...identity, dryRun: true })
      expect(dry).toMatchObject({ status: 'SUCCEEDED', dryRun: true, inserted: 2, unchanged: 1, accountsCreated: 1 })
      expect(database.contents(LEDGER)).toEqual(before)
      const real = await loadRows(database.loader, rows, 2, identityOf({ sha256: identity.sha256 }))
      expect(real).toMatchObject({ status: 'SUCCEEDED', inserted: 2, unchanged: 1, accountsCreated: 1 })
    }))
})

test('the constraints of the tables reject what the rules reject', () =>
  withDatabase(async database => {
    await loadRows(database.loader, rows, 2, identity)
    const connection = openConnection(database.path)
    const run = (sql: string) => () => connection.exec(sql)
    expect(run(`UPDATE ingestion SET inserted = 2`)).toThrow(/CHECK/)
    expect(run(`UPDATE ingestion SET status = 'FAILED'`)).toThrow(/CHECK/)
    expect(run(`UPDATE ingestion SET status = 'DONE'`)).toThrow(/CHECK/)
    await loadRows(database.loader, rows, 2, identityOf())
    expect(run(`UPDATE ingestion SET sha256 = '${identity.sha256}'`)).toThrow(/UNIQUE/)
    expect(run(`UPDATE measurement SET subscriber_count = -1`)).toThrow(/CHECK/)
    expect(run(`UPDATE measurement SET subscriber_count = 9007199254740992`)).toThrow(/CHECK/)
    expect(run(`UPDATE measurement SET measured_at = measured_at + 2592000000`)).toThrow(/CHECK/)
    expect(run(`UPDATE account SET account_id = upper(account_id || 'a')`)).toThrow(/CHECK/)
    expect(run(`UPDATE measurement SET subscriber_count = 'many'`)).toThrow(/cannot store TEXT/)
    expect(run(`UPDATE measurement SET subscriber_count = 1.5`)).toThrow(/cannot store REAL/)
    expect(run(`INSERT INTO dataset (id, measurement_count, account_count) VALUES (2, 0, 0)`)).toThrow(/CHECK/)
    connection.close()
  }))
