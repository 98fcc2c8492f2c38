import { Counter, Gauge, type Registry } from 'prom-client'
import type { ResponseCache } from '../responses/response-cache.ts'

/** How often an answer could be given again, and what is kept for it. */
export function addResponseMetrics(register: Registry, responses: Pick<ResponseCache, 'counts'>): void {
  const registers = [register]
  new Counter({
    name: 'account_growth_response_cache_lookups_total',
    help: 'Requests by whether their answer was kept',
    labelNames: ['result'] as const,
    registers,
    collect() {
      const { hits, misses } = responses.counts
      this.reset()
      this.inc({ result: 'hit' }, hits)
      this.inc({ result: 'miss' }, misses)
    },
  })
  new Gauge({
    name: 'account_growth_response_cache_bytes',
    help: 'Size of the answers that are kept',
    registers,
    collect() {
      this.set(responses.counts.bytes)
    },
  })
}
