import type { Caller } from '../../domain/access.ts'
import { AppError, hasCode, type RateLimitState } from '../../domain/errors.ts'
import { RateLimiter, rateLimitKey } from './rate-limiter.ts'
import { type AccessRules, TokenVerifier } from './tokens.ts'

export interface AuthenticatorOptions extends AccessRules {
  readonly requestsPerMinute: number
  readonly authFailuresPerMinute: number
  /** Called with the client's address for each unknown token, at most `authFailuresPerMinute` times a minute. */
  readonly onUnknownToken: (address: string) => void
}

/** Authenticates requests and WebSockets, and applies their rate limits. */
export class Authenticator {
  readonly #tokens: TokenVerifier
  readonly #requests: RateLimiter
  readonly #failures: RateLimiter
  readonly #onUnknownToken: (address: string) => void

  constructor(options: AuthenticatorOptions) {
    this.#tokens = new TokenVerifier(options)
    this.#requests = new RateLimiter({ perMinute: options.requestsPerMinute })
    this.#failures = new RateLimiter({ perMinute: options.authFailuresPerMinute })
    this.#onUnknownToken = options.onUnknownToken
  }

  get anonymous(): Caller {
    return this.#tokens.anonymous
  }

  /**
   * Returns the client that sends `authorization`. A valid token is accepted even when its address has exceeded the
   * limit of failures: it cannot be guessed, and many clients can share an address.
   *
   * @throws AppError UNAUTHENTICATED if the token is unknown
   * @throws AppError RATE_LIMITED if the address has sent too many unknown tokens
   */
  authenticate(authorization: string | undefined, address: string): Caller {
    try {
      return this.#tokens.verify(authorization)
    } catch (error) {
      if (!hasCode(error, 'UNAUTHENTICATED')) throw error
      const usage = this.#failures.count(rateLimitKey(address))
      if (usage?.isExceeded) throw rateLimitError(usage, 'Too many unknown access tokens')
      this.#onUnknownToken(address)
      throw error
    }
  }

  /**
   * Counts a request of a token, or of an address without a token. Returns undefined without a limit.
   *
   * @throws AppError RATE_LIMITED if the request exceeds the limit
   */
  countRequest({ token }: Caller, address: string): RateLimitState | undefined {
    const usage = this.#requests.count(token === null ? `address ${rateLimitKey(address)}` : `token ${token}`)
    if (usage?.isExceeded) throw rateLimitError(usage, 'Too many requests')
    return usage
  }
}

function rateLimitError(rateLimit: RateLimitState, what: string): AppError<'RATE_LIMITED'> {
  const message = `${what}: the limit is ${rateLimit.limit} a minute. Try again in ${rateLimit.retryAfterSeconds} s.`
  return new AppError('RATE_LIMITED', message, { details: { rateLimit } })
}
