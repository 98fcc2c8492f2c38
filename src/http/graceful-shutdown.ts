import type { ServerResponse } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import type { FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'
import { AppError } from '../domain/errors.ts'
import { onResponseEnd } from './client-disconnect.ts'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Whether the route answers during shutdown. Default: false. */
    availableDuringShutdown?: boolean
  }
}

/** How long a closing server waits for its last responses. */
const LAST_RESPONSES_MS = 2_000
const RETRY_AFTER_SECONDS = '10'

/**
 * Shuts the server down gracefully: it rejects new requests with SERVER_STOPPING, waits for pending responses, then
 * closes every connection. It does not wait for idle connections or for requests whose body is incomplete.
 */
export class GracefulShutdown {
  readonly #pending = new Set<ServerResponse>()
  readonly #onStart: (() => void)[] = []
  readonly #onIdle: (() => void)[] = []
  #isStarted = false

  get isStarted(): boolean {
    return this.#isStarted
  }

  /** Calls `listener` once, when the shutdown starts. */
  onStart(listener: () => void): void {
    this.#onStart.push(listener)
  }

  start(): void {
    this.#isStarted = true
    for (const listener of this.#onStart.splice(0)) listener()
  }

  /** Resolves when no response is pending. */
  async pendingResponses(): Promise<void> {
    if (this.#pending.size > 0) await new Promise<void>(resolve => this.#onIdle.push(resolve))
  }

  /** The hooks that reject requests and count pending responses. */
  readonly plugin = fp(async (app: FastifyInstance) => this.#addHooks(app), { name: 'graceful-shutdown' })

  #addHooks(app: FastifyInstance): void {
    app.addHook('onRequest', ({ routeOptions }, reply, done) => {
      if (!this.#isStarted) return done()
      reply.header('connection', 'close')
      if (routeOptions.config.availableDuringShutdown) return done()
      reply.header('retry-after', RETRY_AFTER_SECONDS)
      throw new AppError('SERVER_STOPPING', 'The server is shutting down. Try again when it is running again.')
    })
    app.addHook('preHandler', ({ ws }, { raw }, done) => {
      // WebSockets are closed by the subscriptions plugin.
      if (!ws) this.#track(raw)
      done()
    })
    app.addHook('preClose', async () => {
      await Promise.race([this.pendingResponses(), sleep(LAST_RESPONSES_MS, undefined, { ref: false })])
    })
  }

  #track(response: ServerResponse): void {
    this.#pending.add(response)
    onResponseEnd(response, () => {
      this.#pending.delete(response)
      if (this.#pending.size > 0) return
      for (const resolve of this.#onIdle.splice(0)) resolve()
    })
  }
}
