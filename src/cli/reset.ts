import { access } from 'node:fs/promises'
import { createInterface } from 'node:readline/promises'
import type { Config } from '../config/config.ts'
import { type DatabaseErrorCode, isDatabaseError } from '../domain/errors.ts'
import { deleteDatabase, requireOwnDatabase } from '../storage/sqlite/database.ts'
import { lockForServer, withDatabaseName } from './database.ts'
import { EXIT, type ExitCode } from './exit-code.ts'

/** Errors of a database of this program that deleting it solves. */
const SOLVED_BY_RESET: readonly DatabaseErrorCode[] = ['DATABASE_DAMAGED', 'DATABASE_TOO_NEW']

/**
 * Deletes the database after confirmation. No other program may be using it. A symbolic link to it is kept.
 *
 * @throws AppError when the file is not a database of this program
 */
export async function reset({ databasePath }: Config, { yes }: { yes: boolean }): Promise<ExitCode> {
  const exists = await access(databasePath).then(
    () => true,
    () => false,
  )
  if (!exists) {
    process.stdout.write(`The database ${databasePath} does not exist: nothing to delete.\n`)
    return EXIT.ok
  }
  await withDatabaseName(databasePath, async () => requireDeletable(databasePath))
  if (!yes && !(await confirmed(`Delete the database ${databasePath}? [y/N] `))) {
    process.stdout.write('Nothing was deleted.\n')
    return EXIT.ok
  }
  const server = await lockForServer(databasePath)
  try {
    await deleteDatabase(databasePath)
  } finally {
    server.release()
  }
  process.stdout.write(`Deleted the database ${databasePath}.\n`)
  return EXIT.ok
}

function requireDeletable(path: string): void {
  try {
    requireOwnDatabase(path)
  } catch (error) {
    if (!(isDatabaseError(error) && SOLVED_BY_RESET.includes(error.code))) throw error
  }
}

async function confirmed(question: string): Promise<boolean> {
  const terminal = createInterface({ input: process.stdin, output: process.stdout })
  try {
    const closed = new Promise<string>(resolve => terminal.once('close', () => resolve('')))
    const answer = await Promise.race([terminal.question(question), closed])
    return /^y(es)?$/i.test(answer.trim())
  } finally {
    terminal.close()
  }
}
