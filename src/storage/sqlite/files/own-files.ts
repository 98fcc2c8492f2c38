import { readlinkSync, realpathSync, statSync } from 'node:fs'
import { basename, dirname, isAbsolute, join, resolve } from 'node:path'

/** `write`: see lock.ts. `server`: there is one server a database. `snapshot`: it is copied once at a time. */
export const LOCK_NAMES = ['write', 'server', 'snapshot'] as const
export type LockName = (typeof LOCK_NAMES)[number]

/** What SQLite keeps beside a database, and what this program does. */
const SUFFIXES = ['', '-wal', '-shm', '-journal', ...LOCK_NAMES.map(name => `.${name}-lock`)]

/**
 * Whether a path leads to a database or to one of the files that go with it, by whatever name, whether they are there
 * yet or not. Opens nothing: closing a file gives up all the locks that a process has on it, SQLite's too.
 */
export function isOwnFile(databasePath: string, path: string): boolean {
  const database = nameBehindLinks(databasePath)
  const own = SUFFIXES.map(suffix => database + suffix)
  return own.includes(nameBehindLinks(path)) || own.some(file => isSameFile(file, path))
}

/** Whether two names are of one file that is there. */
export function isSameFile(one: string, other: string): boolean {
  const [a, b] = [one, other].map(path => tried(() => statSync(path, { bigint: true })))
  return a !== undefined && a.ino === b?.ino && a.dev === b.dev
}

/** As many as systems follow. */
const MOST_LINKS = 40

/** The name of the file that a path leads to through any links, whether it is there yet or not. */
export function nameBehindLinks(path: string): string {
  let name = path
  for (let link = 0; link < MOST_LINKS; link++) {
    const found = tried(() => realpathSync.native(name))
    if (found !== undefined) return found
    const folder = tried(() => realpathSync.native(dirname(name))) ?? resolve(dirname(name))
    name = join(folder, basename(name))
    const target = tried(() => readlinkSync(name))
    if (target === undefined) return name
    // Not joined: a folder on the way may be a link, and "../.." after it is not where the link is.
    name = isAbsolute(target) ? target : `${folder}/${target}`
  }
  return name
}

function tried<Found>(look: () => Found): Found | undefined {
  try {
    return look()
  } catch {
    return undefined
  }
}
