import { HeaderMap } from '@apollo/server'
import { createApolloServer } from '../../src/graphql/apollo-server.ts'
import { EXAMPLES } from '../../src/graphql/examples.ts'
import { TestApi } from './support/test-api.ts'

let api: TestApi
beforeAll(async () => {
  api = await TestApi.open()
})
afterAll(() => api.close())

async function http(method: string, headers: Record<string, string>, body?: unknown, search = '') {
  const answer = await api.server.executeHTTPGraphQLRequest({
    httpGraphQLRequest: { method, headers: new HeaderMap(Object.entries(headers)), body, search },
    context: async () => api.context,
  })
  const text = answer.body.kind === 'complete' ? answer.body.string : ''
  return { status: answer.status ?? 200, type: answer.headers.get('content-type'), text }
}

const JSON_HEADERS = { 'content-type': 'application/json' }

describe('Apollo Server', () => {
  test('serves Sandbox with the examples and without telemetry, whatever NODE_ENV is', async () => {
    for (const environment of ['production', 'development']) {
      const before = process.env.NODE_ENV
      process.env.NODE_ENV = environment
      const page = await http('GET', { accept: 'text/html' })
      process.env.NODE_ENV = before
      expect(page.text).toContain('EmbeddedSandbox')
      expect(page.text).toContain('"runTelemetry":false')
      for (const text of Object.values(EXAMPLES)) expect(page.text).toContain(JSON.stringify(text).slice(1, 60))
    }
  })

  test('answers introspection', async () => {
    expect((await api.ask('{ __schema { queryType { name } } }')).data.__schema.queryType.name).toBe('Query')
  })

  test('sends no stack traces', async () => {
    const { text, status } = await http('POST', JSON_HEADERS, { query: '{ acounts { totalCount } }' })
    expect(status).toBe(200)
    expect(text).toContain('Cannot query field')
    expect(text).not.toMatch(/stacktrace|node_modules/)
  })

  test.each([
    ['a field', { query: '{ acounts { totalCount } }' }, 'accounts'],
    [
      'a variable',
      {
        query: 'query ($f: AccountFilter) { accounts(filter: $f) { totalCount } }',
        variables: { f: { category: {} } },
      },
      'categories',
    ],
  ])('suggests names for %s that is misspelt, unless introspection is off', async (_, request, name) => {
    const hidden = createApolloServer({ onUnexpectedError: () => {}, introspection: false })
    await hidden.start()
    const messages: string[] = []
    for (const server of [api.server, hidden]) {
      const { body } = await server.executeOperation(request, { contextValue: api.context })
      messages.push(body.kind === 'single' ? body.singleResult.errors![0]!.message : '')
    }
    await hidden.stop()
    expect(messages[0]).toContain(`Did you mean "${name}"`)
    expect(messages[1]).toBe(messages[0]!.replace(/ Did you mean .*/, ''))
  })

  test('suggests no names to a client without a role', async () => {
    const caller = { token: null, role: null }
    const { errors } = await api.ask('{ acounts { totalCount } }', {}, { ...api.context, caller })
    expect(errors.map(({ message }) => message)).toEqual(['Cannot query field "acounts" on type "Query".'])
  })

  test('rejects documents of more than 1,000 tokens', async () => {
    const { code } = await api.error(`{ ${'dataset { asOf } '.repeat(300)} }`)
    expect(code).toBe('QUERY_TOO_COMPLEX')
  })

  test('rejects fragments that expand to a million selections', async () => {
    const fragments = Array.from(
      { length: 20 },
      (_, n) => `fragment F${n} on Query { ${n === 19 ? '__typename' : `...F${n + 1} a: __typename ...F${n + 1}`} }`,
    )
    const answer = await api.ask(`{ ...F0 } ${fragments.join(' ')}`)
    expect(answer.errors[0]?.extensions.code).toBe('QUERY_TOO_COMPLEX')
  })

  test('rejects a subscription with a conditional root field, with one error', async () => {
    const query = 'subscription ($s: Boolean!) { ingestionProgress(id: "x") @skip(if: $s) { id } nothing }'
    const { status, text } = await http(
      'POST',
      { ...JSON_HEADERS, accept: 'application/graphql-response+json' },
      { query },
    )
    expect(status).toBe(400)
    expect(JSON.parse(text).errors).toMatchObject([
      { message: expect.stringContaining('@skip'), extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } },
    ])
  })

  test.each([
    ['*/*', 200],
    ['application/json', 200],
    ['application/graphql-response+json', 400],
    ['Application/GraphQL-Response+JSON', 400],
    ['application/graphql-response+json;q=0, application/json', 200],
    ['application/json, application/graphql-response+json;q=0.5', 200],
    ['application/json;q=0.5, application/graphql-response+json', 400],
  ])('answers an invalid document with Accept: %s with status %d', async (accept, status) => {
    const answer = await http('POST', { ...JSON_HEADERS, accept }, { query: '{ nope }' })
    const type = status === 200 ? 'application/json' : 'application/graphql-response+json'
    expect(answer).toMatchObject({ status, type: `${type}; charset=utf-8` })
  })

  test('rejects batches', async () => {
    const { status } = await http('POST', JSON_HEADERS, [{ query: '{ __typename }' }, { query: '{ __typename }' }])
    expect(status).toBe(400)
  })

  test('rejects cross-site requests that need no preflight', async () => {
    const simple = { 'content-type': 'text/plain' }
    const { status, text } = await http('GET', simple, undefined, '?query=%7B__typename%7D')
    expect([status, text]).toEqual([400, expect.stringContaining('CSRF')])
  })

  test('installs no signal handlers', async () => {
    const before = process.listenerCount('SIGTERM')
    const server = createApolloServer({ onUnexpectedError: () => {} })
    await server.start()
    expect(process.listenerCount('SIGTERM')).toBe(before)
    await server.stop()
  })
})
