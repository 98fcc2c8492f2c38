import fc from 'fast-check'
import type { Account, AccountFilter, AccountOrder, AccountPosition } from '../../src/domain/account.ts'
import { hasCode } from '../../src/domain/errors.ts'
import { GROWTH_BASELINES, GROWTH_WINDOWS, growthBetween } from '../../src/domain/growth.ts'
import { queuedIngestion } from '../../src/domain/ingestion.ts'
import { accountFilter } from '../../src/graphql/account-arguments.ts'
import {
  accountCursors,
  type CursorCodec,
  decodeCursor,
  encodeCursor,
  ingestionCursors,
  measurementCursors,
  rejectedRowCursors,
} from '../../src/graphql/cursors.ts'
import { decodeOpaque } from '../../src/graphql/opaque-string.ts'
import { forgeOpaque } from './support/forge-opaque.ts'

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

function rejection(cursor: string, filter: AccountFilter, order: AccountOrder): string {
  try {
    decodeCursor(cursor, accountCursors(filter, order), 'after')
  } catch (error) {
    if (hasCode(error, 'BAD_USER_INPUT')) return error.message
    throw error
  }
  throw new Error('the cursor was accepted')
}

describe('account cursors', () => {
  test('decode to the exact position', () => {
    fc.assert(
      fc.property(account, order, fc.double({ noNaN: true, noDefaultInfinity: true }), (account, order, gt) => {
        const cursors = accountCursors(percent(gt), order)
        expect(decodeCursor(encodeCursor(account, cursors), cursors, 'after')).toEqual(cursors.position(account))
      }),
    )
  })

  test('contain the list, two fingerprints, the value and the accountId, and no internal key', () => {
    fc.assert(
      fc.property(account, order, (account, order) => {
        const cursors = accountCursors({}, order)
        const { value, accountId } = cursors.position(account)
        const held = decodeOpaque(encodeCursor(account, cursors))
        expect(held).toEqual(['accounts', expect.any(String), expect.any(String), value, accountId])
      }),
    )
  })

  test('are rejected for another order, which the message names', () => {
    fc.assert(
      fc.property(account, order, order, (account, made, used) => {
        fc.pre(JSON.stringify(made) !== JSON.stringify(used))
        const cursor = encodeCursor(account, accountCursors({}, made))
        expect(rejection(cursor, {}, used)).toMatch(/"after" was issued for another order\. .*omit it to start over/)
      }),
    )
  })

  test('are rejected for another filter, which the message names', () => {
    const bound = fc.double({ noNaN: true, noDefaultInfinity: true })
    fc.assert(
      fc.property(account, order, bound, bound, (account, order, made, used) => {
        fc.pre(made !== used)
        const cursor = encodeCursor(account, accountCursors(percent(made), order))
        expect(rejection(cursor, percent(used), order)).toContain('was issued for another filter.')
      }),
    )
  })

  test('are rejected when they are damaged', () => {
    const cursor = cursorAt({ value: 12.5, accountId: ID })
    expect(rejection(cursor.replace(/.$/, '!'), {}, BY_PERCENT)).toMatch(
      /"after" is damaged.*omit the argument to start over/,
    )
  })

  const fingerprints = accountCursors({}, BY_PERCENT)
    .scope.fingerprints.map(fingerprint => JSON.stringify(fingerprint))
    .join()

  test.each([
    ['Infinity', `[1,${fingerprints},1e999,"${ID}"]`],
    ['NaN, which is not JSON', `[1,${fingerprints},NaN,"${ID}"]`],
    ['text for a number', `[1,${fingerprints},"12.5","${ID}"]`],
    ['a list for a number', `[1,${fingerprints},[12.5],"${ID}"]`],
    ['a boolean', `[1,${fingerprints},true,"${ID}"]`],
    ['no accountId', `[1,${fingerprints},12.5]`],
    ['a number for the accountId', `[1,${fingerprints},12.5,7]`],
    ['an accountId that is not canonical', `[1,${fingerprints},12.5,"${ID.toUpperCase()}"]`],
    ['an extra value', `[1,${fingerprints},12.5,"${ID}",0]`],
    ['another version', `[2,${fingerprints},12.5,"${ID}"]`],
    ['no list', `{"version":1}`],
  ])('are rejected when forged with %s', (_, body) => {
    expect(rejection(forgeOpaque(body), {}, BY_PERCENT)).toContain('is damaged')
  })

  test.each([
    ['SUBSCRIBER_COUNT', '12.5'],
    ['SUBSCRIBER_COUNT', 'null'],
    ['SUBSCRIBER_COUNT', '9007199254740993'],
    ['MEASURED_AT', '1e300'],
    ['ACCOUNT_ID', '1'],
  ] as const)('of the order %s are rejected when forged with the value %s', (field, value) => {
    const order: AccountOrder = { field, direction: 'ASC' }
    const fingerprints = accountCursors({}, order)
      .scope.fingerprints.map(fingerprint => JSON.stringify(fingerprint))
      .join()
    expect(rejection(forgeOpaque(`[1,${fingerprints},${value},"${ID}"]`), {}, order)).toContain('is damaged')
  })

  test('with unknown growth are accepted', () => {
    const position = { value: null, accountId: ID }
    expect(decodeCursor(cursorAt(position), accountCursors({}, BY_PERCENT), 'before')).toEqual(position)
  })
})

function cursorAt(position: AccountPosition): string {
  return encodeCursor(position, { ...accountCursors({}, BY_PERCENT), position: given => given })
}

const A = '00000000-0000-4000-8000-00000000000a'
const B = '00000000-0000-4000-8000-00000000000b'

const point = (measuredAt: number) => ({ measuredAt, subscriberCount: 1 })
const read = (cursor: string, cursors: CursorCodec<never, unknown>) => () => decodeCursor(cursor, cursors, 'before')

describe('measurement cursors', () => {
  const range = { from: 5, to: undefined }
  const cursor = encodeCursor(point(7), measurementCursors(A, range))

  test('decode to the exact instant', () => {
    fc.assert(
      fc.property(fc.integer({ min: -8.64e15, max: 8.64e15 }), instant => {
        const cursors = measurementCursors(A, range)
        expect(decodeCursor(encodeCursor(point(instant), cursors), cursors, 'after')).toBe(instant)
      }),
    )
  })

  test('are valid for one account and one range', () => {
    expect(read(cursor, measurementCursors(A, { from: 5 }))()).toBe(7)
    expect(read(cursor, measurementCursors(B, range))).toThrow('"before" was issued for another account.')
    expect(read(cursor, measurementCursors(A, { from: 6 }))).toThrow('"before" was issued for another range.')
    expect(read(cursor, measurementCursors(A, { from: 5, to: 9 }))).toThrow('"before" was issued for another range.')
    expect(read(cursor, measurementCursors(A, {}))).toThrow('"before" was issued for another range.')
  })
})

describe('ingestion cursors', () => {
  const identity = { fileName: 'a', sha256: 'b', fileSize: 1, dryRun: false, queuedAt: 17, programVersion: '1' }
  const ingestion = queuedIngestion({ id: 'some id', ...identity })

  test('decode to the position', () => {
    const cursor = encodeCursor(ingestion, ingestionCursors)
    expect(read(cursor, ingestionCursors)()).toEqual({ queuedAt: 17, id: 'some id' })
  })

  test.each(['[1,"ingestions",1.5,"x"]', '[1,"ingestions",1,2]', '[1,"ingestions",1,"x",0]', '[1,"ingestions"]'])(
    'are rejected when forged as %s',
    body => expect(read(forgeOpaque(body), ingestionCursors)).toThrow('is damaged'),
  )

  test('are not valid for another list', () => {
    const cursor = encodeCursor(ingestion, ingestionCursors)
    expect(read(cursor, measurementCursors(A, {}))).toThrow('was issued for another list.')
    expect(read(encodeCursor(point(7), measurementCursors(A, {})), ingestionCursors)).toThrow(
      'was issued for another list.',
    )
  })
})

describe('rejected row cursors', () => {
  test('are valid for one ingestion', () => {
    const row = { rowNumber: 3, reason: 'INVALID_ACCOUNT_ID', column: 'account_id', row: '{}' } as const
    const cursor = encodeCursor(row, rejectedRowCursors(A))
    expect(read(cursor, rejectedRowCursors(A))()).toBe(3)
    expect(read(cursor, rejectedRowCursors(B))).toThrow('was issued for another ingestion.')
  })
})
