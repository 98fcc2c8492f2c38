import { buildSchema, execute, parse } from 'graphql'
import { attachResolvers } from '../../src/graphql/attach.ts'
import type { Resolvers } from '../../src/graphql/generated.ts'
import { schema } from '../../src/graphql/schema.ts'

const build = (resolvers: object) =>
  attachResolvers(buildSchema('type Query { one: Int two: Int } enum Colour { RED }'), resolvers as Resolvers)

test('fields get their resolvers, and others keep the default', async () => {
  const built = build({ Query: { one: () => 1 } })
  const { data } = await execute({ schema: built, document: parse('{ one two }'), rootValue: { one: 7, two: 2 } })
  expect(data).toEqual({ one: 1, two: 2 })
})

test('a resolver that no field is for is a mistake', () => {
  expect(() => build({ Query: { three: () => 3 } })).toThrow('Query.three')
  expect(() => build({ Account: {} })).toThrow('Account')
  expect(() => build({ Colour: {} })).toThrow('Colour')
})

test('custom scalars read and write as the domain has it, and keep the description of the schema', () => {
  const DateTime = schema.getType('DateTime') as unknown as { serialize(value: unknown): unknown; description: string }
  expect(DateTime.serialize(0)).toBe('1970-01-01T00:00:00.000Z')
  expect(DateTime.description).toContain('RFC 3339')
})
