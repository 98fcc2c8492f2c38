import { join } from 'node:path'
import { idOf } from '../support/parquet/columns.ts'
import { type Row, writeDrop } from '../support/program/drops.ts'
import { backward, forward, idsOf, type List, page } from '../support/program/pages.ts'
import { usePrograms } from '../support/program/programs.ts'
import type { TestServer } from '../support/program/server.ts'

const programs = usePrograms()
let server: TestServer

const OLD = '2024-11-05T08:00:00Z'
const NEW = '2024-11-28T08:00:00Z'

interface Known {
  readonly accountId: string
  readonly subscriberCount: number
  readonly categories: readonly string[]
  readonly percent: number | null
}

/** Sixty accounts with many equal counts and percentages, and three that are too small to be shown. */
const NUMBERS = Array.from({ length: 60 }, (_, i) => i + 1)

function rowsOf(n: number): Row[] {
  const count = 400_000 + 100_000 * (n % 8)
  const categories = ['Gaming', 'Podcast; GAMING', 'Education'][n % 3]!
  const latest = { account: n, count: (count * (100 + 5 * (n % 5))) / 100, at: NEW, categories }
  return n % 10 === 0 ? [latest] : [{ account: n, count, at: OLD, categories: 'Podcast' }, latest]
}

function knownOf(n: number): Known {
  const rows = rowsOf(n)
  const [from, to] = [rows[0]!.count, rows.at(-1)!.count]
  return {
    accountId: idOf(n),
    subscriberCount: to,
    categories: [['GAMING'], ['GAMING', 'Podcast'], ['Education']][n % 3]!,
    percent: rows.length < 2 ? null : ((to - from) * 100) / from,
  }
}

const SMALL: Row[] = [61, 62, 63].map(account => ({ account, count: 1000, at: NEW, categories: 'Gaming' }))

/** Sorted by a figure and then by the id, both downwards; what is unknown at the end. */
function ranked(figure: (account: Known) => number | null, isWanted: (account: Known) => boolean): Known[] {
  const rank = (account: Known) => figure(account) ?? Number.NEGATIVE_INFINITY
  return NUMBERS.map(knownOf)
    .filter(isWanted)
    .sort((a, b) => rank(b) - rank(a) || (a.accountId < b.accountId ? 1 : -1))
}

const bySize = ({ subscriberCount }: Known) => subscriberCount
const byGrowth = ({ percent }: Known) => percent

const QUESTIONS: readonly (readonly [name: string, list: List, expected: readonly Known[]])[] = [
  [
    'the accounts of a category',
    { filter: { categories: { anyOf: [' gaming '] } } },
    ranked(bySize, ({ categories }) => categories.includes('GAMING')),
  ],
  [
    'accounts above a size',
    { filter: { subscriberCount: { gt: 1_000_000 } } },
    ranked(bySize, ({ subscriberCount }) => subscriberCount > 1_000_000),
  ],
  [
    'accounts that grew',
    { filter: { growth: { window: 'MONTH', percent: { gt: 10 } } }, orderBy: { field: 'GROWTH_PERCENT' } },
    ranked(byGrowth, ({ percent }) => percent !== null && percent > 10),
  ],
  [
    'all accounts by growth, unknown growth last',
    { orderBy: { field: 'GROWTH_PERCENT' } },
    ranked(byGrowth, () => true),
  ],
]

beforeAll(async () => {
  const cwd = await programs.folder()
  await writeDrop(join(cwd, 'data/drop.parquet'), [...NUMBERS.flatMap(rowsOf), ...SMALL])
  server = await programs.serve({ cwd })
  await server.ask('mutation { ingestAccounts(input: {file: "drop.parquet"}) { userErrors { message } } }')
})

describe.each(QUESTIONS)('%s', (_, list, expected) => {
  const ids = expected.map(({ accountId }) => accountId)

  test('contains accounts', () => {
    expect(ids.length).toBeGreaterThan(10)
  })

  test('returns all accounts in one page', async () => {
    const whole = await page(server, list, { first: 100 })
    expect(idsOf(whole)).toEqual(ids)
    expect(whole.totalCount).toBe(ids.length)
    expect(whole.edges.map(({ node }) => node.accountId)).toEqual(ids)
    expect(whole.pageInfo).toEqual({
      hasNextPage: false,
      hasPreviousPage: false,
      startCursor: whole.edges[0]!.cursor,
      endCursor: whole.edges.at(-1)!.cursor,
    })
  })

  test.each([
    ['forward', 5],
    ['forward', 12],
    ['backward', 5],
    ['backward', 12],
  ] as const)('pages %s with %d rows each', async (direction, size) => {
    const pages = await (direction === 'forward' ? forward : backward)(server, list, size)
    expect(pages.flatMap(idsOf)).toEqual(ids)
    expect(pages).toHaveLength(Math.ceil(ids.length / size))
    for (const [index, { totalCount, edges, pageInfo }] of pages.entries()) {
      expect(totalCount).toBe(ids.length)
      expect(pageInfo.hasPreviousPage).toBe(index > 0)
      expect(pageInfo.hasNextPage).toBe(index < pages.length - 1)
      expect([pageInfo.startCursor, pageInfo.endCursor]).toEqual([edges[0]!.cursor, edges.at(-1)!.cursor])
    }
  })

  test('has pages of 20 rows by default', async () => {
    const { edges } = await page(server, list, {})
    expect(edges).toHaveLength(Math.min(20, ids.length))
  })

  test('pages forward from the middle and back again', async () => {
    const { edges } = await page(server, list, { first: 100 })
    const [third, eighth] = [edges[2]!.cursor, edges[7]!.cursor]
    expect(idsOf(await page(server, list, { first: 3, after: third }))).toEqual(ids.slice(3, 6))
    expect(idsOf(await page(server, list, { last: 3, before: eighth }))).toEqual(ids.slice(4, 7))
    expect(idsOf(await page(server, list, { first: 2, after: third, before: eighth }))).toEqual(ids.slice(3, 5))
    expect(idsOf(await page(server, list, { last: 2, after: third, before: eighth }))).toEqual(ids.slice(5, 7))
    expect(idsOf(await page(server, list, { after: third, before: eighth }))).toEqual(ids.slice(3, 7))
    expect(idsOf(await page(server, list, { first: 3, before: third }))).toEqual(ids.slice(0, 2))
    expect(idsOf(await page(server, list, { last: 3, after: edges.at(-2)!.cursor }))).toEqual(ids.slice(-1))
  })

  test('has page flags that refer to the whole list', async () => {
    const { edges } = await page(server, list, { first: 100 })
    const between = { after: edges[2]!.cursor, before: edges[7]!.cursor }
    for (const size of [{ first: 4 }, { last: 4 }]) {
      const { pageInfo } = await page(server, list, { ...size, ...between })
      expect(pageInfo).toMatchObject({ hasNextPage: true, hasPreviousPage: true })
    }
    const start = await page(server, list, { last: 2, before: edges[2]!.cursor })
    expect(start.pageInfo).toMatchObject({ hasNextPage: true, hasPreviousPage: false })
  })

  test('returns an empty page at a cursor', async () => {
    const { edges } = await page(server, list, { first: 100 })
    const empty = { edges: [], nodes: [], totalCount: ids.length }
    const flags = (hasPreviousPage: boolean, hasNextPage: boolean) => ({
      ...empty,
      pageInfo: { hasPreviousPage, hasNextPage, startCursor: null, endCursor: null },
    })
    expect(await page(server, list, { first: 0 })).toEqual(flags(false, true))
    expect(await page(server, list, { last: 0 })).toEqual(flags(true, false))
    expect(await page(server, list, { first: 0, after: edges[0]!.cursor })).toEqual(flags(false, true))
    expect(await page(server, list, { last: 0, before: edges.at(-1)!.cursor })).toEqual(flags(true, false))
    expect(await page(server, list, { first: 5, after: edges.at(-1)!.cursor })).toEqual(flags(true, false))
    expect(await page(server, list, { last: 5, before: edges[0]!.cursor })).toEqual(flags(false, true))
  })
})

describe('figures', () => {
  test('of accounts in a category: counts, and categories in the spelling that was ingested first', async () => {
    const query =
      '{ accounts(filter: {categories: {anyOf: ["Gaming"]}}) { nodes { accountId subscriberCount categories } } }'
    const { accounts } = await server.ask<{ accounts: { nodes: unknown[] } }>(query)
    const wanted = QUESTIONS[0]![2].slice(0, 20)
    expect(accounts.nodes).toEqual(
      wanted.map(({ accountId, subscriberCount, categories }) => ({ accountId, subscriberCount, categories })),
    )
  })

  test('of growth: the percentage and both measurements', async () => {
    const { accounts } = await server.ask<{ accounts: { nodes: unknown[] } }>(`{
      accounts(filter: {growth: {percent: {gt: 10}}}, orderBy: {field: GROWTH_PERCENT}, first: 100) {
        nodes { accountId growth { percent from { measuredAt subscriberCount } to { measuredAt subscriberCount } } }
      }
    }`)
    const expected = QUESTIONS[2]![2].map(({ accountId, percent, subscriberCount }) => ({
      accountId,
      growth: {
        percent,
        from: {
          measuredAt: '2024-11-05T08:00:00.000Z',
          subscriberCount: rowsOf(Number(accountId.slice(-12)))[0]!.count,
        },
        to: { measuredAt: '2024-11-28T08:00:00.000Z', subscriberCount },
      },
    }))
    expect(accounts.nodes).toEqual(expected)
  })

  test('of the dataset: it counts the measurements of untracked accounts, but not the accounts', async () => {
    const { dataset } = await server.ask<{ dataset: unknown }>(
      '{ dataset { asOf accountCount measurementCount growthCoverage { known noRecentMeasurement noBaseline zeroBaseline } } }',
    )
    expect(dataset).toEqual({
      asOf: '2024-11-28T08:00:00.000Z',
      accountCount: 60,
      measurementCount: 54 * 2 + 6 + 3,
      growthCoverage: { known: 54, noRecentMeasurement: 0, noBaseline: 6, zeroBaseline: 0 },
    })
    const small = await server.ask<{ account: unknown }>(`{ account(accountId: "${idOf(61)}") { accountId } }`)
    expect(small.account).toBeNull()
  })
})

describe('the opposite direction', () => {
  test('reverses the list, including ties, and keeps unknown growth at the end', async () => {
    const upward = await page(server, { orderBy: { field: 'GROWTH_PERCENT', direction: 'ASC' } }, { first: 100 })
    const downward = ranked(byGrowth, () => true)
    const ids = (isKnown: boolean) =>
      downward.filter(({ percent }) => (percent !== null) === isKnown).map(({ accountId }) => accountId)
    expect(idsOf(upward)).toEqual([...ids(true).reverse(), ...ids(false).reverse()])
  })
})

describe('an invalid page', () => {
  const list: List = { filter: { categories: { anyOf: ['Gaming'] } } }
  let cursor: string

  beforeAll(async () => {
    cursor = (await page(server, list, { first: 1 })).pageInfo.endCursor!
  })

  const refused = (asked: object) =>
    server.refusal(
      `query ($filter: AccountFilter, $orderBy: AccountOrder, $first: Int, $after: String, $last: Int, $before: String) {
        accounts(filter: $filter, orderBy: $orderBy, first: $first, after: $after, last: $last, before: $before) {
          totalCount
        }
      }`,
      asked,
    )

  test.each([
    [{ first: 101 }, 'first is 101. Use 0 to 100'],
    [{ last: 101 }, 'last is 101. Use 0 to 100'],
    [{ first: -1 }, 'first is -1. Use 0 to 100'],
    [{ last: -1 }, 'last is -1. Use 0 to 100'],
    [{ first: 2_147_483_647 }, 'first is 2147483647. Use 0 to 100'],
    [{ first: 5, last: 5 }, 'Use first to page forward, or last to page backward'],
    [{ first: 0, last: 0 }, 'Use first to page forward, or last to page backward'],
  ])('%j is rejected with advice', async (asked, advice) => {
    const { message, extensions } = await refused({ ...list, ...asked })
    expect(extensions).toEqual({ code: 'BAD_USER_INPUT' })
    expect(message).toContain(advice)
  })

  test.each([
    ['empty', () => ''],
    ['made up', () => 'MTA='],
    ['cut short', () => cursor.slice(0, -1)],
    ['longer than it was', () => `${cursor}A`],
    ['changed in the middle', () => `${cursor.slice(0, 20)}${cursor[20] === 'A' ? 'B' : 'A'}${cursor.slice(21)}`],
    ['padded', () => `${cursor}==`],
    ['very long', () => 'A'.repeat(100_000)],
  ])('a cursor that is %s is rejected', async (_, damage) => {
    for (const argument of ['after', 'before']) {
      const { message, extensions } = await refused({ ...list, [argument]: damage() })
      expect(extensions).toEqual({ code: 'BAD_USER_INPUT' })
      expect(message).toContain(`The cursor in "${argument}" is damaged`)
      expect(message).toContain('omit the argument to start over')
    }
  })

  test.each([
    ['order', { ...list, orderBy: { field: 'ACCOUNT_ID' } }],
    ['order', { ...list, orderBy: { field: 'SUBSCRIBER_COUNT', direction: 'ASC' } }],
    ['order', { ...list, orderBy: { field: 'GROWTH_PERCENT' } }],
    ['filter', { filter: { categories: { anyOf: ['Podcast'] } } }],
    ['filter', { filter: { ...list.filter, subscriberCount: { gt: 1 } } }],
    ['filter', {}],
  ])('a cursor of another %s is rejected: %j', async (foreign, other) => {
    const { message, extensions } = await refused({ ...other, after: cursor })
    expect(extensions).toEqual({ code: 'BAD_USER_INPUT' })
    expect(message).toContain(`was issued for another ${foreign}`)
    expect(message).toContain(`Use it with the ${foreign} that it was issued for`)
  })

  test('a cursor of another list and a node id are rejected', async () => {
    const { accounts, ingestions } = await server.ask<{ accounts: { nodes: { id: string }[] }; ingestions: Cursors }>(
      '{ accounts(first: 1) { nodes { id } } ingestions { pageInfo { endCursor } } }',
    )
    for (const after of [ingestions.pageInfo.endCursor, accounts.nodes[0]!.id]) {
      expect(await refused({ after })).toMatchObject({ extensions: { code: 'BAD_USER_INPUT' } })
    }
  })

  interface Cursors {
    readonly pageInfo: { readonly endCursor: string }
  }

  test('a filter with the same meaning accepts the cursor', async () => {
    const spelled: List = { filter: { categories: { anyOf: ['GAMING', ' gaming'], allOf: [] }, growth: null } }
    expect(idsOf(await page(server, spelled, { first: 3, after: cursor }))).toEqual(
      idsOf(await page(server, list, { first: 3, after: cursor })),
    )
  })
})

describe('a filter that matches nothing', () => {
  test.each([
    [{ categories: { anyOf: [] } }],
    [{ categories: { anyOf: ['Nobody'] } }],
    [{ subscriberCount: { gt: 10, lt: 10 } }],
    [{ growth: { percent: { gt: 1_000_000 } } }],
  ])('%j returns an empty list', async filter => {
    expect(await page(server, { filter }, { first: 5 })).toEqual({
      totalCount: 0,
      edges: [],
      nodes: [],
      pageInfo: { hasNextPage: false, hasPreviousPage: false, startCursor: null, endCursor: null },
    })
  })

  test('a window for an order other than growth is rejected', async () => {
    const { message, extensions } = await server.refusal(
      '{ accounts(orderBy: {field: SUBSCRIBER_COUNT, window: WEEK}) { totalCount } }',
    )
    expect(extensions).toEqual({ code: 'BAD_USER_INPUT' })
    expect(message).toContain('orderBy.window does not apply to the order SUBSCRIBER_COUNT')
  })
})
