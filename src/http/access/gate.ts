import type { Caller } from '../../domain/access.ts'
import { AppError, hasCode } from '../../domain/errors.ts'
import { addressKey } from './address.ts'
import { type Allowance, RateLimiter } from './rate-limiter.ts'
import { type AccessRules, Tokens } from './tokens.ts'

export interface GateOptions extends AccessRules {
  readonly requestsPerMinute: number
  readonly authFailuresPerMinute: number
  /** Told the address that a token which is not known came from; not oftener than is allowed to fail. */
  readonly onUnknownToken: (address: string) => void
}

/** Where everyone passes who asks for anything, over HTTP and over WebSockets: who is it, and how often was it here? */
export class Gate {
  readonly #tokens: Tokens
  readonly #requests: RateLimiter
  readonly #failures: RateLimiter
  readonly #onUnknownToken: (address: string) => void

  constructor(options: GateOptions) {
    this.#tokens = new Tokens(options)
    this.#requests = new RateLimiter({ perMinute: options.requestsPerMinute })
    this.#failures = new RateLimiter({ perMinute: options.authFailuresPerMinute })
    this.#onUnknownToken = options.onUnknownToken
  }

  get anyone(): Caller {
    return this.#tokens.anyone
  }

  /**
   * A token that is known is always let in: it cannot be guessed, and an address that many share must not be shut for
   * all of them by one that is wrong.
   *
   * @throws AppError UNAUTHENTICATED for a token that is not known
   * @throws AppError RATE_LIMITED when the address has sent too many such
   */
  identify(authorization: string | undefined, address: string): Caller {
    try {
      return this.#tokens.identify(authorization)
    } catch (error) {
      if (!hasCode(error, 'UNAUTHENTICATED')) throw error
      const allowance = this.#failures.take(addressKey(address))
      if (allowance?.isExceeded) throw rateLimited(allowance, 'Too many wrong access tokens')
      this.#onUnknownToken(address)
      throw error
    }
  }

  /** Counts a request: against its token, or else against its address. Undefined without a limit. */
  count({ token }: Caller, address: string): Allowance | undefined {
    return this.#requests.take(token === null ? `address ${addressKey(address)}` : `token ${token}`)
  }
}

/** What is said of a request that is one too many. */
export function excess(allowance: Allowance | undefined): AppError<'RATE_LIMITED'> | undefined {
  return allowance?.isExceeded ? rateLimited(allowance, 'Too many requests') : undefined
}

function rateLimited(rateLimit: Allowance, what: string): AppError<'RATE_LIMITED'> {
  const message = `${what}: ${rateLimit.limit} a minute are allowed. Try again in ${rateLimit.retryAfterSeconds} s.`
  return new AppError('RATE_LIMITED', message, { details: { rateLimit } })
}
