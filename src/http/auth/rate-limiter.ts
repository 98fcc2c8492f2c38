import { isIPv4, isIPv6 } from 'node:net'
import { LRUCache } from 'lru-cache'
import type { RateLimitState } from '../../domain/errors.ts'

export interface RateLimiterOptions {
  /** The size of a burst, and the number of requests regained each minute. Infinity for no limit. */
  readonly perMinute: number
  /** A monotonic clock in milliseconds. */
  readonly now?: () => number
}

export interface RateLimitUsage extends RateLimitState {
  readonly isExceeded: boolean
}

const WINDOW_MS = 60_000
/** Bounds memory. Clients that have been silent for longest are forgotten first. */
const MAX_CLIENTS = 10_000
/** The rounding error of a sum of many intervals. */
const ROUNDING_MS = 1e-6

/**
 * Limits the requests of each client with the generic cell rate algorithm. It stores one number a client: the moment at
 * which all its requests will have been paid for. A fixed window would allow twice the limit around its edge.
 */
export class RateLimiter {
  readonly #perMinute: number
  readonly #now: () => number
  readonly #paidAt = new LRUCache<string, number>({ max: MAX_CLIENTS })

  constructor({ perMinute, now = () => performance.now() }: RateLimiterOptions) {
    this.#perMinute = perMinute
    this.#now = now
  }

  /** Counts a request within the limit; one that exceeds it is not counted. Returns undefined without a limit. */
  count(client: string): RateLimitUsage | undefined {
    if (this.#perMinute === Number.POSITIVE_INFINITY) return
    const now = this.#now()
    const before = Math.max(this.#paidAt.get(client) ?? now, now)
    const after = before + WINDOW_MS / this.#perMinute
    const isExceeded = after - now > WINDOW_MS + ROUNDING_MS
    if (!isExceeded) this.#paidAt.set(client, after)
    const used = (isExceeded ? before : after) - now
    return {
      isExceeded,
      limit: this.#perMinute,
      remaining: Math.max(0, Math.floor(((WINDOW_MS - used + ROUNDING_MS) * this.#perMinute) / WINDOW_MS)),
      resetSeconds: Math.ceil((used - ROUNDING_MS) / 1000),
      retryAfterSeconds: isExceeded ? Math.max(1, Math.ceil((after - now - WINDOW_MS - ROUNDING_MS) / 1000)) : 0,
    }
  }
}

/** Returns the response headers of draft-ietf-httpapi-ratelimit-headers, in the widely used form with one header a value. */
export function rateLimitHeaders(state: RateLimitState): Record<string, string> {
  const { limit, remaining, resetSeconds, retryAfterSeconds } = state
  return {
    'ratelimit-limit': String(limit),
    'ratelimit-remaining': String(remaining),
    'ratelimit-reset': String(resetSeconds),
    ...(retryAfterSeconds > 0 && { 'retry-after': String(retryAfterSeconds) }),
  }
}

/** Returns what an address is counted by: an IPv4 address itself, or the /64 network that one IPv6 subscriber owns. */
export function rateLimitKey(address: string): string {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1]
  if (mapped !== undefined) return mapped
  if (isIPv4(address)) return address
  if (!isIPv6(address)) return 'unknown'
  const withoutZone = address.split('%')[0]!
  const [head = '', tail] = new URL(`http://[${withoutZone}]`).hostname.slice(1, -1).split('::')
  const before = head.split(':').filter(group => group !== '')
  const after = tail?.split(':').filter(group => group !== '') ?? []
  const zeros = Array<string>(8 - before.length - after.length).fill('0')
  return `${[...before, ...zeros, ...after].slice(0, 4).join(':')}::/64`
}
