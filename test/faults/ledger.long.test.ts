import { readdirSync } from 'node:fs'
import { utimes, writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import type { UserErrorCode } from '../../src/domain/errors.ts'
import type { Ingestion } from '../../src/domain/ingestion.ts'
import { hashFile } from '../../src/ingestion/input-file.ts'
import { ingestFile } from '../../src/ingestion/pipeline.ts'
import { openConnection } from '../../src/storage/sqlite/connection/connection.ts'
import { endInterrupted } from '../../src/storage/sqlite/load/ledger.ts'
import { identityOf, type TestDatabase, withDatabase } from '../ingestion/support/database.ts'
import { dropColumns, parquetOf } from '../support/parquet/columns.ts'

const REFUSED = join(import.meta.dirname, '../fixtures/refused')
const LEDGER = ['ingestion', 'rejected_row', 'rejection_count']
const MANY = 2 ** 40
const NOTHING = { inserted: 0, corrected: 0, unchanged: 0, accounts_created: 0, first_measured_at: null }

interface Line {
  readonly id: number
  readonly status: string
  readonly error_code: UserErrorCode | null
  readonly rejected: number
  readonly counted: number
}

function lines(database: TestDatabase): Line[] {
  return database.all(`SELECT *, (SELECT coalesce(sum(count), 0) FROM rejection_count r WHERE r.ingestion = i.id) AS counted
    FROM ingestion i ORDER BY id`)
}

async function plainDrop(database: TestDatabase, rows: number): Promise<string> {
  const path = join(database.folder, `${rows}.parquet`)
  await writeFile(path, parquetOf(dropColumns(rows)))
  return path
}

/** Each way in which a file of the right form ends badly. */
const ENDINGS: Readonly<Record<string, (database: TestDatabase, path: string) => Promise<Ingestion>>> = {
  CHECKSUM_MISMATCH: (database, path) => database.ingest(path, { expectedSha256: '0'.repeat(64) }),
  RESOURCE_LIMIT: (database, path) =>
    database.ingest(path, { limits: { maxRows: 1, maxDecodedBytes: MANY, maxRowGroupBytes: MANY } }),
  INGESTION_CANCELLED: (database, path) => database.ingest(path, { signal: AbortSignal.abort() }),
  FILE_CHANGED: async (database, path) => {
    const file = await hashFile(path, basename(path))
    await utimes(path, 1, 1)
    return (await ingestFile({ file, identity: identityOf({ sha256: file.sha256 }) }, database.loader)).ingestion
  },
}

describe('the ledger', () => {
  test('has an ended line for every way in which a file can end, with nothing taken', () =>
    withDatabase(async database => {
      const before = database.contents(LEDGER)
      const files = readdirSync(REFUSED).filter(name => name.endsWith('.parquet'))
      for (const file of files) await database.ingest(join(REFUSED, file))
      const path = await plainDrop(database, 3)
      for (const [code, end] of Object.entries(ENDINGS)) expect((await end(database, path)).error?.code).toBe(code)
      await endOfAnother(database)

      const ended = lines(database)
      expect(ended).toHaveLength(files.length + Object.keys(ENDINGS).length + 1)
      for (const line of ended) {
        const status = line.error_code === 'INGESTION_CANCELLED' ? 'CANCELLED' : 'FAILED'
        expect(line).toMatchObject({
          status,
          finished_at: expect.any(Number),
          error_message: expect.any(String),
          ...NOTHING,
        })
        expect(line.counted).toBe(line.rejected)
      }
      expect([...new Set(ended.map(line => line.error_code))].sort()).toEqual([
        ...['CHECKSUM_MISMATCH', 'CORRUPT_PARQUET', 'ENCRYPTED_PARQUET', 'FILE_CHANGED', 'INGESTION_CANCELLED'],
        ...['INGESTION_INTERRUPTED', 'MISSING_COLUMN', 'NOT_PARQUET', 'RESOURCE_LIMIT', 'TOO_MANY_REJECTED_ROWS'],
        ...['UNEXPECTED_COLUMN_TYPE', 'UNSUPPORTED_PARQUET'],
      ])
      expect(database.contents(LEDGER)).toEqual(before)
      // All of these bytes may come again.
      expect(await database.ingest(path)).toMatchObject({ status: 'SUCCEEDED', inserted: 3 })
    }))

  test.each([
    ['SUCCEEDED', 'inserted = inserted + 1', 'ingestion_balance'],
    ['SUCCEEDED', 'rejected = rejected - 1', 'ingestion_balance'],
    ['SUCCEEDED', 'rows_read = rows_read + 1', 'ingestion_balance'],
    ['SUCCEEDED', "error_code = 'DATABASE_FULL'", 'ingestion_error'],
    ['SUCCEEDED', "status = 'FAILED', error_code = 'DATABASE_FULL'", 'ingestion_nothing_taken'],
    ['FAILED', 'inserted = 1', 'ingestion_nothing_taken'],
    ['FAILED', 'corrected = 1', 'ingestion_nothing_taken'],
    ['CANCELLED', 'unchanged = 1', 'ingestion_nothing_taken'],
    ['CANCELLED', 'error_code = NULL', 'ingestion_error'],
    ['FAILED', "status = 'SUCCEEDED'", 'ingestion_error'],
    ['FAILED', "status = 'LOST'", 'ingestion_status'],
  ])('rejects a ledger entry %s with %s from any program', (status, change, constraint) =>
    withDatabase(async database => {
      const path = await plainDrop(database, 3)
      await ENDINGS.CHECKSUM_MISMATCH!(database, path)
      await ENDINGS.INGESTION_CANCELLED!(database, path)
      await database.ingest(path)
      const connection = openConnection(database.path)
      try {
        const violate = connection.prepare(`UPDATE ingestion SET ${change} WHERE status = '${status}'`)
        expect(() => violate.run()).toThrow(`CHECK constraint failed: ${constraint}`)
      } finally {
        connection.close()
      }
    }),
  )
})

/** An ingestion of a program that died, ended by the next one. */
async function endOfAnother(database: TestDatabase): Promise<void> {
  const connection = openConnection(database.path)
  try {
    connection
      .prepare(`INSERT INTO ingestion (public_id, file_name, sha256, file_size, status, dry_run, queued_at, started_at,
        program_version) VALUES ('dead', 'dead.parquet', ?, 1, 'RUNNING', 0, 1, 1, 'test')`)
      .run('d'.repeat(64))
    endInterrupted(connection)
  } finally {
    connection.close()
  }
}
