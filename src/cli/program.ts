import { Command, CommanderError } from 'commander'
import { type AppErrorCode, isAppError } from '../domain/errors.ts'
import { PROGRAM_VERSION } from '../package-file.ts'
import { addCommands, type Environment } from './commands.ts'
import { EXIT, type ExitCode } from './exit-code.ts'
import { printable } from './format.ts'

/** Runs one command. Prints errors to standard error and returns the exit code; never throws for a user's mistake. */
export async function run(argv: readonly string[], environment: Environment): Promise<ExitCode> {
  let exitCode: ExitCode = EXIT.ok
  const program = new Command('account-growth')
    .description('Loads Parquet files of follower counts into a SQLite database and serves them over GraphQL.')
    .version(PROGRAM_VERSION)
    .exitOverride()
  addCommands({
    program,
    environment,
    onExit: code => {
      exitCode = code
    },
  })
  try {
    await program.parseAsync([...argv])
    return exitCode
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.usage
    // A file name in a message must not start a line of its own.
    for (const line of linesOf(error)) process.stderr.write(`${printable(line)}\n`)
    return isAppError(error) ? (EXIT_CODES[error.code] ?? EXIT.failed) : EXIT.failed
  }
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
      return ['Invalid configuration:', ...error.message.split('\n')]
    case 'BAD_USER_INPUT':
      return [error.message]
    case 'INTERNAL_SERVER_ERROR':
      return [error.stack ?? error.message]
    default:
      return [`${error.code}: ${error.message}`]
  }
}

/**
 * Lets a command finish when its output cannot be written. It then exits with code 1, unless the reader of standard
 * output has closed the pipe (`| head`). Call it once, before anything is written.
 */
export function tolerateOutputErrors(): void {
  let fault: string | undefined
  process.stdout.on('error', ({ code, message }: NodeJS.ErrnoException) => {
    if (code !== 'EPIPE') fault ??= code ?? message
  })
  process.stderr.on('error', () => {})
  process.once('exit', code => {
    const hasFailedAlready = code !== EXIT.ok && code !== EXIT.someRejected
    if (fault === undefined || hasFailedAlready) return
    process.stderr.write(`Standard output could not be written (${fault}).\n`)
    process.exitCode = EXIT.failed
  })
}
