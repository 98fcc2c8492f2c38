import { appendFileSync, existsSync } from 'node:fs'
import { appendFile, copyFile, readFile, realpath, unlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from '@jest/globals'
import type { IngestionProgress, RejectedRow } from '../../src/domain/ingestion.ts'
import { hashFile } from '../../src/ingestion/input-file.ts'
import { ingestFile } from '../../src/ingestion/pipeline.ts'
import { openConnection } from '../../src/storage/sqlite/connection/connection.ts'
import { type Column, dropColumns, INT64, idOf, MILLIS, parquetOf, TEXT } from '../support/parquet/columns.ts'
import { identityOf, type TestDatabase, withDatabase } from './support/database.ts'

const GOOD = join(import.meta.dirname, '../fixtures/accepted/codec-snappy.parquet')
/** What a refused file adds to. */
const LEDGER = ['ingestion', 'rejected_row', 'rejection_count']

async function written(database: TestDatabase, columns: readonly Column[], rowGroupSize = 1000): Promise<string> {
  const path = join(database.folder, 'drop.parquet')
  await writeFile(path, parquetOf(columns, { rowGroupSize }))
  return path
}

/** A drop whose row `n` has the count `count(n)`. */
function counted(rows: number, count: (n: number) => number): Column[] {
  const data = Array.from({ length: rows }, (_, i) => BigInt(count(i + 1)))
  return dropColumns(rows, [{ name: 'subscriber_count', element: INT64, data }])
}

describe('rejected rows', () => {
  /** Of each three rows one has a bad count; of the others every tenth has a bad date. */
  const mixed = (rows: number) => {
    const dates = Array.from({ length: rows }, (_, i) => (i % 10 === 0 ? null : BigInt(Date.UTC(2024, 4, 1))))
    return counted(rows, n => (n % 3 === 0 ? -n : n)).map(column =>
      column.name === 'date' ? { name: 'date', element: MILLIS, data: dates } : column,
    )
  }

  test('are all counted and reported, and the first 1,000 are kept', () =>
    withDatabase(async database => {
      const reported: RejectedRow[] = []
      const path = await written(database, mixed(2600), 700)
      const ingestion = await database.ingest(path, { onRejected: rows => reported.push(...rows) })
      const numbers = Array.from({ length: 2600 }, (_, i) => i + 1)
      const badDates = numbers.filter(n => n % 10 === 1)
      const badCounts = numbers.filter(n => n % 3 === 0 && n % 10 !== 1)
      const bad = [...badDates, ...badCounts].sort((a, b) => a - b)
      expect(ingestion).toMatchObject({
        status: 'SUCCEEDED',
        rowsTotal: 2600,
        rowsRead: 2600,
        inserted: 2600 - bad.length,
        rejected: bad.length,
        rejections: [
          { reason: 'INVALID_TIMESTAMP', count: badDates.length },
          { reason: 'INVALID_SUBSCRIBER_COUNT', count: badCounts.length },
        ],
      })
      expect(bad.length).toBeGreaterThan(1000)
      expect(reported.map(row => row.rowNumber)).toEqual(bad)
      const kept = database.rejectedRows(ingestion.id)
      expect(kept.map(row => row.rowNumber)).toEqual(bad.slice(0, 1000))
      expect(kept).toEqual(
        reported.slice(0, 1000).map(({ rowNumber, reason, column, row }) => ({ rowNumber, reason, column, row })),
      )
    }))

  test('of a refused file are counted and kept as well', () =>
    withDatabase(async database => {
      const path = await written(
        database,
        counted(101, n => (n % 2 === 0 || n > 99 ? -n : n)),
      )
      const ingestion = await database.ingest(path)
      expect(ingestion).toMatchObject({
        status: 'FAILED',
        error: { code: 'TOO_MANY_REJECTED_ROWS' },
        rowsTotal: 101,
        rowsRead: 101,
        rejected: 51,
        rejections: [{ reason: 'INVALID_SUBSCRIBER_COUNT', count: 51 }],
      })
      expect(database.rejectedRows(ingestion.id)).toHaveLength(51)
    }))
})

test('progress is reported from the first row group to the last', () =>
  withDatabase(async database => {
    const reported: IngestionProgress[] = []
    const path = await written(
      database,
      counted(25, n => n),
      10,
    )
    await database.ingest(path, { onProgress: progress => reported.push(progress) })
    expect(reported).toEqual([0, 10, 20, 25].map(rowsRead => ({ rowsTotal: 25, rowsRead })))
  }))

describe('a refused file changes nothing', () => {
  async function expectUnchanged(database: TestDatabase, path: string, code: string) {
    await database.ingest(GOOD)
    const before = database.contents(LEDGER)
    const ingestion = await database.ingest(path)
    expect(ingestion).toMatchObject({ status: 'FAILED', error: { code }, inserted: 0, corrected: 0, unchanged: 0 })
    expect(ingestion.accountsCreated).toBe(0)
    expect(database.contents(LEDGER)).toEqual(before)
    return ingestion
  }

  /** New accounts, new categories, corrections of what is there, a later asOf. */
  const intruders = (rows: number): Column[] =>
    dropColumns(rows, [
      { name: 'date', element: MILLIS, data: new Array(rows).fill(BigInt(Date.UTC(2024, 5, 1))) },
      { name: 'categories', element: TEXT, data: Array.from({ length: rows }, (_, i) => `new ${i}`) },
    ])

  test('when its second row group cannot be decoded', () =>
    withDatabase(async database => {
      const path = await written(
        database,
        intruders(4).map(column => ({ ...column, encoding: 'PLAIN' })),
        2,
      )
      await writeFile(path, withBrokenRow(await readFile(path), 3))
      const ingestion = await expectUnchanged(database, path, 'CORRUPT_PARQUET')
      expect(ingestion).toMatchObject({ rowsTotal: 4, rowsRead: 2 })
    }))

  test('when more than half of its rows are rejected', () =>
    withDatabase(async database => {
      const counts = [1, 2, -1, -1, -1].map(BigInt)
      const columns = intruders(5).map(column =>
        column.name === 'subscriber_count' ? { ...column, data: counts } : column,
      )
      await expectUnchanged(database, await written(database, columns), 'TOO_MANY_REJECTED_ROWS')
    }))

  test('and can be sent again', () =>
    withDatabase(async database => {
      const path = await written(database, intruders(3))
      const file = await hashFile(path, 'drop.parquet')
      const identity = () => identityOf({ sha256: file.sha256 })
      const wrong = await ingestFile({ file, identity: identity(), expectedSha256: '0'.repeat(64) }, database.loader)
      expect(wrong).toMatchObject({ ingestion: { status: 'FAILED' }, alreadyIngested: false })
      const right = await ingestFile({ file, identity: identity(), expectedSha256: file.sha256 }, database.loader)
      expect(right).toMatchObject({ ingestion: { status: 'SUCCEEDED', inserted: 3 }, alreadyIngested: false })
    }))
})

/** The account id of row `n` claims a length that its page does not have. */
function withBrokenRow(file: Buffer, n: number): Buffer {
  const at = file.indexOf(idOf(n))
  return file.fill(0xff, at - 4, at)
}

describe('the bytes that are read are those that were hashed', () => {
  test('another checksum than the expected one', () =>
    withDatabase(async database => {
      const expectedSha256 = 'ab'.repeat(32)
      expect(await database.ingest(GOOD, { expectedSha256 })).toMatchObject({
        status: 'FAILED',
        error: { code: 'CHECKSUM_MISMATCH', field: ['input', 'expectedSha256'] },
        rowsTotal: null,
        rowsRead: 0,
      })
    }))

  test('a change before reading', () =>
    withDatabase(async database => {
      const path = join(database.folder, 'drop.parquet')
      await copyFile(GOOD, path)
      const file = await hashFile(path, 'drop.parquet')
      await appendFile(path, 'x')
      const { ingestion } = await ingestFile({ file, identity: identityOf() }, database.loader)
      expect(ingestion).toMatchObject({ status: 'FAILED', error: { code: 'FILE_CHANGED' }, rowsRead: 0 })
    }))

  test('a change while reading', () =>
    withDatabase(async database => {
      const path = await written(
        database,
        counted(40, n => n),
        10,
      )
      const onProgress = ({ rowsRead }: IngestionProgress) => {
        if (rowsRead === 20) appendFileSync(path, 'x')
      }
      const ingestion = await database.ingest(path, { onProgress })
      expect(ingestion).toMatchObject({ status: 'FAILED', error: { code: 'FILE_CHANGED' }, rowsRead: 40 })
      expect(database.all('SELECT * FROM measurement')).toEqual([])
    }))

  test('a file that has gone', () =>
    withDatabase(async database => {
      const path = join(database.folder, 'drop.parquet')
      await copyFile(GOOD, path)
      const file = await hashFile(path, 'drop.parquet')
      await unlink(path)
      const { ingestion } = await ingestFile({ file, identity: identityOf() }, database.loader)
      expect(ingestion).toMatchObject({ status: 'FAILED', error: { code: 'FILE_NOT_FOUND' } })
    }))
})

describe('limits on what a file declares', () => {
  const NONE = { maxRows: Infinity, maxDecodedBytes: Infinity, maxRowGroupBytes: Infinity }

  test.each([
    [{ maxRows: 24 }, 'INGEST_MAX_ROWS'],
    [{ maxDecodedBytes: 1000 }, 'INGEST_MAX_DECODED_BYTES'],
    [{ maxRowGroupBytes: 500 }, 'INGEST_MAX_ROW_GROUP_BYTES'],
  ])('%j', (limit, setting) =>
    withDatabase(async database => {
      const path = await written(
        database,
        counted(25, n => n),
        10,
      )
      const refused = await database.ingest(path, { limits: { ...NONE, ...limit } })
      expect(refused).toMatchObject({ status: 'FAILED', error: { code: 'RESOURCE_LIMIT' }, rowsRead: 0 })
      expect(refused.error?.message).toContain(setting)
      const taken = await database.ingest(path, { limits: { ...NONE, maxRows: 25 } })
      expect(taken).toMatchObject({ status: 'SUCCEEDED', inserted: 25 })
    }),
  )
})

test('a cancelled ingestion stops between two batches, and takes everything back', () =>
  withDatabase(async database => {
    const before = database.contents(LEDGER)
    const path = await written(
      database,
      counted(40, n => n),
      10,
    )
    const cancellation = new AbortController()
    const onProgress = ({ rowsRead }: IngestionProgress) => {
      if (rowsRead === 20) cancellation.abort()
    }
    const ingestion = await database.ingest(path, { signal: cancellation.signal, onProgress })
    expect(ingestion).toMatchObject({ status: 'CANCELLED', rowsTotal: 40, rowsRead: 20, inserted: 0 })
    expect(ingestion.error?.code).toBe('INGESTION_CANCELLED')
    expect(database.contents(LEDGER)).toEqual(before)
  }))

test('an internal error is reported, and everything is rolled back', () =>
  withDatabase(async database => {
    const before = database.contents(LEDGER)
    const onProgress = () => {
      throw new TypeError('a fault')
    }
    await expect(database.ingest(GOOD, { onProgress })).rejects.toThrow('a fault')
    expect(database.contents(LEDGER)).toEqual(before)
    expect(database.all('SELECT status, error_code, inserted FROM ingestion')).toEqual([
      { status: 'FAILED', error_code: 'INGESTION_INTERRUPTED', inserted: 0 },
    ])
    expect(await database.ingest(GOOD)).toMatchObject({ status: 'SUCCEEDED', inserted: 8 })
  }))

test('a load that cannot be read back is not committed, and both errors are reported', () =>
  withDatabase(async database => {
    const before = database.contents(LEDGER)
    const other = openConnection(database.path)
    other.exec('ALTER TABLE rejection_count RENAME TO gone')
    const fault = 'no such table: rejection_count'
    await expect(database.ingest(GOOD)).rejects.toMatchObject({
      message: `SqliteError: ${fault}, and the ledger entry could not be completed: SqliteError: ${fault}`,
      cause: { message: fault },
    })
    other.exec('ALTER TABLE gone RENAME TO rejection_count')
    other.close()
    expect(database.contents(LEDGER)).toEqual(before)
    expect(database.all('SELECT status, error_code, inserted FROM ingestion')).toEqual([
      { status: 'FAILED', error_code: 'INGESTION_INTERRUPTED', inserted: 0 },
    ])
    expect(await database.ingest(GOOD)).toMatchObject({ status: 'SUCCEEDED', inserted: 8 })
  }))

const REAL_FILE = join(import.meta.dirname, '../../../shared/data/add_accounts.parquet')
const ifReal = existsSync(REAL_FILE) ? test : test.skip
if (!existsSync(REAL_FILE)) console.warn(`${REAL_FILE} is absent: it is not ingested`)

ifReal('the real file goes in whole (skipped where it is absent)', () =>
  withDatabase(async database => {
    const ingestion = await database.ingest(await realpath(REAL_FILE))
    expect(ingestion).toMatchObject({
      status: 'SUCCEEDED',
      rowsTotal: 43_208,
      inserted: 43_208,
      corrected: 0,
      unchanged: 0,
      rejected: 0,
      accountsCreated: 9996,
    })
    const seconds = (instant: number | null) => new Date(instant!).toISOString().slice(0, 19)
    expect(seconds(ingestion.firstMeasuredAt)).toBe('2024-08-21T18:44:55')
    expect(seconds(ingestion.lastMeasuredAt)).toBe('2024-11-28T08:39:14')
    expect(database.all('SELECT DISTINCT measured_at FROM measurement')).toHaveLength(10)
  }),
)
