import { describe, expect, test } from '@jest/globals'
import { NaiveStore, TooManyRejectedRows } from '../support/oracle/naive.ts'
import type { RawRow } from '../support/oracle/types.ts'

const A = '00000000-0000-4000-8000-00000000000a'
const B = '00000000-0000-4000-8000-00000000000b'
const NOW = Date.UTC(2025, 0, 1)
const instant = (date: string) => Date.parse(date)
const byId = { field: 'ACCOUNT_ID', direction: 'ASC' } as const

function row(account_id: string, date: string, subscriber_count: number, categories: string | null = null): RawRow {
  return { account_id, date, subscriber_count, categories }
}

/** A store with these files in it, ingested as '0', '1' and so on. */
function storeOf(...files: RawRow[][]) {
  const store = new NaiveStore()
  const figures = files.map((rows, i) => store.ingest(rows, { id: String(i), now: NOW }))
  return { store, figures }
}

describe('the same account and instant again', () => {
  test('rows are judged one at a time against the value as it stands', () => {
    const { store, figures } = storeOf([
      row(A, '2024-01-01', 10, 'x'),
      row(A, '2024-01-01T00:00Z', 10.4, 'X'),
      row(A, '2024-01-01', 11, 'x'),
      row(A, '2024-01-01', 10, 'x'),
      row(A, '2024-01-01', 10, 'x;y'),
      row(A, 'never', 10),
    ])
    expect(figures[0]).toMatchObject({ rowsRead: 6, inserted: 1, unchanged: 1, corrected: 3, rejected: 1 })
    expect(figures[0]).toMatchObject({ rejections: { INVALID_TIMESTAMP: 1 }, accountsCreated: 1 })
    expect(figures[0]!.rejectedRows).toEqual([{ rowNumber: 6, reason: 'INVALID_TIMESTAMP', column: 'date' }])
    expect(store.replaced(A, instant('2024-01-01')).map(value => value.subscriberCount)).toEqual([10, 11, 10])
  })

  test('a later file wins, and an unchanged measurement stays with the file it came from', () => {
    const { store, figures } = storeOf(
      [row(A, '2024-01-01', 10), row(A, '2024-01-02', 20)],
      [row(A, '2024-01-02', 21), row(A, '2024-01-01', 10), row(B, '2024-01-01', 5)],
    )
    expect(figures[1]).toMatchObject({ inserted: 1, unchanged: 1, corrected: 1, accountsCreated: 1 })
    expect(figures[1]).toMatchObject({ firstMeasuredAt: instant('2024-01-01'), lastMeasuredAt: instant('2024-01-02') })
    expect(store.measurements(A)).toMatchObject([
      { subscriberCount: 10, ingestionId: '0' },
      { subscriberCount: 21, ingestionId: '1' },
    ])
    expect(store.replaced(A, instant('2024-01-02'))).toMatchObject([{ subscriberCount: 20, ingestionId: '0' }])
  })
})

describe('categories', () => {
  test('are those of the newest measurement, in the spelling seen first, by lower-case name', () => {
    const { store } = storeOf(
      [row(A, '2024-01-01', 2000, 'gAming;Old'), row(B, '2024-01-01', 500, 'pODcast')],
      [row(A, '2024-02-01', 2000, 'Podcast;GAMING;\u{1f600};\uff41')],
    )
    expect(store.account(A)?.categories).toEqual(['gAming', 'pODcast', '\uff41', '\u{1f600}'])
    expect(store.categories().map(({ name }) => name)).toEqual(['gAming', 'pODcast', '\uff41', '\u{1f600}'])
    expect(store.categories()[0]).toEqual({ name: 'gAming', accountCount: 1 })
  })

  test('a rejected row shows no spelling', () => {
    const { store } = storeOf([row(A, 'never', 2000, 'GAMING'), row(A, '2024-01-01', 2000, 'Gaming')])
    expect(store.categories()).toEqual([{ name: 'Gaming', accountCount: 1 }])
  })

  test('are found without case, all, any or none of them', () => {
    const { store } = storeOf([row(A, '2024-01-01', 2000, 'x;y'), row(B, '2024-01-01', 2000)])
    const found = (categories: object) => store.accounts({ categories }, byId).map(({ accountId }) => accountId)
    expect(found({ anyOf: ['X', 'nothing'] })).toEqual([A])
    expect(found({ anyOf: [] })).toEqual([])
    expect(found({ allOf: ['X', 'Y'] })).toEqual([A])
    expect(found({ allOf: ['X', 'nothing'] })).toEqual([])
    expect(found({ allOf: [], noneOf: [] })).toEqual([A, B])
    expect(found({ noneOf: ['X'] })).toEqual([B])
    expect(found({})).toEqual([A, B])
  })
})

describe('tracked accounts', () => {
  test('have a newest count above 1,000, as it is stored', () => {
    const { store } = storeOf([row(A, '2024-01-01', 1000.49), row(B, '2024-01-01', 1000.5)])
    expect(store.account(A)).toBeNull()
    expect(store.account(`{${B.toUpperCase()}}`)).toMatchObject({ accountId: B, subscriberCount: 1001 })
    expect(store.dataset()).toMatchObject({ accountCount: 1, measurementCount: 2 })
    expect(store.measurements(A)).toHaveLength(1)
  })

  test('shrink out of sight, while the dataset keeps their instants', () => {
    const { store } = storeOf([row(A, '2024-01-01', 5000, 'x'), row(A, '2024-02-01', 900, 'x')])
    expect(store.accounts({}, byId)).toEqual([])
    expect(store.categories()).toEqual([])
    expect(store.dataset()).toEqual({
      asOf: instant('2024-02-01'),
      firstMeasuredAt: instant('2024-01-01'),
      accountCount: 0,
      measurementCount: 2,
    })
  })
})

describe('a file with too many rejected rows', () => {
  const bad = row('', '2024-01-01', 1)

  test('is refused when they are more than half, and changes nothing', () => {
    const { store } = storeOf([row(A, '2024-01-01', 2000, 'x')])
    const before = [store.dataset(), store.categories(), store.accounts({}, byId)]
    const rows = [row(B, '2024-06-01', 2000, 'y'), row(A, '2024-01-01', 3000, 'Y'), bad, bad, bad]
    expect(() => store.ingest(rows, { id: '1', now: NOW })).toThrow(TooManyRejectedRows)
    expect([store.dataset(), store.categories(), store.accounts({}, byId)]).toEqual(before)
    expect(store.lastIngestionId).toBe('0')
  })

  test('is taken when they are just half, or when it has no rows', () => {
    const { figures } = storeOf([row(A, '2024-01-01', 2000), bad], [])
    expect(figures[0]).toMatchObject({ inserted: 1, rejected: 1 })
    expect(figures[1]).toMatchObject({ rowsRead: 0, inserted: 0, rejected: 0, firstMeasuredAt: null })
  })
})

describe('reverting', () => {
  test('undoes the measurements, corrections, spellings and accounts of the newest ingestion', () => {
    const { store } = storeOf([row(A, '2024-01-01', 2000, 'x')])
    const state = () => [store.dataset(), store.categories(), store.allMeasurements(), store.lastIngestionId]
    const before = state()
    const later = [row(A, '2024-01-01', 3000, 'NEW'), row(A, '2024-05-01', 1, 'x'), row(B, '2024-06-01', 2000, 'X')]
    store.ingest(later, { id: '1', now: NOW })
    expect(state()).not.toEqual(before)
    store.revertLast()
    expect(state()).toEqual(before)
    expect(store.replaced(A, instant('2024-01-01'))).toEqual([])
    store.ingest([row(A, '2024-07-01', 2000, 'new')], { id: '2', now: NOW })
    expect(store.account(A)?.categories).toEqual(['new'])
  })

  test('goes back one ingestion at a time', () => {
    const { store } = storeOf([row(A, '2024-01-01', 1)], [row(A, '2024-01-01', 2)], [row(A, '2024-01-01', 3)])
    const count = () => store.measurements(A).map(({ subscriberCount }) => subscriberCount)
    expect(count()).toEqual([3])
    store.revertLast()
    expect(count()).toEqual([2])
    store.revertLast()
    store.revertLast()
    expect(store.dataset().measurementCount).toBe(0)
    expect(() => store.revertLast()).toThrow('no ingestion')
  })
})

describe('the history of an account', () => {
  const { store } = storeOf([
    row(A, '2024-03-05T12:00', 50),
    row(A, '2023-12-31T23:59:59.999', 10),
    row(A, '2024-01-01', 30),
    row(A, '2024-01-07T23:59:59.999', 20),
    row(A, '2024-01-08', 40),
  ])

  test('measurements: from is in the range, to is not', () => {
    const range = { from: instant('2024-01-01'), to: instant('2024-01-08') }
    expect(store.measurements(A, range).map(({ subscriberCount }) => subscriberCount)).toEqual([30, 20])
  })

  test.each([
    ['DAY', ['2023-12-31', '2024-01-01', '2024-01-07', '2024-01-08', '2024-03-05'], 66],
    ['WEEK', ['2023-12-25', '2024-01-01', '2024-01-08', '2024-03-04'], 11],
    ['MONTH', ['2023-12-01', '2024-01-01', '2024-03-01'], 4],
    ['QUARTER', ['2023-10-01', '2024-01-01'], 2],
  ] as const)('%s buckets', (bucket, measured, all) => {
    const history = store.history(A, bucket)
    const withMeasurements = history.filter(({ measurementCount }) => measurementCount > 0)
    expect(withMeasurements.map(({ bucketStart }) => bucketStart)).toEqual(measured.map(instant))
    expect(history).toHaveLength(all)
  })

  const measured = { bucketStart: instant('2024-01-01'), first: 30, last: 40, min: 20, max: 40, measurementCount: 3 }
  const empty = (date: string, count: number | null) => {
    return { bucketStart: instant(date), first: count, last: count, min: count, max: count, measurementCount: 0 }
  }

  test('a bucket has its first, last, least and largest count', () => {
    expect(store.history(A, 'MONTH', instant('2024-01-01'), instant('2024-02-01'))).toEqual([measured])
  })

  test('empty buckets have no counts, or repeat the last one known, even from before the range', () => {
    const ask = (from: string, to: string, fill: 'NONE' | 'LAST') =>
      store.history(A, 'MONTH', instant(from), instant(to), fill)
    expect(ask('2024-01-01', '2024-02-01T00:00:00.001Z', 'NONE')).toEqual([measured, empty('2024-02-01', null)])
    expect(ask('2024-01-01', '2024-02-01T00:00:00.001Z', 'LAST')).toEqual([measured, empty('2024-02-01', 40)])
    expect(ask('2024-02-20', '2024-03-01', 'LAST')).toEqual([empty('2024-02-01', 40)])
    expect(ask('2024-03-06', '2024-04-02', 'LAST')).toEqual([empty('2024-03-01', 50), empty('2024-04-01', 50)])
    expect(ask('2023-10-01', '2023-12-01', 'LAST')).toEqual([empty('2023-10-01', null), empty('2023-11-01', null)])
  })

  test('there is none outside the range of the measurements, and none of an unknown account', () => {
    expect(store.history(A, 'DAY', instant('2024-03-06'))).toEqual([])
    expect(store.history(A, 'DAY', undefined, instant('2023-12-31'))).toEqual([])
    expect(store.history(B, 'DAY', undefined, undefined, 'LAST')).toEqual([])
  })
})
