import { existsSync, readFileSync } from 'node:fs'
import {
  buildSchema,
  execute,
  type GraphQLArgument,
  type GraphQLSchema,
  getNamedType,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isObjectType,
  isSpecifiedScalarType,
  parse,
} from 'graphql'
import type { Resolvers } from '../../src/graphql/generated.ts'
import { attachResolvers, schema, typeDefs } from '../../src/graphql/schema.ts'
import { TestApi } from './support/test-api.ts'

/** The least and the most that the schema may contain. */
const LANDED = new URL('../../../shared/contract.graphql', import.meta.url)
const NEXT = new URL('../../../shared/contract-next.graphql', import.meta.url)

interface Part {
  readonly path: string
  /** Type, nullability and default, as SDL. */
  readonly shape: string
  readonly description: string | null | undefined
}

/** Every type, field, argument, input field and enum value of a schema. */
function partsOf(schema: GraphQLSchema): Part[] {
  const types = Object.values(schema.getTypeMap()).filter(
    type => !type.name.startsWith('__') && !isSpecifiedScalarType(type),
  )
  return types.flatMap(type => {
    const self = { path: type.name, shape: type.constructor.name, description: type.description }
    if (isEnumType(type)) return [self, ...type.getValues().map(value => part(type.name, value.name, '', value))]
    if (isInputObjectType(type)) return [self, ...inputs(type.name, Object.values(type.getFields()))]
    if (!isObjectType(type) && !isInterfaceType(type)) return [self]
    const fields = Object.values(type.getFields()).flatMap(field => [
      part(type.name, field.name, String(field.type), field),
      ...inputs(`${type.name}.${field.name}`, field.args),
    ])
    return [{ ...self, shape: `${self.shape} ${type.getInterfaces().join(' & ')}` }, ...fields]
  })
}

function inputs(
  parent: string,
  args: readonly Pick<GraphQLArgument, 'name' | 'type' | 'defaultValue' | 'description'>[],
) {
  return args.map(arg => part(parent, arg.name, `${arg.type} = ${JSON.stringify(arg.defaultValue)}`, arg))
}

function part(parent: string, name: string, shape: string, { description }: Pick<Part, 'description'>): Part {
  return { path: `${parent}.${name}`, shape, description }
}

const parts = partsOf(buildSchema(typeDefs))

/** The shape of each part of a contract, by path. */
function shapesOf(contract: URL): Map<string, string> {
  return new Map(partsOf(buildSchema(readFileSync(contract, 'utf8'))).map(({ path, shape }) => [path, shape]))
}

describe('schema.graphql', () => {
  test('describes every type, field, argument and enum value', () => {
    expect(parts.length).toBeGreaterThan(200)
    expect(parts.filter(({ description }) => !description?.trim()).map(({ path }) => path)).toEqual([])
  })

  test('ends every description as a sentence', () => {
    expect(parts.filter(({ description }) => !/[.`]$/.test(description!)).map(({ path }) => path)).toEqual([])
  })

  test('follows Relay: every connection has the four fields, and every connection field the four arguments', () => {
    const schema = buildSchema(typeDefs)
    const connections = Object.keys(schema.getTypeMap()).filter(name => name.endsWith('Connection'))
    for (const name of connections) {
      const type = schema.getType(name)
      expect(isObjectType(type) && Object.keys(type.getFields())).toEqual(['edges', 'nodes', 'pageInfo', 'totalCount'])
    }
    const paged = Object.values(schema.getTypeMap())
      .filter(isObjectType)
      .flatMap(type => Object.values(type.getFields()))
      .filter(field => connections.includes(getNamedType(field.type).name))
    expect(paged.map(({ name }) => name)).toEqual(['accounts', 'ingestions', 'measurements', 'rejectedRows'])
    for (const { args } of paged) {
      expect(args.map(({ name }) => name)).toEqual(expect.arrayContaining(['first', 'after', 'last', 'before']))
    }
  })

  const withContracts = existsSync(LANDED) && existsSync(NEXT) ? test : test.skip
  withContracts(
    'contains all of the current contract and nothing beyond the next one (skipped when they are absent)',
    () => {
      const [landed, next] = [shapesOf(LANDED), shapesOf(NEXT)]
      const schema = new Map(parts.map(({ path, shape }) => [path, shape]))
      expect([...landed.keys()].filter(path => !schema.has(path))).toEqual([])
      const beyond = [...schema].filter(([path, shape]) => next.get(path) !== shape && landed.get(path) !== shape)
      expect(beyond).toEqual([])
    },
  )
})

test('introspection returns the descriptions of schema.graphql, including those of scalars', async () => {
  const api = await TestApi.open()
  const { __schema } = await api.data('{ __schema { types { name description } } }')
  const served = new Map(__schema.types.map(({ name, description }: Part & { name: string }) => [name, description]))
  for (const { path, description } of parts.filter(({ path }) => !path.includes('.'))) {
    expect([path, served.get(path)]).toEqual([path, description])
  }
  await api.close()
})

const build = (resolvers: object) =>
  attachResolvers(buildSchema('type Query { one: Int two: Int } enum Colour { RED }'), resolvers as Resolvers)

test('attachResolvers sets the given resolvers and keeps the default for other fields', async () => {
  const built = build({ Query: { one: () => 1 } })
  const { data } = await execute({ schema: built, document: parse('{ one two }'), rootValue: { one: 7, two: 2 } })
  expect(data).toEqual({ one: 1, two: 2 })
})

test('attachResolvers throws for a resolver without a field', () => {
  expect(() => build({ Query: { three: () => 3 } })).toThrow('Query.three')
  expect(() => build({ Account: {} })).toThrow('Account')
  expect(() => build({ Colour: {} })).toThrow('Colour')
})

test('custom scalars convert to domain values and keep the description of schema.graphql', () => {
  const DateTime = schema.getType('DateTime') as unknown as { serialize(value: unknown): unknown; description: string }
  expect(DateTime.serialize(0)).toBe('1970-01-01T00:00:00.000Z')
  expect(DateTime.description).toContain('RFC 3339')
})
