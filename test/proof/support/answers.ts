import type { Account } from '../../../src/domain/account.ts'
import type { GrowthKind } from '../../../src/domain/growth.ts'
import type { Reader } from '../../../src/domain/reader.ts'
import type { NaiveStore } from '../../support/oracle/naive.ts'
import { ALL_KINDS } from '../../support/oracle/random.ts'
import type { OracleAccount } from '../../support/oracle/types.ts'
import { ALL_ORDERS, asOracle, type List } from './lists.ts'
import { expectSame } from './same.ts'

const UNKNOWN = 'ffffffff-ffff-4fff-8fff-ffffffffffff'
/** One page for the whole list. */
export const EVERYTHING = { size: 1_000_000, fromEnd: false }

/** Whatever the reader can be asked for, but for parts of lists. */
export async function expectAnswers(reader: Reader, naive: NaiveStore): Promise<void> {
  await expectFigures(reader, naive)
  await expectEveryOrder(reader, naive)
  for (const accountId of accountsOf(naive)) await expectAccount(reader, naive, accountId)
  expect(await reader.account(UNKNOWN)).toBeNull()
}

async function expectFigures(reader: Reader, naive: NaiveStore): Promise<void> {
  expectSame({ ...(await reader.dataset()) }, { ...naive.dataset(), lastIngestionId: naive.lastIngestionId })
  expectSame(
    (await reader.categories()).map(category => ({ ...category })),
    naive.categories(),
  )
  for (const kind of ALL_KINDS) expectSame({ ...(await reader.growthCoverage(kind)) }, naive.growthCoverage(kind))
}

/** Every order of all tracked accounts; with those by growth, every figure of an account is seen too. */
async function expectEveryOrder(reader: Reader, naive: NaiveStore): Promise<void> {
  for (const order of ALL_ORDERS) {
    await expectList(reader, naive, { filter: {}, order, kind: 'growth' in order ? order.growth : ALL_KINDS[0]! })
  }
}

export async function expectList(reader: Reader, naive: NaiveStore, { filter, order, kind }: List): Promise<void> {
  const page = await reader.accounts(filter, order, EVERYTHING)
  const expected = naive.accounts(filter, order, kind)
  expectSame(
    page.items.map(account => asOracle(account, kind)),
    expected,
  )
  expect(await reader.countAccounts(filter)).toBe(expected.length)
  expect([page.hasPreviousPage, page.hasNextPage]).toEqual([false, false])
}

/** An account and all that was measured of it; nothing, when it is not tracked. */
async function expectAccount(reader: Reader, naive: NaiveStore, accountId: string): Promise<void> {
  const account = await reader.account(accountId)
  for (const kind of ALL_KINDS) expectSame(shown(account, kind), naive.account(accountId, kind))
  const measurements = account ? naive.measurements(accountId) : []
  const { items } = await reader.measurements(accountId, {}, EVERYTHING)
  expectSame(items, measurements)
  expect(await reader.countMeasurements(accountId, {})).toBe(measurements.length)
  for (const { measuredAt } of naive.measurements(accountId)) {
    const expected = measurements.find(measurement => measurement.measuredAt === measuredAt) ?? null
    expectSame(await reader.measurement(accountId, measuredAt), expected)
    expect(await reader.measurement(accountId, measuredAt + 1)).toEqual(findAt(measurements, measuredAt + 1))
  }
}

function findAt<M extends { measuredAt: number }>(measurements: readonly M[], instant: number): M | null {
  return measurements.find(({ measuredAt }) => measuredAt === instant) ?? null
}

function shown(account: Account | null, kind: GrowthKind): OracleAccount | null {
  return account === null ? null : asOracle(account, kind)
}

/** Tracked or not. */
export function accountsOf(naive: NaiveStore): Set<string> {
  return new Set(naive.allMeasurements().map(({ accountId }) => accountId))
}
