import { expect, test } from '@jest/globals'
import type { AccountFilter, AccountOrder } from '../../src/domain/account.ts'
import { DEFAULT_GROWTH, type GrowthKind } from '../../src/domain/growth.ts'
import { planAccountCount, planAccountList } from '../../src/storage/account-list.ts'
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

const DIALECT = { jsonTexts: 'SELECT value FROM json_each(?)' }
const costOf = (filter: AccountFilter, order: AccountOrder) => planAccountList(filter, order, DIALECT).cost

test.each(['ASC', 'DESC'])('these lists are index walks: %s', direction => {
  const walked = (filter: AccountFilter) =>
    ALL_ORDERS.filter(order => order.direction === direction && costOf(filter, order) === 'INDEX_WALK').map(order =>
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
])('the list %j in the order %j may read every account', (filter, order) => {
  expect(costOf(filter, order)).toBe('FULL_SCAN')
})

test('only the count without a filter is a lookup', () => {
  const filters = [{}, { categories: undefined }, { measuredAt: {} }, SIZE, GAMING]
  expect(filters.map(filter => planAccountCount(filter, DIALECT).cost)).toEqual([
    'LOOKUP',
    'LOOKUP',
    'LOOKUP',
    'FULL_SCAN',
    'FULL_SCAN',
  ])
})
