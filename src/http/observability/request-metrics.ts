import { Counter, Histogram, type Registry } from 'prom-client'
import type { FinishedOperation } from './operations.ts'

/** In seconds, from a cached response to a request that waits for a file. */
const BUCKETS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10, 60]

/** Counts and times HTTP requests and GraphQL operations. */
export class RequestMetrics {
  readonly #labels = new OperationLabels()
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
      help: 'Time from the headers of a request to the end of its response',
      labelNames: ['route'],
      buckets: BUCKETS,
      registers,
    })
    this.#operations = new Counter({
      name: 'account_growth_graphql_operations_total',
      help: 'GraphQL operations that were answered, by the name that the client gave; status is ok or the first error code',
      labelNames: ['operation', 'type', 'status'],
      registers,
    })
    this.#operationSeconds = new Histogram({
      name: 'account_growth_graphql_operation_duration_seconds',
      help: 'Time from the parsed request to its response, without the network',
      labelNames: ['operation'],
      buckets: BUCKETS,
      registers,
    })
  }

  onResponse(route: string, method: string, status: number, seconds: number): void {
    this.#requests.inc({ route, method, status })
    this.#requestSeconds.observe({ route }, seconds)
  }

  onOperation({ name, type, status, seconds }: FinishedOperation): void {
    const operation = type === undefined ? INVALID : this.#labels.of(name)
    this.#operations.inc({ operation, type: type ?? INVALID, status })
    this.#operationSeconds.observe({ operation }, seconds)
  }
}

const INVALID = 'invalid'
const ANONYMOUS = 'anonymous'
const OTHER = 'other'
const MAX_NAMES = 100
const MAX_NAME_LENGTH = 100

/** Bounds the time series: clients choose the names of operations, so only the first 100 have a label of their own. */
class OperationLabels {
  readonly #names = new Set<string>()

  of(name: string | undefined): string {
    if (name === undefined) return ANONYMOUS
    if (name.length > MAX_NAME_LENGTH) return OTHER
    if (this.#names.size < MAX_NAMES) this.#names.add(name)
    return this.#names.has(name) ? name : OTHER
  }
}
