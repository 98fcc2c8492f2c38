import fc from 'fast-check'
import { getOperationAST, parse, validate } from 'graphql'
import { EXAMPLES } from '../../../src/graphql/examples.ts'
import { OperationCosts } from '../../../src/graphql/limits/query-cost.ts'
import { schema } from '../../../src/graphql/schema.ts'

const NOW = Date.parse('2024-11-28T00:00:00Z')
const costs = new OperationCosts(schema)

function costOf(query: string, variables: Record<string, unknown> = {}, maxPageSize = 100): number {
  const document = parse(query)
  expect(validate(schema, document)).toEqual([])
  return costs.of(document, getOperationAST(document)!, { variables, now: () => NOW, maxPageSize })
}

describe('an object costs 1', () => {
  test.each([
    ['{ __typename }', 0],
    ['{ dataset { asOf accountCount } }', 1],
    ['{ dataset { lastIngestion { fileName error { message } } } }', 3],
    ['mutation { cancelIngestion(input: {id: "x"}) { userErrors { code } } }', 2],
    [
      '{ node(id: "x") { ... on Account { growth { from { id } to { id } } } ... on Ingestion { error { code } } } }',
      5,
    ],
  ])('%s: %i', (query, cost) => expect(costOf(query)).toBe(cost))
})

describe('a page multiplies the cost of its rows', () => {
  test.each([
    ['{ accounts { nodes { id } } }', 21],
    ['{ accounts(first: 7) { nodes { id } } }', 8],
    ['{ accounts(last: 100) { edges { cursor node { id } } pageInfo { endCursor } } }', 101],
    ['{ accounts(first: 0) { nodes { id } } }', 1],
    ['{ accounts(first: null, last: 3) { nodes { id } } }', 4],
    ['{ accounts(first: 1000000) { nodes { id } } }', 101],
    ['{ accounts(first: -5) { nodes { id } } }', 1],
    ['{ accounts(first: 2) { nodes { id } edges { node { id } } } }', 5],
    [
      '{ accounts(first: 10) { nodes { measurements(first: 5) { nodes { ingestion { id } } } } } }',
      1 + 10 * (2 + 5 * 2),
    ],
    ['{ ingestions(first: 3) { nodes { rejectedRows(first: 4) { nodes { row } } } } }', 1 + 3 * (2 + 4)],
    ['query ($n: Int = 9) { accounts(first: $n) { nodes { id } } }', 10],
    [
      '{ ...F ...F } fragment F on Query { accounts(first: 2) { ...G } } fragment G on AccountConnection { nodes { id } }',
      6,
    ],
  ])('%s: %i', (query, cost) => expect(costOf(query)).toBe(cost))

  test('by the size that variables set', () => {
    const query =
      'query ($n: Int = 9, $m: Int) { accounts(first: $n) { nodes { measurements(last: $m) { nodes { id } } } } }'
    expect(costOf(query, { m: 3 })).toBe(1 + 9 * (2 + 3))
    expect(costOf(query, { n: 2, m: 3 })).toBe(1 + 2 * (2 + 3))
    expect(costOf(query, { n: null, m: null })).toBe(1 + 20 * (2 + 20))
    expect(costOf(query, { n: 'ten', m: {} })).toBe(1 + 20 * (2 + 20))
    expect(costOf(query, { n: 100, m: 100 }, 50)).toBe(1 + 50 * (2 + 50))
  })

  test('computes the cost of a document for each set of variables', () => {
    const document = parse('query ($n: Int) { accounts(first: $n) { nodes { id } } }')
    const operation = getOperationAST(document)!
    fc.assert(
      fc.property(fc.nat(100), n => {
        expect(costs.of(document, operation, { variables: { n }, now: () => NOW, maxPageSize: 100 })).toBe(1 + n)
      }),
    )
  })
})

describe('other lists', () => {
  const ACCOUNT = 'account(accountId: "00000000-0000-4000-8000-000000000000")'
  test.each<[string, Record<string, unknown>, number]>([
    ['{ nodes(ids: ["a", "b", "c"]) { id } }', {}, 3],
    ['query ($ids: [ID!]!) { nodes(ids: $ids) { id } }', { ids: ['a', 'b'] }, 2],
    ['query ($ids: [ID!]!) { nodes(ids: $ids) { id } }', { ids: 'a' }, 1],
    [
      `{ ${ACCOUNT} { history(bucket: DAY, from: "2024-01-01T00:00:00Z", to: "2025-01-01T00:00:00Z") { last } } }`,
      {},
      367,
    ],
    [
      `query ($b: HistoryBucket!, $from: DateTime) { ${ACCOUNT} { history(bucket: $b, from: $from) { last } } }`,
      { b: 'MONTH', from: '2024-11-01T00:00:00Z' },
      2,
    ],
    [`{ ${ACCOUNT} { history(bucket: DAY) { last } } }`, {}, 1001],
    [`{ ${ACCOUNT} { history(bucket: QUARTER) { last } } }`, {}, 1 + 25 * 4],
    [`{ ${ACCOUNT} { history(bucket: MONTH, from: "yesterday") { last } } }`, {}, 1 + 299],
    ['{ dataset { growthCoverage { known } } }', {}, 102],
    ['{ categories { name } }', {}, 101],
    ['{ accounts(first: 0) { totalCount } }', {}, 101],
    ['{ __schema { types { name } } }', {}, 500],
  ])('%s %j: %i', (query, variables, cost) => {
    const document = parse(query)
    expect(costs.of(document, getOperationAST(document)!, { variables, now: () => NOW, maxPageSize: 100 })).toBe(cost)
  })
})

test('the examples cost little', () => {
  for (const query of Object.values(EXAMPLES)) expect(costOf(query)).toBeLessThanOrEqual(200)
})
