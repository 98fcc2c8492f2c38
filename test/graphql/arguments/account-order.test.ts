import type { AccountFilter } from '../../../src/domain/account.ts'
import { accountOrder } from '../../../src/graphql/arguments/account-order.ts'
import type { AccountOrder } from '../../../src/graphql/generated.ts'

const MONTH = { window: 'MONTH', baseline: 'FIRST_IN_WINDOW' } as const
const FILTER: AccountFilter = { growth: { window: 'YEAR', baseline: 'AT_WINDOW_START' } }

describe('account orders', () => {
  test.each([null, undefined, { field: 'SUBSCRIBER_COUNT' } as const])('%j is the largest first', input => {
    expect(accountOrder(input, {})).toEqual({ field: 'SUBSCRIBER_COUNT', direction: 'DESC' })
  })

  test.each<[AccountOrder, AccountFilter, object]>([
    [{ field: 'GROWTH_PERCENT' }, {}, MONTH],
    [{ field: 'GROWTH_PERCENT', window: null, baseline: null }, {}, MONTH],
    [{ field: 'GROWTH_ABSOLUTE', window: 'WEEK' }, {}, { ...MONTH, window: 'WEEK' }],
    [{ field: 'GROWTH_PERCENT' }, FILTER, { window: 'YEAR', baseline: 'AT_WINDOW_START' }],
    [{ field: 'GROWTH_PERCENT', window: 'WEEK' }, FILTER, { window: 'WEEK', baseline: 'AT_WINDOW_START' }],
    [
      { field: 'GROWTH_ABSOLUTE', baseline: 'FIRST_IN_WINDOW' },
      FILTER,
      { window: 'YEAR', baseline: 'FIRST_IN_WINDOW' },
    ],
  ])('%j under %j is of %j', (input, filter, growth) => {
    expect(accountOrder(input, filter)).toEqual({ field: input.field, direction: 'DESC', growth })
  })

  test.each(['SUBSCRIBER_COUNT', 'MEASURED_AT', 'ACCOUNT_ID'] as const)('%s has neither window nor baseline', field => {
    expect(() => accountOrder({ field, window: 'MONTH' }, {})).toThrow(`orderBy.window is given, but ${field} has none`)
    expect(() => accountOrder({ field, baseline: 'AT_WINDOW_START' }, {})).toThrow('orderBy.baseline is given')
    expect(accountOrder({ field, window: null, baseline: null, direction: 'ASC' }, FILTER)).toEqual({
      field,
      direction: 'ASC',
    })
  })
})
