import { realpathSync, statSync } from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import { LOCK_NAMES } from './lock.ts'

/** What SQLite keeps beside a database, and what this program does. */
const SUFFIXES = ['', '-wal', '-shm', '-journal', ...LOCK_NAMES.map(name => `.${name}-lock`)]

/**
 * Whether a path leads to a database or to one of the files that go with it, by whatever name, whether they are there
 * yet or not. Opens nothing: closing a file gives up all the locks that a process has on it, SQLite's too.
 */
export function isOwnFile(databasePath: string, path: string): boolean {
  const database = realName(databasePath)
  const own = SUFFIXES.map(suffix => database + suffix)
  return own.includes(realName(path)) || own.some(file => isSameFile(file, path))
}

/** Whether two names are of one file that is there. */
export function isSameFile(one: string, other: string): boolean {
  const [a, b] = [one, other].map(path => tried(() => statSync(path, { bigint: true })))
  return a !== undefined && a.ino === b?.ino && a.dev === b.dev
}

/** The path without links, of a file that may not be there. */
function realName(path: string): string {
  const folder = tried(() => realpathSync(dirname(path))) ?? resolve(dirname(path))
  return tried(() => realpathSync(path)) ?? join(folder, basename(path))
}

function tried<Found>(look: () => Found): Found | undefined {
  try {
    return look()
  } catch {
    return undefined
  }
}
