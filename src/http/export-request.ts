import { AppError } from '../domain/errors.ts'
import type { JsonListArguments } from '../graphql/json-arguments.ts'

const NAMES: readonly string[] = ['filter', 'orderBy']

/**
 * What the query of an export's address says.
 *
 * @throws AppError BAD_USER_INPUT
 */
export function exportParameters(url: string): JsonListArguments {
  const { searchParams } = new URL(url, 'http://localhost')
  for (const name of searchParams.keys()) {
    // A misspelt filter must not export everything.
    if (!NAMES.includes(name)) {
      const given = JSON.stringify(name.slice(0, 100))
      throw new AppError('BAD_USER_INPUT', `There is no parameter ${given}: give ${NAMES.join(' and ')}, or neither.`)
    }
    if (searchParams.getAll(name).length > 1)
      throw new AppError('BAD_USER_INPUT', `The parameter ${name} is given more than once.`)
  }
  return { filter: searchParams.get('filter'), orderBy: searchParams.get('orderBy') }
}
