/** Lists that are asked for of data like that of production. */
import type { AccountFilter, AccountOrder } from '../../../src/domain/account.ts'
import { DEFAULT_GROWTH } from '../../../src/domain/growth.ts'
import { ALL_KINDS } from '../../support/oracle/random.ts'
import { isByGrowth, type List } from './lists.ts'

const LARGEST_FIRST: AccountOrder = { field: 'SUBSCRIBER_COUNT', direction: 'DESC' }

function list(filter: AccountFilter, order: AccountOrder = LARGEST_FIRST): List {
  return { filter, order, kind: isByGrowth(order) ? order.growth : DEFAULT_GROWTH }
}

/** Those of the README. */
export const THREE_QUESTIONS: readonly List[] = [
  list({ categories: { anyOf: ['Gaming'] } }),
  list({ subscriberCount: { gt: 1_000_000 } }),
  list(
    { growth: { ...DEFAULT_GROWTH, percent: { gt: 10 } } },
    { field: 'GROWTH_PERCENT', direction: 'DESC', growth: DEFAULT_GROWTH },
  ),
]

const WEEK = { window: 'WEEK', baseline: 'AT_WINDOW_START' } as const
const QUARTER = { window: 'QUARTER', baseline: 'FIRST_IN_WINDOW' } as const

export const OTHER_QUESTIONS: readonly List[] = [
  list({ growth: { ...DEFAULT_GROWTH, baseline: 'AT_WINDOW_START', percent: { gt: 10 } } }),
  list(
    { categories: { allOf: ['podcast'], noneOf: ['GAMING', 'education'] }, subscriberCount: { lt: 5_000_000 } },
    { field: 'MEASURED_AT', direction: 'ASC' },
  ),
  list(
    { growth: { ...QUARTER, absolute: { lt: 0 } }, categories: { anyOf: ['Investment', 'Education'] } },
    { field: 'GROWTH_ABSOLUTE', direction: 'ASC', growth: QUARTER },
  ),
  list(
    { subscriberCount: { gte: 2_000_000, lt: 3_000_000 }, measuredAt: { gte: Date.UTC(2024, 9, 1) } },
    { field: 'GROWTH_PERCENT', direction: 'ASC', growth: WEEK },
  ),
  list(
    { categories: { noneOf: ['Gaming', 'Podcast'] } },
    { field: 'GROWTH_PERCENT', direction: 'DESC', growth: { window: 'YEAR', baseline: 'FIRST_IN_WINDOW' } },
  ),
  list({ categories: { anyOf: ['Unknown'] } }, { field: 'ACCOUNT_ID', direction: 'ASC' }),
]

/** All accounts by every growth: with each list the growth that it is ordered by. */
export const ALL_GROWTHS: readonly List[] = ALL_KINDS.map(growth =>
  list({}, { field: 'GROWTH_PERCENT', direction: 'DESC', growth }),
)
