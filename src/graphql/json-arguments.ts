import { coerceInputValue, type GraphQLInputType, isInputType } from 'graphql'
import type { AccountFilter, AccountOrder } from '../domain/account.ts'
import { AppError } from '../domain/errors.ts'
import { accountFilter, accountOrder } from './account-arguments.ts'
import type * as api from './generated.ts'
import { schema } from './schema.ts'

/** Arguments of `Query.accounts` as JSON text; null for an argument that is not set. */
export interface JsonListArguments {
  readonly filter: string | null
  readonly orderBy: string | null
}

/**
 * Parses the arguments of an exported list of accounts. The types and rules are those of `Query.accounts`.
 *
 * @throws AppError BAD_USER_INPUT
 */
export function parseListArguments({ filter, orderBy }: JsonListArguments): {
  filter: AccountFilter
  order: AccountOrder
} {
  const parsed = accountFilter(parseArgument<api.AccountFilter>('filter', 'AccountFilter', filter))
  const order = accountOrder(parseArgument<api.AccountOrder>('orderBy', 'AccountOrder', orderBy), parsed)
  return { filter: parsed, order }
}

/** @param typeName of the input type that `Input` is generated from */
function parseArgument<Input>(name: string, typeName: string, text: string | null): Input | null {
  if (text === null) return null
  const value = parseJson(name, text)
  return value === null ? null : (coerceInputValue(value, inputType(typeName), throwInvalid(name)) as Input)
}

function parseJson(name: string, text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    const advice = 'Write it like GraphQL variables, with quoted names.'
    throw new AppError('BAD_USER_INPUT', `"${name}" is not valid JSON. ${advice}`)
  }
}

function inputType(name: string): GraphQLInputType {
  const type = schema.getType(name)
  if (!isInputType(type)) throw new Error(`${name} is not an input type of the schema`)
  return type
}

function throwInvalid(name: string) {
  return (path: readonly (string | number)[], value: unknown, error: Error): never => {
    const place = [name, ...path].join('.')
    const message = `"${place}" got invalid value ${truncated(JSON.stringify(value))}; ${error.message}`
    throw new AppError('BAD_USER_INPUT', message)
  }
}

const MAX_VALUE_LENGTH = 100

function truncated(text: string): string {
  return text.length > MAX_VALUE_LENGTH ? `${text.slice(0, MAX_VALUE_LENGTH)}…` : text
}
