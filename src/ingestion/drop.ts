import { createHash } from 'node:crypto'
import { type BigIntStats, constants } from 'node:fs'
import { type FileHandle, lstat, open, realpath } from 'node:fs/promises'
import { AppError } from '../domain/errors.ts'

/** What tells one state of a file from another. Any write, rename or replacement changes it. */
export interface FileState {
  readonly device: bigint
  readonly inode: bigint
  readonly size: bigint
  readonly modifiedNs: bigint
  readonly changedNs: bigint
}

/** A file as it was when its bytes were hashed. Plain data: it crosses to the ingestion process. */
export interface HashedFile {
  readonly path: string
  /** As the client calls it: what messages name. */
  readonly name: string
  readonly state: FileState
  /** Lower-case hex. */
  readonly sha256: string
}

export interface OpenDrop {
  readonly handle: FileHandle
  readonly state: FileState
}

const READ_BYTES = 256 * 1024

/**
 * Opens a drop for reading. What is checked is the opened descriptor, so that no exchange of the name matters;
 * O_NONBLOCK keeps a FIFO from holding the caller until somebody writes to it.
 *
 * @param path absolute and real: a symbolic link in it is refused
 * @param name what messages call the file
 * @throws AppError FILE_NOT_FOUND, NOT_A_REGULAR_FILE
 */
export async function openDrop(path: string, name: string): Promise<OpenDrop> {
  const flags = constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOFOLLOW
  const handle = await open(path, flags).catch((error: NodeJS.ErrnoException) => {
    throw openRefusal(name, error)
  })
  try {
    const stats = await handle.stat({ bigint: true })
    if (!stats.isFile()) throw notRegular(name)
    const real = await realpath(path).catch((error: NodeJS.ErrnoException) => {
      // It was deleted, or moved, after it had been opened.
      throw openRefusal(name, error)
    })
    if (real !== path) throw notRegular(name)
    return { handle, state: stateOf(stats) }
  } catch (error) {
    await handle.close()
    throw error
  }
}

/**
 * Opens, hashes and closes a file. See `openDrop`.
 *
 * @param signal ends it with the signal's reason
 * @throws AppError FILE_TOO_LARGE, and those of `openDrop`
 */
export async function hashDrop(
  path: string,
  name: string,
  maxBytes = Number.POSITIVE_INFINITY,
  signal?: AbortSignal,
): Promise<HashedFile> {
  const { handle, state } = await openDrop(path, name)
  try {
    if (state.size > maxBytes) throw tooLarge(name, state.size, maxBytes)
    const sha256 = await hashBytes(handle, signal)
    return { path, name: shownName(name), state, sha256 }
  } finally {
    await handle.close()
  }
}

/**
 * Opens a file that was hashed. What has taken its place is not even opened: were it a file of the database's, closing
 * it would give up all the locks that this process has on that.
 *
 * @throws AppError FILE_CHANGED, and those of `openDrop`
 */
export async function openHashed(file: HashedFile): Promise<FileHandle> {
  const found = await lstat(file.path, { bigint: true }).catch(() => undefined)
  if (found?.isFile()) requireState(stateOf(found), file)
  const { handle } = await openDrop(file.path, file.name)
  try {
    await requireUnchanged(handle, file)
    return handle
  } catch (error) {
    await handle.close()
    throw error
  }
}

/** @throws AppError FILE_CHANGED when the open file is not in the state that was hashed */
export async function requireUnchanged(handle: FileHandle, file: HashedFile): Promise<void> {
  requireState(stateOf(await handle.stat({ bigint: true })), file)
}

function requireState(now: FileState, { state }: HashedFile): void {
  const changed = (Object.keys(now) as (keyof FileState)[]).some(key => now[key] !== state[key])
  if (changed) {
    throw new AppError('FILE_CHANGED', 'The file was changed while it was read. Send it again when its writer is done.')
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

/** A file's name in messages: a client may send one of any length. */
export function shownName(name: string): string {
  return name.length > LONGEST_SHOWN_NAME ? `${name.slice(0, LONGEST_SHOWN_NAME)}…` : name
}

function tooLarge(name: string, size: bigint, maxBytes: number): AppError {
  const message = `${shownName(name)} has ${size} bytes, where ${maxBytes} are allowed. Split it, or raise INGEST_MAX_FILE_BYTES.`
  return new AppError('FILE_TOO_LARGE', message)
}

function notRegular(name: string): AppError {
  return new AppError('NOT_A_REGULAR_FILE', `${shownName(name)} is not a regular file. Name a Parquet file.`)
}

function openRefusal(name: string, error: NodeJS.ErrnoException): unknown {
  switch (error.code) {
    case 'ENOENT':
    case 'ENOTDIR':
      return new AppError('FILE_NOT_FOUND', `There is no file ${shownName(name)}. Check its name and folder.`)
    case 'EISDIR':
    case 'ENXIO':
    case 'ELOOP':
      return notRegular(name)
    case 'EACCES':
    case 'EPERM':
      return new AppError(
        'FILE_NOT_FOUND',
        `The file ${shownName(name)} may not be read by this program. Check its permissions.`,
      )
    default:
      return error
  }
}
