import type { Reader } from '../../../src/domain/reader.ts'
import type { DuckdbOracle } from '../../support/oracle/duckdb.ts'
import { ALL_KINDS } from '../../support/oracle/random.ts'
import { EVERYTHING } from './answers.ts'
import { asOracle, type List } from './lists.ts'
import { expectSame } from './same.ts'

/** Everything derived, and these lists. */
export async function expectDuckdbAnswers(reader: Reader, duckdb: DuckdbOracle, lists: readonly List[]): Promise<void> {
  const { lastIngestionId: _, ...dataset } = await reader.dataset()
  expectSame(dataset, await duckdb.dataset())
  expectSame(
    (await reader.categories()).map(category => ({ ...category })),
    await duckdb.categories(),
  )
  for (const kind of ALL_KINDS)
    expectSame({ ...(await reader.growthCoverage(kind)) }, await duckdb.growthCoverage(kind))
  for (const { filter, order, kind } of lists) {
    const { items } = await reader.accounts(filter, order, EVERYTHING)
    expectSame(
      items.map(account => asOracle(account, kind)),
      await duckdb.accounts(filter, order, kind),
    )
  }
}
