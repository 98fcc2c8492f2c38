import { AppError, type UserErrorCode } from '../../../domain/errors.ts'

const FULL = 'The disk that holds the database is full. Free some space, then try again.'
const READ_ONLY = 'The database file cannot be written to. Check its permissions and its disk.'

const REFUSALS: readonly (readonly [prefix: string, code: UserErrorCode, message: string])[] = [
  ['SQLITE_FULL', 'DATABASE_FULL', FULL],
  // The log's index could not grow.
  ['SQLITE_IOERR_SHMSIZE', 'DATABASE_FULL', FULL],
  ['SQLITE_READONLY', 'DATABASE_READ_ONLY', READ_ONLY],
  // What the system says of a file made immutable, of a user's quota, and of a disk that fails.
  ['SQLITE_IOERR_WRITE', 'DATABASE_READ_ONLY', READ_ONLY],
  ['SQLITE_IOERR_FSYNC', 'DATABASE_READ_ONLY', READ_ONLY],
  ['SQLITE_IOERR_TRUNCATE', 'DATABASE_READ_ONLY', READ_ONLY],
  [
    'SQLITE_CANTOPEN',
    'DATABASE_READ_ONLY',
    'The database file cannot be opened. Check that its folder exists and may be written to.',
  ],
  ['SQLITE_BUSY', 'DATABASE_BUSY', 'Another program is writing to the database. Try again when it is done.'],
]

/** SQLite's own words, translated into the product's where a person can mend the cause; anything else as it was. */
export function asRefusal(error: unknown): unknown {
  const known = REFUSALS.find(([prefix]) => sqliteCode(error).startsWith(prefix))
  return known ? new AppError(known[1], known[2]) : error
}

/** SQLite's result code, such as SQLITE_BUSY; empty for any other error. */
export function sqliteCode(error: unknown): string {
  const code = (error as { code?: unknown } | null)?.code
  return typeof code === 'string' && code.startsWith('SQLITE_') ? code : ''
}
