/** docs/rules.md, rule 5: what the order of rows and their division into files decide, and that it is nothing else. */
import fc from 'fast-check'
import type { Reader } from '../../src/domain/reader.ts'
import { fold, judgeRow } from '../support/oracle/normalise.ts'
import type { DropRow } from '../support/oracle/parquet.ts'
import { ALL_KINDS, anyDrops, RANDOM_NOW } from '../support/oracle/random.ts'
import { EVERYTHING } from './support/answers.ts'
import { ALL_ORDERS, asOracle } from './support/lists.ts'
import { runs, TIMEOUT_MS } from './support/runs.ts'
import { expectSame } from './support/same.ts'
import { withTwins } from './support/twins.ts'

/** A valid row, what it measures, and what it says of that. */
interface Row {
  readonly row: DropRow
  readonly accountId: string
  readonly key: string
  readonly value: string
}

/** Invalid rows are left out: one of the files could have too many. */
function validRows(rows: readonly DropRow[]): Row[] {
  return rows.flatMap(row => {
    const verdict = judgeRow(row, RANDOM_NOW)
    if ('reason' in verdict) return []
    const { accountId, measuredAt, subscriberCount, categories } = verdict
    const value = JSON.stringify([subscriberCount, categories.map(fold).sort()])
    return [{ row, accountId, key: `${accountId} ${measuredAt}`, value }]
  })
}

/** Without the rows that contradict an earlier one. */
function agreeing(rows: readonly Row[]): Row[] {
  const said = new Map<string, string>()
  for (const { key, value } of rows) if (!said.has(key)) said.set(key, value)
  return rows.filter(({ key, value }) => said.get(key) === value)
}

/** Accounts that some rows contradict each other about: which of these wins is for the order to decide. */
function contested(rows: readonly Row[]): ReadonlySet<string> {
  const undisputed = new Set(agreeing(rows))
  return new Set(rows.filter(row => !undisputed.has(row)).map(({ accountId }) => accountId))
}

/** What a database contains, with names in lower case, and only the accounts that no duplicate concerns. */
async function certainAnswers(reader: Reader, uncertain: ReadonlySet<string>) {
  const { asOf, firstMeasuredAt, measurementCount } = await reader.dataset()
  const orders = ALL_ORDERS.map(async order => {
    const { items } = await reader.accounts({}, order, EVERYTHING)
    return items.filter(({ accountId }) => !uncertain.has(accountId))
  })
  const [some, ...others] = await Promise.all(orders)
  const accounts = ALL_KINDS.flatMap(kind => some!.map(account => asOracle(account, kind)))
  return {
    dataset: { asOf, firstMeasuredAt, measurementCount },
    accounts: accounts.map(account => ({ ...account, categories: account.categories.map(fold) })),
    orders: others.map(items => items.map(({ accountId }) => accountId)),
    totals: uncertain.size === 0 ? await totals(reader) : null,
  }
}

async function totals(reader: Reader) {
  const categories = await reader.categories()
  const coverages = ALL_KINDS.map(async kind => ({ ...(await reader.growthCoverage(kind)) }))
  return {
    accountCount: (await reader.dataset()).accountCount,
    categories: categories.map(({ name, accountCount }) => ({ name: fold(name), accountCount })),
    coverages: await Promise.all(coverages),
  }
}

/** The answers after these files, and what became of all their rows. */
async function outcomeOf(files: readonly (readonly Row[])[], uncertain: ReadonlySet<string>) {
  return withTwins(async twins => {
    let [inserted, judged, corrected] = [0, 0, 0]
    for (const rows of files) {
      const { ingestion } = await twins.ingest(rows.map(({ row }) => row))
      inserted += ingestion.inserted
      corrected += ingestion.corrected
      judged += ingestion.corrected + ingestion.unchanged
    }
    const split = uncertain.size === 0 ? { inserted, judged, corrected } : { inserted, judged }
    return { ...(await certainAnswers(twins.reader, uncertain)), split }
  })
}

/** The rows cut into files. */
function pieces(rows: readonly Row[], cuts: readonly number[]): (readonly Row[])[] {
  const ends = [...cuts.map(cut => cut % (rows.length + 1)), rows.length].sort((a, b) => a - b)
  return ends.map((end, i) => rows.slice(ends[i - 1] ?? 0, end))
}

const anyRows = fc
  .tuple(anyDrops, fc.boolean())
  .map(([files, agree]) => (agree ? agreeing(validRows(files.flat())) : validRows(files.flat())))
const anyTwoOrders = anyRows.chain(rows =>
  fc.tuple(
    fc.constant(rows),
    fc.shuffledSubarray(rows, { minLength: rows.length }),
    fc.array(fc.nat(), { maxLength: 3 }),
  ),
)

test(
  'any order of rows in any division gives the same answers',
  async () => {
    const property = fc.asyncProperty(anyTwoOrders, async ([rows, shuffled, cuts]) => {
      const uncertain = contested(rows)
      expectSame(await outcomeOf(pieces(shuffled, cuts), uncertain), await outcomeOf([rows], uncertain))
    })
    await fc.assert(property, runs(16))
  },
  TIMEOUT_MS,
)
