import { ROLES } from '../domain/access.ts'
import { AppError } from '../domain/errors.ts'
import { entryText, isRole, nameFault } from '../http/access/token-entries.ts'
import { hashOf, newToken } from '../http/access/tokens.ts'
import { EXIT, type ExitCode } from './exit-code.ts'

export interface TokenOptions {
  readonly name: string
  readonly role: string
}

/**
 * Makes an access token. It is nowhere but in what this prints.
 *
 * @throws AppError INVALID_CONFIGURATION
 */
export function token({ name, role }: TokenOptions): ExitCode {
  const fault = nameFault(name)
  if (fault !== undefined) throw new AppError('INVALID_CONFIGURATION', `--name ${JSON.stringify(name)}: ${fault}`)
  if (!isRole(role))
    throw new AppError('INVALID_CONFIGURATION', `--role ${JSON.stringify(role)}: a role is one of ${ROLES.join(', ')}`)
  const made = newToken()
  process.stdout.write(`The token of ${name}, which is shown this once:

  ${made}

Its entry, for ACCESS_TOKENS or a line of the file ACCESS_TOKENS_FILE:

  ${entryText({ name, role, hash: hashOf(made) })}
`)
  return EXIT.ok
}
