import { ROLES } from '../domain/access.ts'
import { AppError } from '../domain/errors.ts'
import { formatTokenEntry, isRole, tokenNameError } from '../http/auth/token-list.ts'
import { hashOf, newToken } from '../http/auth/tokens.ts'
import { EXIT, type ExitCode } from './exit-code.ts'

export interface TokenOptions {
  readonly name: string
  readonly role: string
}

/**
 * Creates an access token and prints it. It is stored nowhere.
 *
 * @throws AppError INVALID_CONFIGURATION
 */
export function token({ name, role }: TokenOptions): ExitCode {
  const fault = tokenNameError(name)
  if (fault !== undefined) throw new AppError('INVALID_CONFIGURATION', `--name ${JSON.stringify(name)}: ${fault}`)
  if (!isRole(role))
    throw new AppError('INVALID_CONFIGURATION', `--role ${JSON.stringify(role)}: must be one of ${ROLES.join(', ')}`)
  const secret = newToken()
  process.stdout.write(`Token of ${name}. It is shown only once:

  ${secret}

Entry for ACCESS_TOKENS, or a line of the file ACCESS_TOKENS_FILE:

  ${formatTokenEntry({ name, role, hash: hashOf(secret) })}
`)
  return EXIT.ok
}
