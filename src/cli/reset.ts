import { access } from 'node:fs/promises'
import { createInterface } from 'node:readline/promises'
import type { Config } from '../config/config.ts'
import { type DatabaseErrorCode, isDatabaseError } from '../domain/errors.ts'
import { deleteDatabase, requireOwnDatabase } from '../storage/sqlite/database.ts'
import { EXIT, type ExitCode } from './exit-code.ts'
import { opening } from './opening.ts'
import { lockServer } from './server-lock.ts'

/** Faults of a database of ours, which to begin anew is a way out of. */
const CURED: readonly DatabaseErrorCode[] = ['DATABASE_DAMAGED', 'DATABASE_TOO_NEW']

/**
 * Deletes the database, after asking. Nobody may be using it. A link to it stays.
 *
 * @throws AppError when the file is not one of ours
 */
export async function reset({ databasePath }: Config, { yes }: { yes: boolean }): Promise<ExitCode> {
  const isThere = await access(databasePath).then(
    () => true,
    () => false,
  )
  if (!isThere) {
    process.stdout.write(`There is no database ${databasePath}: nothing to delete.\n`)
    return EXIT.ok
  }
  await opening(databasePath, async () => requireDeletable(databasePath))
  if (!yes && !(await confirmed(`Delete everything in ${databasePath}? [y/N] `))) {
    process.stdout.write('Nothing was deleted.\n')
    return EXIT.ok
  }
  const server = await lockServer(databasePath)
  try {
    await deleteDatabase(databasePath)
  } finally {
    server.release()
  }
  process.stdout.write(`${databasePath} is empty now.\n`)
  return EXIT.ok
}

function requireDeletable(path: string): void {
  try {
    requireOwnDatabase(path)
  } catch (error) {
    if (!(isDatabaseError(error) && CURED.includes(error.code))) throw error
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
