import { describe, expect, test } from '@jest/globals'
import type { AccountFilter, AccountOrder } from '../../src/domain/account.ts'
import { DEFAULT_GROWTH, type GrowthKind } from '../../src/domain/growth.ts'
import { TRACKED } from '../../src/storage/sqlite/read/account-filter.ts'
import { accountSource } from '../../src/storage/sqlite/read/account-source.ts'
import { isEverything, isIndexWalk } from '../../src/storage/sqlite/read/index-walk.ts'
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

const AT_START: GrowthKind = { window: 'MONTH', baseline: 'AT_WINDOW_START' }
const LARGEST: AccountOrder = { field: 'SUBSCRIBER_COUNT', direction: 'DESC' }
const PERCENT: AccountOrder = { field: 'GROWTH_PERCENT', direction: 'DESC', growth: DEFAULT_GROWTH }

describe('a page that is a walk of an index', () => {
  test('is so for the statements too', () => {
    for (const filter of FILTERS) {
      for (const order of ALL_ORDERS) {
        const rest = accountSource(filter, order).walk?.rest.map(({ sql }) => sql)
        const isWalk = rest?.every(sql => order.field === 'ACCOUNT_ID' && sql === TRACKED.sql) ?? false
        expect([filter, order, isIndexWalk(filter, order)]).toEqual([filter, order, isWalk])
      }
    }
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
