import fc from 'fast-check'
import type { Account, AccountFilter, AccountOrder, AccountPosition } from '../../src/domain/account.ts'
import { hasCode } from '../../src/domain/errors.ts'
import { GROWTH_BASELINES, GROWTH_WINDOWS, growthBetween } from '../../src/domain/growth.ts'
import { accountCursors } from '../../src/graphql/account-cursors.ts'
import { accountFilter } from '../../src/graphql/arguments/account-filter.ts'
import { cursorOf, readCursor } from '../../src/graphql/cursor.ts'
import { unseal } from '../../src/graphql/opaque.ts'
import { forge } from './support/forge.ts'

const ID = '0f8fad5b-d9cb-469f-a165-70867728950e'

const direction = fc.constantFrom('ASC', 'DESC')
const kind = fc.record({ window: fc.constantFrom(...GROWTH_WINDOWS), baseline: fc.constantFrom(...GROWTH_BASELINES) })
const order: fc.Arbitrary<AccountOrder> = fc.oneof(
  fc.record({ field: fc.constantFrom('SUBSCRIBER_COUNT', 'MEASURED_AT', 'ACCOUNT_ID'), direction }),
  fc.record({ field: fc.constantFrom('GROWTH_PERCENT', 'GROWTH_ABSOLUTE'), direction, growth: kind }),
)

const count = fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER })
const account: fc.Arbitrary<Account> = fc
  .record({
    accountId: fc.uuid(),
    measuredAt: fc.integer({ min: 1e12, max: 2e12 }),
    subscriberCount: count,
    from: fc.option(count),
  })
  .map(({ accountId, measuredAt, subscriberCount, from }) => {
    const newest = { measuredAt, subscriberCount }
    const start = from === null ? null : { measuredAt: measuredAt - 1, subscriberCount: from }
    return { accountId, categories: [], newest, growth: kind => growthBetween(kind, 0, start, newest) }
  })

const percent = (gt: number): AccountFilter => accountFilter({ growth: { percent: { gt } } })
const BY_PERCENT: AccountOrder = {
  field: 'GROWTH_PERCENT',
  direction: 'DESC',
  growth: { window: 'MONTH', baseline: 'FIRST_IN_WINDOW' },
}

function refusal(cursor: string, filter: AccountFilter, order: AccountOrder): string {
  try {
    readCursor(cursor, accountCursors(filter, order), 'after')
  } catch (error) {
    if (hasCode(error, 'BAD_USER_INPUT')) return error.message
    throw error
  }
  throw new Error('the cursor was taken')
}

describe('cursors of accounts', () => {
  test('give the position back, doubles to the last bit', () => {
    fc.assert(
      fc.property(account, order, fc.double({ noNaN: true, noDefaultInfinity: true }), (account, order, gt) => {
        const cursors = accountCursors(percent(gt), order)
        expect(readCursor(cursorOf(account, cursors), cursors, 'after')).toEqual(cursors.position(account))
      }),
    )
  })

  test('hold no internal key: only the list, two fingerprints, the value and the accountId', () => {
    fc.assert(
      fc.property(account, order, (account, order) => {
        const cursors = accountCursors({}, order)
        const { value, accountId } = cursors.position(account)
        const held = unseal(cursorOf(account, cursors))
        expect(held).toEqual(['accounts', expect.any(String), expect.any(String), value, accountId])
      }),
    )
  })

  test('are refused under another order, and the message says so', () => {
    fc.assert(
      fc.property(account, order, order, (account, made, used) => {
        fc.pre(JSON.stringify(made) !== JSON.stringify(used))
        const cursor = cursorOf(account, accountCursors({}, made))
        expect(refusal(cursor, {}, used)).toMatch(/"after" was made for another order\. .*leave it out to start again/)
      }),
    )
  })

  test('are refused under another filter, and the message says so', () => {
    const bound = fc.double({ noNaN: true, noDefaultInfinity: true })
    fc.assert(
      fc.property(account, order, bound, bound, (account, order, made, used) => {
        fc.pre(made !== used)
        const cursor = cursorOf(account, accountCursors(percent(made), order))
        expect(refusal(cursor, percent(used), order)).toContain('was made for another filter.')
      }),
    )
  })

  test('are refused when damaged, and the message says so', () => {
    const cursor = seal({ value: 12.5, accountId: ID })
    expect(refusal(cursor.replace(/.$/, '!'), {}, BY_PERCENT)).toMatch(
      /"after" is damaged.*leave it out to start again/,
    )
  })

  const prints = accountCursors({}, BY_PERCENT)
    .scope.prints.map(print => JSON.stringify(print))
    .join()

  test.each([
    ['Infinity', `[1,${prints},1e999,"${ID}"]`],
    ['NaN, which is no JSON', `[1,${prints},NaN,"${ID}"]`],
    ['text for a number', `[1,${prints},"12.5","${ID}"]`],
    ['a list for a number', `[1,${prints},[12.5],"${ID}"]`],
    ['a truth value', `[1,${prints},true,"${ID}"]`],
    ['no accountId', `[1,${prints},12.5]`],
    ['a number for the accountId', `[1,${prints},12.5,7]`],
    ['an accountId that is not canonical', `[1,${prints},12.5,"${ID.toUpperCase()}"]`],
    ['a value too many', `[1,${prints},12.5,"${ID}",0]`],
    ['another version', `[2,${prints},12.5,"${ID}"]`],
    ['no list', `{"version":1}`],
  ])('are refused when forged with %s', (_, body) => {
    expect(refusal(forge(body), {}, BY_PERCENT)).toContain('is damaged')
  })

  test.each([
    ['SUBSCRIBER_COUNT', '12.5'],
    ['SUBSCRIBER_COUNT', 'null'],
    ['SUBSCRIBER_COUNT', '9007199254740993'],
    ['MEASURED_AT', '1e300'],
    ['ACCOUNT_ID', '1'],
  ] as const)('of %s are refused when forged with %s', (field, value) => {
    const order: AccountOrder = { field, direction: 'ASC' }
    const prints = accountCursors({}, order)
      .scope.prints.map(print => JSON.stringify(print))
      .join()
    expect(refusal(forge(`[1,${prints},${value},"${ID}"]`), {}, order)).toContain('is damaged')
  })

  test('of an unknown growth are taken', () => {
    const position = { value: null, accountId: ID }
    expect(readCursor(seal(position), accountCursors({}, BY_PERCENT), 'before')).toEqual(position)
  })
})

function seal(position: AccountPosition): string {
  return cursorOf(position, { ...accountCursors({}, BY_PERCENT), position: given => given })
}
