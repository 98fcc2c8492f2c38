import { statfs } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { FastifyInstance } from 'fastify'
import { isMigrated, isWritable } from '../../storage/sqlite/health.ts'

export interface HealthOptions {
  readonly databasePath: string
  readonly dataDirectory: string
  readonly minFreeDiskBytes: number
}

/** The result of each check: `ok`, or a sentence that says what is wrong. */
export type Checks = Readonly<Record<'migrations' | 'database' | 'disk' | 'stopping', string>>

const OK = 'ok'
/** Results are reused for this time, because a check opens a connection to the database. */
const MAX_AGE_MS = 1_000

/** Serves /healthz (the process answers) and /readyz (the server can work, or why not). */
export async function healthRoutes(app: FastifyInstance, { health }: { readonly health: Health }): Promise<void> {
  const config = { availableDuringShutdown: true, role: 'public' } as const
  app.get('/healthz', { config }, (_, reply) => reply.header('cache-control', 'no-store').send({ status: 'alive' }))
  app.get('/readyz', { config }, async (_, reply) => {
    const checks = await health.checks()
    const isReady = Object.values(checks).every(result => result === OK)
    reply.code(isReady ? 200 : 503).header('cache-control', 'no-store')
    return { status: isReady ? 'ready' : 'not ready', checks }
  })
}

/** Checks whether the server can work. */
export class Health {
  readonly #options: HealthOptions
  readonly #isStopping: () => boolean
  #results: Promise<Omit<Checks, 'stopping'>> | undefined
  #checkedAt = 0

  constructor(options: HealthOptions, isStopping: () => boolean) {
    this.#options = options
    this.#isStopping = isStopping
  }

  async checks(): Promise<Checks> {
    const now = performance.now()
    if (!this.#results || now - this.#checkedAt > MAX_AGE_MS) {
      this.#checkedAt = now
      this.#results = this.#check()
    }
    return { ...(await this.#results), stopping: this.#isStopping() ? 'The server is shutting down.' : OK }
  }

  async #check() {
    const { databasePath } = this.#options
    return {
      migrations: isMigrated(databasePath)
        ? OK
        : 'The tables of the database have another version than this program: restart the server.',
      database: isWritable(databasePath)
        ? OK
        : 'The server cannot write to the database: check its permissions and its disk.',
      disk: (await this.#hasFreeDisk()) ? OK : 'The disk is nearly full: free some space, or lower MIN_FREE_DISK_MB.',
    }
  }

  async #hasFreeDisk(): Promise<boolean> {
    const { databasePath, dataDirectory, minFreeDiskBytes } = this.#options
    const free = await Promise.all([dirname(databasePath), dataDirectory].map(freeDiskBytes))
    return Math.min(...free) >= minFreeDiskBytes
  }
}

/** Returns the free bytes for this user on the disk of a folder; Infinity if the folder does not exist. */
export async function freeDiskBytes(folder: string): Promise<number> {
  const stats = await statfs(folder).catch(() => undefined)
  return stats ? stats.bavail * stats.bsize : Number.POSITIVE_INFINITY
}
