import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { type NormalisedRows, Normaliser } from '../../src/ingestion/normalise/normaliser.ts'
import { InvalidText } from '../../src/parquet/text.ts'
import { idOf } from '../support/parquet/columns.ts'
import { type Cells, groupOf, INGESTED_AT, normalised, TEXT_KINDS } from './support/cells.ts'

const DAY_MS = 86_400_000
const GOOD: Cells = [idOf(1), 1500.5, '2024-05-01', 'Gaming']

/** What the batches say, row by row, with the dictionaries looked up. */
function measurementsOf(results: readonly NormalisedRows[]) {
  const ids: string[] = []
  const sets: (readonly string[])[] = []
  return results.flatMap(({ batch }) => {
    ids.push(...batch.newAccountIds)
    sets.push(...batch.newCategorySets)
    return Array.from({ length: batch.length }, (_, row) => [
      ids[batch.account[row]!],
      batch.subscriberCount[row],
      batch.measuredAt[row],
      sets[batch.categorySet[row]!],
    ])
  })
}

function reasonOf(row: Cells): string | undefined {
  return normalised([row])[0]?.rejected[0]?.reason
}

describe('the first failing column decides', () => {
  const bad: Cells = ['x', -1, 'x', 'x'.repeat(101)]
  const early = '1999-12-31'

  test.each<[string, string, Cells]>([
    ['INVALID_ACCOUNT_ID', 'account_id', bad],
    ['INVALID_TIMESTAMP', 'date', [idOf(1), -1, 'x', bad[3]]],
    ['TIMESTAMP_OUT_OF_RANGE', 'date', [idOf(1), -1, early, bad[3]]],
    ['INVALID_SUBSCRIBER_COUNT', 'subscriber_count', [idOf(1), -1, '2024-05-01', bad[3]]],
    ['INVALID_CATEGORIES', 'categories', [idOf(1), 1500, '2024-05-01', bad[3]]],
  ])('%s', (reason, column, row) => {
    const [{ rejected, batch, rowsRead }] = normalised([row]) as [NormalisedRows]
    expect(rejected).toMatchObject([{ rowNumber: 1, reason, column }])
    expect(batch.length).toBe(0)
    expect(rowsRead).toBe(1)
  })

  test('whatever the others are', () => {
    const faults: Cells[] = [
      [bad[0], GOOD[1], GOOD[2], GOOD[3]],
      [GOOD[0], GOOD[1], bad[2], GOOD[3]],
      [GOOD[0], GOOD[1], early, GOOD[3]],
      [GOOD[0], bad[1], GOOD[2], GOOD[3]],
      [GOOD[0], GOOD[1], GOOD[2], bad[3]],
    ]
    const reasons = faults.map(reasonOf)
    const property = fc.property(
      fc.boolean(),
      fc.nat({ max: 2 }),
      fc.boolean(),
      fc.boolean(),
      (id, date, count, set) => {
        const row: Cells = [
          id ? bad[0] : GOOD[0],
          count ? bad[1] : GOOD[1],
          [GOOD[2], bad[2], early][date],
          set ? bad[3] : GOOD[3],
        ]
        const broken = [id, date === 1, date === 2, count, set].indexOf(true)
        expect(reasonOf(row)).toBe(reasons[broken])
      },
    )
    fc.assert(property)
  })

  test('text that is not UTF-8 counts under its column', () => {
    const invalid = new InvalidText(Uint8Array.of(0x31, 0xff))
    const kinds = { ...TEXT_KINDS, subscriber_count: { kind: 'text' } as const }
    const rows: Cells[] = [
      [invalid, '1', '2024-05-01', null],
      [idOf(1), '1', invalid, null],
      [idOf(1), invalid, '2024-05-01', null],
      [idOf(1), '1', '2024-05-01', invalid],
    ]
    expect(normalised(rows, kinds)[0]?.rejected.map(row => row.reason)).toEqual([
      'INVALID_ACCOUNT_ID',
      'INVALID_TIMESTAMP',
      'INVALID_SUBSCRIBER_COUNT',
      'INVALID_CATEGORIES',
    ])
  })

  test('null is allowed in categories only', () => {
    for (const column of [0, 1, 2]) expect(reasonOf(GOOD.with(column, null) as unknown as Cells)).toMatch(/^INVALID_/)
    expect(reasonOf([...GOOD.slice(0, 3), null] as unknown as Cells)).toBeUndefined()
  })
})

describe('the range of instants', () => {
  const kinds = { ...TEXT_KINDS, date: { kind: 'timestamp', unit: 'MICROS' } as const }
  const micros = (instant: number, more = 0n) => BigInt(instant) * 1000n + more
  const verdict = (cell: bigint) => normalised([[idOf(1), 1, cell, null]], kinds)[0]?.rejected[0]?.reason
  const first = Date.UTC(2000, 0, 1)
  const last = INGESTED_AT + DAY_MS

  test('both limits are in it', () => {
    expect(verdict(micros(first))).toBeUndefined()
    expect(verdict(micros(last))).toBeUndefined()
  })

  test('what lies beyond them is not', () => {
    expect(verdict(micros(first, -1n))).toBe('TIMESTAMP_OUT_OF_RANGE')
    expect(verdict(micros(last, 1000n))).toBe('TIMESTAMP_OUT_OF_RANGE')
    expect(verdict(-(2n ** 63n))).toBe('TIMESTAMP_OUT_OF_RANGE')
    expect(verdict(2n ** 63n - 1n)).toBe('TIMESTAMP_OUT_OF_RANGE')
  })

  test('a fraction is cut before it is judged', () => expect(verdict(micros(last, 999n))).toBeUndefined())
})

describe('batches', () => {
  test('bring each account and each set of categories once, and only those of accepted rows', () => {
    const [{ batch }] = normalised([
      [idOf(1), 1, '2024-05-01', 'Gaming;Podcast'],
      [idOf(9), -1, '2024-05-01', 'Rejected'],
      [` {${idOf(1)}} `, 2, '2024-05-02', 'Gaming ; Podcast'],
      [idOf(2), 3, '2024-05-01', null],
      [idOf(1), 4, '2024-04-30', ''],
      [idOf(2), 5, '2024-05-02', 'gaming;Podcast'],
    ]) as [NormalisedRows]
    expect(batch.newAccountIds).toEqual([idOf(1), idOf(2)])
    expect(batch.newCategorySets).toEqual([['Gaming', 'Podcast'], [], ['gaming', 'Podcast']])
    expect([...batch.account.subarray(0, batch.length)]).toEqual([0, 0, 1, 0, 1])
    expect([...batch.categorySet.subarray(0, batch.length)]).toEqual([0, 0, 1, 1, 2])
  })

  test('carry on the dictionaries and the row numbers of those before', () => {
    const rows = Array.from(
      { length: 80_000 },
      (_, i): Cells => [idOf(i % 50_000), i % 1000 === 999 ? -1 : i, '2024-05-01', `c${i % 3}`],
    )
    const normaliser = new Normaliser(TEXT_KINDS, INGESTED_AT)
    const results = [
      ...normaliser.normalise(groupOf(rows.slice(0, 70_000))),
      ...normaliser.normalise(groupOf(rows.slice(70_000), 70_000)),
    ]
    expect(results.length).toBeGreaterThan(2)
    expect(results.reduce((sum, { rowsRead }) => sum + rowsRead, 0)).toBe(rows.length)
    expect(results.flatMap(({ rejected }) => rejected.map(row => row.rowNumber))).toEqual(
      Array.from({ length: 80 }, (_, i) => (i + 1) * 1000),
    )
    const accepted = rows.filter(([, count]) => count !== -1)
    const wanted = accepted.map(([id, count, , names]) => [id, count, Date.UTC(2024, 4, 1), [names]])
    expect(JSON.stringify(measurementsOf(results))).toBe(JSON.stringify(wanted))
  })

  test('an empty row group brings none', () => expect(normalised([])).toEqual([]))

  test('16 bytes are one account however often they come', () => {
    const kinds = { ...TEXT_KINDS, account_id: { kind: 'uuid' } as const }
    const bytes = () => Uint8Array.from(Buffer.from(idOf(7).replaceAll('-', ''), 'hex'))
    const rows: Cells[] = [
      [bytes(), 1, '2024-05-01', null],
      [bytes(), 2, '2024-05-02', null],
    ]
    const [{ batch }] = normalised(rows, kinds) as [NormalisedRows]
    expect(batch.newAccountIds).toEqual([idOf(7)])
    expect([...batch.account.subarray(0, 2)]).toEqual([0, 0])
  })

  test('more distinct texts than are remembered are read all the same', () => {
    const rows = Array.from(
      { length: 70_000 },
      (_, i): Cells => [idOf(1), 1, new Date(INGESTED_AT - i * 1000).toISOString(), `c${i}`],
    )
    const results = measurementsOf(normalised([...rows, ...rows.slice(0, 10)]))
    expect(results).toHaveLength(70_010)
    expect(results.slice(-10)).toEqual(results.slice(0, 10))
    expect(results[69_999]).toEqual([idOf(1), 1, INGESTED_AT - 69_999_000, ['c69999']])
  })
})
