/** Random drops, one after another: whatever the product can be asked, it answers as the oracle does. */
import fc from 'fast-check'
import { anyDrops } from '../support/oracle/random.ts'
import { expectAnswers, expectList } from './support/answers.ts'
import { anyBigDrops } from './support/big-drops.ts'
import { useGraphql } from './support/graphql.ts'
import { expectAccountsFrom, expectFiguresFrom } from './support/graphql-answers.ts'
import { anyList } from './support/lists.ts'
import { runs, TIMEOUT_MS } from './support/runs.ts'
import { withTwins } from './support/twins.ts'

const anyLists = fc.array(anyList, { minLength: 20, maxLength: 20 })

const graphql = useGraphql()

describe('after every file', () => {
  test.each([
    ['small', anyDrops, 12],
    ['big', anyBigDrops, 4],
  ])(
    'every list and figure is the oracle’s: %s files',
    async (_, anyFiles, usual) => {
      const property = fc.asyncProperty(anyFiles, anyLists, (files, lists) =>
        withTwins(async twins => {
          for (const rows of files) {
            await twins.ingest(rows)
            await expectAnswers(twins.reader, twins.naive)
            for (const list of lists) await expectList(twins.reader, twins.naive, list)
          }
        }),
      )
      await fc.assert(property, runs(usual))
    },
    TIMEOUT_MS,
  )

  test(
    'the API returns the same for the whole list and for each account',
    async () => {
      const property = fc.asyncProperty(anyDrops, files =>
        withTwins(async twins => {
          const ask = graphql.over(twins.reader)
          await expectFiguresFrom(ask, twins.naive)
          for (const rows of files) {
            await twins.ingest(rows)
            await expectFiguresFrom(ask, twins.naive)
            await expectAccountsFrom(ask, twins.naive, twins.fileOf)
          }
        }),
      )
      await fc.assert(property, runs(5))
    },
    TIMEOUT_MS,
  )
})
