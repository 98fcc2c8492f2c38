/** Cases worked out by hand, asked of both oracles. */
import { describe, expect, test } from '@jest/globals'
import type { AccountFilter, AccountOrder } from '../../src/domain/account.ts'
import type { GrowthKind } from '../../src/domain/growth.ts'
import { openBoth } from '../support/oracle/both.ts'
import { type CasePoint, GROWTH_CASES } from '../support/oracle/growth-cases.ts'
import type { DropRow } from '../support/oracle/parquet.ts'

const ACCOUNT = '00000000-0000-4000-8000-000000000001'
const CLOCK = '00000000-0000-4000-8000-00000000000c'
const NOW = Date.UTC(2026, 0, 1)

function row(account_id: string, [date, subscriber_count]: CasePoint, categories: string | null = null): DropRow {
  return { account_id, date, subscriber_count, categories }
}

/** The account's growth as each oracle has it; `asOf` comes from another account, too small to be tracked. */
async function growths(asOf: string, kind: GrowthKind, points: readonly CasePoint[]) {
  const rows = [...points.map(point => row(ACCOUNT, point)), row(CLOCK, [asOf, 1])]
  const { naive, duckdb } = await openBoth([rows], NOW)
  const [account] = await duckdb.accounts({}, { field: 'ACCOUNT_ID', direction: 'ASC' }, kind)
  duckdb.close()
  return [naive.growth(ACCOUNT, kind), naive.account(ACCOUNT, kind)?.growth, account?.growth]
}

const ASOF = '2024-06-15T12:00:00Z'

describe('growth', () => {
  test.each(GROWTH_CASES)('$kind.window $kind.baseline: $rule', async given => {
    const { asOf, kind, points, expected } = given
    const growth = {
      ...kind,
      opensAt: Date.parse(expected.opensAt),
      from: expected.from === null ? null : stored(expected.from),
      to: stored(points.at(-1)!),
      absolute: expected.absolute,
      percent: expected.percent,
      unknownReason: expected.unknownReason,
    }
    for (const answer of await growths(asOf, kind, points)) expect(answer).toEqual(growth)
  })
})

function stored([date, count]: CasePoint) {
  return { measuredAt: Date.parse(date), subscriberCount: Math.floor(count + 0.5) }
}

describe('what growth is counted, found and sorted', () => {
  const ids = ['a', 'b', 'c', 'd', 'e', 'f'].map(letter => ACCOUNT.replace(/1$/, letter))
  const [grown, shrunk, zero, alone, dormant, small] = ids as [string, string, string, string, string, string]
  const kind = { window: 'MONTH', baseline: 'FIRST_IN_WINDOW' } as const
  const rows = [
    ...[row(grown, ['2024-06-01', 1000]), row(grown, [ASOF, 1100])],
    ...[row(shrunk, ['2024-06-01', 4000]), row(shrunk, [ASOF, 3000])],
    ...[row(zero, ['2024-06-01', 0]), row(zero, [ASOF, 5000])],
    row(alone, [ASOF, 1001]),
    row(dormant, ['2024-05-01', 9000]),
    ...[row(small, ['2024-06-01', 2000]), row(small, [ASOF, 1000])],
  ]

  async function ask(filter: AccountFilter, order: AccountOrder) {
    const { naive, duckdb } = await openBoth([rows], NOW)
    const answers = [naive.accounts(filter, order), await duckdb.accounts(filter, order)]
    duckdb.close()
    const [one, other] = answers.map(accounts => accounts.map(({ accountId }) => accountId))
    expect(other).toEqual(one)
    return one
  }

  const byId = { field: 'ACCOUNT_ID', direction: 'ASC' } as const

  test('coverage counts tracked accounts', async () => {
    const { naive, duckdb } = await openBoth([rows], NOW)
    const expected = { known: 2, noRecentMeasurement: 1, noBaseline: 1, zeroBaseline: 1 }
    expect(naive.growthCoverage(kind)).toEqual(expected)
    expect(await duckdb.growthCoverage(kind)).toEqual(expected)
    duckdb.close()
  })

  test('bounds are strict or not, and an unknown matches none', async () => {
    expect(await ask({ growth: { ...kind, percent: { gt: 10 } } }, byId)).toEqual([])
    expect(await ask({ growth: { ...kind, percent: { gte: 10 } } }, byId)).toEqual([grown])
    expect(await ask({ growth: { ...kind, percent: { lt: 1e9 } } }, byId)).toEqual([grown, shrunk])
    expect(await ask({ growth: { ...kind, absolute: { gt: -1e9 } } }, byId)).toEqual([grown, shrunk, zero])
    expect(await ask({ growth: { ...kind, percent: { gt: 0 }, absolute: { lt: 100 } } }, byId)).toEqual([])
  })

  test('without bounds it finds the known percentages', async () => {
    expect(await ask({ growth: kind }, byId)).toEqual([grown, shrunk])
    expect(await ask({ growth: { ...kind, percent: {}, absolute: {} } }, byId)).toEqual([grown, shrunk])
  })

  test('unknowns are last in both directions, by accountId in the direction of the order', async () => {
    const percent = { field: 'GROWTH_PERCENT', growth: kind } as const
    expect(await ask({}, { ...percent, direction: 'DESC' })).toEqual([grown, shrunk, dormant, alone, zero])
    expect(await ask({}, { ...percent, direction: 'ASC' })).toEqual([shrunk, grown, zero, alone, dormant])
    const absolute = { field: 'GROWTH_ABSOLUTE', growth: kind } as const
    expect(await ask({}, { ...absolute, direction: 'DESC' })).toEqual([zero, grown, shrunk, dormant, alone])
  })

  test('equals are ordered by accountId in the direction of the order', async () => {
    const atTheSameTime = { field: 'MEASURED_AT', direction: 'DESC' } as const
    expect(await ask({}, atTheSameTime)).toEqual([alone, zero, shrunk, grown, dormant])
    expect(await ask({}, { ...atTheSameTime, direction: 'ASC' })).toEqual([dormant, grown, shrunk, zero, alone])
  })
})
