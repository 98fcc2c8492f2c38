import { GraphQLError } from 'graphql'
import { AppError } from '../../src/domain/errors.ts'
import type { Reader } from '../../src/domain/reader.ts'
import { errorFormatter } from '../../src/graphql/errors.ts'
import { accountId, TestApi } from './support/test-api.ts'

let api: TestApi
beforeAll(async () => {
  api = await TestApi.open()
  await api.ingest('one.parquet', [[accountId(1), '2024-11-28', 5000]])
})
afterAll(() => api.close())

describe('invalid input is BAD_USER_INPUT', () => {
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
    expect(await api.error(query, variables)).toEqual({
      code: 'BAD_USER_INPUT',
      message: expect.stringMatching(message),
    })
    expect(api.unexpected).toEqual([])
  })

  test('even with more errors than graphql-js reports', async () => {
    const query = 'query ($ids: [ID!]!) { nodes(ids: $ids) { id } }'
    const { errors } = await api.ask(query, { ids: Array.from({ length: 100 }, () => ({})) })
    expect(new Set(errors.map(({ extensions }) => extensions.code))).toEqual(new Set(['BAD_USER_INPUT']))
    expect(api.unexpected).toEqual([])
  })
})

describe('errors of a request keep their codes', () => {
  test.each([
    ['{', 'GRAPHQL_PARSE_FAILED'],
    ['{ nothing }', 'GRAPHQL_VALIDATION_FAILED'],
    ['{ accounts(first: "ten") { totalCount } }', 'GRAPHQL_VALIDATION_FAILED'],
    ['query A { __typename } query B { __typename }', 'OPERATION_RESOLUTION_FAILURE'],
  ])('%s: %s', async (query, code) => {
    expect((await api.error(query)).code).toBe(code)
    expect(api.unexpected).toEqual([])
  })
})

describe('unexpected errors', () => {
  test('are reported to the server and masked for the client', async () => {
    const fault = new Error('the disk at /dev/disk has stopped')
    const dataset = () => Promise.reject(fault)
    const reader: Reader = Object.create(api.context.reader, { dataset: { value: dataset } })
    const { errors } = await api.ask('{ dataset { asOf } }', {}, { ...api.context, reader })
    expect(errors).toEqual([
      {
        message: 'Internal server error. The server log has the details.',
        path: ['dataset'],
        locations: [{ line: 1, column: 3 }],
        extensions: { code: 'INTERNAL_SERVER_ERROR' },
      },
    ])
    expect(api.unexpected).toEqual([fault])
    expect(api.unexpected[0]).toBe(fault)
  })
})

describe('an AppError with a user error code', () => {
  test('keeps its code and message', () => {
    const failure = new AppError('DATABASE_BUSY', 'Another program is writing to the database.')
    const error = new GraphQLError(failure.message, { originalError: failure, path: ['dataset'] })
    const unexpected: unknown[] = []
    const format = errorFormatter({ onUnexpectedError: error => unexpected.push(error) })
    const formatted = format({ ...error.toJSON(), extensions: { code: 'INTERNAL_SERVER_ERROR' } }, error)
    expect(formatted).toMatchObject({ message: failure.message, extensions: { code: 'DATABASE_BUSY' } })
    expect(unexpected).toEqual([])
  })
})
