/** Files are ingested while a client pages: an account that does not move is seen once, and every page is right when it is read. */
import fc from 'fast-check'
import { anyCrowd } from './support/crowd.ts'
import { pagesFrom } from './support/givers.ts'
import { useGraphql } from './support/graphql.ts'
import { anyList, type List } from './support/lists.ts'
import { type AskPage, expectedPage, placeOf } from './support/pages.ts'
import { runs, TIMEOUT_MS } from './support/runs.ts'
import { expectSame } from './support/same.ts'
import { type Twins, withTwins } from './support/twins.ts'
import { backward, forward, fromBothEnds } from './support/walks.ts'

const graphql = useGraphql()

/** Where every account stands in the list, as it is now. */
function places({ naive }: Twins, { filter, order, kind }: List): Map<string, number | null> {
  const accounts = naive.accounts(filter, order, kind)
  return new Map(accounts.map(account => [account.accountId, placeOf(account, order).value]))
}

/** The accounts that were at the same position at every read. */
function whoStayed([first, ...later]: readonly Map<string, number | null>[]): string[] {
  const stayed = [...first!].filter(([id, value]) => later.every(then => then.has(id) && then.get(id) === value))
  return stayed.map(([id]) => id).sort()
}

/** Fails on a page that is not what the oracle's list of this moment says. */
function checked(ask: AskPage, { naive }: Twins): AskPage {
  return async (list, asked) => {
    const { cursors, ...found } = await ask(list, asked)
    expectSame(found, expectedPage(naive.accounts(list.filter, list.order, list.kind), list.order, asked))
    return { cursors, ...found }
  }
}

const anyWalk = fc.record({
  list: anyList,
  walk: fc.constantFrom(forward, backward, fromBothEnds),
  sizes: fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 3 }),
})

test.each([
  ['storage', 18],
  ['the API', 10],
] as const)(
  'pages from %s',
  async (giver, usual) => {
    let stayedInAll = 0
    const property = fc.asyncProperty(anyCrowd, anyWalk, ([first, ...later], { list, walk, sizes }) =>
      withTwins(async twins => {
        await twins.ingest(first!)
        const moments = [places(twins, list)]
        const ingestNext = async () => {
          const rows = later.shift()
          if (rows) await twins.ingest(rows)
          moments.push(places(twins, list))
        }
        const seen = await walk(checked(pagesFrom(giver, twins.reader, graphql), twins), list, sizes, ingestNext)
        const stayed = whoStayed(moments)
        stayedInAll += stayed.length
        const seenOfThem = seen.map(({ accountId }) => accountId).filter(id => stayed.includes(id))
        expect(seenOfThem.sort()).toEqual(stayed)
      }),
    )
    await fc.assert(property, runs(usual))
    expect(stayedInAll).toBeGreaterThan(usual)
  },
  TIMEOUT_MS,
)
