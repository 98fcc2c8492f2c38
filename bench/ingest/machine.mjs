import { execFileSync } from 'node:child_process'
import { availableParallelism, cpus, loadavg, release, totalmem } from 'node:os'
import { driverOf } from './program.mjs'

/** The machine and the versions, in one line; and how busy it was, which is as much as to say how far to trust it. */
export async function machine(program) {
  const gigabytes = Math.round(totalmem() / 2 ** 30)
  const cpu = cpus()[0].model.trim()
  return `${cpu}, ${availableParallelism()} cores, ${gigabytes} GB, Linux ${kernel()}, Node ${process.version}, SQLite ${await sqliteVersion(program)}`
}

/** Without what the machine's owner calls their build of it. */
function kernel() {
  return release().split('.', 2).join('.')
}

export function load() {
  return loadavg()[0]
}

async function sqliteVersion(program) {
  const Database = await driverOf(program)
  const connection = new Database(':memory:')
  try {
    return connection.prepare('SELECT sqlite_version()').pluck().get()
  } finally {
    connection.close()
  }
}

/** The first line that a peer tells of its version, or undefined where it is not installed. */
export function versionOf(command, args) {
  try {
    return execFileSync(command, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] })
      .trim()
      .split('\n')[0]
  } catch {
    return undefined
  }
}
