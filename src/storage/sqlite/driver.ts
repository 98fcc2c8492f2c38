import { createRequire } from 'node:module'
import type BetterSqlite3 from 'better-sqlite3'

/** From this line on Node speaks the version of its native interface that the newer driver is built for. */
const NEWER_SINCE = 22

const line = Number.parseInt(process.versions.node, 10)

/**
 * The driver, of the line that this Node bears. better-sqlite3 12 ends the process on Node 24.19 and above, and on 26,
 * as soon as a statement is collected; 13 cannot be loaded on Node 20. They are alike in all that is used here. To be
 * the only one that loads either: docs/adr/0005.
 */
export const Database: typeof BetterSqlite3 = createRequire(import.meta.url)(
  line >= NEWER_SINCE ? 'better-sqlite3-napi' : 'better-sqlite3',
)
