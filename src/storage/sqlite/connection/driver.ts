import { createRequire } from 'node:module'
import type BetterSqlite3 from 'better-sqlite3'

/** better-sqlite3 13 is built for the Node-API version that this release line introduced. */
const FIRST_NODE_OF_13 = 22

const nodeMajor = Number.parseInt(process.versions.node, 10)

/**
 * better-sqlite3, in the version that works on this Node: 13, or 12 on Node 20. Only this module loads either of them
 * (docs/adr/0006).
 */
export const Database: typeof BetterSqlite3 = load(
  nodeMajor >= FIRST_NODE_OF_13 ? 'better-sqlite3' : 'better-sqlite3-node20',
)

function load(name: string): typeof BetterSqlite3 {
  try {
    return createRequire(import.meta.url)(name)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'MODULE_NOT_FOUND') throw error
    const message =
      name === 'better-sqlite3'
        ? `${name} is not installed. Run "npm ci".`
        : `${name} is not installed: npm skips it when it cannot be compiled. Install Python, make and a C++ compiler and run "npm ci", or use Node 22 or later.`
    throw new Error(message, { cause: error })
  }
}
