import { LRUCache } from 'lru-cache'
import type { RateLimitState } from '../../domain/errors.ts'

export interface RateLimiterOptions {
  /** Requests: so many at once, and as many again within each minute. Infinity for no limit. */
  readonly perMinute: number
  /** Milliseconds from any moment, never going back. */
  readonly now?: () => number
}

/** How a caller stands after a request. */
export interface Allowance extends RateLimitState {
  readonly isExceeded: boolean
}

const WINDOW_MS = 60_000
/** Callers beyond these make the ones forgotten that have been silent for longest: memory is bounded, whoever asks. */
const MAX_CALLERS = 10_000
/** Of the sum of many intervals, which are fractions. */
const ROUNDING_MS = 1e-6

/**
 * Limits by the generic cell rate algorithm: of each caller one number is kept, the moment at which all that it has
 * asked will have been allowed for. There is no window at whose edge twice the limit would pass.
 */
export class RateLimiter {
  readonly #perMinute: number
  readonly #now: () => number
  readonly #settledAt = new LRUCache<string, number>({ max: MAX_CALLERS })

  constructor({ perMinute, now = () => performance.now() }: RateLimiterOptions) {
    this.#perMinute = perMinute
    this.#now = now
  }

  /** Counts a request that is taken; one that is refused costs its caller nothing. Undefined without a limit. */
  take(caller: string): Allowance | undefined {
    if (this.#perMinute === Number.POSITIVE_INFINITY) return
    const now = this.#now()
    const before = Math.max(this.#settledAt.get(caller) ?? now, now)
    const after = before + WINDOW_MS / this.#perMinute
    const isExceeded = after - now > WINDOW_MS + ROUNDING_MS
    if (!isExceeded) this.#settledAt.set(caller, after)
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

/** The headers of draft-ietf-httpapi-ratelimit-headers, in the form that clients know. */
export function rateHeaders({
  limit,
  remaining,
  resetSeconds,
  retryAfterSeconds,
}: RateLimitState): Record<string, string> {
  return {
    'ratelimit-limit': String(limit),
    'ratelimit-remaining': String(remaining),
    'ratelimit-reset': String(resetSeconds),
    ...(retryAfterSeconds > 0 && { 'retry-after': String(retryAfterSeconds) }),
  }
}
