import type { Command } from 'commander'
import type { CheckOptions } from './check.ts'
import type { ExitCode } from './exit-code.ts'
import type { ExportCommand } from './export.ts'
import type { IngestOptions } from './ingest.ts'
import { configFrom, type Environment, withSettings } from './setting-flags.ts'
import type { SnapshotOptions } from './snapshot.ts'
import type { TokenOptions } from './token.ts'

interface Surroundings {
  readonly program: Command
  readonly environment: Environment
  /** Told with what the command has ended. */
  readonly end: (code: ExitCode) => void
}

/** Adds every command. Only the one that is run is loaded: serving takes most of a second to load. */
export function addCommands(surroundings: Surroundings): void {
  for (const add of [addServe, addIngest, addSnapshot, addCheck, addExport, addReset, addToken]) add(surroundings)
}

function addServe({ program, environment, end }: Surroundings): void {
  const settings = ['HOST', 'PORT', 'DATABASE_URL', 'DATA_DIR', 'ANYONE_MAY', 'LOG_LEVEL'] as const
  withSettings(program.command('serve'), settings)
    .description('answer GraphQL queries')
    .option('--no-demo', 'leave an empty default database empty')
    .action(async (options: { demo: boolean }, command: Command) => {
      const config = configFrom(command, environment)
      const { serve } = await import('./serve.ts')
      end(await serve(config, options))
    })
}

function addIngest({ program, environment, end }: Surroundings): void {
  withSettings(program.command('ingest'), ['DATABASE_URL', 'DATA_DIR'])
    .description('ingest Parquet files')
    .argument('[path...]', 'Parquet files, directories or patterns')
    .option('--json', 'one JSON object a file instead of tables')
    .option('--dry-run', 'tell what would become of the rows, and change nothing')
    .option('--strict', 'refuse a file whose metadata disagrees with its values, instead of warning')
    .option('--rejects <file>', 'write all rejected rows to a file, one JSON object a line')
    .option('--watch <directory>', 'ingest files as they arrive there, until stopped')
    .action(async (paths: string[], options: IngestOptions, command: Command) => {
      if (paths.length === 0 && options.watch === undefined)
        command.error('error: name a file, or a directory to --watch')
      const config = configFrom(command, environment)
      const { ingest } = await import('./ingest.ts')
      end(await ingest(config, paths, options))
    })
}

function addSnapshot({ program, environment, end }: Surroundings): void {
  withSettings(program.command('snapshot'), ['DATABASE_URL'])
    .description('copy the database as of this moment into one file')
    .argument('<out>', 'file to be made')
    .option('--force', 'replace the file if it exists')
    .option('--json', 'one JSON object instead of text')
    .action(async (out: string, options: SnapshotOptions, command: Command) => {
      const config = configFrom(command, environment)
      const { snapshot } = await import('./snapshot.ts')
      end(await snapshot(config.databasePath, out, options))
    })
}

function addCheck({ program, environment, end }: Surroundings): void {
  withSettings(program.command('check'), ['DATABASE_URL'])
    .description('verify a database file')
    .argument('[file]', 'database file, by default that of the configuration')
    .option('--json', 'one JSON object instead of text')
    .option('--repair', 'recompute what is derived, if nothing else is at fault')
    .action(async (file: string | undefined, options: CheckOptions, command: Command) => {
      const config = configFrom(command, environment)
      const { check } = await import('./check.ts')
      end(await check(config, file ?? config.databasePath, options))
    })
}

function addExport({ program, environment, end }: Surroundings): void {
  withSettings(program.command('export'), ['DATABASE_URL'])
    .description('write a whole list of accounts to a file')
    .requiredOption('--out <file>', 'where to, - for the standard output')
    .option('--filter <json>', 'the AccountFilter, as in the API')
    .option('--order-by <json>', 'the AccountOrder, as in the API')
    .option('--format <format>', 'csv, ndjson or parquet (from the name of the file)')
    .action(async (options: ExportCommand, command: Command) => {
      const config = configFrom(command, environment)
      const { exportAccounts } = await import('./export.ts')
      end(await exportAccounts(config, options))
    })
}

function addReset({ program, environment, end }: Surroundings): void {
  withSettings(program.command('reset'), ['DATABASE_URL'])
    .description('empty the database')
    .option('--yes', 'do not ask')
    .action(async ({ yes = false }: { yes?: boolean }, command: Command) => {
      const config = configFrom(command, environment)
      const { reset } = await import('./reset.ts')
      end(await reset(config, { yes }))
    })
}

function addToken({ program, end }: Surroundings): void {
  program
    .command('token')
    .description('make an access token, and the entry of the configuration for it')
    .requiredOption('--name <name>', 'whose it is')
    .requiredOption('--role <role>', 'read, ingest (which includes read) or admin (which includes all)')
    .action(async (options: TokenOptions) => {
      const { token } = await import('./token.ts')
      end(token(options))
    })
}
