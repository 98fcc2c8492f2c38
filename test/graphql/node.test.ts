import { nodeId } from '../../src/graphql/node-id.ts'
import { accountId, TestApi } from './support/test-api.ts'

const TRACKED = accountId(1)
const SMALL = accountId(2)
const INSTANT = Date.parse('2024-11-27T00:00:00Z')

let api: TestApi
beforeAll(async () => {
  api = await TestApi.open()
  await api.ingest('one.parquet', [
    [TRACKED, '2024-11-27', 900, 'Gaming'],
    [TRACKED, '2024-11-28', 5000],
    [SMALL, '2024-11-27', 900],
  ])
})
afterAll(() => api.close())

const NODE = `query ($id: ID!) { node(id: $id) {
  __typename id
  ... on Account { accountId }
  ... on Measurement { subscriberCount categories account { accountId } ingestion { fileName } }
  ... on Ingestion { fileName }
} }`
const NODES = 'query ($ids: [ID!]!) { nodes(ids: $ids) { __typename id } }'

const node = async (id: string) => (await api.data(NODE, { id })).node
const account = (id: string) => nodeId({ type: 'Account', accountId: id })
const measurement = (id: string, measuredAt: number) => nodeId({ type: 'Measurement', accountId: id, measuredAt })

describe('node', () => {
  test('returns each object by its id', async () => {
    const all = await api.data(`{
      account(accountId: "${TRACKED}") { id measurements { nodes { id } } growth { to { id } } }
      ingestions { nodes { id } }
    }`)
    const ids = {
      account: all.account.id,
      first: all.account.measurements.nodes[0].id,
      newest: all.account.growth.to.id,
      ingestion: all.ingestions.nodes[0].id,
    }
    expect(await node(ids.account)).toEqual({ __typename: 'Account', id: ids.account, accountId: TRACKED })
    expect(await node(ids.first)).toEqual({
      __typename: 'Measurement',
      id: ids.first,
      subscriberCount: 900,
      categories: ['Gaming'],
      account: { accountId: TRACKED },
      ingestion: { fileName: 'one.parquet' },
    })
    expect(await node(ids.newest)).toMatchObject({ __typename: 'Measurement', id: ids.newest, subscriberCount: 5000 })
    expect(await node(ids.ingestion)).toEqual({ __typename: 'Ingestion', id: ids.ingestion, fileName: 'one.parquet' })
  })

  test('returns null for an unknown object and for an untracked account', async () => {
    const ids = [
      account(accountId(9)),
      account(SMALL),
      measurement(TRACKED, INSTANT + 1),
      measurement(SMALL, INSTANT),
      measurement(TRACKED, Number.MAX_SAFE_INTEGER),
      measurement(TRACKED, Number.MIN_SAFE_INTEGER),
      nodeId({ type: 'Ingestion', id: 'no such' }),
    ]
    for (const id of ids) expect(await node(id)).toBeNull()
  })

  test('rejects a malformed id', async () => {
    const { data, errors } = await api.ask(NODE, { id: TRACKED })
    expect([data.node, errors[0]?.extensions.code]).toEqual([null, 'BAD_USER_INPUT'])
  })
})

describe('nodes', () => {
  test('returns one entry per id, in the same order', async () => {
    const ids = [measurement(TRACKED, INSTANT), account(SMALL), account(TRACKED), account(TRACKED)]
    const { nodes } = await api.data(NODES, { ids })
    expect(nodes).toEqual([
      { __typename: 'Measurement', id: ids[0] },
      null,
      { __typename: 'Account', id: ids[2] },
      { __typename: 'Account', id: ids[3] },
    ])
    expect((await api.data(NODES, { ids: [] })).nodes).toEqual([])
  })

  test('accepts 100 ids and rejects more', async () => {
    const ids = Array.from({ length: 101 }, () => account(TRACKED))
    expect((await api.data(NODES, { ids: ids.slice(1) })).nodes).toHaveLength(100)
    expect(await api.error(NODES, { ids })).toEqual({
      code: 'BAD_USER_INPUT',
      message: 'ids has 101 entries. Use at most 100 in one field.',
    })
  })

  test('rejects the request when one id is malformed', async () => {
    const { data, errors } = await api.ask(NODES, { ids: [account(TRACKED), 'x'] })
    expect([data, errors[0]?.extensions.code]).toEqual([null, 'BAD_USER_INPUT'])
  })
})
