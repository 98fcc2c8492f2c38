import { closeSync, fsyncSync, openSync, readlinkSync, realpathSync, statSync } from 'node:fs'
import { basename, dirname, isAbsolute, join, resolve } from 'node:path'

/** `write` is held by what writes, `server` by the one server of a database, `snapshot` by the one copy at a time. */
export const LOCK_NAMES = ['write', 'server', 'snapshot'] as const
export type LockName = (typeof LOCK_NAMES)[number]

/** Of the files that SQLite and this program keep beside a database. */
const SUFFIXES = ['', '-wal', '-shm', '-journal', ...LOCK_NAMES.map(name => `.${name}-lock`)]

/**
 * Whether a path leads to a database or to a file that belongs to it, by any name, whether it exists or not. Opens no
 * file, because closing a file releases all locks that the process has on it, including SQLite's.
 */
export function isDatabaseFile(databasePath: string, path: string): boolean {
  const database = resolveLinks(databasePath)
  const files = SUFFIXES.map(suffix => database + suffix)
  return files.includes(resolveLinks(path)) || files.some(file => isSameFile(file, path))
}

/** Whether two names refer to one existing file. */
export function isSameFile(one: string, other: string): boolean {
  const [a, b] = [one, other].map(path => orUndefined(() => statSync(path, { bigint: true })))
  return a !== undefined && a.ino === b?.ino && a.dev === b.dev
}

/** The number of links that operating systems follow. */
const MAX_LINKS = 40

/** The name of the file that a path leads to through symbolic links, whether it exists or not. */
export function resolveLinks(path: string): string {
  let name = path
  for (let link = 0; link < MAX_LINKS; link++) {
    const real = orUndefined(() => realpathSync.native(name))
    if (real !== undefined) return real
    const folder = orUndefined(() => realpathSync.native(dirname(name))) ?? resolve(dirname(name))
    name = join(folder, basename(name))
    const target = orUndefined(() => readlinkSync(name))
    if (target === undefined) return name
    // Not joined: a folder on the way may be a link, and ".." after it is not the folder that holds the link.
    name = isAbsolute(target) ? target : `${folder}/${target}`
  }
  return name
}

function orUndefined<Result>(read: () => Result): Result | undefined {
  try {
    return read()
  } catch {
    return undefined
  }
}

/** Flushes the names in a folder to disk, on systems that can. */
export function syncFolder(path: string): void {
  if (process.platform === 'win32') return
  const folder = openSync(path, 'r')
  try {
    fsyncSync(folder)
  } finally {
    closeSync(folder)
  }
}
