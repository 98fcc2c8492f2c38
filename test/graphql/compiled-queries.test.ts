import fc from 'fast-check'
import { execute, type GraphQLObjectType, getNamedType, isObjectType, parse, validate } from 'graphql'
import { CompiledQueries } from '../../src/graphql/compiled-queries.ts'
import { schema } from '../../src/graphql/schema.ts'
import { accountId, TestApi } from './support/test-api.ts'

let api: TestApi

beforeAll(async () => {
  api = await TestApi.open()
  const days = ['2024-03-01', '2024-05-20', '2024-06-01']
  const rows = Array.from({ length: 12 }, (_, n) =>
    days
      .slice(n % 3)
      .map((day, at) => [accountId(n), `${day}T12:00:00Z`, n === 5 ? 0 : 900 + 50 * n * at, 'Gaming;Fun'] as const),
  )
  await api.ingest('accounts.parquet', [...rows.flat(), ['no id', '2024-06-01T12:00:00Z', 1]])
})
afterAll(() => api.close())

/** Arguments that are required, or that make the result more interesting than the default. */
const ARGUMENTS: Readonly<Record<string, string>> = {
  'Query.account': `(accountId: "${accountId(7)}")`,
  'Query.accounts': '(first: 3, filter: { growth: { window: MONTH } })',
  'Account.growth': '(window: QUARTER, baseline: AT_WINDOW_START)',
  'Account.history': '(bucket: MONTH, fill: LAST)',
  'Account.measurements': '(last: 2)',
}
/** Fields that are not compiled, or that need an id from the database. */
const EXCLUDED = ['Query.node', 'Query.nodes', 'Query.ingestion']

/** A random selection of the fields of a type. */
function selection(gen: fc.GeneratorValue, type: GraphQLObjectType, depth: number): string {
  const fields = type.getFields()
  const names = Object.keys(fields).filter(name => {
    const isLeaf = !isObjectType(getNamedType(fields[name]!.type))
    return !EXCLUDED.includes(`${type.name}.${name}`) && (isLeaf || depth > 0)
  })
  const chosen = gen(fc.subarray, names, { minLength: 1, maxLength: Math.min(4, names.length) })
  const texts = chosen.map((name, index) => {
    const alias = gen(fc.boolean) ? `a${index}: ` : ''
    const below = getNamedType(fields[name]!.type)
    const inside = isObjectType(below) ? selection(gen, below, depth - 1) : ''
    return `${alias}${name}${ARGUMENTS[`${type.name}.${name}`] ?? ''} ${inside}`
  })
  return `{ ${gen(fc.boolean) ? '__typename ' : ''}${texts.join(' ')} }`
}

/** Requests an operation twice, and returns the compiled one. */
function compiled(queries: CompiledQueries, text: string, operationName?: string) {
  const document = parse(text)
  const operations = document.definitions.filter(node => node.kind === 'OperationDefinition')
  const operation = operations.find(({ name }) => name?.value === operationName) ?? operations[0]!
  expect(validate(schema, document)).toEqual([])
  expect(queries.find(document, operation)).toBeUndefined()
  return { document, run: queries.find(document, operation) }
}

test('a compiled query returns the same bytes as graphql-js', async () => {
  const queries = new CompiledQueries(schema)
  let count = 0
  await fc.assert(
    fc.asyncProperty(fc.gen(), async gen => {
      const { document, run } = compiled(queries, selection(gen, schema.getQueryType()!, 4))
      const contextValue = { ...api.context, now: () => 0 }
      const { data, errors } = await execute({ schema, document, contextValue })
      if (run) count++
      expect(errors).toBeUndefined()
      if (run) expect(JSON.stringify(await run(contextValue, {}))).toBe(JSON.stringify(data))
    }),
    { numRuns: 150 },
  )
  expect(count).toBeGreaterThan(100)
})

const PAGE =
  'query Page($first: Int, $after: String, $size: SafeInt = 900) { accounts(first: $first, after: $after, filter: { subscriberCount: { gt: $size } }) { totalCount pageInfo { hasNextPage endCursor } edges { cursor node { ...Fields } } } } fragment Fields on Account { accountId growth { percent from { measuredAt categories } } }'

test.each([
  {},
  { first: 2 },
  { first: null, size: 1_200 },
  { first: 1.5 },
  { first: 'one' },
  { first: -1 },
  { after: 'x' },
  { size: null },
])('the variables %j give the same response before and after compilation', async variables => {
  const first = await api.ask(PAGE, variables)
  for (let time = 0; time < 3; time++) expect(await api.ask(PAGE, variables)).toEqual(first)
})

test('a query that fails gives the same response every time', async () => {
  const queries = [
    '{ account(accountId: "00000000-0000-4000-8000-000000000007") { measurements(first: 2000) { totalCount } } }',
    '{ good: dataset { asOf } bad: ingestion(id: "x") { id } }',
  ]
  for (const query of queries) {
    const first = await api.ask(query)
    expect(first.errors).toHaveLength(1)
    for (let time = 0; time < 3; time++) expect(await api.ask(query)).toEqual(first)
  }
})

test.each([
  ['a query with a directive', 'query ($no: Boolean = false) { dataset { asOf @include(if: $no) measurementCount } }'],
  ['a query of an abstract type', '{ node(id: "x") { id } }'],
  ['introspection', '{ __schema { types { name } } }'],
  [
    'a query with too many selections',
    `{ dataset { ${Array.from({ length: 51 }, (_, n) => `a${n}: asOf`).join(' ')} } }`,
  ],
  ['a mutation', 'mutation { cancelIngestion(input: { id: "x" }) { userErrors { code } } }'],
])('%s is not compiled', (_, text) => {
  expect(compiled(new CompiledQueries(schema), text).run).toBeUndefined()
})

test('of several operations, the requested one is executed', async () => {
  const text = 'query A { dataset { asOf } } query B { dataset { accountCount } }'
  const { run } = compiled(new CompiledQueries(schema), text, 'B')
  expect(await run!(api.context, {})).toEqual({ dataset: { accountCount: expect.any(Number) } })
})
