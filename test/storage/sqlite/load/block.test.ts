import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { BLOCK_ROWS, Block, keyOrder } from '../../../../src/storage/sqlite/load/block.ts'
import { PERIOD_MS, periodOf } from '../../../../src/storage/sqlite/schema/tables.ts'
import { batchesOf, type Row } from '../../../ingestion/support/loads.ts'

interface Key {
  readonly account: number
  readonly measuredAt: number
}

/** One block for all tests: it takes 24 MB. */
const block = new Block()

function orderOf(keys: readonly Key[]): number[] {
  block.length = keys.length
  keys.forEach(({ account, measuredAt }, row) => {
    block.account[row] = account
    block.measuredAt[row] = measuredAt
  })
  return [...keyOrder(block)]
}

/** By period, account, instant and file order, with a comparison sort. */
function plainOrder(keys: readonly Key[]): number[] {
  const rows = keys.map((key, row) => ({ ...key, row, period: Math.floor(key.measuredAt / (30 * 86_400_000)) }))
  rows.sort((a, b) => a.period - b.period || a.account - b.account || a.measuredAt - b.measuredAt || a.row - b.row)
  return rows.map(({ row }) => row)
}

const FIRST = Date.UTC(2000, 0, 1)
const instant = fc.oneof(
  fc.integer({ min: FIRST, max: Date.UTC(2100, 0, 1) }),
  fc.integer({ min: 400, max: 700 }).map(period => period * PERIOD_MS),
  fc.integer({ min: 400, max: 700 }).map(period => period * PERIOD_MS - 1),
  fc.integer({ min: 0, max: 70_000 }).map(ms => Date.UTC(2024, 4, 1) + ms),
)
const account = fc.oneof(
  fc.nat({ max: 5 }),
  fc.nat({ max: 2 ** 17 }),
  fc.integer({ min: 2 ** 32 - 3, max: 2 ** 32 - 1 }),
)

describe('the order of a block', () => {
  test('equals that of a stable comparison sort', () => {
    const keys = fc.array(fc.record({ account, measuredAt: instant }), { maxLength: 300 })
    fc.assert(
      fc.property(keys, keys => expect(orderOf(keys)).toEqual(plainOrder(keys))),
      { numRuns: 300 },
    )
  })

  test('keeps rows with equal keys in file order', () => {
    const keys = fc.array(fc.record({ account: fc.nat({ max: 2 }), measuredAt: fc.constantFrom(FIRST, FIRST + 1) }), {
      maxLength: 60,
    })
    fc.assert(fc.property(keys, keys => expect(orderOf(keys)).toEqual(plainOrder(keys))))
  })

  test('holds for many rows', () => {
    const keys = Array.from({ length: 80_000 }, (_, i) => ({
      account: (i * 7919) % 30_000,
      measuredAt: FIRST + ((i * 104_729) % 1_000_003) * 700_000,
    }))
    expect(Buffer.from(Uint32Array.from(orderOf(keys)).buffer)).toEqual(
      Buffer.from(Uint32Array.from(plainOrder(keys)).buffer),
    )
  })

  test('is empty for an empty block', () => expect(orderOf([])).toEqual([]))
})

test('periods are 30 days long and start in 1970', () => {
  expect(periodOf(0)).toBe(0)
  expect(periodOf(PERIOD_MS - 1)).toBe(0)
  expect(periodOf(PERIOD_MS)).toBe(1)
  expect(PERIOD_MS).toBe(30 * 86_400_000)
})

describe('a block appends rows', () => {
  const rows = Array.from(
    { length: 10 },
    (_, i): Row => ({
      accountId: `account ${i % 3}`,
      measuredAt: FIRST + i,
      subscriberCount: 100 + i,
      categories: [`c${i % 2}`],
    }),
  )
  const [batch] = [...batchesOf(rows, 10)]
  const accountKey = Uint32Array.of(70, 80, 90)
  const setKey = Uint32Array.of(5, 6)

  test('under their keys', () => {
    block.length = 0
    expect(block.append(batch!, 2, 10, accountKey, setKey)).toBe(10)
    expect(block.length).toBe(8)
    expect([...block.account.subarray(0, 8)]).toEqual([90, 70, 80, 90, 70, 80, 90, 70])
    expect([...block.categorySet.subarray(0, 8)]).toEqual([5, 6, 5, 6, 5, 6, 5, 6])
    expect([...block.measuredAt.subarray(0, 8)]).toEqual(rows.slice(2).map(row => row.measuredAt))
    expect([...block.subscriberCount.subarray(0, 8)]).toEqual(rows.slice(2).map(row => row.subscriberCount))
  })

  test('up to the requested end', () => {
    block.length = 0
    expect(block.append(batch!, 2, 5, accountKey, setKey)).toBe(5)
    expect([...block.measuredAt.subarray(0, block.length)]).toEqual(rows.slice(2, 5).map(row => row.measuredAt))
  })

  test('until it is full', () => {
    block.length = BLOCK_ROWS - 4
    expect(block.isFull).toBe(false)
    expect(block.append(batch!, 0, 10, accountKey, setKey)).toBe(4)
    expect(block.isFull).toBe(true)
    expect(block.subscriberCount[BLOCK_ROWS - 1]).toBe(103)
    expect(block.append(batch!, 4, 10, accountKey, setKey)).toBe(4)
  })
})
