/** Relay's object identification specification (GraphQL Global Object Identification): what it asks of a server. */
import { nodeId } from '../../src/graphql/node-id.ts'
import { accountId, TestApi } from '../graphql/support/test-api.ts'

let api: TestApi
beforeAll(async () => {
  api = await TestApi.open()
  await api.ingest('drop.parquet', [
    [accountId(1), '2024-11-27', 2000, 'Gaming'],
    [accountId(1), '2024-11-28', 3000],
    [accountId(2), '2024-11-28', 4000],
  ])
})
afterAll(() => api.close())

const TYPE = 'kind name ofType { kind name ofType { kind name ofType { kind name } } }'

describe('2 Node interface', () => {
  test('the server provides an interface called Node', async () => {
    const { __type } = await api.data('{ __type(name: "Node") { name kind fields { name } } }')
    expect([__type.name, __type.kind]).toEqual(['Node', 'INTERFACE'])
  })

  test('Node has exactly one field, called id, that returns a non-null ID', async () => {
    const { __type } = await api.data(`{ __type(name: "Node") { fields { name type { ${TYPE} } } } }`)
    expect(__type.fields).toMatchObject([
      { name: 'id', type: { kind: 'NON_NULL', ofType: { kind: 'SCALAR', name: 'ID' } } },
    ])
  })

  test('an id identifies its object on the whole server: it is unique across types and objects', async () => {
    const { accounts, ingestions } = await api.data(`{
      accounts { nodes { id measurements { nodes { id } } } }
      ingestions { nodes { id } }
    }`)
    const ids = [...accounts.nodes, ...ingestions.nodes].flatMap(
      ({ id, measurements }: { id: string; measurements?: { nodes: { id: string }[] } }) => [
        id,
        ...(measurements?.nodes ?? []).map(node => node.id),
      ],
    )
    expect(ids).toHaveLength(6)
    expect(new Set(ids).size).toBe(6)
  })
})

describe('3 Node root field', () => {
  test('there is a root field called node that returns the Node interface', async () => {
    const { __type } = await api.data(`{ __type(name: "Query") { fields { name type { ${TYPE} } } } }`)
    const node = __type.fields.find(({ name }: { name: string }) => name === 'node')
    expect(node.type).toMatchObject({ kind: 'INTERFACE', name: 'Node' })
  })

  test('it takes exactly one argument, a non-null ID named id', async () => {
    const { __type } = await api.data(`{ __type(name: "Query") { fields { name args { name type { ${TYPE} } } } } }`)
    const node = __type.fields.find(({ name }: { name: string }) => name === 'node')
    expect(node.args).toMatchObject([
      { name: 'id', type: { kind: 'NON_NULL', ofType: { kind: 'SCALAR', name: 'ID' } } },
    ])
  })

  test('node, given the id that an object returned, refetches the identical object', async () => {
    const fields = 'id accountId subscriberCount measuredAt categories growth { percent }'
    const { accounts } = await api.data(`{ accounts { nodes { ${fields} } } }`)
    for (const account of accounts.nodes) {
      const query = `query ($id: ID!) { node(id: $id) { ... on Account { ${fields} } } }`
      expect((await api.data(query, { id: account.id })).node).toEqual(account)
    }
  })

  test('node of an id that nothing has is null', async () => {
    const id = nodeId({ type: 'Account', accountId: accountId(99) })
    expect((await api.data('query ($id: ID!) { node(id: $id) { id } }', { id })).node).toBeNull()
  })
})

describe('4 Field stability', () => {
  test('two objects with one id are equal wherever they appear in a query', async () => {
    const ofAccount = 'id categories subscriberCount'
    const ofMeasurement = 'id measuredAt subscriberCount categories account { id } ingestion { id }'
    const data = await api.data(`{
      account(accountId: "${accountId(1)}") {
        ${ofAccount}
        measurements { nodes { ${ofMeasurement} } }
        growth { from { ${ofMeasurement} } to { ${ofMeasurement} account { ${ofAccount} } } }
      }
      accounts { nodes { ${ofAccount} } }
      dataset { lastIngestion { id fileName } }
      ingestions { nodes { id fileName } }
    }`)
    const { account, accounts, dataset, ingestions } = data
    const { measurements, growth, ...itself } = account
    expect(accounts.nodes.find(({ id }: { id: string }) => id === itself.id)).toEqual(itself)
    expect(growth.to.account).toEqual(itself)
    expect([growth.from, { ...growth.to, account: { id: itself.id } }]).toEqual(measurements.nodes)
    expect(dataset.lastIngestion).toEqual(ingestions.nodes[0])
  })
})

describe('5 Plural identifying root fields', () => {
  test('nodes takes exactly one argument, a list of non-null ids, and returns a list of Node', async () => {
    const { __type } = await api.data(
      `{ __type(name: "Query") { fields { name type { ${TYPE} } args { name type { ${TYPE} } } } } }`,
    )
    const { args, type } = __type.fields.find(({ name }: { name: string }) => name === 'nodes')
    const list = (of: object) => ({ kind: 'NON_NULL', ofType: { kind: 'LIST', ofType: of } })
    expect(args).toMatchObject([{ name: 'ids', type: list({ kind: 'NON_NULL', ofType: { name: 'ID' } }) }])
    expect(type).toMatchObject(list({ kind: 'INTERFACE', name: 'Node' }))
  })

  test('the answer has the length and the order of the ids, null where there is no such object', async () => {
    const [one, none, two] = [1, 99, 2].map(n => nodeId({ type: 'Account', accountId: accountId(n) }))
    const { nodes } = await api.data('query ($ids: [ID!]!) { nodes(ids: $ids) { id } }', {
      ids: [two, none, one, two],
    })
    expect(nodes).toEqual([{ id: two }, null, { id: one }, { id: two }])
  })
})
