import { buildSchema, getOperationAST, parse } from 'graphql'
import { checkFieldRoles, FIELD_ROLES, requiredRole } from '../../src/graphql/authorization.ts'
import { schema } from '../../src/graphql/schema.ts'

function roleFor(text: string, operationName?: string) {
  const document = parse(text)
  return requiredRole(schema, document, getOperationAST(document, operationName)!)
}

describe('the role that an operation requires', () => {
  test.each([
    ['{ __typename }', 'read'],
    ['mutation { __typename }', 'read'],
    ['mutation { ingestAccounts(input: {file: "x"}) { alreadyIngested } }', 'ingest'],
    ['mutation { a: cancelIngestion(input: {id: "x"}) { userErrors { code } } }', 'ingest'],
    ['mutation { revertIngestion(input: {id: "x"}) { ingestion { rejectedRows { totalCount } } } }', 'admin'],
    ['mutation { ...M } fragment M on Mutation { revertIngestion(input: {id: "x"}) { userErrors { code } } }', 'admin'],
    ['{ ingestions { edges { node { r: rejectedRows { totalCount } } } } }', 'ingest'],
    [
      '{ node(id: "x") { ... on Ingestion { ...F } } } fragment F on Ingestion { rejectedRows { totalCount } }',
      'ingest',
    ],
    ['{ ...A } fragment A on Query { ...B } fragment B on Query { ingestion(id: "x") { rejected } }', 'read'],
  ] as const)('%s: %s', (text, role) => expect(roleFor(text)).toBe(role))

  test('counts the fields of the operation and of the fragments that it spreads, directly or not', () => {
    const text = `query A { ...Q } query B { ...Q ...R } fragment Q on Query { dataset { asOf } }
      fragment R on Query { dataset { lastIngestion { rejectedRows { totalCount } } } }`
    expect(roleFor(text, 'A')).toBe('read')
    expect(roleFor(text, 'B')).toBe('ingest')
  })

  test('is computed quickly for fragments that expand to a million selections', () => {
    const fragments = Array.from({ length: 40 }, (_, i) => `fragment F${i} on Query { ...F${i + 1} ...F${i + 1} }`)
    expect(roleFor(`{ ...F0 } ${fragments.join(' ')} fragment F40 on Query { __typename }`)).toBe('read')
  })
})

describe('checkFieldRoles', () => {
  const small = buildSchema('type Query { account: Int } type Mutation { cut: Int }')

  test('throws for a root field without a role', () => {
    expect(() => checkFieldRoles(schema)).not.toThrow()
    expect(() => checkFieldRoles(small, { 'Query.account': 'read' })).toThrow('Mutation.cut has no role')
  })

  test('throws for a role of a field that does not exist', () => {
    const roles = { 'Query.account': 'read', 'Mutation.cut': 'admin' } as const
    expect(() => checkFieldRoles(small, roles)).not.toThrow()
    expect(() => checkFieldRoles(small, { ...roles, 'Query.more': 'read' })).toThrow(
      'Query.more has a role, but the schema has no such field',
    )
    expect(() => checkFieldRoles(small, { ...roles, 'Int.more': 'read' })).toThrow(
      'Int.more has a role, but the schema has no such field',
    )
    const { 'Ingestion.rejectedRows': _, ...fewer } = FIELD_ROLES
    expect(() => checkFieldRoles(schema, fewer)).not.toThrow()
  })
})
