import { GraphQLError } from 'graphql'
import { AppError } from '../../src/domain/errors.ts'
import type { Reader } from '../../src/domain/reader.ts'
import { errorFormatter } from '../../src/graphql/errors.ts'
import { accountId, World } from './support/test-api.ts'

let world: World
beforeAll(async () => {
  world = await World.open()
  await world.ingest('one.parquet', [[accountId(1), '2024-11-28', 5000]])
})
afterAll(() => world.close())

describe('errors of input are BAD_USER_INPUT', () => {
  const ACCOUNT = `account(accountId: "${accountId(1)}")`
  test.each<[string, Record<string, unknown>, RegExp]>([
    [`{ ${ACCOUNT} { measurements(from: "2024-11-28") { totalCount } } }`, {}, /"2024-11-28".*with Z or an offset/],
    [
      `query ($from: DateTime) { ${ACCOUNT} { measurements(from: $from) { totalCount } } }`,
      { from: '2024-11-28T00:00:00' },
      /"\$from" got invalid value.*with Z or an offset/,
    ],
    [
      'query ($filter: AccountFilter) { accounts(filter: $filter) { totalCount } }',
      { filter: { measuredAt: { gt: 'yesterday' } } },
      /at "filter.measuredAt.gt".*with Z or an offset/,
    ],
    ['{ account(accountId: "17") { id } }', {}, /is a UUID/],
    ['query ($id: UUID!) { account(accountId: $id) { id } }', { id: '17' }, /is a UUID/],
    ['query ($id: UUID!) { account(accountId: $id) { id } }', {}, /"\$id" of required type "UUID!" was not provided/],
    ['query ($n: SafeInt) { accounts(filter: {subscriberCount: {gt: $n}}) { totalCount } }', { n: 1.5 }, /non-integer/],
    ['{ accounts(filter: {growth: {percent: {gt: 1e999}}}) { totalCount } }', {}, /too large/],
    ['{ accounts(first: -1) { totalCount } }', {}, /first is -1/],
    ['{ accounts(after: "x") { totalCount } }', {}, /is damaged/],
    ['{ node(id: "x") { id } }', {}, /is not a node id/],
    [`query ($w: GrowthWindow) { ${ACCOUNT} { growth(window: $w) { percent } } }`, { w: null }, /must not be null/],
    [
      'query ($w: GrowthWindow) { accounts(filter: {growth: {window: $w}}) { totalCount } }',
      { w: null },
      /Argument "filter" has invalid value/,
    ],
  ])('%s with %j', async (query, variables, message) => {
    expect(await world.error(query, variables)).toEqual({
      code: 'BAD_USER_INPUT',
      message: expect.stringMatching(message),
    })
    expect(world.unexpected).toEqual([])
  })

  test('any number of them', async () => {
    const query = 'query ($ids: [ID!]!) { nodes(ids: $ids) { id } }'
    const { errors } = await world.ask(query, { ids: Array.from({ length: 100 }, () => ({})) })
    expect(new Set(errors.map(({ extensions }) => extensions.code))).toEqual(new Set(['BAD_USER_INPUT']))
    expect(world.unexpected).toEqual([])
  })
})

describe('errors of a request keep their codes', () => {
  test.each([
    ['{', 'GRAPHQL_PARSE_FAILED'],
    ['{ nothing }', 'GRAPHQL_VALIDATION_FAILED'],
    ['{ accounts(first: "ten") { totalCount } }', 'GRAPHQL_VALIDATION_FAILED'],
    ['query A { __typename } query B { __typename }', 'OPERATION_RESOLUTION_FAILURE'],
  ])('%s: %s', async (query, code) => {
    expect((await world.error(query)).code).toBe(code)
    expect(world.unexpected).toEqual([])
  })
})

describe('unexpected errors', () => {
  test('are told to the server whole, and to the client in a fixed sentence', async () => {
    const fault = new Error('the disk at /dev/disk has stopped')
    const dataset = () => Promise.reject(fault)
    const reader: Reader = Object.create(world.context.reader, { dataset: { value: dataset } })
    const { errors } = await world.ask('{ dataset { asOf } }', {}, { ...world.context, reader })
    expect(errors).toEqual([
      {
        message: 'The server failed to answer; its log says why.',
        path: ['dataset'],
        locations: [{ line: 1, column: 3 }],
        extensions: { code: 'INTERNAL_SERVER_ERROR' },
      },
    ])
    expect(world.unexpected).toEqual([fault])
    expect(world.unexpected[0]).toBe(fault)
  })
})

describe('refusals', () => {
  test('of a query have their code and their message', () => {
    const refusal = new AppError('DATABASE_BUSY', 'Another program is writing to the database.')
    const error = new GraphQLError(refusal.message, { originalError: refusal, path: ['dataset'] })
    const unexpected: unknown[] = []
    const format = errorFormatter({ onUnexpectedError: error => unexpected.push(error) })
    const formatted = format({ ...error.toJSON(), extensions: { code: 'INTERNAL_SERVER_ERROR' } }, error)
    expect(formatted).toMatchObject({ message: refusal.message, extensions: { code: 'DATABASE_BUSY' } })
    expect(unexpected).toEqual([])
  })
})
