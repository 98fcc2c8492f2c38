import type { ServerResponse } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import type { FastifyInstance } from 'fastify'
import { graphqlError } from './errors.ts'
import { onGone } from './gone.ts'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Whether this route is answered while the server stops. */
    whileStopping?: boolean
  }
}

/** For the last answers, once the server is being closed. */
const LAST_ANSWERS_MS = 2_000

/**
 * How a server ends: it takes no more requests, then the answers under way go out, then every connection is cut. Who
 * asks nothing is not waited for, nor who has not finished asking: browsers keep connections open, in advance too.
 */
export class Stopping {
  readonly #underWay = new Set<ServerResponse>()
  readonly #begun: (() => void)[] = []
  readonly #idle: (() => void)[] = []
  #isBegun = false

  get isBegun(): boolean {
    return this.#isBegun
  }

  onBegin(listener: () => void): void {
    this.#begun.push(listener)
  }

  /** Has requests refused from now on. */
  begin(): void {
    this.#isBegun = true
    for (const listener of this.#begun.splice(0)) listener()
  }

  /** Resolves when no answer is under way. */
  async idle(): Promise<void> {
    if (this.#underWay.size > 0) await new Promise<void>(resolve => this.#idle.push(resolve))
  }

  guard(app: FastifyInstance): void {
    app.addHook('onRequest', ({ routeOptions }, reply, done) => {
      if (!this.#isBegun) return done()
      reply.header('connection', 'close')
      if (routeOptions.config.whileStopping) return done()
      const message = 'The server is stopping. Try again when it runs again.'
      reply.code(503).header('retry-after', '10').send(graphqlError('SERVER_STOPPING', message))
    })
    app.addHook('preHandler', (_, { raw }, done) => {
      this.#underWay.add(raw)
      onGone(raw, () => {
        this.#underWay.delete(raw)
        if (this.#underWay.size > 0) return
        for (const resolve of this.#idle.splice(0)) resolve()
      })
      done()
    })
    app.addHook('preClose', async () => {
      await Promise.race([this.idle(), sleep(LAST_ANSWERS_MS, undefined, { ref: false })])
    })
  }
}
