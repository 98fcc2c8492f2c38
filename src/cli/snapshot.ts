import { accessSync, constants } from 'node:fs'
import { dirname } from 'node:path'
import { AppError } from '../domain/errors.ts'
import { snapshotTo } from '../workers/snapshot/snapshots.ts'
import { EXIT, type ExitCode } from './exit-code.ts'
import { instant, number, printable, trackedAccounts } from './format.ts'
import { ShutdownSignals } from './shutdown.ts'

export interface SnapshotOptions {
  /** Replace the file if it exists. */
  readonly force?: boolean
  /** Print a JSON object instead of text. */
  readonly json?: boolean
}

/** Copies the current state of the database to one file. A server may be running. */
export async function snapshot(databasePath: string, outPath: string, options: SnapshotOptions): Promise<ExitCode> {
  if (outPath === '')
    throw new AppError('BAD_USER_INPUT', 'The name of the snapshot is empty. Name the file to create.')
  requireExists(databasePath, 'The database')
  requireExists(dirname(outPath), 'The directory')
  requireWritable(dirname(outPath))
  const signals = new ShutdownSignals()
  try {
    const taken = await snapshotTo(databasePath, outPath, { force: options.force ?? false, signal: signals.requested })
    const { bytes, measurementCount, accountCount, asOf } = taken
    const text = `${printable(outPath)}: ${number(bytes / 2 ** 20)} MiB, ${number(measurementCount)} measurements, ${trackedAccounts(accountCount)}, as of ${instant(asOf)}.`
    process.stdout.write(`${options.json ? JSON.stringify(taken) : text}\n`)
    return EXIT.ok
  } finally {
    signals.dispose()
  }
}

function requireExists(path: string, subject: string): void {
  try {
    accessSync(path)
  } catch {
    throw new AppError('NO_DATABASE', `${subject} ${path} does not exist.`)
  }
}

function requireWritable(folder: string): void {
  try {
    accessSync(folder, constants.W_OK | constants.X_OK)
  } catch (error) {
    const message = `The snapshot could not be created: the directory ${folder} is not writable. Change its permissions, or choose another directory.`
    throw new AppError('SNAPSHOT_FAILED', message, { cause: error })
  }
}
