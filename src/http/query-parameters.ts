import { AppError } from '../domain/errors.ts'

/**
 * Returns the query parameters of a URL. Rejects unknown names, because a misspelt `dryRun` must not become a load.
 *
 * @throws AppError BAD_USER_INPUT for an unknown or repeated parameter
 */
export function queryParameters(url: string, names: readonly string[]): URLSearchParams {
  const { searchParams } = new URL(url, 'http://localhost')
  for (const name of searchParams.keys()) {
    if (!names.includes(name)) {
      const quoted = JSON.stringify(name.slice(0, 100))
      throw new AppError('BAD_USER_INPUT', `Unknown parameter ${quoted}. Use ${names.join(', ')}.`)
    }
    if (searchParams.getAll(name).length > 1) {
      throw new AppError('BAD_USER_INPUT', `The parameter ${name} is repeated. Send it once.`)
    }
  }
  return searchParams
}
