import { accountId, type Row, TestApi } from './support/test-api.ts'

/**
 * 130 tracked accounts and 3 untracked: counts and instants that repeat, so that ties are broken by accountId; growth
 * known, unknown and from zero.
 */
const EARLIER: Row[] = Array.from({ length: 90 }, (_, n) => [
  accountId(n),
  '2024-11-10',
  n % 7 === 0 ? 0 : 1000 + (n % 5),
])
const NEWEST: Row[] = Array.from({ length: 133 }, (_, n) => [
  accountId(n),
  n % 3 === 0 ? '2024-11-28' : '2024-11-27',
  n < 130 ? 1001 + (n % 10) * 100 : 1000,
  [n % 2 === 0 ? 'Gaming' : 'Podcast', n % 5 === 0 ? 'Education' : ''].join(';'),
])

let api: TestApi
beforeAll(async () => {
  api = await TestApi.open()
  await api.ingest('earlier.parquet', EARLIER)
  await api.ingest('newest.parquet', NEWEST)
})
afterAll(() => api.close())

const LIST = `query List($filter: AccountFilter, $orderBy: AccountOrder, $first: Int, $after: String, $last: Int, $before: String) {
  accounts(filter: $filter, orderBy: $orderBy, first: $first, after: $after, last: $last, before: $before) {
    totalCount
    nodes { accountId subscriberCount categories measuredAt growth { percent absolute } }
    edges { cursor node { accountId } }
    pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
  }
}`

const list = async (variables: Record<string, unknown>) => (await api.data(LIST, variables)).accounts
const ids = (page: { nodes: { accountId: string }[] }) => page.nodes.map(({ accountId }) => accountId)
const rejected = (variables: Record<string, unknown>) => api.error(LIST, variables)

/** All ids of a list, read page by page. */
async function walk(variables: Record<string, unknown>, forward: boolean, size: number): Promise<string[]> {
  const found: string[] = []
  for (let cursor: string | null = null; ; ) {
    const page = await list({
      ...variables,
      ...(forward ? { first: size, after: cursor } : { last: size, before: cursor }),
    })
    if (forward) found.push(...ids(page))
    else found.unshift(...ids(page))
    expect(page.edges.map(({ node }: { node: { accountId: string } }) => node.accountId)).toEqual(ids(page))
    expect([page.edges.at(0)?.cursor, page.edges.at(-1)?.cursor]).toEqual([
      page.pageInfo.startCursor,
      page.pageInfo.endCursor,
    ])
    if (!(forward ? page.pageInfo.hasNextPage : page.pageInfo.hasPreviousPage)) return found
    cursor = forward ? page.pageInfo.endCursor : page.pageInfo.startCursor
  }
}

describe('Query.accounts pages', () => {
  const fields = ['SUBSCRIBER_COUNT', 'GROWTH_PERCENT', 'GROWTH_ABSOLUTE', 'MEASURED_AT', 'ACCOUNT_ID']
  const orders = fields.flatMap(field => ['ASC', 'DESC'].map(direction => ({ field, direction })))

  test.each(orders)('ordered by %j, paging forward and backward both return every account once', async orderBy => {
    const forward = await walk({ orderBy }, true, 33)
    expect(new Set(forward).size).toBe(130)
    expect(await walk({ orderBy }, false, 33)).toEqual(forward)
    expect(await walk({ orderBy, filter: { categories: { anyOf: ['gaming'] } } }, true, 7)).toEqual(
      forward.filter(id => Number(id.slice(-3)) % 2 === 0),
    )
  })

  test('sort unknown growth last in both directions', async () => {
    for (const direction of ['ASC', 'DESC']) {
      const page = await list({ orderBy: { field: 'GROWTH_PERCENT', direction }, last: 53 })
      expect(page.nodes.map((node: { growth: { percent: number | null } }) => node.growth.percent)).toEqual(
        Array(53).fill(null),
      )
    }
  })

  test('have 20 rows by default, and totalCount counts the whole list', async () => {
    const page = await list({})
    expect([page.nodes.length, page.totalCount]).toEqual([20, 130])
    expect(page.pageInfo).toMatchObject({ hasNextPage: true, hasPreviousPage: false })
  })

  test('with first: 0 return no rows', async () => {
    const page = await list({ first: 0, filter: { subscriberCount: { gt: 1500 } } })
    expect(page).toEqual({
      totalCount: 65,
      nodes: [],
      edges: [],
      pageInfo: { hasNextPage: true, hasPreviousPage: false, startCursor: null, endCursor: null },
    })
  })

  test('accept first with before, last with after, and both cursors with either', async () => {
    const all = await list({ first: 30 })
    const cursor = (index: number) => all.edges[index].cursor
    expect(ids(await list({ first: 2, before: cursor(10) }))).toEqual(ids(all).slice(0, 2))
    expect(ids(await list({ last: 2, after: cursor(10), before: cursor(20) }))).toEqual(ids(all).slice(18, 20))
    expect(ids(await list({ first: 2, after: cursor(10), before: cursor(20) }))).toEqual(ids(all).slice(11, 13))
    expect(ids(await list({ first: 2, after: cursor(20), before: cursor(10) }))).toEqual([])
    expect((await list({ first: 2, after: cursor(10) })).pageInfo.hasPreviousPage).toBe(true)
  })

  test('treat null arguments as omitted', async () => {
    const nothing = { filter: null, orderBy: null, first: null, after: null, last: null, before: null }
    expect(await list(nothing)).toEqual(await list({ orderBy: { field: 'SUBSCRIBER_COUNT', direction: 'DESC' } }))
  })
})

describe('Query.accounts cursors', () => {
  test('are valid for a filter with the same meaning', async () => {
    const filter = { categories: { anyOf: ['Gaming', 'Education'] }, subscriberCount: { gt: 1000 } }
    const { pageInfo } = await list({ filter, first: 5 })
    const same = {
      categories: { anyOf: ['EDUCATION', ' gaming', 'Gaming'], allOf: [] },
      subscriberCount: { gt: 1000, lt: null },
    }
    expect(ids(await list({ filter: same, after: pageInfo.endCursor, first: 5 }))).toEqual(
      ids(await list({ filter, first: 10 })).slice(5),
    )
  })

  test('are rejected for another filter or order', async () => {
    const { pageInfo } = await list({ first: 5 })
    const after = pageInfo.endCursor
    expect(await rejected({ after, filter: { categories: { anyOf: ['Gaming'] } } })).toEqual({
      code: 'BAD_USER_INPUT',
      message: expect.stringContaining('issued for another filter'),
    })
    expect(await rejected({ after, orderBy: { field: 'SUBSCRIBER_COUNT', direction: 'ASC' } })).toEqual({
      code: 'BAD_USER_INPUT',
      message: expect.stringContaining('issued for another order'),
    })
  })

  test('are rejected when the order inherits another window from the growth filter', async () => {
    const orderBy = { field: 'GROWTH_PERCENT' }
    const filter = { growth: { window: 'YEAR' } }
    const { pageInfo } = await list({ first: 5, filter, orderBy })
    const explicit = { ...orderBy, window: 'YEAR', baseline: 'FIRST_IN_WINDOW', direction: 'DESC' }
    expect((await list({ first: 5, filter, orderBy: explicit, after: pageInfo.endCursor })).nodes).toHaveLength(5)
  })
})

describe('Query.accounts rejects the arguments', () => {
  test.each<[Record<string, unknown>, string]>([
    [{ first: 101 }, 'first is 101. Use 0 to 100'],
    [{ last: -1 }, 'last is -1. Use 0 to 100'],
    [{ first: 1, last: 1 }, 'first and last are both set'],
    [{ orderBy: { field: 'MEASURED_AT', window: 'WEEK' } }, 'orderBy.window does not apply to the order MEASURED_AT'],
  ])('%j', async (variables, message) => {
    expect(await rejected(variables)).toEqual({ code: 'BAD_USER_INPUT', message: expect.stringContaining(message) })
  })
})

describe('Query.accounts filter', () => {
  test.each<[Record<string, unknown>, number]>([
    [{}, 130],
    [{ categories: { anyOf: [] } }, 0],
    [{ categories: { allOf: [], noneOf: [] } }, 130],
    [{ categories: { anyOf: ['no such'] } }, 0],
    [{ categories: { noneOf: ['no such'] } }, 130],
    [{ categories: { anyOf: ['GAMING'], noneOf: ['education'] } }, 52],
    [{ categories: { allOf: ['Gaming', 'Education'] } }, 13],
    [{ subscriberCount: { gte: 1901 } }, 13],
    [{ subscriberCount: { gt: 1901 } }, 0],
    [{ measuredAt: { gte: '2024-11-28T00:00:00Z' } }, 44],
    [{ growth: {} }, 77],
    [{ growth: { percent: null } }, 77],
    [{ growth: { absolute: { gt: 0 } } }, 90],
  ])('%j matches %i', async (filter, count) => {
    expect((await list({ filter, first: 0 })).totalCount).toBe(count)
  })
})
