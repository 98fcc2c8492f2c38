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

/** Stands for the standard output. */
export const STDOUT = '-'

/** The standard output has other names, such as /dev/stdout, and may lead to a file that is not to be replaced. */
export function outputName(path: string): string {
  const [found, stdout] = [tried(() => statSync(path)), tried(() => fstatSync(process.stdout.fd))]
  return found && found.ino === stdout?.ino && found.dev === stdout.dev ? STDOUT : path
}

/** What is there is a way to something that is open already. */
const OF_THE_SYSTEM = /^\/dev(\/fd)?$|^\/proc\/[^/]+\/fd$/
/** Of a name, on the file systems that there are. */
const MOST_NAME_BYTES = 255

/** Where a command is to write what it makes, judged before anything is touched. */
export class OutputPlace {
  readonly path: string
  /** What is no file, such as a pipe, is written to as it is. */
  readonly isFile: boolean
  readonly #what: string
  readonly #mode: number | undefined

  /**
   * @param what it is that is written there, as a message begins: "The export"
   * @throws AppError BAD_USER_INPUT when it is no place for that
   */
  constructor(what: string, path: string, databasePath: string) {
    const found = tried(() => statSync(path))
    const folder = tried(() => realpathSync(dirname(path)))
    this.#what = what
    this.path = path
    this.isFile = !(folder && OF_THE_SYSTEM.test(folder)) && (!found || found.isFile())
    this.#mode = found?.mode
    if (path === '') throw this.refused('it has no name')
    if (Buffer.byteLength(basename(path)) > MOST_NAME_BYTES) throw this.refused('its name is too long')
    if (isDatabaseFile(databasePath, path)) throw this.refused('it is the database itself or a part of it')
    if (found?.isDirectory()) throw this.refused('it is a folder')
    if (!folder) throw this.refused('its folder does not exist')
  }

  refused(why: string): AppError {
    return new AppError(
      'BAD_USER_INPUT',
      `${this.#what} cannot go to ${printable(this.path)}: ${why}. Name another file, or - for the standard output.`,
    )
  }

  /** What is said when the system does not take it; `kept` is where all of it is instead. */
  notWritten(error: unknown, kept?: string): Error {
    return notWritten(this.#what, this.path, error, kept)
  }

  /** A file that is to be the one of this name, or of the name that a link here leads to. */
  newFile(): NewFile {
    return new NewFile(resolveLinks(this.path), this.#mode)
  }
}

/** A file that gets its name when it is whole, with the rights of the one whose place it takes. */
export class NewFile {
  /** Where it is until then: beside its place, and for this user only. */
  readonly path: string
  readonly #folder: string
  readonly #target: string
  readonly #mode: number | undefined

  constructor(target: string, mode: number | undefined) {
    this.#folder = mkdtempSync(join(dirname(target), '.account-growth-'))
    this.path = join(this.#folder, 'part')
    this.#target = target
    this.#mode = mode
  }

  /** It is on the disk before it is there. */
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

  /** Leaves nothing but what was published. */
  dispose(): void {
    rmSync(this.#folder, { recursive: true, force: true })
  }
}

const WORDS: Readonly<Record<string, string>> = {
  ENOSPC: 'the disk is full',
  EDQUOT: 'the disk is full',
  EACCES: 'it may not be written there',
  EPERM: 'it may not be written there',
  EROFS: 'the disk cannot be written to',
  EPIPE: 'nobody reads it any more',
  EBUSY: 'another file system begins there',
  EISDIR: 'a folder has that name by now',
  ENOENT: 'its folder is gone',
}

export function notWritten(what: string, path: string, error: unknown, kept?: string): Error {
  const { code = '', message } = error as NodeJS.ErrnoException
  const where = kept === undefined ? '' : ` All of it is in ${printable(kept)}.`
  return new Error(`${what} could not be written to ${printable(path)}: ${WORDS[code] ?? message}.${where}`, {
    cause: error,
  })
}

function tried<Found>(look: () => Found): Found | undefined {
  try {
    return look()
  } catch {
    return undefined
  }
}
