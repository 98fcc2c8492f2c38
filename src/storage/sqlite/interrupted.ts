import type { UserError } from '../../domain/errors.ts'
import { type Connection, openConnection } from './connection.ts'
import { acquireLock } from './lock.ts'

export const INTERRUPTED: UserError = {
  code: 'INGESTION_INTERRUPTED',
  field: null,
  message: 'The ingestion was cut short before it was done. Nothing was changed; send the file again.',
}

/**
 * Ends the ledger's lines that say RUNNING though nobody runs them. To be called by the holder of the write lock
 * only: it alone knows that their owners are dead.
 */
export function endInterrupted(connection: Connection, error: UserError = INTERRUPTED): void {
  const status = error.code === 'INGESTION_CANCELLED' ? 'CANCELLED' : 'FAILED'
  connection
    .prepare(`UPDATE ingestion SET status = ?, finished_at = ?, error_code = ?, error_message = ?
      WHERE status = 'RUNNING'`)
    .run(status, Date.now(), error.code, error.message)
}

/**
 * Ends them after a crash, unless another program is at work: then it is for the next holder of the lock to do.
 *
 * @param waitMs how long to wait for the lock of a process that is just dying
 */
export async function endInterruptedIn(path: string, waitMs: number, error: UserError = INTERRUPTED): Promise<void> {
  const lock = await acquireLock(path, 'write', waitMs).catch(() => null)
  if (!lock) return
  const connection = openConnection(path)
  try {
    endInterrupted(connection, error)
  } finally {
    connection.close()
    lock.release()
  }
}
