import { GraphQLError } from 'graphql'
import type { GraphQLContext } from '../../src/graphql/context.ts'
import { type SubscribePayload, SubscriptionOperations } from '../../src/graphql/subscription-operations.ts'

const GOOD = 'subscription Follow($id: ID!) { ingestionProgress(id: $id) { status } }'
const CONTEXT = { caller: { token: null, role: 'read' }, now: Date.now } as GraphQLContext
const subscriptionOf = (request: SubscribePayload, context: GraphQLContext) =>
  new SubscriptionOperations().prepare(request, context)

/** Twenty short fragments that expand to a million selections. */
const BOMB = `subscription { ...F0 } ${Array.from({ length: 20 }, (_, n) => {
  const next = n === 19 ? '__typename' : `...F${n + 1} ...F${n + 1}`
  return `fragment F${n} on Subscription { ${next} }`
}).join(' ')}`

function rejection(query: string, operationName?: string) {
  const errors = subscriptionOf({ query, operationName }, CONTEXT)
  const [error] = errors as readonly GraphQLError[]
  expect(error).toBeInstanceOf(GraphQLError)
  return { code: error!.extensions.code, message: error!.message }
}

const FIELD = 'ingestionProgress(id: "x")'
const IN_FRAGMENT = `subscription { ...F } fragment F on Subscription { ... { ${FIELD}`

describe('SubscriptionOperations.prepare', () => {
  test('returns execution arguments for a subscription', () => {
    const variables = { id: 'x' }
    expect(subscriptionOf({ query: GOOD, variables }, CONTEXT)).toMatchObject({
      contextValue: CONTEXT,
      variableValues: variables,
    })
    expect(
      subscriptionOf({ query: `query Other { __typename } ${GOOD}`, operationName: 'Follow' }, CONTEXT),
    ).toMatchObject({
      operationName: 'Follow',
    })
  })

  test.each([
    ['a syntax error', '{', 'GRAPHQL_PARSE_FAILED'],
    ['more than 1,000 tokens', `subscription { ${'a '.repeat(1000)} }`, 'QUERY_TOO_COMPLEX'],
    ['an unknown field', 'subscription { progress { status } }', 'GRAPHQL_VALIDATION_FAILED'],
    ['two root fields', 'subscription { a: __typename b: __typename }', 'GRAPHQL_VALIDATION_FAILED'],
    [
      'a fragment that spreads itself',
      'subscription { ...F } fragment F on Subscription { ...F }',
      'GRAPHQL_VALIDATION_FAILED',
    ],
    ['fragments that expand to a million selections', BOMB, 'QUERY_TOO_COMPLEX'],
    ...[
      `subscription ($s: Boolean!) { ${FIELD} @skip(if: $s) { id } }`,
      `subscription ($s: Boolean) { ${FIELD} @include(if: $s) { id } }`,
      `subscription { ${FIELD} @skip(if: true) { id } }`,
      `subscription ($s: Boolean!) { ...F @include(if: $s) } fragment F on Subscription { ${FIELD} { id } }`,
      `subscription { ... @include(if: true) { ${FIELD} { id } } }`,
      `${IN_FRAGMENT} @skip { id } ...F } }`,
    ].map(query => ['a conditional root field', query, 'GRAPHQL_VALIDATION_FAILED']),
    ['a query', '{ dataset { asOf } }', 'BAD_REQUEST'],
    ['introspection', '{ __schema { queryType { name } } }', 'BAD_REQUEST'],
    ['a mutation', 'mutation { revertIngestion(input: {id: "x"}) { userErrors { code } } }', 'BAD_REQUEST'],
    ['a document without an operation', 'fragment F on Subscription { __typename }', 'GRAPHQL_VALIDATION_FAILED'],
    ['several operations without operationName', `query Other { __typename } ${GOOD}`, 'OPERATION_RESOLUTION_FAILURE'],
  ])('rejects %s', (_, query, code) => {
    expect(rejection(query).code).toBe(code)
  })

  test('accepts directives below the root field', () => {
    const query = `subscription ($s: Boolean!) { ${FIELD} { id ... @skip(if: $s) { status @include(if: $s) } } }`
    expect(subscriptionOf({ query, variables: { s: true } }, CONTEXT)).toMatchObject({ contextValue: CONTEXT })
  })

  test('suggests names of the schema', () => {
    expect(rejection('subscription { ingestionProgres { status } }').message).toBe(
      'Cannot query field "ingestionProgres" on type "Subscription". Did you mean "ingestionProgress"?',
    )
  })
})
