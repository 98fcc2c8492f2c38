import { AppError, type UserErrorCode } from '../../../domain/errors.ts'

const FULL = 'The disk that holds the database is full. Free some space, then try again.'
const READ_ONLY = 'The database file cannot be written to. Check its permissions and its disk.'

/** By prefix of SQLite's result code. */
const USER_ERRORS: readonly (readonly [prefix: string, code: UserErrorCode, message: string])[] = [
  ['SQLITE_FULL', 'DATABASE_FULL', FULL],
  // The index of the write-ahead log could not grow.
  ['SQLITE_IOERR_SHMSIZE', 'DATABASE_FULL', FULL],
  ['SQLITE_READONLY', 'DATABASE_READ_ONLY', READ_ONLY],
  // The result of an immutable file, of a user's quota and of a failing disk.
  ['SQLITE_IOERR_WRITE', 'DATABASE_READ_ONLY', READ_ONLY],
  ['SQLITE_IOERR_FSYNC', 'DATABASE_READ_ONLY', READ_ONLY],
  ['SQLITE_IOERR_TRUNCATE', 'DATABASE_READ_ONLY', READ_ONLY],
  [
    'SQLITE_CANTOPEN',
    'DATABASE_READ_ONLY',
    'The database file cannot be opened. Check that its folder exists and can be written to.',
  ],
  ['SQLITE_BUSY', 'DATABASE_BUSY', 'Another program is writing to the database. Try again when it is done.'],
]

/**
 * Translates an error of SQLite into an AppError where a person can act on it: DATABASE_FULL, DATABASE_READ_ONLY,
 * DATABASE_BUSY or DATABASE_DAMAGED. Returns any other error unchanged.
 *
 * @param path of the database file
 */
export function databaseError(error: unknown, path: string): unknown {
  const known = USER_ERRORS.find(([prefix]) => sqliteCode(error).startsWith(prefix))
  return known ? new AppError(known[1], known[2]) : corruptionError(error, path)
}

/** Translates only what SQLite reports of a damaged file. */
export function corruptionError(error: unknown, path: string): unknown {
  if (!isCorruption(error)) return error
  const message = `${path} is damaged: SQLite cannot read it. Replace it with a snapshot.`
  return new AppError('DATABASE_DAMAGED', message, { cause: error })
}

/** Whether SQLite reports that the file is damaged beyond reading, or is not a database. */
export function isCorruption(error: unknown): boolean {
  const code = sqliteCode(error)
  return code.startsWith('SQLITE_CORRUPT') || code === 'SQLITE_NOTADB'
}

/** SQLite's result code, such as SQLITE_BUSY; empty for any other error. */
export function sqliteCode(error: unknown): string {
  const code = (error as { code?: unknown } | null)?.code
  return typeof code === 'string' && code.startsWith('SQLITE_') ? code : ''
}
