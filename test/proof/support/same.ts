import { isDeepStrictEqual } from 'node:util'

/** `toEqual` takes seconds on ten thousand accounts: it is asked only to describe a difference. */
export function expectSame(actual: unknown, expected: unknown): void {
  if (!isDeepStrictEqual(actual, expected)) expect(actual).toEqual(expected)
}
