import fc from 'fast-check'
import type * as domain from '../../src/domain/account.ts'
import { accountFilter, accountOrder } from '../../src/graphql/account-arguments.ts'
import { accountCursors } from '../../src/graphql/cursors.ts'
import type { AccountFilter, AccountOrder } from '../../src/graphql/generated.ts'

const MONTH = { window: 'MONTH', baseline: 'FIRST_IN_WINDOW' } as const

/** The fingerprint of a filter in a cursor. */
const fingerprint = (input: AccountFilter | null | undefined) =>
  accountCursors(accountFilter(input), { field: 'ACCOUNT_ID', direction: 'ASC' }).scope.fingerprints.at(-1)

describe('accountFilter', () => {
  test.each<[AccountFilter | null | undefined]>([
    [null],
    [{}],
    [{ categories: null, subscriberCount: null, growth: null, measuredAt: null }],
    [{ categories: {} }],
    [{ categories: { anyOf: null, allOf: [], noneOf: [] } }],
    [{ subscriberCount: {}, measuredAt: { gt: null, gte: null, lt: null, lte: null } }],
  ])('omits conditions that match every account: %j', input => {
    expect(accountFilter(input)).toEqual({})
    expect(fingerprint(input)).toBe(fingerprint(undefined))
  })

  test.each<[AccountFilter, AccountFilter]>([
    [{ categories: { anyOf: ['Gaming', 'Podcast'] } }, { categories: { anyOf: ['podcast', ' GAMING '], allOf: [] } }],
    [{ categories: { noneOf: ['two words'] } }, { categories: { noneOf: ['Two \t Words', 'two words'] } }],
    [{ categories: { allOf: ['Caf\u00e9'] } }, { categories: { allOf: ['CAFE\u0301'] } }],
    [{ subscriberCount: { gt: 1, lt: 9 } }, { subscriberCount: { lt: 9, gte: null, gt: 1 } }],
    [{ growth: { percent: { gt: 0 } } }, { growth: { ...MONTH, percent: { gt: -0 }, absolute: {} } }],
    [{ growth: {} }, { growth: { percent: { gt: null }, absolute: null } }],
    [
      { growth: { window: 'WEEK' }, measuredAt: { gt: 5 } },
      { measuredAt: { gt: 5 }, growth: { window: 'WEEK' } },
    ],
  ])('returns the same filter for %j and %j', (one, other) => {
    expect(fingerprint(one)).toBe(fingerprint(other))
  })

  test('gives filters with different meanings different fingerprints', () => {
    const filters: (AccountFilter | null)[] = [
      null,
      { categories: { anyOf: [] } },
      { categories: { anyOf: ['a'] } },
      { categories: { allOf: ['a'] } },
      { categories: { noneOf: ['a'] } },
      { categories: { anyOf: ['a', 'b'] } },
      { categories: { anyOf: ['a b'] } },
      { categories: { anyOf: ['a","b'] } },
      { subscriberCount: { gt: 1 } },
      { subscriberCount: { gte: 1 } },
      { measuredAt: { gt: 1 } },
      { growth: {} },
      { growth: { window: 'WEEK' } },
      { growth: { baseline: 'AT_WINDOW_START' } },
      { growth: { percent: { gt: 1 } } },
      { growth: { absolute: { gt: 1 } } },
    ]
    expect(new Set(filters.map(fingerprint)).size).toBe(filters.length)
  })

  test('ignores order, repetition and case of names', () => {
    const names = fc.array(fc.string({ unit: 'grapheme-ascii', maxLength: 4 }), { minLength: 1, maxLength: 6 })
    const list = fc.constantFrom('anyOf', 'allOf', 'noneOf')
    fc.assert(
      fc.property(names, list, (names, list) => {
        const shuffled = [...names, ...names].reverse().map(name => ` ${name.toUpperCase()} `)
        expect(fingerprint({ categories: { [list]: names } })).toBe(fingerprint({ categories: { [list]: shuffled } }))
      }),
    )
  })

  test('keeps a growth filter without bounds', () => {
    expect(accountFilter({ growth: { percent: { gt: null } } })).toEqual({ growth: MONTH })
  })

  test('keeps bounds of 0', () => {
    expect(accountFilter({ subscriberCount: { gt: 0 } })).toEqual({ subscriberCount: { gt: 0 } })
  })

  test('rejects an infinite bound', () => {
    expect(() => accountFilter({ growth: { percent: { gt: Number.POSITIVE_INFINITY } } })).toThrow('too large')
  })

  test('accepts 500 names and rejects more', () => {
    const names = Array.from({ length: 501 }, (_, n) => `name ${n}`)
    expect(accountFilter({ categories: { anyOf: [...names.slice(1), 'NAME 1'] } }).categories?.anyOf).toHaveLength(500)
    expect(() => accountFilter({ categories: { noneOf: names } })).toThrow('filter.categories.noneOf has 501 names')
  })
})

const FILTER: domain.AccountFilter = { growth: { window: 'YEAR', baseline: 'AT_WINDOW_START' } }

describe('accountOrder', () => {
  test.each([null, undefined, { field: 'SUBSCRIBER_COUNT' } as const])('sorts the largest first for %j', input => {
    expect(accountOrder(input, {})).toEqual({ field: 'SUBSCRIBER_COUNT', direction: 'DESC' })
  })

  test.each<[AccountOrder, domain.AccountFilter, object]>([
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
  ])('takes window and baseline of %j with the filter %j as %j', (input, filter, growth) => {
    expect(accountOrder(input, filter)).toEqual({ field: input.field, direction: 'DESC', growth })
  })

  test.each(['SUBSCRIBER_COUNT', 'MEASURED_AT', 'ACCOUNT_ID'] as const)('rejects window and baseline for %s', field => {
    expect(() => accountOrder({ field, window: 'MONTH' }, {})).toThrow(
      `orderBy.window does not apply to the order ${field}`,
    )
    expect(() => accountOrder({ field, baseline: 'AT_WINDOW_START' }, {})).toThrow('orderBy.baseline does not apply')
    expect(accountOrder({ field, window: null, baseline: null, direction: 'ASC' }, FILTER)).toEqual({
      field,
      direction: 'ASC',
    })
  })
})
