/** Files taken, tried, taken back and taken again, in any order: only what stands can be seen, in every table. */
import fc from 'fast-check'
import { checkDatabase } from '../../src/storage/sqlite/check/check.ts'
import type { DropRow } from '../support/oracle/parquet.ts'
import { anyDrops, RANDOM_NOW } from '../support/oracle/random.ts'
import { accountsOf, expectAnswers } from './support/answers.ts'
import { anyBigDrops } from './support/big-drops.ts'
import { withDatabase } from './support/database.ts'
import { brokenIn, type RawTables, rawTables } from './support/raw-tables.ts'
import { runs, TIMEOUT_MS } from './support/runs.ts'
import { expectSame } from './support/same.ts'
import { type Standing, type Twins, withTwins } from './support/twins.ts'

const ACTIONS = ['ingest', 'ingest', 'ingest', 'dry run', 'revert', 'revert', 'revert another'] as const

/** `file` is counted on from the first when there are fewer. */
interface Step {
  readonly action: (typeof ACTIONS)[number]
  readonly file: number
}

const anySteps: fc.Arbitrary<Step[]> = fc.array(fc.record({ action: fc.constantFrom(...ACTIONS), file: fc.nat(4) }), {
  minLength: 3,
  maxLength: 10,
  size: 'max',
})

/** More than half of its rows are invalid. */
const REFUSED: DropRow[] = [
  { account_id: '0a1b2c3d-4e5f-4a6b-8c7d-000000000000', date: '2024-04-01', subscriber_count: 5000, categories: 'New' },
  ...[null, ''].map(account_id => ({ account_id, date: '2024-04-01', subscriber_count: 1, categories: null })),
]

interface File {
  readonly path: string
  readonly rows: readonly DropRow[]
}

async function take({ action, file }: Step, twins: Twins, files: readonly File[]): Promise<void> {
  const { path, rows } = files[file % files.length]!
  if (action === 'ingest' || action === 'dry run') await twins.ingestFile(path, rows, { dryRun: action === 'dry run' })
  else if (action === 'revert' && twins.standing.length > 0) await twins.revertLast()
  else await expectNothingElseReverts(twins)
}

/** Dry runs, refused files, ingestions that others rest on, and those that were reverted already. */
async function expectNothingElseReverts({ database, reader, standing }: Twins): Promise<void> {
  const { items } = await reader.ingestions({ size: 1000, fromEnd: false })
  for (const { id } of items.filter(({ id }) => id !== standing.at(-1)?.id)) {
    await expect(database.loader.revert(id)).rejects.toMatchObject({ code: 'NOT_LATEST_INGESTION' })
  }
  await expect(database.loader.revert('unknown')).rejects.toMatchObject({ code: 'NOT_FOUND' })
}

/** The tables of a database that nothing but these ingestions was ever done to. */
async function tablesOf(standing: readonly Standing[]): Promise<RawTables> {
  return withDatabase(async database => {
    for (const { id, path } of standing) await database.ingest(path, { id, now: RANDOM_NOW })
    return rawTables(database.path)
  })
}

/** The same, worked out once for the same ingestions of one run. */
function tablesOnce(): typeof tablesOf {
  const known = new Map<string, Promise<RawTables>>()
  return standing => {
    const key = standing.map(({ id }) => id).join()
    const tables = known.get(key) ?? tablesOf(standing)
    known.set(key, tables)
    return tables
  }
}

interface CorrectionRow {
  readonly account: string
  readonly measured_at: number
  readonly subscriber_count: number
  readonly ingestion: string
}

/** What was corrected is kept, in the order in which it was replaced. */
function expectReplaced({ naive }: Twins, tables: RawTables): void {
  const found = (tables.correction as CorrectionRow[]).map(row => {
    return [row.account, row.measured_at, row.subscriber_count, row.ingestion]
  })
  const expected = [...accountsOf(naive)]
    .sort()
    .flatMap(account =>
      naive
        .measurements(account)
        .flatMap(({ measuredAt }) =>
          naive.replaced(account, measuredAt).map(old => [account, measuredAt, old.subscriberCount, old.ingestionId]),
        ),
    )
  expectSame(found, expected)
}

test.each([
  ['small', anyDrops, 8],
  ['big', anyBigDrops, 2],
])(
  'after every step the database is that of the ingestions that stand: %s files',
  async (_, anyFiles, usual) => {
    const property = fc.asyncProperty(anyFiles, anySteps, (drops, steps) =>
      withTwins(async twins => {
        const tables = tablesOnce()
        const files: File[] = []
        for (const rows of [REFUSED, ...drops]) files.push({ path: await twins.write(rows), rows })
        for (const step of steps) {
          await take(step, twins, files)
          await expectAnswers(twins.reader, twins.naive)
          const found = rawTables(twins.database.path)
          expectSame(found, await tables(twins.standing))
          expectReplaced(twins, found)
        }
        expect(brokenIn(twins.database.path)).toEqual([])
        expect((await checkDatabase(twins.database.path)).findings).toEqual([])
      }),
    )
    await fc.assert(property, runs(usual))
  },
  TIMEOUT_MS,
)
