import { closeSync, openSync, readSync, statSync } from 'node:fs'
import { AppError } from '../../../domain/errors.ts'
import { type Connection, openConnection } from './connection.ts'
import { Database } from './driver.ts'
import { corruptionError, sqliteCode } from './errors.ts'

const MAGIC = Buffer.from('SQLite format 3\0')
/** The byte of the header that names the journal format, and its value for a write-ahead log. */
const WRITE_VERSION_AT = 18
const WRITE_AHEAD = 2

/**
 * Calls `use` with a connection that writes nothing: not even the journal mode of another program's file changes. A file
 * that SQLite did not write is never opened by SQLite.
 *
 * Not for a process that has the database open: this function reads the header itself, and closing a file releases all
 * locks that the process has on it.
 *
 * @throws AppError NO_DATABASE, NOT_A_DATABASE, DATABASE_DAMAGED
 */
export function withReadOnly<Result>(path: string, use: (connection: Connection) => Result): Result {
  const isWriteAhead = readHeader(path)[WRITE_VERSION_AT] === WRITE_AHEAD
  const hadLog = sizeOf(`${path}-wal`) !== undefined
  try {
    const connection = openConnection(path, { readonly: true })
    try {
      return use(connection)
    } finally {
      connection.close()
    }
  } catch (error) {
    throw corruptionError(error, path)
  } finally {
    if (isWriteAhead && !hadLog) removeEmptyLog(path)
  }
}

/** Whether there is no file, or an empty one. A pipe or a device has no size, and counts as present. */
export function isMissingOrEmpty(path: string): boolean {
  const found = statSync(path, { throwIfNoEntry: false })
  return !found || (found.isFile() && found.size === 0)
}

function readHeader(path: string): Buffer {
  const found = statSync(path, { throwIfNoEntry: false })
  if (!found) throw new AppError('NO_DATABASE', `There is no file ${path}.`)
  // Opening a pipe would wait for its writer, and opening a device can have any effect.
  if (!found.isFile()) throw notADatabase(path)
  const header = Buffer.alloc(100)
  const file = openSync(path, 'r')
  try {
    const length = readSync(file, header, 0, header.length, 0)
    if (length === header.length && header.subarray(0, MAGIC.length).equals(MAGIC)) return header
  } finally {
    closeSync(file)
  }
  throw notADatabase(path)
}

function notADatabase(path: string): AppError {
  return new AppError('NOT_A_DATABASE', `${path} is not a SQLite database. Name another file.`)
}

/**
 * A read-only connection leaves an empty log behind. A writable connection that closes last removes it without touching
 * the database; SQLite makes sure that no other connection is open. Where the file cannot be written to, the log stays.
 */
function removeEmptyLog(path: string): void {
  if (sizeOf(`${path}-wal`) !== 0) return
  try {
    const connection = new Database(path, { fileMustExist: true, timeout: 0 })
    try {
      connection.pragma('schema_version')
    } finally {
      connection.close()
    }
  } catch (error) {
    if (sqliteCode(error) === '') throw error
  }
}

function sizeOf(path: string): number | undefined {
  return statSync(path, { throwIfNoEntry: false })?.size
}
