import { copyFile, mkdir, symlink } from 'node:fs/promises'
import { join } from 'node:path'
import { Frozen } from '../faults/support/frozen.ts'
import { LONG_ROWS, type Row, writeBigDrop, writeDrop } from '../support/program/drops.ts'
import { hasEnded, INGEST, ingest, ingestionOf, ingestionWhen, ledgerOf, stateOf } from '../support/program/ingest.ts'
import { usePrograms } from '../support/program/programs.ts'
import type { TestServer } from '../support/program/server.ts'
import { until } from '../support/until.ts'

const programs = usePrograms()
let server: TestServer
let data: string

beforeAll(async () => {
  const cwd = await programs.folder()
  data = join(cwd, 'data')
  server = await programs.serve({ cwd })
})

/** A few accounts, other ones for each `first`. */
function rows(first: number): Row[] {
  return [0, 1, 2].map(i => ({
    account: first + i,
    count: 5_000 + i,
    at: '2024-05-01T12:00:00Z',
    categories: 'Gaming',
  }))
}

describe('ingesting a file', () => {
  test('counts inserted, corrected, unchanged and rejected rows in the payload', async () => {
    const sha256 = await writeDrop(join(data, 'first.parquet'), [
      { account: 1, count: 1_500, at: '2024-05-01T12:00:00Z', categories: 'Gaming; gaming ;Podcast' },
      { account: 1, count: 1_500, at: '2024-05-01T12:00:00Z', categories: 'podcast;GAMING' },
      { account: 1, count: 1_600, at: '2024-05-01T12:00:00Z', categories: 'Gaming' },
      { account: 2, count: 900, at: '2024-05-02T12:00:00Z' },
      { account: 3, count: -1, at: '2024-05-03T12:00:00Z' },
      { account: 4, count: 5_000, at: '1999-05-03T12:00:00Z' },
    ])
    expect(await ingest(server, 'first.parquet')).toEqual({
      alreadyIngested: false,
      userErrors: [],
      ingestion: {
        id: expect.any(String),
        fileName: 'first.parquet',
        sha256,
        status: 'SUCCEEDED',
        rowsTotal: 6,
        rowsRead: 6,
        inserted: 2,
        corrected: 1,
        unchanged: 1,
        rejected: 2,
        rejections: [
          { reason: 'TIMESTAMP_OUT_OF_RANGE', count: 1 },
          { reason: 'INVALID_SUBSCRIBER_COUNT', count: 1 },
        ],
        accountsCreated: 2,
        firstMeasuredAt: '2024-05-01T12:00:00.000Z',
        lastMeasuredAt: '2024-05-02T12:00:00.000Z',
        error: null,
      },
    })
  })

  test('with known bytes changes nothing, whatever its name', async () => {
    const before = [await stateOf(server), await ledgerOf(server)]
    await copyFile(join(data, 'first.parquet'), join(data, 'copy.parquet'))
    const [first] = await ledgerOf(server)
    for (const name of ['first.parquet', 'copy.parquet']) {
      for (const wait of [true, false]) {
        expect(await ingest(server, name, { wait })).toEqual({
          alreadyIngested: true,
          userErrors: [],
          ingestion: first,
        })
      }
    }
    expect([await stateOf(server), await ledgerOf(server)]).toEqual(before)
  })

  test('accepts paths in subfolders and absolute paths within the data directory, and no links', async () => {
    await mkdir(join(data, 'drops/may'), { recursive: true })
    await writeDrop(join(data, 'drops/may/deep.parquet'), rows(10))
    const { ingestion } = await ingest(server, 'drops/may/deep.parquet')
    expect(ingestion).toMatchObject({ fileName: 'drops/may/deep.parquet', status: 'SUCCEEDED' })
    await symlink('drops/may/deep.parquet', join(data, 'link.parquet'))
    await symlink('drops', join(data, 'linked'))
    for (const name of [
      './drops/may/deep.parquet',
      'drops/./may//deep.parquet',
      join(data, 'drops/may/deep.parquet'),
    ]) {
      expect([name, await ingest(server, name)]).toEqual([name, { alreadyIngested: true, userErrors: [], ingestion }])
    }
    for (const name of ['link.parquet', 'linked/may/deep.parquet']) {
      const { ingestion: none, userErrors } = await ingest(server, name)
      expect([name, none, userErrors]).toMatchObject([name, null, [{ code: 'NOT_A_REGULAR_FILE' }]])
    }
  })

  test('without rows succeeds', async () => {
    await writeDrop(join(data, 'empty.parquet'), [])
    const { ingestion } = await ingest(server, 'empty.parquet')
    expect(ingestion).toMatchObject({ status: 'SUCCEEDED', rowsRead: 0, inserted: 0, firstMeasuredAt: null })
  })

  test('compares the expected SHA-256 case-insensitively', async () => {
    const expectedSha256 = await writeDrop(join(data, 'checked.parquet'), rows(20))
    const { ingestion } = await ingest(server, 'checked.parquet', {
      expectedSha256: ` ${expectedSha256.toUpperCase()} `,
    })
    expect(ingestion).toMatchObject({ status: 'SUCCEEDED', sha256: expectedSha256 })
  })
})

describe('without wait', () => {
  /** A file that is being read and stands still. */
  async function halfWay(file: string): Promise<{ readonly id: string; readonly frozen: Frozen }> {
    let id = ''
    const frozen = await Frozen.halfWay(server, async () => {
      const { ingestion, ...rest } = await ingest(server, file, { wait: false })
      expect(rest).toEqual({ alreadyIngested: false, userErrors: [] })
      expect(ingestion).toMatchObject({ rowsTotal: null, rowsRead: 0, inserted: 0 })
      expect(['QUEUED', 'RUNNING']).toContain(ingestion!.status)
      id = ingestion!.id
      return id
    })
    return { id, frozen }
  }

  test('the response is sent when the file is queued, and the id leads to the result', async () => {
    await writeBigDrop(join(data, 'later.parquet'), 1, LONG_ROWS)
    const { id, frozen } = await halfWay('later.parquet')
    const underWay = await ingestionOf(server, id)
    expect(underWay).toMatchObject({ status: 'RUNNING', rowsTotal: LONG_ROWS, inserted: 0, rejected: 0 })
    // The same bytes once more are the same ingestion.
    const again = await ingest(server, 'later.parquet', { wait: false })
    expect(again.ingestion!.id).toBe(id)
    frozen.thaw()
    const ended = await ingestionWhen(server, id, hasEnded)
    expect(ended).toMatchObject({ status: 'SUCCEEDED', rowsRead: LONG_ROWS, inserted: LONG_ROWS })
    expect((await ledgerOf(server))[0]).toEqual(ended)
  })

  test('queries during the ingestion of a large file return the data before it or after it', async () => {
    await writeBigDrop(join(data, 'big.parquet'), 2, LONG_ROWS)
    const before = await stateOf(server)
    const { id, frozen } = await halfWay('big.parquet')
    for (let i = 0; i < 3; i++) expect(await stateOf(server)).toEqual(before)
    frozen.thaw()
    const states: unknown[] = []
    await until(async () => {
      states.push(await stateOf(server))
      return hasEnded((await ingestionOf(server, id))!)
    }, 'its end')
    const after = await stateOf(server)
    const isBefore = states.map(state => JSON.stringify(state)).map(state => state === JSON.stringify(before))
    for (const state of states.slice(isBefore.lastIndexOf(true) + 1)) expect(state).toEqual(after)
    expect(isBefore.indexOf(false) === -1 || isBefore.indexOf(false) > isBefore.lastIndexOf(true)).toBe(true)
    expect(after).not.toEqual(before)
    expect(await ingestionOf(server, id)).toMatchObject({ status: 'SUCCEEDED', unchanged: LONG_ROWS })
  })
})

describe('concurrent requests', () => {
  test('for the same bytes share one ingestion', async () => {
    await writeDrop(join(data, 'same.parquet'), rows(30))
    await copyFile(join(data, 'same.parquet'), join(data, 'same-too.parquet'))
    const before = await ledgerOf(server)
    const names = Array.from({ length: 12 }, (_, i) => ['same.parquet', 'same-too.parquet'][i % 2]!)
    const payloads = await Promise.all(names.map(name => ingest(server, name)))
    expect(new Set(payloads.map(({ ingestion }) => ingestion!.id)).size).toBe(1)
    for (const { ingestion, userErrors } of payloads) {
      expect(userErrors).toEqual([])
      expect(ingestion).toMatchObject({ status: 'SUCCEEDED', inserted: 3, unchanged: 0 })
    }
    expect(await ledgerOf(server)).toHaveLength(before.length + 1)
  })

  test('for different files run one after the other', async () => {
    const names = Array.from({ length: 6 }, (_, i) => `file-${i}.parquet`)
    for (const [i, name] of names.entries()) await writeDrop(join(data, name), rows(100 + 10 * i))
    const { dataset } = await server.ask<{ dataset: { measurementCount: number } }>('{ dataset { measurementCount } }')
    const payloads = await Promise.all(names.map(file => ingest(server, file)))
    expect(payloads.map(({ ingestion }) => [ingestion!.status, ingestion!.inserted])).toEqual(
      names.map(() => ['SUCCEEDED', 3]),
    )
    const after = await server.ask<typeof dataset & object>('{ dataset { measurementCount } }')
    expect(after).toEqual({ dataset: { measurementCount: dataset.measurementCount + 18 } })
  })

  test('within one operation run in order', async () => {
    await writeDrop(join(data, 'one.parquet'), rows(200))
    const query = `mutation {
      first: ingestAccounts(input: {file: "one.parquet"}) { alreadyIngested ingestion { id } }
      second: ingestAccounts(input: {file: "one.parquet"}) { alreadyIngested ingestion { id } }
    }`
    const { first, second } = await server.ask<Record<string, { alreadyIngested: boolean; ingestion: object }>>(query)
    expect(first!.alreadyIngested).toBe(false)
    expect(second).toEqual({ ...first, alreadyIngested: true })
  })

  test('with a wrong expected SHA-256 do not affect other requests for the same bytes', async () => {
    const sha256 = await writeDrop(join(data, 'expected.parquet'), rows(210))
    await writeBigDrop(join(data, 'ahead.parquet'), 3)
    const ahead = await ingest(server, 'ahead.parquet', { wait: false })
    const [wrong, plain, right] = await Promise.all([
      ingest(server, 'expected.parquet', { expectedSha256: '0'.repeat(64) }),
      ingest(server, 'expected.parquet'),
      ingest(server, 'expected.parquet', { expectedSha256: sha256 }),
    ])
    expect(wrong.userErrors).toMatchObject([{ code: 'CHECKSUM_MISMATCH' }])
    expect(plain).toMatchObject({ userErrors: [], ingestion: { status: 'SUCCEEDED' } })
    expect(right).toMatchObject({ userErrors: [], ingestion: { status: 'SUCCEEDED' } })
    expect(right.ingestion!.id).toBe(plain.ingestion!.id)
    await ingestionWhen(server, ahead.ingestion!.id, hasEnded)
  })
})

describe('invalid input', () => {
  test.each([
    [{}, 'Field "file" of required type "String!" was not provided'],
    [{ file: null }, 'Expected non-nullable type "String!" not to be null'],
    [{ file: 'first.parquet', wait: null }, 'Expected non-nullable type "Boolean!" not to be null'],
    [{ file: 5 }, 'String cannot represent a non string value'],
    [{ file: 'first.parquet', expectedSha256: 'abc' }, 'is not a SHA-256. Use its 64 hex digits'],
    [{ file: 'first.parquet', folder: '/' }, 'Field "folder" is not defined'],
  ])('%j is rejected before anything is read', async (input, message) => {
    const before = await ledgerOf(server)
    const error = await server.refusal(INGEST, { input })
    expect(error.extensions.code).toBe('BAD_USER_INPUT')
    expect(error.message).toContain(message)
    expect(await ledgerOf(server)).toEqual(before)
  })
})
