import { execFileSync } from 'node:child_process'
import { mkdir, readFile, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { dropColumns, idOf, parquetOf } from '../support/parquet/columns.ts'
import { writeDrop } from '../support/program/drops.ts'
import { type IngestPayload, ingest, ledgerOf, stateOf } from '../support/program/ingest.ts'
import { usePrograms } from '../support/program/programs.ts'
import type { TestServer } from '../support/program/server.ts'

const programs = usePrograms()
let server: TestServer
let cwd: string
let data: string

const AT = '2024-05-01T12:00:00Z'
const GOOD = parquetOf(dropColumns(3))
const FILE = ['input', 'file']

beforeAll(async () => {
  cwd = await programs.folder()
  data = join(cwd, 'data')
  await writeDrop(join(data, 'good.parquet'), [{ account: 900, count: 5_000, at: AT }])
  await writeFile(join(cwd, 'secret.parquet'), GOOD)
  server = await programs.serve({ cwd })
  await ingest(server, 'good.parquet')
})

/** Refuses to wait for long: a file that hangs the server is found out. */
async function refused(file: string, input: object = {}): Promise<IngestPayload> {
  const [state, ledger] = [await stateOf(server), await ledgerOf(server)]
  const asked = Date.now()
  const payload = await ingest(server, file, input)
  expect(Date.now() - asked).toBeLessThan(20_000)
  expect(payload).toMatchObject({ alreadyIngested: false, userErrors: [{}] })
  expect(await stateOf(server)).toEqual(state)
  expect((await ledgerOf(server)).length - ledger.length).toBe(payload.ingestion ? 1 : 0)
  const response = JSON.stringify(payload)
  if (!file.includes(cwd)) expect(response).not.toContain(cwd)
  expect(response).not.toMatch(/node_modules|\bat .*:\d+:\d+|E(NOENT|ISDIR|LOOP|NXIO|NAMETOOLONG|INVAL)\b/)
  return payload
}

describe('a file that is rejected before it is read has no ingestion', () => {
  test.each([
    ['FILE_NOT_FOUND', 'nothing.parquet', 'There is no file nothing.parquet'],
    ['FILE_NOT_FOUND', 'no-folder/nothing.parquet', 'There is no file no-folder/nothing.parquet'],
    ['FILE_NOT_FOUND', 'good.parquet/inside', 'There is no file good.parquet/inside'],
    ['FILE_NOT_FOUND', 'good\0.parquet', 'null byte'],
    ['FILE_NOT_FOUND', `${'x'.repeat(300)}.parquet`, 'There is no file xxx'],
    ['FILE_NOT_FOUND', `${'x/'.repeat(3_000)}x.parquet`, 'There is no file x/x'],
    ['FILE_OUTSIDE_DATA_DIRECTORY', '../secret.parquet', 'is outside the data directory'],
    ['FILE_OUTSIDE_DATA_DIRECTORY', '../nothing.parquet', 'is outside the data directory'],
    ['FILE_OUTSIDE_DATA_DIRECTORY', 'folder/../good.parquet', 'goes up by ".."'],
    ['FILE_OUTSIDE_DATA_DIRECTORY', 'folder/../../secret.parquet', 'is outside the data directory'],
    ['FILE_OUTSIDE_DATA_DIRECTORY', '..', 'is outside the data directory'],
    ['FILE_OUTSIDE_DATA_DIRECTORY', '/etc/passwd', 'is outside the data directory'],
    ['FILE_OUTSIDE_DATA_DIRECTORY', '/', 'is outside the data directory'],
    ['NOT_A_REGULAR_FILE', 'folder', 'folder is not a regular file'],
    ['NOT_A_REGULAR_FILE', '.', '. is not a regular file'],
    ['NOT_A_REGULAR_FILE', '', 'is not a regular file'],
    ['NOT_A_REGULAR_FILE', 'pipe', 'pipe is not a regular file'],
  ])('%s: %.40j', async (code, file, message) => {
    await mkdir(join(data, 'folder'), { recursive: true })
    if (file === 'pipe') execFileSync('mkfifo', [join(data, 'pipe')])
    const { ingestion, userErrors } = await refused(file)
    expect(ingestion).toBeNull()
    expect(userErrors).toEqual([{ code, field: FILE, message: expect.stringContaining(message) }])
  })

  test('FILE_OUTSIDE_DATA_DIRECTORY: the absolute path of a sibling directory with the same prefix', async () => {
    await mkdir(join(cwd, 'data-too'))
    await writeFile(join(cwd, 'data-too/good.parquet'), GOOD)
    for (const file of [join(cwd, 'data-too/good.parquet'), '../data-too/good.parquet', join(cwd, 'secret.parquet')]) {
      const { userErrors } = await refused(file)
      expect(userErrors).toMatchObject([{ code: 'FILE_OUTSIDE_DATA_DIRECTORY', field: FILE }])
    }
  })

  test('FILE_OUTSIDE_DATA_DIRECTORY: links that lead outside, to a file, to a folder, and to nothing', async () => {
    await symlink('../secret.parquet', join(data, 'out.parquet'))
    await symlink('/', join(data, 'root'))
    await symlink('out.parquet', join(data, 'out-of-out.parquet'))
    for (const file of ['out.parquet', 'out-of-out.parquet', 'root/etc/passwd', join(data, 'out.parquet')]) {
      const { ingestion, userErrors } = await refused(file)
      expect(ingestion).toBeNull()
      expect([file, userErrors]).toMatchObject([file, [{ code: 'FILE_OUTSIDE_DATA_DIRECTORY', field: FILE }]])
    }
  })

  test('FILE_NOT_FOUND: dangling and circular links', async () => {
    await symlink('gone.parquet', join(data, 'dangling.parquet'))
    await symlink('circle-b', join(data, 'circle-a'))
    await symlink('circle-a', join(data, 'circle-b'))
    for (const file of ['dangling.parquet', 'circle-a']) {
      expect((await refused(file)).userErrors).toMatchObject([{ code: 'FILE_NOT_FOUND', field: FILE }])
    }
  })
})

const BOOLEAN = { type: 'BOOLEAN', repetition_type: 'OPTIONAL' } as const

describe('a file that is rejected for its content has an ingestion', () => {
  test.each<[code: string, content: () => string | Uint8Array, message: string]>([
    ['NOT_PARQUET', () => 'account_id,subscriber_count,date,categories\n', 'not a Parquet file'],
    ['NOT_PARQUET', () => '', 'not a Parquet file'],
    ['CORRUPT_PARQUET', () => GOOD.subarray(0, -20), 'it ends before its footer'],
    ['CORRUPT_PARQUET', () => Uint8Array.from(GOOD).fill(0xff, 4, 60), 'The file is damaged'],
    ['CORRUPT_PARQUET', () => Uint8Array.from(GOOD).fill(0xff, GOOD.length - 60, GOOD.length - 20), 'damaged'],
    ['ENCRYPTED_PARQUET', () => Buffer.concat([GOOD.subarray(0, -4), Buffer.from('PARE')]), 'encrypted'],
    [
      'MISSING_COLUMN',
      () => parquetOf(dropColumns(2).filter(({ name }) => name !== 'date' && name !== 'categories')),
      'The file has no columns date, categories. Its columns are: account_id, subscriber_count.',
    ],
    [
      'UNEXPECTED_COLUMN_TYPE',
      () => parquetOf(dropColumns(2, [{ name: 'subscriber_count', element: BOOLEAN, data: [true, false] }])),
      'Column subscriber_count is of type BOOLEAN; it must be',
    ],
  ])('%s: %#', async (code, content, message) => {
    const name = `${code}-${Math.random()}.parquet`
    await writeFile(join(data, name), content())
    const { ingestion, userErrors } = await refused(name)
    expect(userErrors).toEqual([{ code, field: ['input', 'file'], message: expect.stringContaining(message) }])
    expect(ingestion).toMatchObject({
      fileName: name,
      status: 'FAILED',
      error: { ...userErrors[0], field: null },
      ...{ inserted: 0, corrected: 0, unchanged: 0, rejected: 0, accountsCreated: 0 },
    })
    // It may be mended and sent again.
    expect((await refused(name)).ingestion!.id).not.toBe(ingestion!.id)
  })

  test('TOO_MANY_REJECTED_ROWS keeps the rejections, and half of the rows is still accepted', async () => {
    const counts = (bad: number) => [-1, -2, -3, -4].map((count, i) => (i < bad ? count : 5_000 + i))
    const rows = (bad: number) => counts(bad).map((count, i) => ({ account: 910 + i, count, at: AT }))
    await writeDrop(join(data, 'bad.parquet'), rows(3))
    const { ingestion, userErrors } = await refused('bad.parquet')
    expect(userErrors).toMatchObject([{ code: 'TOO_MANY_REJECTED_ROWS', field: ['input', 'file'] }])
    expect(userErrors[0]!.message).toContain('3 of 4 rows')
    expect(ingestion).toMatchObject({
      ...{ status: 'FAILED', rowsRead: 4, inserted: 0, rejected: 3, accountsCreated: 0, firstMeasuredAt: null },
      rejections: [{ reason: 'INVALID_SUBSCRIBER_COUNT', count: 3 }],
    })
    const query = `query ($id: ID!) {
      ingestion(id: $id) { rejectedRows(first: 1) { totalCount nodes { rowNumber reason column row } } }
    }`
    expect(await server.ask(query, { id: ingestion!.id })).toEqual({
      ingestion: {
        rejectedRows: {
          totalCount: 3,
          nodes: [
            { rowNumber: 1, reason: 'INVALID_SUBSCRIBER_COUNT', column: 'subscriber_count', row: expect.any(String) },
          ],
        },
      },
    })
    await writeDrop(join(data, 'half.parquet'), rows(2))
    expect(await ingest(server, 'half.parquet')).toMatchObject({ ingestion: { status: 'SUCCEEDED', inserted: 2 } })
  })

  test('CHECKSUM_MISMATCH reports the actual digest, also for known bytes', async () => {
    const found = await writeDrop(join(data, 'sum.parquet'), [{ account: 920, count: 5_000, at: AT }])
    const expectedSha256 = 'f'.repeat(64)
    for (const round of ['new', 'known']) {
      const { ingestion, userErrors } = await refused('sum.parquet', { expectedSha256 })
      const error = { code: 'CHECKSUM_MISMATCH', field: ['input', 'expectedSha256'], message: expect.any(String) }
      expect([round, userErrors]).toEqual([round, [error]])
      expect(userErrors[0]!.message).toContain(found)
      expect(ingestion).toMatchObject({ status: 'FAILED', sha256: found, error: userErrors[0] })
      expect((await ingest(server, 'sum.parquet')).alreadyIngested).toBe(round === 'known')
    }
  })
})

describe('after all rejected files', () => {
  test('the file outside was never ingested, and a valid file still is', async () => {
    const query = `{ account(accountId: "${idOf(1)}") { accountId } }`
    expect(await server.ask(query)).toEqual({ account: null })
    await writeFile(join(data, 'mine.parquet'), await readFile(join(cwd, 'secret.parquet')))
    expect(await ingest(server, 'mine.parquet')).toMatchObject({ ingestion: { status: 'SUCCEEDED', inserted: 3 } })
  })
})
