import { join } from 'node:path'
import { pathToFileURL } from 'node:url'

/** The checkout that is measured: its code, and its copy of SQLite. Handed to the trials' processes by this variable. */
export const PROGRAM_VARIABLE = 'BENCH_PROGRAM'

/** Imports a module of the program under test, by its path in `dist`. */
export function programModule(path, directory = programDirectory()) {
  return import(pathToFileURL(join(directory, 'dist', path)).href)
}

/** The SQLite driver of the program in `directory`, in the version that it uses on this Node. */
export async function driverOf(directory) {
  const { Database } = await programModule('storage/sqlite/connection/driver.js', directory)
  return Database
}

/** A connection as the loader makes it, but for what is its own. */
export async function loadingConnection(path) {
  const { openConnection } = await programModule('storage/sqlite/connection/connection.js')
  const connection = openConnection(path)
  connection.pragma('foreign_keys = OFF')
  connection.pragma('wal_autocheckpoint = 0')
  return connection
}

/** What the loader does at the end: nobody reads here, so that it is done at once. */
export function truncateLog(connection) {
  const [{ busy }] = connection.pragma('wal_checkpoint(TRUNCATE)')
  if (busy !== 0) throw new Error('somebody reads the database of the trial')
}

function programDirectory() {
  const directory = process.env[PROGRAM_VARIABLE]
  if (!directory) throw new Error(`${PROGRAM_VARIABLE} must name the checkout to measure`)
  return directory
}
