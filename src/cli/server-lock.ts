import { acquireLock, type Lock } from '../storage/sqlite/files/lock.ts'
import { opening } from './opening.ts'

/**
 * Takes the right to serve a database, which only one program has.
 *
 * @throws AppError DATABASE_BUSY
 */
export function lockServer(databasePath: string): Promise<Lock> {
  return opening(databasePath, () => acquireLock(databasePath, 'server', 0))
}
