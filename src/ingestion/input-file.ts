import { createHash } from 'node:crypto'
import { type BigIntStats, constants } from 'node:fs'
import { type FileHandle, lstat, open, realpath } from 'node:fs/promises'
import { AppError } from '../domain/errors.ts'

/** Identifies one state of a file. Every write, rename or replacement changes it. */
export interface FileState {
  readonly device: bigint
  readonly inode: bigint
  readonly size: bigint
  readonly modifiedNs: bigint
  readonly changedNs: bigint
}

/** A file as it was when its bytes were hashed. Plain data, which is sent to the ingestion process. */
export interface HashedFile {
  readonly path: string
  /** The name that the client used, for messages. */
  readonly name: string
  readonly state: FileState
  /** Lower-case hex. */
  readonly sha256: string
}

export interface OpenInputFile {
  readonly handle: FileHandle
  readonly state: FileState
}

const READ_BYTES = 256 * 1024

/**
 * Opens an input file for reading. The checks apply to the open descriptor, so that replacing the file in between has no
 * effect. O_NONBLOCK keeps a FIFO without a writer from blocking the caller.
 *
 * @param path absolute, without symbolic links
 * @param name the name of the file in messages
 * @throws AppError FILE_NOT_FOUND, NOT_A_REGULAR_FILE
 */
export async function openInputFile(path: string, name: string): Promise<OpenInputFile> {
  const flags = constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOFOLLOW
  const handle = await open(path, flags).catch((error: NodeJS.ErrnoException) => {
    throw openError(name, error)
  })
  try {
    const stats = await handle.stat({ bigint: true })
    if (!stats.isFile()) throw notRegularFile(name)
    const real = await realpath(path).catch((error: NodeJS.ErrnoException) => {
      // The file was deleted or moved after it was opened.
      throw openError(name, error)
    })
    if (real !== path) throw notRegularFile(name)
    return { handle, state: stateOf(stats) }
  } catch (error) {
    await handle.close()
    throw error
  }
}

/**
 * Opens, hashes and closes an input file.
 *
 * @param signal stops hashing; the promise is then rejected with the signal's reason
 * @throws AppError FILE_TOO_LARGE, FILE_NOT_FOUND, NOT_A_REGULAR_FILE
 */
export async function hashFile(
  path: string,
  name: string,
  maxBytes = Number.POSITIVE_INFINITY,
  signal?: AbortSignal,
): Promise<HashedFile> {
  const { handle, state } = await openInputFile(path, name)
  try {
    if (state.size > maxBytes) throw tooLarge(name, state.size, maxBytes)
    const sha256 = await hashBytes(handle, signal)
    return { path, name: displayName(name), state, sha256 }
  } finally {
    await handle.close()
  }
}

/**
 * Opens a file that was hashed. A file that has replaced it is not opened: if it belongs to the database, closing it would
 * release all locks of this process on the database.
 *
 * @throws AppError FILE_CHANGED, FILE_NOT_FOUND, NOT_A_REGULAR_FILE
 */
export async function openHashedFile(file: HashedFile): Promise<FileHandle> {
  const found = await lstat(file.path, { bigint: true }).catch(() => undefined)
  if (found?.isFile()) requireState(stateOf(found), file)
  const { handle } = await openInputFile(file.path, file.name)
  try {
    await requireUnchanged(handle, file)
    return handle
  } catch (error) {
    await handle.close()
    throw error
  }
}

/** @throws AppError FILE_CHANGED when the open file has changed since it was hashed */
export async function requireUnchanged(handle: FileHandle, file: HashedFile): Promise<void> {
  requireState(stateOf(await handle.stat({ bigint: true })), file)
}

function requireState(now: FileState, { state }: HashedFile): void {
  const changed = (Object.keys(now) as (keyof FileState)[]).some(key => now[key] !== state[key])
  if (changed) {
    throw new AppError(
      'FILE_CHANGED',
      'The file was changed while it was read. Ingest it again when its writer has finished.',
    )
  }
}

async function hashBytes(handle: FileHandle, signal?: AbortSignal): Promise<string> {
  const hash = createHash('sha256')
  const buffer = Buffer.allocUnsafe(READ_BYTES)
  for (let position = 0; ; ) {
    signal?.throwIfAborted()
    const { bytesRead } = await handle.read(buffer, 0, READ_BYTES, position)
    if (bytesRead === 0) return hash.digest('hex')
    hash.update(buffer.subarray(0, bytesRead))
    position += bytesRead
  }
}

function stateOf(stats: BigIntStats): FileState {
  return {
    device: stats.dev,
    inode: stats.ino,
    size: stats.size,
    modifiedNs: stats.mtimeNs,
    changedNs: stats.ctimeNs,
  }
}

const LONGEST_SHOWN_NAME = 300

/** Returns the file's name for messages, cut if it is long: a client can send a name of any length. */
export function displayName(name: string): string {
  return name.length > LONGEST_SHOWN_NAME ? `${name.slice(0, LONGEST_SHOWN_NAME)}…` : name
}

function tooLarge(name: string, size: bigint, maxBytes: number): AppError {
  const message = `${displayName(name)} has ${size} bytes, where ${maxBytes} are allowed. Split it, or raise INGEST_MAX_FILE_BYTES.`
  return new AppError('FILE_TOO_LARGE', message)
}

function notRegularFile(name: string): AppError {
  return new AppError('NOT_A_REGULAR_FILE', `${displayName(name)} is not a regular file. Name a Parquet file.`)
}

function openError(name: string, error: NodeJS.ErrnoException): unknown {
  switch (error.code) {
    case 'ENOENT':
    case 'ENOTDIR':
      return new AppError('FILE_NOT_FOUND', `There is no file ${displayName(name)}. Check its name and folder.`)
    case 'EISDIR':
    case 'ENXIO':
    case 'ELOOP':
      return notRegularFile(name)
    case 'EACCES':
    case 'EPERM':
      return new AppError(
        'FILE_NOT_FOUND',
        `The file ${displayName(name)} may not be read by this program. Check its permissions.`,
      )
    default:
      return error
  }
}
