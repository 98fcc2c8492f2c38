import { Command, CommanderError } from 'commander'
import { type Config, ConfigError, parseConfig, type Setting } from '../config.ts'
import { DatabaseFault } from '../domain/database-fault.ts'
import { BadArgument, ReadGivenUp, Refusal } from '../domain/errors.ts'
import type { CheckOptions } from './check.ts'
import { EXIT, type ExitCode } from './exit-code.ts'
import type { ExportCommand } from './export.ts'
import type { IngestOptions } from './ingest.ts'
import type { SnapshotOptions } from './snapshot.ts'
import type { TokenOptions } from './token.ts'
import { PROGRAM_VERSION } from './version.ts'

type Environment = Readonly<Record<string, string | undefined>>

/** Flags that stand for a setting of the environment, and come before it. */
const SETTING_FLAGS: readonly (readonly [flag: string, setting: Setting, help: string])[] = [
  ['--host <address>', 'HOST', 'address to listen on (127.0.0.1)'],
  ['--port <number>', 'PORT', 'port to listen on, 0 for a free one (4000)'],
  ['--database-url <url>', 'DATABASE_URL', 'database file (file:data/accounts.db)'],
  ['--data-dir <directory>', 'DATA_DIR', 'where ingestAccounts looks for files (data)'],
  ['--anyone-may <what>', 'ANYONE_MAY', 'what needs no token: nothing, read, ingest or everything'],
  ['--log-level <level>', 'LOG_LEVEL', 'fatal, error, warn, info, debug, trace or silent (warn)'],
]

/**
 * Runs one command of the program. Never throws for a mistake of the user's: it says what is wrong and returns why.
 * Only the command that is run is loaded: serving takes most of a second to load.
 */
export async function run(argv: readonly string[], environment: Environment): Promise<ExitCode> {
  let exitCode: ExitCode = EXIT.ok
  const program = new Command('account-growth')
    .description('Parquet drops of follower counts in, GraphQL answers out')
    .version(PROGRAM_VERSION)
    .exitOverride()
  const command = (name: string, help: string, settings: readonly Setting[]) => {
    const made = program.command(name).description(help)
    for (const [flag, setting, words] of SETTING_FLAGS) {
      if (settings.includes(setting)) made.option(flag, `${words} [${setting}]`)
    }
    return made
  }
  const configOf = (made: Command) => configFrom(made, environment)

  const serveCommand = command('serve', 'answer GraphQL queries', [
    'HOST',
    'PORT',
    'DATABASE_URL',
    'DATA_DIR',
    'ANYONE_MAY',
    'LOG_LEVEL',
  ])
    .option('--no-demo', 'leave an empty default database empty')
    .action(async ({ demo }: { demo: boolean }) => {
      const config = configOf(serveCommand)
      const { serve } = await import('./serve.ts')
      exitCode = await serve(config, { demo })
    })
  const ingestCommand = command('ingest', 'ingest Parquet files', ['DATABASE_URL', 'DATA_DIR'])
    .argument('[path...]', 'Parquet files, directories or patterns')
    .option('--json', 'one JSON object a file instead of tables')
    .option('--dry-run', 'tell what would become of the rows, and change nothing')
    .option('--rejects <file>', 'write all rejected rows to a file, one JSON object a line')
    .option('--watch <directory>', 'ingest files as they arrive there, until stopped')
    .action(async (paths: string[], options: IngestOptions) => {
      if (paths.length === 0 && options.watch === undefined)
        ingestCommand.error('error: name a file, or a directory to --watch')
      const config = configOf(ingestCommand)
      const { ingest } = await import('./ingest.ts')
      exitCode = await ingest(config, paths, options)
    })
  const snapshotCommand = command('snapshot', 'copy the database as of this moment into one file', ['DATABASE_URL'])
    .argument('<out>', 'file to be made')
    .option('--force', 'replace the file if it exists')
    .option('--json', 'one JSON object instead of text')
    .action(async (out: string, options: SnapshotOptions) => {
      const config = configOf(snapshotCommand)
      const { snapshot } = await import('./snapshot.ts')
      exitCode = await snapshot(config.databasePath, out, options)
    })
  const checkCommand = command('check', 'verify a database file', ['DATABASE_URL'])
    .argument('[file]', 'database file, by default that of the configuration')
    .option('--json', 'one JSON object instead of text')
    .option('--repair', 'recompute what is derived, if nothing else is at fault')
    .action(async (file: string | undefined, options: CheckOptions) => {
      const config = configOf(checkCommand)
      const { check } = await import('./check.ts')
      exitCode = await check(config, file ?? config.databasePath, options)
    })
  const exportCommand = command('export', 'write a whole list of accounts to a file', ['DATABASE_URL'])
    .requiredOption('--out <file>', 'where to, - for the standard output')
    .option('--filter <json>', 'the AccountFilter, as in the API')
    .option('--order-by <json>', 'the AccountOrder, as in the API')
    .option('--format <format>', 'csv, ndjson or parquet (from the name of the file)')
    .action(async (options: ExportCommand) => {
      const config = configOf(exportCommand)
      const { exportAccounts } = await import('./export.ts')
      exitCode = await exportAccounts(config, options)
    })
  const resetCommand = command('reset', 'empty the database', ['DATABASE_URL'])
    .option('--yes', 'do not ask')
    .action(async ({ yes = false }: { yes?: boolean }) => {
      const config = configOf(resetCommand)
      const { reset } = await import('./reset.ts')
      exitCode = await reset(config, { yes })
    })
  program
    .command('token')
    .description('make an access token, and the entry of the configuration for it')
    .requiredOption('--name <name>', 'whose it is')
    .requiredOption('--role <role>', 'read, ingest (which includes read) or admin (which includes all)')
    .action(async (options: TokenOptions) => {
      const { token } = await import('./token.ts')
      exitCode = token(options)
    })

  try {
    await program.parseAsync([...argv])
    return exitCode
  } catch (error) {
    return explain(error)
  }
}

function configFrom(command: Command, environment: Environment): Config {
  const flags = command.opts<Record<string, string | undefined>>()
  const settings = SETTING_FLAGS.map(([flag, setting]) => {
    const name = flag
      .slice(2)
      .split(' ')[0]!
      .replace(/-(.)/g, (_, letter: string) => letter.toUpperCase())
    return [setting, flags[name]]
  })
  // An empty variable is how scripts leave one out; an empty flag is a mistake.
  const variables = Object.entries(environment).filter(([, value]) => value !== '')
  const given = [...variables, ...settings].filter(([, value]) => value !== undefined)
  return parseConfig(Object.fromEntries(given))
}

function explain(error: unknown): ExitCode {
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.usage
  if (error instanceof ConfigError) {
    process.stderr.write(`Wrong configuration:\n${error.message}\n`)
    return EXIT.usage
  }
  if (error instanceof BadArgument) {
    process.stderr.write(`${error.message}\n`)
    return EXIT.usage
  }
  const message =
    error instanceof Refusal || error instanceof ReadGivenUp || error instanceof DatabaseFault
      ? `${error.code}: ${error.message}`
      : String(error instanceof Error ? error.message : error)
  process.stderr.write(`${message}\n`)
  return EXIT.failed
}
