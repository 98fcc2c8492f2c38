import { accessSync, constants } from 'node:fs'
import { dirname } from 'node:path'
import { AppError } from '../domain/errors.ts'
import { snapshotTo } from '../workers/snapshot/snapshots.ts'
import { EXIT, type ExitCode } from './exit-code.ts'
import { instant, number, printable, trackedAccounts } from './format.ts'
import { StopSignals } from './stop-signals.ts'

export interface SnapshotOptions {
  /** Replace what is there. */
  readonly force?: boolean
  /** One object for scripts instead of text. */
  readonly json?: boolean
}

/** Copies the database into one file, as of this moment, beside a running server or without. */
export async function snapshot(databasePath: string, outPath: string, options: SnapshotOptions): Promise<ExitCode> {
  if (outPath === '') throw new AppError('BAD_USER_INPUT', 'The copy needs a name: say which file is to be made.')
  requireThere(databasePath, 'There is no database')
  requireThere(dirname(outPath), 'There is no folder')
  requireWritable(dirname(outPath))
  const stop = new StopSignals()
  try {
    const taken = await snapshotTo(databasePath, outPath, { force: options.force ?? false, signal: stop.asked })
    const { bytes, measurementCount, accountCount, asOf } = taken
    const text = `${printable(outPath)}: ${number(bytes / 2 ** 20)} MiB, ${number(measurementCount)} measurements, ${trackedAccounts(accountCount)}, as of ${instant(asOf)}.`
    process.stdout.write(`${options.json ? JSON.stringify(taken) : text}\n`)
    return EXIT.ok
  } finally {
    stop.dispose()
  }
}

function requireThere(path: string, otherwise: string): void {
  try {
    accessSync(path)
  } catch {
    throw new AppError('NO_DATABASE', `${otherwise} ${path}.`)
  }
}

function requireWritable(folder: string): void {
  try {
    accessSync(folder, constants.W_OK | constants.X_OK)
  } catch (error) {
    const message = `The copy could not be made: ${folder} may not be written to. Check its permissions, or name a file elsewhere.`
    throw new AppError('SNAPSHOT_FAILED', message, { cause: error })
  }
}
