import { Command, CommanderError } from 'commander'
import { type AppErrorCode, isAppError } from '../domain/errors.ts'
import { addCommands } from './commands.ts'
import { EXIT, type ExitCode } from './exit-code.ts'
import { printable } from './format.ts'
import type { Environment } from './setting-flags.ts'
import { PROGRAM_VERSION } from './version.ts'

/** Runs one command of the program. Never throws for a mistake of the user's: it says what is wrong and returns why. */
export async function run(argv: readonly string[], environment: Environment): Promise<ExitCode> {
  let exitCode: ExitCode = EXIT.ok
  const program = new Command('account-growth')
    .description('Parquet drops of follower counts in, GraphQL answers out')
    .version(PROGRAM_VERSION)
    .exitOverride()
  addCommands({
    program,
    environment,
    end: code => {
      exitCode = code
    },
  })
  try {
    await program.parseAsync([...argv])
    return exitCode
  } catch (error) {
    return explain(error)
  }
}

function explain(error: unknown): ExitCode {
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.usage
  // Names of files come in these words, and must not begin lines of their own.
  process.stderr.write(
    linesOf(error)
      .map(line => `${printable(line)}\n`)
      .join(''),
  )
  return isAppError(error) ? (EXIT_CODES[error.code] ?? EXIT.failed) : EXIT.failed
}

/** The exit codes of errors; any other error is `EXIT.failed`. */
const EXIT_CODES: Partial<Readonly<Record<AppErrorCode, ExitCode>>> = {
  BAD_USER_INPUT: EXIT.usage,
  INVALID_CONFIGURATION: EXIT.usage,
}

function linesOf(error: unknown): string[] {
  if (!isAppError(error)) return [String(error instanceof Error ? error.message : error)]
  switch (error.code) {
    case 'INVALID_CONFIGURATION':
      return ['Wrong configuration:', ...error.message.split('\n')]
    case 'BAD_USER_INPUT':
      return [error.message]
    case 'INTERNAL_SERVER_ERROR':
      return [error.stack ?? error.message]
    default:
      return [`${error.code}: ${error.message}`]
  }
}
