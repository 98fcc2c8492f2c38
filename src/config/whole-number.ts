import { z } from 'zod'

/** Beyond it counts of bytes and rows would not be exact. */
const MOST = 10 ** 15
/** A timer that is to wait for longer fires at once. */
const LONGEST_MS = 2 ** 31 - 1
/** As bytes it is still exact. */
const MOST_MEGABYTES = 2 ** 30

/** A setting that is a whole number above 0. */
export function aboveZero(most = MOST) {
  return z
    .string()
    .regex(/^0*[1-9]\d*$/, 'must be a whole number above 0')
    .transform(Number)
    .refine(value => value <= most, `must be at most ${most}`)
}

export const wholeNumber = (byDefault: number, most?: number) => aboveZero(most).default(byDefault)
export const megabytes = (byDefault: number) => wholeNumber(byDefault, MOST_MEGABYTES)
export const seconds = (byDefault: number) => wholeNumber(byDefault, Math.floor(LONGEST_MS / 1000))
export const milliseconds = (byDefault: number) => wholeNumber(byDefault, LONGEST_MS)
