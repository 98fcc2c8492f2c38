import type { UserError } from '../../../domain/errors.ts'
import { statusAfter } from '../../../domain/ingestion.ts'
import { type Connection, openConnection } from '../connection/connection.ts'
import { asRefusal } from '../connection/errors.ts'
import { emptyLog } from '../files/checkpoint.ts'
import { acquireLock } from '../files/lock.ts'

const INTERRUPTED: UserError = {
  code: 'INGESTION_INTERRUPTED',
  field: null,
  message: 'The ingestion was cut short before it was done. Nothing was changed; send the file again.',
}

/** An ingestion of which it is known how it ended. */
export interface KnownEnd {
  readonly id: string
  readonly error: UserError
}

/**
 * Ends the ledger's lines that say RUNNING though nobody runs them. To be called by the holder of the write lock
 * only: it alone knows that their owners are dead.
 */
export function endInterrupted(connection: Connection, known?: KnownEnd): void {
  if (known) end(connection, known.error, known.id)
  end(connection, INTERRUPTED)
}

/** The same on a connection of its own. */
export async function endInterruptedIn(path: string, known?: KnownEnd): Promise<void> {
  const connection = openConnection(path)
  try {
    endInterrupted(connection, known)
    // A process that was killed leaves a log as long as what it had written.
    await emptyLog(connection)
  } catch (error) {
    throw asRefusal(error)
  } finally {
    connection.close()
  }
}

/**
 * Ends them after a crash, unless another program is at work: then it is for the next holder of the lock to do.
 *
 * @param waitMs how long to wait for the lock of a process that is just dying
 */
export async function endInterruptedWhenFree(path: string, waitMs: number, known: KnownEnd): Promise<void> {
  const lock = await acquireLock(path, 'write', waitMs).catch(() => null)
  if (!lock) return
  try {
    await endInterruptedIn(path, known)
  } finally {
    lock.release()
  }
}

/** Without an id, all that are RUNNING. */
function end(connection: Connection, error: UserError, id: string | null = null): void {
  connection
    .prepare(`UPDATE ingestion SET status = ?, finished_at = ?, error_code = ?, error_message = ?
      WHERE status = 'RUNNING' AND public_id = coalesce(?, public_id)`)
    .run(statusAfter(error), Date.now(), error.code, error.message, id)
}
