import { coerceInputValue, type GraphQLInputType, isInputType } from 'graphql'
import type { AccountFilter, AccountOrder } from '../domain/account.ts'
import { AppError } from '../domain/errors.ts'
import { accountFilter } from './arguments/account-filter.ts'
import { accountOrder } from './arguments/account-order.ts'
import type * as api from './generated.ts'
import { schema } from './schema.ts'

/** The arguments of `Query.accounts` that make a list, each as JSON text; null where one is not given. */
export interface ListArguments {
  readonly filter: string | null
  readonly orderBy: string | null
}

/**
 * Reads what a list of accounts is made by, where there is no GraphQL around it: by the same types and the same rules.
 *
 * @throws AppError BAD_USER_INPUT
 */
export function accountList({ filter, orderBy }: ListArguments): { filter: AccountFilter; order: AccountOrder } {
  const wanted = accountFilter(argument<api.AccountFilter>('filter', 'AccountFilter', filter))
  return { filter: wanted, order: accountOrder(argument<api.AccountOrder>('orderBy', 'AccountOrder', orderBy), wanted) }
}

/** @returns the value that the type makes of it: the generated type of its name */
function argument<Input>(name: string, typeName: string, text: string | null): Input | null {
  if (text === null) return null
  const value = parsed(name, text)
  return value === null ? null : (coerceInputValue(value, inputType(typeName), refuse(name)) as Input)
}

function parsed(name: string, text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new AppError(
      'BAD_USER_INPUT',
      `"${name}" is not JSON. Write it as GraphQL variables are written, with names in quotes.`,
    )
  }
}

function inputType(name: string): GraphQLInputType {
  const type = schema.getType(name)
  if (!isInputType(type)) throw new Error(`the schema has no input type ${name}`)
  return type
}

function refuse(name: string) {
  return (path: readonly (string | number)[], value: unknown, error: Error): never => {
    const place = [name, ...path].join('.')
    // As GraphQL answers: without guesses at what was meant.
    const reason = error.message.replace(/ ?Did you mean(.+?)\?$/s, '')
    throw new AppError('BAD_USER_INPUT', `"${place}" got invalid value ${cut(JSON.stringify(value))}; ${reason}`)
  }
}

const SHOWN_CHARACTERS = 100

function cut(text: string): string {
  return text.length > SHOWN_CHARACTERS ? `${text.slice(0, SHOWN_CHARACTERS)}…` : text
}
