import { describe, expect, test } from '@jest/globals'
import type { AccountFilter, AccountOrder, AccountPosition } from '../../src/domain/account.ts'
import { DEFAULT_GROWTH, type GrowthKind } from '../../src/domain/growth.ts'
import { accountSource, sliceStatements } from '../../src/storage/sqlite/read/account-source.ts'
import { isEverything, isIndexWalk } from '../../src/storage/sqlite/read/index-walk.ts'
import { withDatabase } from '../ingest/support/database.ts'
import { ALL_ORDERS, isByGrowth } from '../proof/support/lists.ts'

const SIZE = { subscriberCount: { gte: 5000, lt: 9000 } }
const GAMING = { categories: { anyOf: ['gaming'] } }
const SINCE = { measuredAt: { gt: 7 } }
const GREW = { growth: { ...DEFAULT_GROWTH, percent: { gt: 10, lte: 90 } } }
const KNOWN = { growth: DEFAULT_GROWTH }

const FILTERS: readonly AccountFilter[] = [
  {},
  SIZE,
  GAMING,
  { ...GAMING, ...SIZE },
  { categories: { allOf: ['gaming'] }, subscriberCount: { lte: 7000 } },
  SINCE,
  GREW,
  KNOWN,
]

const WALKS = FILTERS.flatMap(filter =>
  ALL_ORDERS.filter(order => isIndexWalk(filter, order)).map(order => ({ filter, order })),
)

const AT_START: GrowthKind = { window: 'MONTH', baseline: 'AT_WINDOW_START' }
const LARGEST: AccountOrder = { field: 'SUBSCRIBER_COUNT', direction: 'DESC' }
const PERCENT: AccountOrder = { field: 'GROWTH_PERCENT', direction: 'DESC', growth: DEFAULT_GROWTH }

describe('a page of one of these lists', () => {
  const known: AccountPosition = { value: 6000, accountId: '8' }
  const unknown: AccountPosition = { value: null, accountId: '8' }

  test.each(WALKS)('is a walk of one index, from its cursor on: $filter $order', async ({ filter, order }) => {
    const positions = order.field === 'ACCOUNT_ID' ? [unknown] : isByGrowth(order) ? [known, unknown] : [known]
    const slices = [undefined, ...positions].flatMap(at =>
      [true, false].flatMap(reverse => [{ [reverse ? 'before' : 'after']: at, reverse, limit: 1 }]),
    )
    await withDatabase(async ({ connection }) => {
      for (const slice of slices) {
        const statements = sliceStatements(accountSource(filter, order), slice)
        for (const { sql, values } of statements) {
          const plan = connection.prepare(`EXPLAIN QUERY PLAN ${sql}`).all(...values, 1) as { detail: string }[]
          const [walk] = plan.filter(({ detail }) => /^(SEARCH|SCAN) [ak]\b/.test(detail))
          expect(walk!.detail).toMatch(/USING (COVERING )?INDEX|USING PRIMARY KEY/)
          expect(plan.map(({ detail }) => detail).join('\n')).not.toMatch(/TEMP B-TREE|SCAN a$/)
          // The other segment of a list with unknown values has no cursor in it.
          if (/\) [<>] \(\?/.test(sql)) expect(walk!.detail).toMatch(/account_id\)?[<>]/)
        }
      }
    })
  })

  test('is of these orders', () => {
    const walked = (filter: AccountFilter) =>
      ALL_ORDERS.filter(order => order.direction === 'ASC' && isIndexWalk(filter, order)).map(order =>
        isByGrowth(order) ? `${order.field} ${order.growth.window} ${order.growth.baseline}` : order.field,
      )
    const byPercent = ['WEEK', 'MONTH', 'QUARTER', 'YEAR'].map(window => `GROWTH_PERCENT ${window} FIRST_IN_WINDOW`)
    expect(FILTERS.map(walked)).toEqual([
      ['SUBSCRIBER_COUNT', 'MEASURED_AT', 'ACCOUNT_ID', ...byPercent],
      ['SUBSCRIBER_COUNT'],
      ['SUBSCRIBER_COUNT'],
      ['SUBSCRIBER_COUNT'],
      ['SUBSCRIBER_COUNT'],
      ['MEASURED_AT'],
      ['GROWTH_PERCENT MONTH FIRST_IN_WINDOW'],
      ['GROWTH_PERCENT MONTH FIRST_IN_WINDOW'],
    ])
  })
})

test.each<[AccountFilter, AccountOrder]>([
  [{ ...SIZE, ...SINCE }, LARGEST],
  [GREW, LARGEST],
  [{ categories: { noneOf: ['gaming'] } }, LARGEST],
  [{ categories: { anyOf: ['gaming', 'podcast'] } }, LARGEST],
  [{ categories: { anyOf: [] } }, LARGEST],
  [{ ...GREW, ...GAMING }, PERCENT],
  [{ growth: { ...DEFAULT_GROWTH, absolute: { gt: 1 } } }, PERCENT],
  [{ growth: { ...DEFAULT_GROWTH, window: 'WEEK' } }, PERCENT],
  [{ growth: AT_START }, { ...PERCENT, growth: AT_START }],
  [SIZE, { field: 'ACCOUNT_ID', direction: 'ASC' }],
])('%j in the order %j may look at every account', (filter, order) => {
  expect(isIndexWalk(filter, order)).toBe(false)
})

test('everything is what no condition is made on', () => {
  expect([{}, { categories: undefined }, SIZE].map(isEverything)).toEqual([true, true, false])
})
