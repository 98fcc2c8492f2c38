import { createRequire } from 'node:module'
import type BetterSqlite3 from 'better-sqlite3'

/** From this line on Node speaks the version of its native interface that the newer driver is built for. */
const NEWER_SINCE = 22

const line = Number.parseInt(process.versions.node, 10)

/**
 * The driver, of the line that this Node bears. better-sqlite3 12 ends the process on Node 24.19 and above, and on 26,
 * as soon as a statement is collected; 13 cannot be loaded on Node 20. They are alike in all that is used here. To be
 * the only one that loads either: docs/adr/0006.
 */
export const Database: typeof BetterSqlite3 = line >= NEWER_SINCE ? newer() : load('better-sqlite3')

function newer(): typeof BetterSqlite3 {
  try {
    return load('better-sqlite3-napi')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'MODULE_NOT_FOUND') throw error
    const message =
      'better-sqlite3-napi is not installed: npm leaves it out without a word where Python or make is missing. ' +
      'Run "npm ci --ignore-scripts": on this Node nothing has to be compiled.'
    throw new Error(message, { cause: error })
  }
}

function load(name: string): typeof BetterSqlite3 {
  return createRequire(import.meta.url)(name)
}
