import type { Server } from 'node:net'
import { Counter, Gauge, type Registry } from 'prom-client'

/** How many connections there are, and how many there was no room for. */
export class ConnectionMetrics {
  readonly #registry: Registry
  readonly #dropped: Counter

  constructor(register: Registry) {
    this.#registry = register
    this.#dropped = new Counter({
      name: 'account_growth_http_connections_dropped_total',
      help: 'Connections that were closed unanswered because HTTP_MAX_CONNECTIONS were open',
      registers: [register],
    })
  }

  dropped(): void {
    this.#dropped.inc()
  }

  /** Has the server asked for its connections whenever the metrics are. */
  follow(server: Server): void {
    new Gauge({
      name: 'account_growth_http_connections',
      help: 'Connections that are open, WebSockets among them',
      registers: [this.#registry],
      async collect() {
        this.set(await connectionsOf(server))
      },
    })
  }
}

function connectionsOf(server: Server): Promise<number> {
  return new Promise((resolve, reject) => {
    server.getConnections((error, count) => (error ? reject(error) : resolve(count)))
  })
}
