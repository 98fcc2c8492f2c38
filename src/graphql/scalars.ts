import { GraphQLScalarType } from 'graphql'
import { GraphQLDateTime, GraphQLSafeInt } from 'graphql-scalars'
import { parseAccountId } from '../domain/account.ts'
import { AppError } from '../domain/errors.ts'

/** The years that RFC 3339 can write in UTC; an offset may lead out of them. */
const EARLIEST = Date.parse('0001-01-01T00:00:00.000Z')
const LATEST = Date.parse('9999-12-31T23:59:59.999Z')

const INSTANT_WANTED =
  'An instant is RFC 3339 text in the years 0001 to 9999, with seconds and with Z or an offset, as in "2024-11-28T08:39:14Z".'

/** Instants as the domain has them, in integer milliseconds. */
export const DateTime = new GraphQLScalarType<number, string>({
  name: GraphQLDateTime.name,
  serialize: instant => new Date(instant as number).toISOString(),
  parseValue(value) {
    const instant = parseInstant(value)
    if (instant >= EARLIEST && instant <= LATEST) return instant
    throw new AppError('BAD_USER_INPUT', INSTANT_WANTED)
  },
})

function parseInstant(value: unknown): number {
  // Finer fractions are cut here: the engine's own date parser gets long ones wrong.
  const cut = typeof value === 'string' ? value.replace(/(\.\d{3})\d+/, '$1') : value
  try {
    return GraphQLDateTime.parseValue(cut).getTime()
  } catch {
    return Number.NaN
  }
}

/** A copy, because it gets a description of its own. */
export const SafeInt = new GraphQLScalarType(GraphQLSafeInt.toConfig())

/** Account ids: docs/rules.md, "Account ids". */
export const UUID = new GraphQLScalarType<string, string>({
  name: 'UUID',
  serialize: accountId => accountId as string,
  parseValue(value) {
    const accountId = typeof value === 'string' ? parseAccountId(value) : undefined
    if (accountId !== undefined) return accountId
    throw new AppError('BAD_USER_INPUT', 'An account id is a UUID, as in "0f8fad5b-d9cb-469f-a165-70867728950e".')
  },
})
