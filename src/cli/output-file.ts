import {
  chmodSync,
  closeSync,
  fstatSync,
  fsyncSync,
  mkdtempSync,
  openSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { AppError } from '../domain/errors.ts'
import { isDatabaseFile, resolveLinks, syncFolder } from '../storage/sqlite/files/database-files.ts'
import { printable } from './format.ts'

/** The name of standard output as a target. */
export const STDOUT = '-'

/** Returns `-` for a path such as /dev/stdout: standard output may be a file, which must not be replaced. */
export function normalizeTarget(path: string): string {
  const [found, stdout] = [attempt(() => statSync(path)), attempt(() => fstatSync(process.stdout.fd))]
  return found && found.ino === stdout?.ino && found.dev === stdout.dev ? STDOUT : path
}

/** Directories whose entries are open files. */
const DESCRIPTOR_FOLDER = /^\/dev(\/fd)?$|^\/proc\/[^/]+\/fd$/
/** The limit of common file systems. */
const MAX_NAME_BYTES = 255

/** Where a command writes its output. The constructor validates the path without touching the file. */
export class OutputTarget {
  readonly path: string
  /** False for a pipe or device, which is written to directly. */
  readonly isFile: boolean
  readonly #content: string
  readonly #mode: number | undefined

  /**
   * @param content what is written, as the subject of a message: "The export"
   * @throws AppError BAD_USER_INPUT when the path cannot be a target
   */
  constructor(content: string, path: string, databasePath: string) {
    const found = attempt(() => statSync(path))
    const folder = attempt(() => realpathSync(dirname(path)))
    this.#content = content
    this.path = path
    this.isFile = !(folder && DESCRIPTOR_FOLDER.test(folder)) && (!found || found.isFile())
    this.#mode = found?.mode
    if (path === '') throw this.invalid('the name is empty')
    if (Buffer.byteLength(basename(path)) > MAX_NAME_BYTES) throw this.invalid('the name is too long')
    if (isDatabaseFile(databasePath, path)) throw this.invalid('it is a file of the database')
    if (found?.isDirectory()) throw this.invalid('it is a directory')
    if (!folder) throw this.invalid('its directory does not exist')
  }

  invalid(reason: string): AppError {
    return new AppError(
      'BAD_USER_INPUT',
      `${this.#content} cannot be written to ${printable(this.path)}: ${reason}. Name another file, or - for standard output.`,
    )
  }

  /**
   * An error for a failed write.
   *
   * @param rescued path of a complete copy, if there is one
   */
  writeError(error: unknown, rescued?: string): Error {
    return writeError(this.#content, this.path, error, rescued)
  }

  /** A temporary file that replaces the target, or the file that the target links to. */
  newFile(): AtomicFile {
    return new AtomicFile(resolveLinks(this.path), this.#mode)
  }
}

/**
 * A file that replaces the target only when it is complete and on disk. write-file-atomic does not fit: it writes content
 * from memory, but exports are written by another process and rejected rows arrive over minutes.
 */
export class AtomicFile {
  /** Where to write: a file next to the target that only this user can read. */
  readonly path: string
  readonly #folder: string
  readonly #target: string
  readonly #mode: number | undefined

  /** @param mode permissions of the file that is replaced */
  constructor(target: string, mode: number | undefined) {
    this.#folder = mkdtempSync(join(dirname(target), '.account-growth-'))
    this.path = join(this.#folder, 'part')
    this.#target = target
    this.#mode = mode
  }

  /** Flushes the file to disk, then renames it to the target. */
  publish(): void {
    const file = openSync(this.path, 'r+')
    try {
      fsyncSync(file)
    } finally {
      closeSync(file)
    }
    if (this.#mode !== undefined) chmodSync(this.path, this.#mode & 0o777)
    renameSync(this.path, this.#target)
    syncFolder(dirname(this.#target))
  }

  /** Removes what was not published. */
  dispose(): void {
    rmSync(this.#folder, { recursive: true, force: true })
  }
}

const REASONS: Readonly<Record<string, string>> = {
  ENOSPC: 'the disk is full',
  EDQUOT: 'the disk quota is exceeded',
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  EROFS: 'the file system is read-only',
  EPIPE: 'the reader closed the pipe',
  EBUSY: 'it is a mount point',
  EISDIR: 'it is a directory',
  ENOENT: 'its directory does not exist',
}

export function writeError(content: string, path: string, error: unknown, rescued?: string): Error {
  const { code = '', message } = error as NodeJS.ErrnoException
  const where = rescued === undefined ? '' : ` A complete copy is in ${printable(rescued)}.`
  return new Error(`${content} could not be written to ${printable(path)}: ${REASONS[code] ?? message}.${where}`, {
    cause: error,
  })
}

function attempt<Found>(look: () => Found): Found | undefined {
  try {
    return look()
  } catch {
    return undefined
  }
}
