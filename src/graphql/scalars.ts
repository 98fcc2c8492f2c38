import { GraphQLScalarType } from 'graphql'
import { GraphQLDateTime, GraphQLSafeInt } from 'graphql-scalars'
import { parseAccountId } from '../domain/account.ts'
import { AppError } from '../domain/errors.ts'

/** The range of RFC 3339 in UTC. An offset can lead out of it. */
const EARLIEST = Date.parse('0001-01-01T00:00:00.000Z')
const LATEST = Date.parse('9999-12-31T23:59:59.999Z')

const DATE_TIME_EXPECTED =
  'A DateTime is RFC 3339 text in the years 0001 to 9999, with seconds and with Z or an offset, for example "2024-11-28T08:39:14Z".'

/** Instants as integer milliseconds since 1970 in UTC. */
export const DateTime = new GraphQLScalarType<number, string>({
  name: GraphQLDateTime.name,
  serialize: instant => new Date(instant as number).toISOString(),
  parseValue(value) {
    const instant = parseTimestamp(value)
    if (instant >= EARLIEST && instant <= LATEST) return instant
    throw new AppError('BAD_USER_INPUT', DATE_TIME_EXPECTED)
  },
})

function parseTimestamp(value: unknown): number {
  // Truncated to milliseconds, because the Date parser of V8 misreads long fractions.
  const text = typeof value === 'string' ? value.replace(/(\.\d{3})\d+/, '$1') : value
  try {
    return GraphQLDateTime.parseValue(text).getTime()
  } catch {
    return Number.NaN
  }
}

/** A copy, because schema.graphql sets its description. */
export const SafeInt = new GraphQLScalarType(GraphQLSafeInt.toConfig())

/** Account ids: docs/rules.md, "Account ids". */
export const UUID = new GraphQLScalarType<string, string>({
  name: 'UUID',
  serialize: accountId => accountId as string,
  parseValue(value) {
    const accountId = typeof value === 'string' ? parseAccountId(value) : undefined
    if (accountId !== undefined) return accountId
    throw new AppError('BAD_USER_INPUT', 'An account id is a UUID, for example "0f8fad5b-d9cb-469f-a165-70867728950e".')
  },
})
