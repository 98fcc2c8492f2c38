/** Relay's cursor connections specification: what it asks of a server, for each of the four connections. */
import { accountId, type Row, TestApi } from '../graphql/support/test-api.ts'

const COUNT = 7
const GOOD: Row[] = Array.from({ length: COUNT }, (_, n) => [accountId(n), '2024-11-28', 2000 + n])
const BAD: Row[] = Array.from({ length: COUNT }, (_, n) => [`no id ${n}`, '2024-11-28', 5000])
const OFTEN: Row[] = Array.from({ length: COUNT }, (_, n) => [accountId(50), `2024-11-0${n + 1}`, 3])

let api: TestApi
beforeAll(async () => {
  api = await TestApi.open()
  await api.ingest('good-and-bad.parquet', [...GOOD, ...BAD])
  for (let n = 1; n < COUNT; n++) await api.ingest(`${n}.parquet`, [[accountId(50), `2024-10-0${n}`, 900 + n]])
  await api.ingest('often.parquet', [...OFTEN.slice(1), [accountId(50), '2024-11-27', 2500]])
  const { ingestions } = await api.data('{ ingestions(last: 1) { nodes { id } } }')
  oldest = ingestions.nodes[0].id
})
afterAll(() => api.close())

let oldest: string

interface Page {
  readonly edges: readonly { readonly cursor: string; readonly node: Readonly<Record<string, unknown>> }[]
  readonly nodes: readonly Readonly<Record<string, unknown>>[]
  readonly pageInfo: {
    readonly hasNextPage: boolean
    readonly hasPreviousPage: boolean
    readonly startCursor: string | null
    readonly endCursor: string | null
  }
  readonly totalCount: number
}

interface Wanted {
  readonly first?: number
  readonly last?: number
  readonly after?: string | null
  readonly before?: string | null
}

const ARGUMENTS = '(first: $first, after: $after, last: $last, before: $before)'
const PAGE = (node: string) =>
  `${ARGUMENTS} { totalCount edges { cursor node { ${node} } } nodes { ${node} } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } }`
const VARIABLES = '($first: Int, $after: String, $last: Int, $before: String)'

/** Each list has at least seven rows. */
const LISTS: readonly (readonly [name: string, edge: string, ask: (wanted: Wanted) => Promise<Page>])[] = [
  [
    'AccountConnection',
    'AccountEdge',
    async wanted => (await api.data(`query ${VARIABLES} { accounts${PAGE('id')} }`, { ...wanted })).accounts,
  ],
  [
    'IngestionConnection',
    'IngestionEdge',
    async wanted => (await api.data(`query ${VARIABLES} { ingestions${PAGE('id')} }`, { ...wanted })).ingestions,
  ],
  [
    'MeasurementConnection',
    'MeasurementEdge',
    async wanted => {
      const query = `query ${VARIABLES} { account(accountId: "${accountId(50)}") { measurements${PAGE('id')} } }`
      return (await api.data(query, { ...wanted })).account.measurements
    },
  ],
  [
    'RejectedRowConnection',
    'RejectedRowEdge',
    async wanted => {
      const query = `query ${VARIABLES} { ingestion(id: "${oldest}") { rejectedRows${PAGE('rowNumber')} } }`
      return (await api.data(query, { ...wanted })).ingestion.rejectedRows
    },
  ],
]

const TYPE = 'kind name ofType { kind name ofType { kind name ofType { kind name } } }'
const FIELDS = `{ kind fields { name type { ${TYPE} } args { name type { ${TYPE} } } } }`

// biome-ignore lint/suspicious/noExplicitAny: introspection has the shape of its query.
const fieldsOf = async (name: string): Promise<Map<string, any>> => {
  const { __type } = await api.data(`query ($name: String!) { __type(name: $name) ${FIELDS} }`, { name })
  expect(__type.kind).toBe('OBJECT')
  return new Map(__type.fields.map((field: { name: string }) => [field.name, field]))
}
const NON_NULL = (ofType: object) => ({ kind: 'NON_NULL', ofType })
const SCALAR = (name: string) => ({ kind: 'SCALAR', name })

describe.each(LISTS)('%s', (name, edgeName, ask) => {
  const keys = ({ nodes }: Page) => nodes.map(node => JSON.stringify(node))

  test('2.1 a connection is an object whose name ends in Connection, with fields edges and pageInfo', async () => {
    const fields = await fieldsOf(name)
    expect(name).toMatch(/Connection$/)
    expect([...fields.keys()]).toEqual(expect.arrayContaining(['edges', 'pageInfo']))
  })

  test('2.1.1 edges is a list of an edge type', async () => {
    const { type } = (await fieldsOf(name)).get('edges')
    expect(JSON.stringify(type)).toContain('"LIST"')
    expect(JSON.stringify(type)).toContain(`"${edgeName}"`)
  })

  test('2.1.2 pageInfo is a non-null PageInfo', async () => {
    expect((await fieldsOf(name)).get('pageInfo').type).toMatchObject(NON_NULL({ kind: 'OBJECT', name: 'PageInfo' }))
  })

  test('3.1 an edge is an object with fields node and cursor, and its name ends in Edge', async () => {
    const fields = await fieldsOf(edgeName)
    expect(edgeName).toMatch(/Edge$/)
    expect([...fields.keys()].sort()).toEqual(['cursor', 'node'])
  })

  test('3.1.1 node is a scalar, enum, object, interface or union, or non-null around one, and no list', async () => {
    const { type } = (await fieldsOf(edgeName)).get('node')
    expect(JSON.stringify(type)).not.toContain('"LIST"')
    expect(type).toMatchObject(NON_NULL({ kind: 'OBJECT' }))
  })

  test('3.1.2 cursor is serialised as a string', async () => {
    expect((await fieldsOf(edgeName)).get('cursor').type).toMatchObject(NON_NULL(SCALAR('String')))
    for (const { cursor } of (await ask({})).edges) expect(typeof cursor).toBe('string')
  })

  test('3.1.2 cursors are opaque, and each edge of a list has its own', async () => {
    const { edges } = await ask({})
    expect(new Set(edges.map(({ cursor }) => cursor)).size).toBe(edges.length)
    for (const { cursor } of edges) expect(cursor).toMatch(/^[\w-]+$/)
  })

  test('4.1 forward: first takes a non-negative integer, after a cursor', async () => {
    for (const first of [0, 1, 3]) expect((await ask({ first })).edges).toHaveLength(first)
  })

  test('4.1 the server returns at most first edges after the cursor', async () => {
    const all = await ask({})
    const page = await ask({ first: 2, after: all.edges[2]!.cursor })
    expect(keys(page)).toEqual(keys(all).slice(3, 5))
  })

  test('4.2 backward: the server returns at most last edges before the cursor', async () => {
    const all = await ask({})
    const page = await ask({ last: 2, before: all.edges[5]!.cursor })
    expect(keys(page)).toEqual(keys(all).slice(3, 5))
  })

  test('4.3 the order of edges is the same with first and after as with last and before', async () => {
    const all = await ask({})
    const backward = await ask({ last: 100 })
    expect(keys(backward)).toEqual(keys(all))
    expect(backward.edges.map(({ cursor }) => cursor)).toEqual(all.edges.map(({ cursor }) => cursor))
  })

  test('4.4 after and before cut the list first: only the edges strictly between them are left', async () => {
    const all = await ask({})
    const between = await ask({ first: 100, after: all.edges[1]!.cursor, before: all.edges[4]!.cursor })
    expect(keys(between)).toEqual(keys(all).slice(2, 4))
    expect((await ask({ after: all.edges[4]!.cursor, before: all.edges[1]!.cursor })).edges).toEqual([])
  })

  test('4.4 then first keeps the first of them, and last the last', async () => {
    const all = await ask({})
    const cut = { after: all.edges[0]!.cursor, before: all.edges[6]!.cursor }
    expect(keys(await ask({ ...cut, first: 2 }))).toEqual(keys(all).slice(1, 3))
    expect(keys(await ask({ ...cut, last: 2 }))).toEqual(keys(all).slice(4, 6))
  })

  test('4.4 first and last below 0 are errors', async () => {
    await expect(ask({ first: -1 })).rejects.toThrow('BAD_USER_INPUT')
    await expect(ask({ last: -1 })).rejects.toThrow('BAD_USER_INPUT')
  })

  test('4.4 first together with last, which the specification discourages, is refused', async () => {
    await expect(ask({ first: 1, last: 1 })).rejects.toThrow('first and last are both set')
  })

  test('5.1 hasNextPage is true while there are edges after those of first, and false at the end', async () => {
    const all = await ask({})
    expect((await ask({ first: 2 })).pageInfo.hasNextPage).toBe(true)
    expect((await ask({ first: 100 })).pageInfo.hasNextPage).toBe(false)
    expect((await ask({ first: 1, after: all.edges.at(-2)!.cursor })).pageInfo.hasNextPage).toBe(false)
  })

  test('5.1 hasPreviousPage is true while there are edges before those of last, and false at the start', async () => {
    const all = await ask({})
    expect((await ask({ last: 2 })).pageInfo.hasPreviousPage).toBe(true)
    expect((await ask({ last: 100 })).pageInfo.hasPreviousPage).toBe(false)
    expect((await ask({ last: 1, before: all.edges[1]!.cursor })).pageInfo.hasPreviousPage).toBe(false)
  })

  test('5.1 the other flag is a true answer as well, where the specification leaves that open', async () => {
    const all = await ask({})
    expect((await ask({ first: 1, after: all.edges[0]!.cursor })).pageInfo.hasPreviousPage).toBe(true)
    expect((await ask({ last: 1, before: all.edges.at(-1)!.cursor })).pageInfo.hasNextPage).toBe(true)
    const none = await ask({ first: 0, after: all.edges[2]!.cursor })
    expect(none.pageInfo).toMatchObject({ hasNextPage: true, hasPreviousPage: true })
  })

  test('5.1 startCursor and endCursor are those of the first and the last edge, and null without edges', async () => {
    const page = await ask({ first: 3 })
    const { startCursor, endCursor } = page.pageInfo
    expect([startCursor, endCursor]).toEqual([page.edges[0]!.cursor, page.edges[2]!.cursor])
    expect((await ask({ first: 0 })).pageInfo).toMatchObject({ startCursor: null, endCursor: null })
  })

  test('beyond the specification: nodes are those of edges, and totalCount is that of the list', async () => {
    const page = await ask({ first: 2 })
    expect(page.nodes).toEqual(page.edges.map(({ node }) => node))
    expect(page.totalCount).toBe((await ask({ first: 100 })).edges.length)
    expect(page.totalCount).toBeGreaterThanOrEqual(COUNT)
  })
})

describe('reserved types', () => {
  test('2 and 5: PageInfo has hasPreviousPage and hasNextPage, non-null booleans', async () => {
    const fields = await fieldsOf('PageInfo')
    for (const name of ['hasPreviousPage', 'hasNextPage']) {
      expect(fields.get(name).type).toMatchObject(NON_NULL(SCALAR('Boolean')))
    }
  })

  test('5: PageInfo has startCursor and endCursor, strings that are null without edges', async () => {
    const fields = await fieldsOf('PageInfo')
    for (const name of ['startCursor', 'endCursor']) expect(fields.get(name).type).toMatchObject(SCALAR('String'))
  })

  test('2.1: every type whose name ends in Connection is one of those that are tested here', async () => {
    const { __schema } = await api.data('{ __schema { types { name } } }')
    const names = __schema.types.map(({ name }: { name: string }) => name)
    expect(names.filter((name: string) => name.endsWith('Connection')).sort()).toEqual(LISTS.map(([name]) => name))
    expect(names.filter((name: string) => name.endsWith('Edge')).sort()).toEqual(LISTS.map(([, edge]) => edge))
  })

  test('4: whatever returns a connection takes first: Int, after: String, last: Int, before: String', async () => {
    for (const type of ['Query', 'Account', 'Ingestion']) {
      for (const field of (await fieldsOf(type)).values()) {
        if (!JSON.stringify(field.type).includes('Connection"')) continue
        const args = new Map(field.args.map((arg: { name: string; type: object }) => [arg.name, arg.type]))
        expect(args.get('first')).toMatchObject(SCALAR('Int'))
        expect(args.get('last')).toMatchObject(SCALAR('Int'))
        expect(args.get('after')).toMatchObject(SCALAR('String'))
        expect(args.get('before')).toMatchObject(SCALAR('String'))
      }
    }
  })
})
