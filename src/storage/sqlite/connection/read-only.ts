import { closeSync, openSync, readSync, statSync } from 'node:fs'
import { AppError } from '../../../domain/errors.ts'
import { type Connection, openConnection } from './connection.ts'
import { Database } from './driver.ts'
import { sqliteCode } from './errors.ts'

const MAGIC = Buffer.from('SQLite format 3\0')
/** Where a header says how its journal is written, and what it says for a write-ahead log. */
const WRITE_VERSION_AT = 18
const WRITE_AHEAD = 2

/**
 * Looks at a database without writing to it: even the journal mode of another program's file is not ours to change. A
 * file that SQLite did not write is not given to SQLite at all. Not for a process that has the database open: it reads
 * the header by itself, and closing a file gives up all the locks that a process has on it.
 *
 * @throws AppError NO_DATABASE, NOT_A_DATABASE, DATABASE_DAMAGED
 */
export function lookingAt<Found>(path: string, look: (connection: Connection) => Found): Found {
  const isWriteAhead = readHeader(path)[WRITE_VERSION_AT] === WRITE_AHEAD
  const hadLog = sizeOf(`${path}-wal`) !== undefined
  try {
    const connection = openConnection(path, { readonly: true })
    try {
      return look(connection)
    } finally {
      connection.close()
    }
  } catch (error) {
    throw asDamage(error, path)
  } finally {
    if (isWriteAhead && !hadLog) removeEmptyLog(path)
  }
}

/** Whether there is nothing yet: no file, or one without a byte in it. A pipe or a device, which has no size, is there. */
export function isAbsent(path: string): boolean {
  const found = statSync(path, { throwIfNoEntry: false })
  return !found || (found.isFile() && found.size === 0)
}

function readHeader(path: string): Buffer {
  const found = statSync(path, { throwIfNoEntry: false })
  if (!found) throw new AppError('NO_DATABASE', `There is no file ${path}.`)
  // To open a pipe waits for who writes to it, and to open a device may do anything.
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
 * A read-only connection leaves an empty log behind. One that may write, and is the last to close, takes it away without
 * touching the file; SQLite sees to it that nobody else is at work. Where that may not be, the log stays.
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

/** SQLite's word that a file is no database, or damaged beyond reading. */
export function asDamage(error: unknown, path: string): unknown {
  const code = sqliteCode(error)
  if (!code.startsWith('SQLITE_CORRUPT') && code !== 'SQLITE_NOTADB') return error
  const message = `${path} is damaged: SQLite cannot read it. Put a copy from before in its place.`
  return new AppError('DATABASE_DAMAGED', message, { cause: error })
}
