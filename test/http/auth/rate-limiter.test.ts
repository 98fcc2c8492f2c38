import fc from 'fast-check'
import { RateLimiter, rateLimitHeaders } from '../../../src/http/auth/rate-limiter.ts'

const MINUTE_MS = 60_000

class Clock {
  ms = 0
  limiter(perMinute: number): RateLimiter {
    return new RateLimiter({ perMinute, now: () => this.ms })
  }
}

test('a burst of the whole limit is allowed, and the next request is not', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 10_000 }), perMinute => {
      const limiter = new Clock().limiter(perMinute)
      const remaining = Array.from({ length: perMinute }, () => limiter.count('a')!)
      expect(remaining.every(({ isExceeded }, i) => !isExceeded && remaining[i]!.remaining === perMinute - 1 - i)).toBe(
        true,
      )
      expect(limiter.count('a')).toMatchObject({ isExceeded: true, remaining: 0, resetSeconds: 60 })
    }),
    { numRuns: 50 },
  )
})

test('any period has at most a burst and what has been regained since', () => {
  const gaps = fc.array(fc.integer({ min: 0, max: 20_000 }), { minLength: 1, maxLength: 100 })
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 30 }), gaps, (perMinute, gapsMs) => {
      const clock = new Clock()
      const limiter = clock.limiter(perMinute)
      const takenAt: number[] = []
      for (const gap of gapsMs) {
        clock.ms += gap
        if (!limiter.count('a')!.isExceeded) takenAt.push(clock.ms)
      }
      for (const [i, from] of takenAt.entries()) {
        for (const [j, to] of takenAt.entries()) {
          const allowed = perMinute + ((to - from) * perMinute) / MINUTE_MS
          if (j >= i) expect(j - i + 1).toBeLessThanOrEqual(allowed + 1e-6)
        }
      }
    }),
    { numRuns: 100 },
  )
})

test('retryAfterSeconds is enough, and rejected requests do not count', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 1_000 }), perMinute => {
      const clock = new Clock()
      const limiter = clock.limiter(perMinute)
      for (let i = 0; i < perMinute; i++) limiter.count('a')
      const { retryAfterSeconds } = Array.from({ length: 10 }, () => limiter.count('a')!).at(-1)!
      clock.ms += retryAfterSeconds * 1000
      expect(limiter.count('a')!.isExceeded).toBe(false)
      clock.ms += MINUTE_MS
      expect(limiter.count('a')!.remaining).toBe(perMinute - 1)
    }),
    { numRuns: 100 },
  )
})

test('clients are counted separately, and ten thousand are remembered', () => {
  const limiter = new Clock().limiter(1)
  expect(limiter.count('a')!.isExceeded).toBe(false)
  expect(limiter.count('a')!.isExceeded).toBe(true)
  expect(limiter.count('b')!.isExceeded).toBe(false)
  for (let i = 0; i < 10_000; i++) limiter.count(String(i))
  expect(limiter.count('a')!.isExceeded).toBe(false)
})

test('without a limit there is no usage', () => {
  expect(new RateLimiter({ perMinute: Number.POSITIVE_INFINITY }).count('a')).toBeUndefined()
})

test('usage becomes response headers', () => {
  const limiter = new Clock().limiter(2)
  expect(rateLimitHeaders(limiter.count('a')!)).toEqual({
    'ratelimit-limit': '2',
    'ratelimit-remaining': '1',
    'ratelimit-reset': '30',
  })
  limiter.count('a')
  expect(rateLimitHeaders(limiter.count('a')!)).toMatchObject({ 'ratelimit-reset': '60', 'retry-after': '30' })
})
