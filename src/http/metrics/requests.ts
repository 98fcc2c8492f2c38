import { Counter, Histogram, type Registry } from 'prom-client'
import type { FinishedOperation } from '../operations.ts'
import { INVALID, KnownNames } from './known-names.ts'

const MOST_NAMES = 100
/** Seconds: from an answer out of memory to a file that is waited for. */
const BUCKETS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10, 60]

/** What is asked over HTTP and in GraphQL, and how long the answers take. */
export class RequestMetrics {
  readonly #names = new KnownNames(MOST_NAMES)
  readonly #requests: Counter<'route' | 'method' | 'status'>
  readonly #requestSeconds: Histogram<'route'>
  readonly #operations: Counter<'operation' | 'type' | 'status'>
  readonly #operationSeconds: Histogram<'operation'>

  constructor(register: Registry) {
    const registers = [register]
    this.#requests = new Counter({
      name: 'account_growth_http_requests_total',
      help: 'HTTP requests that were answered',
      labelNames: ['route', 'method', 'status'],
      registers,
    })
    this.#requestSeconds = new Histogram({
      name: 'account_growth_http_request_duration_seconds',
      help: 'From the head of a request to the end of its answer',
      labelNames: ['route'],
      buckets: BUCKETS,
      registers,
    })
    this.#operations = new Counter({
      name: 'account_growth_graphql_operations_total',
      help: 'GraphQL operations that were executed, by the name that the client gave; status is ok or the first error code',
      labelNames: ['operation', 'type', 'status'],
      registers,
    })
    this.#operationSeconds = new Histogram({
      name: 'account_growth_graphql_operation_duration_seconds',
      help: 'From the parsed request to the answer, without the network',
      labelNames: ['operation'],
      buckets: BUCKETS,
      registers,
    })
  }

  answered(route: string, method: string, status: number, seconds: number): void {
    this.#requests.inc({ route, method, status })
    this.#requestSeconds.observe({ route }, seconds)
  }

  executed({ name, type, status, seconds }: FinishedOperation): void {
    const operation = type === undefined ? INVALID : this.#names.of(name)
    this.#operations.inc({ operation, type: type ?? INVALID, status })
    this.#operationSeconds.observe({ operation }, seconds)
  }
}
