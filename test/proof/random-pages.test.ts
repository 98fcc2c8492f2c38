/** Pages of random lists, from storage and through the API: each is what the whole list says that it must be. */
import fc from 'fast-check'
import { anyCrowd } from './support/crowd.ts'
import { pagesFrom } from './support/givers.ts'
import { useGraphql } from './support/graphql.ts'
import { anyList, type List } from './support/lists.ts'
import { type AskPage, type Cursor, expectedPage, type PageAsked } from './support/pages.ts'
import { runs, TIMEOUT_MS } from './support/runs.ts'
import { expectSame } from './support/same.ts'
import { type Twins, withTwins } from './support/twins.ts'
import { backward, forward, fromBothEnds } from './support/walks.ts'

const graphql = useGraphql()

async function wholeList(ask: AskPage, list: List) {
  return ask(list, { size: 100, fromEnd: false })
}

function expectedList({ naive }: Twins, { filter, order, kind }: List) {
  return naive.accounts(filter, order, kind)
}

/** Cursors are chosen by number, among all those that there are. */
const anyAsked = fc.record({
  size: fc.oneof(fc.nat(3), fc.nat(12), fc.constant(100)),
  fromEnd: fc.boolean(),
  after: fc.option(fc.nat(), { nil: undefined }),
  before: fc.option(fc.nat(), { nil: undefined }),
})
type AnyAsked = Omit<PageAsked, 'after' | 'before'> & {
  readonly after: number | undefined
  readonly before: number | undefined
}

function withCursors({ after, before, ...size }: AnyAsked, pool: readonly Cursor[]): PageAsked {
  const choose = (n: number | undefined) => (n === undefined ? undefined : pool[n % pool.length])
  return { ...size, after: choose(after), before: choose(before) }
}

const anyLists = fc.array(anyList, { minLength: 4, maxLength: 4 })
const anyPages = fc.array(anyAsked, { minLength: 15, maxLength: 15 })

describe.each([
  ['storage', 9],
  ['the API', 5],
] as const)('pages from %s', (giver, usual) => {
  test(
    'any part between any two cursors, those of accounts that have moved too',
    async () => {
      const property = fc.asyncProperty(anyCrowd, anyLists, anyPages, ([first, ...later], lists, pages) =>
        withTwins(async twins => {
          const ask = pagesFrom(giver, twins.reader, graphql)
          await twins.ingest(first!)
          const before = await Promise.all(lists.map(list => wholeList(ask, list)))
          await twins.ingest(later.flat())
          for (const [i, list] of lists.entries()) {
            const pool = [...before[i]!.cursors, ...(await wholeList(ask, list)).cursors]
            const expected = expectedList(twins, list)
            for (const page of pages) {
              const asked = withCursors(page, pool)
              const { cursors: _, ...found } = await ask(list, asked)
              expectSame(found, expectedPage(expected, list.order, asked))
            }
          }
        }),
      )
      await fc.assert(property, runs(usual))
    },
    TIMEOUT_MS,
  )

  test(
    'laid end to end they are the whole list once, forward, backward and from both ends',
    async () => {
      const anySizes = fc.array(fc.integer({ min: 1, max: 15 }), { minLength: 1, maxLength: 6 })
      const property = fc.asyncProperty(anyCrowd, anyLists, anySizes, ([rows], lists, sizes) =>
        withTwins(async twins => {
          const ask = pagesFrom(giver, twins.reader, graphql)
          await twins.ingest(rows!)
          for (const list of lists) {
            const expected = expectedList(twins, list)
            for (const walk of [forward, backward, fromBothEnds]) expectSame(await walk(ask, list, sizes), expected)
          }
        }),
      )
      await fc.assert(property, runs(usual))
    },
    TIMEOUT_MS,
  )
})
