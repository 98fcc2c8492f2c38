import { statfs } from 'node:fs/promises'
import { dirname } from 'node:path'
import { isMigrated, isWritable } from '../storage/sqlite/health.ts'

export interface HealthOptions {
  readonly databasePath: string
  readonly dataDirectory: string
  readonly minFreeDiskBytes: number
}

/** What each check found: `ok`, or a sentence on what is wrong. */
export type Checks = Readonly<Record<'migrations' | 'database' | 'disk' | 'stopping', string>>

const OK = 'ok'
/** Whoever asks often is told what was found a moment ago: looking costs a connection to the database. */
const KEPT_MS = 1_000

/** Looks whether the server can do its work. */
export class Health {
  readonly #options: HealthOptions
  readonly #isStopping: () => boolean
  #found: Promise<Omit<Checks, 'stopping'>> | undefined
  #foundAt = 0

  constructor(options: HealthOptions, isStopping: () => boolean) {
    this.#options = options
    this.#isStopping = isStopping
  }

  async checks(): Promise<Checks> {
    const now = performance.now()
    if (!this.#found || now - this.#foundAt > KEPT_MS) {
      this.#foundAt = now
      this.#found = this.#look()
    }
    return { ...(await this.#found), stopping: this.#isStopping() ? 'The server is stopping.' : OK }
  }

  async #look() {
    const { databasePath } = this.#options
    return {
      migrations: isMigrated(databasePath) ? OK : 'The tables are not those of this version: restart the server.',
      database: isWritable(databasePath)
        ? OK
        : 'The database cannot be written to: check its permissions and its disk.',
      disk: (await this.#isRoomy()) ? OK : 'The disk is nearly full: free some space, or lower MIN_FREE_DISK_MB.',
    }
  }

  async #isRoomy(): Promise<boolean> {
    const { databasePath, dataDirectory, minFreeDiskBytes } = this.#options
    const free = await Promise.all([dirname(databasePath), dataDirectory].map(freeBytes))
    return Math.min(...free) >= minFreeDiskBytes
  }
}

/** What this user may still write on the disk of a folder; Infinity where there is no such folder. */
export async function freeBytes(folder: string): Promise<number> {
  const found = await statfs(folder).catch(() => undefined)
  return found ? found.bavail * found.bsize : Number.POSITIVE_INFINITY
}
