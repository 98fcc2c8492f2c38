import type { Command } from 'commander'
import { type Config, parseConfig } from '../config/config.ts'
import { SETTINGS, type Setting } from '../config/settings.ts'
import type { CheckOptions } from './check.ts'
import type { ExitCode } from './exit-code.ts'
import type { ExportCommand } from './export.ts'
import type { IngestOptions } from './ingest.ts'
import type { SnapshotOptions } from './snapshot.ts'
import type { TokenOptions } from './token.ts'

export type Environment = Readonly<Record<string, string | undefined>>

interface CommandContext {
  readonly program: Command
  readonly environment: Environment
  /** Receives the exit code of the command that ran. */
  readonly onExit: (code: ExitCode) => void
}

/** Adds every command. A command's module is loaded when it runs: that of `serve` takes most of a second to load. */
export function addCommands(context: CommandContext): void {
  for (const add of [addServe, addIngest, addSnapshot, addCheck, addExport, addReset, addToken]) add(context)
}

function addServe({ program, environment, onExit }: CommandContext): void {
  const settings = ['HOST', 'PORT', 'DATABASE_URL', 'DATA_DIR', 'ANYONE_MAY', 'LOG_LEVEL'] as const
  withSettings(program.command('serve'), settings)
    .description('start the GraphQL server')
    .option('--no-demo', 'do not load the sample data into an empty default database')
    .action(async (options: { demo: boolean }, command: Command) => {
      const config = configFrom(command, environment)
      const { serve } = await import('./serve.ts')
      onExit(await serve(config, options))
    })
}

function addIngest({ program, environment, onExit }: CommandContext): void {
  withSettings(program.command('ingest'), ['DATABASE_URL', 'DATA_DIR'])
    .description('load Parquet files into the database')
    .argument('[path...]', 'Parquet files, directories or glob patterns')
    .option('--json', 'print a JSON object for each file instead of tables')
    .option('--dry-run', 'report what would happen to the rows, without changing the database')
    .option('--strict', 'refuse files whose metadata disagrees with their values, instead of warning')
    .option('--rejects <file>', 'write all rejected rows to a file, as a JSON object a line')
    .option('--watch <directory>', 'keep running and ingest each file that arrives in a directory')
    .action(async (paths: string[], options: IngestOptions, command: Command) => {
      if (paths.length === 0 && options.watch === undefined)
        command.error('error: name at least one file, or a directory with --watch')
      const config = configFrom(command, environment)
      const { ingest } = await import('./ingest.ts')
      onExit(await ingest(config, paths, options))
    })
}

function addSnapshot({ program, environment, onExit }: CommandContext): void {
  withSettings(program.command('snapshot'), ['DATABASE_URL'])
    .description('copy the current state of the database to a file')
    .argument('<out>', 'file to create')
    .option('--force', 'replace the file if it exists')
    .option('--json', 'print a JSON object instead of text')
    .action(async (out: string, options: SnapshotOptions, command: Command) => {
      const config = configFrom(command, environment)
      const { snapshot } = await import('./snapshot.ts')
      onExit(await snapshot(config.databasePath, out, options))
    })
}

function addCheck({ program, environment, onExit }: CommandContext): void {
  withSettings(program.command('check'), ['DATABASE_URL'])
    .description('verify a database file')
    .argument('[file]', 'database file (default: the configured database)')
    .option('--json', 'print a JSON object instead of text')
    .option('--repair', 'recompute derived data, if only derived data is wrong')
    .action(async (file: string | undefined, options: CheckOptions, command: Command) => {
      const config = configFrom(command, environment)
      const { check } = await import('./check.ts')
      onExit(await check(config, file ?? config.databasePath, options))
    })
}

function addExport({ program, environment, onExit }: CommandContext): void {
  withSettings(program.command('export'), ['DATABASE_URL'])
    .description('write a complete list of accounts to a file')
    .requiredOption('--out <file>', 'file to write, or - for standard output')
    .option('--filter <json>', 'an AccountFilter, as in the API')
    .option('--order-by <json>', 'an AccountOrder, as in the API')
    .option('--format <format>', 'csv, ndjson or parquet (default: the extension of the file)')
    .action(async (options: ExportCommand, command: Command) => {
      const config = configFrom(command, environment)
      const { exportAccounts } = await import('./export.ts')
      onExit(await exportAccounts(config, options))
    })
}

function addReset({ program, environment, onExit }: CommandContext): void {
  withSettings(program.command('reset'), ['DATABASE_URL'])
    .description('delete the database')
    .option('--yes', 'do not ask for confirmation')
    .action(async ({ yes = false }: { yes?: boolean }, command: Command) => {
      const config = configFrom(command, environment)
      const { reset } = await import('./reset.ts')
      onExit(await reset(config, { yes }))
    })
}

function addToken({ program, onExit }: CommandContext): void {
  program
    .command('token')
    .description('create an access token and print its configuration entry')
    .requiredOption('--name <name>', 'name of the client')
    .requiredOption('--role <role>', 'read, ingest (includes read) or admin (includes both)')
    .action(async (options: TokenOptions) => {
      const { token } = await import('./token.ts')
      onExit(token(options))
    })
}

/** Flags that override a setting of the environment. */
const SETTING_FLAGS: readonly (readonly [setting: Setting, flag: string])[] = [
  ['HOST', '--host <address>'],
  ['PORT', '--port <number>'],
  ['DATABASE_URL', '--database-url <url>'],
  ['DATA_DIR', '--data-dir <directory>'],
  ['ANYONE_MAY', '--anyone-may <what>'],
  ['LOG_LEVEL', '--log-level <level>'],
]

function withSettings(command: Command, settings: readonly Setting[]): Command {
  for (const [setting, flag] of SETTING_FLAGS) {
    if (settings.includes(setting)) command.option(flag, helpOf(setting))
  }
  return command
}

function helpOf(setting: Setting): string {
  const { description, byDefault } = SETTINGS.get(setting)!
  const text = description.replaceAll('`', '')
  return byDefault === undefined ? `${text} [${setting}]` : `${text} (default: ${byDefault}) [${setting}]`
}

/** @throws AppError INVALID_CONFIGURATION */
function configFrom(command: Command, environment: Environment): Config {
  const options = command.opts<Record<string, string | undefined>>()
  const flags = SETTING_FLAGS.map(([setting, flag]) => [setting, options[optionName(flag)]] as const)
  // Scripts leave a variable empty to unset it. An empty flag is a mistake.
  const variables = Object.entries(environment).filter(([, value]) => value !== '')
  return parseConfig(Object.fromEntries([...variables, ...flags].filter(([, value]) => value !== undefined)))
}

/** commander's name for the option: `--data-dir <directory>` → `dataDir` */
function optionName(flag: string): string {
  const [name = ''] = flag.slice('--'.length).split(' ')
  return name.replace(/-(.)/g, (_, letter: string) => letter.toUpperCase())
}
