/** What the API answers of a database, beside lists. */
import type { Point } from '../../../src/domain/measurement.ts'
import type { NaiveStore } from '../../support/oracle/naive.ts'
import { ALL_KINDS } from '../../support/oracle/random.ts'
import { accountsOf } from './answers.ts'
import { type AccountJson, type Ask, accountOf, type GrowthJson } from './graphql-pages.ts'
import { expectSame } from './same.ts'

/** A field once for every kind of growth: `kind0`, `kind1` and so on. */
function forAllKinds(field: string, selection: string): string {
  const fields = ALL_KINDS.map(({ window, baseline }, i) => {
    return `kind${i}: ${field}(window: ${window}, baseline: ${baseline}) { ${selection} }`
  })
  return fields.join('\n')
}

const FIGURES = `{
  dataset {
    asOf firstMeasuredAt accountCount measurementCount
    ${forAllKinds('growthCoverage', 'known noRecentMeasurement noBaseline zeroBaseline')}
  }
  categories { name accountCount }
}`

interface FiguresJson {
  readonly dataset: Readonly<Record<string, unknown>>
  readonly categories: unknown
}

export async function expectFiguresFrom(ask: Ask, naive: NaiveStore): Promise<void> {
  const { dataset, categories } = await ask<FiguresJson>(FIGURES, {})
  const { asOf, firstMeasuredAt, ...counts } = naive.dataset()
  const instants = { asOf: isoOf(asOf), firstMeasuredAt: isoOf(firstMeasuredAt) }
  const coverages = Object.fromEntries(ALL_KINDS.map((kind, i) => [`kind${i}`, naive.growthCoverage(kind)]))
  expectSame(dataset, { ...instants, ...counts, ...coverages })
  expectSame(categories, naive.categories())
}

function isoOf(instant: number | null): string | null {
  return instant === null ? null : new Date(instant).toISOString()
}

const END = 'measuredAt subscriberCount categories account { accountId } ingestion { fileName }'
const GROWTH = `window baseline opensAt absolute percent unknownReason from { ${END} } to { ${END} }`
const ACCOUNT = `query ($accountId: UUID!) {
  account(accountId: $accountId) {
    accountId subscriberCount measuredAt categories
    ${forAllKinds('growth', GROWTH)}
  }
}`

type GrowthsJson = AccountJson & Readonly<Record<string, GrowthJson>>

/** Every account that was ever measured, tracked or not; `fileOf` names the file of an ingestion. */
export async function expectAccountsFrom(ask: Ask, naive: NaiveStore, fileOf: (id: string) => string): Promise<void> {
  for (const accountId of accountsOf(naive)) {
    const { account } = await ask<{ account: GrowthsJson | null }>(ACCOUNT, { accountId })
    expect(account === null).toBe(naive.account(accountId) === null)
    if (account) expectAccount(account, naive, fileOf)
  }
}

function expectAccount(account: GrowthsJson, naive: NaiveStore, fileOf: (id: string) => string): void {
  for (const [i, kind] of ALL_KINDS.entries()) {
    const growth = account[`kind${i}`]!
    const expected = naive.account(account.accountId, kind)!
    expectSame(accountOf({ ...account, growth }), expected)
    expectSame(growth.from, expected.growth.from && endOf(expected.growth.from))
    expectSame(growth.to, endOf(expected.growth.to))
  }

  /** The measurement that is one end of growth, with all that can be selected of it. */
  function endOf({ measuredAt }: Point) {
    const [measurement] = naive.measurements(account.accountId, { from: measuredAt, to: measuredAt + 1 })
    const { accountId, subscriberCount, categories, ingestionId } = measurement!
    const measured = { measuredAt: isoOf(measuredAt), subscriberCount, categories }
    return { ...measured, account: { accountId }, ingestion: { fileName: fileOf(ingestionId) } }
  }
}
