import { LAST_DAY } from './calendar.ts'
import type { Curve } from './curves.ts'
import type { Dice } from './dice.ts'

/** How often an account is looked at in the last three months. */
export type Watch = 'always' | 'closely' | 'twice a month' | 'once a month' | 'not lately'

const LOG_OF_TEN_PERCENT = 0.0414

/** Who moves is looked at more often, as those do who pay for every look. */
export function drawWatch(dice: Dice, curve: Curve): Watch {
  const moves = curve(LAST_DAY) - curve(LAST_DAY - 30) > LOG_OF_TEN_PERCENT
  return dice.pick<Watch>([
    [moves ? 32 : 7, 'closely'],
    [moves ? 30 : 10, 'twice a month'],
    [moves ? 36 : 78, 'once a month'],
    [moves ? 2 : 5, 'not lately'],
  ])
}

const beforeTheLastMonth = [0.6, 0.27, 0.55, 0.22, 0.12, 0.97]

const onceInTheLastMonth = [
  [10, [6]],
  [15, [7]],
  [20, [8]],
  [55, [9]],
] as const

const twiceInTheLastMonth = [
  [50, [7, 9]],
  [25, [6, 9]],
  [15, [8, 9]],
  [10, [6, 8]],
] as const

/** The numbers of the later drops in which an account takes part. */
export function laterAttendance(dice: Dice, watch: Watch): ReadonlySet<number> {
  if (watch === 'always') return new Set([0, 1, 2, 3, 4, 5, 6, 7, 8, 9])
  if (watch === 'closely') return new Set([0, 1, 2, 3, 4, 5, 6, 7, 8, 9].filter(() => dice.chance(0.93)))
  const attended = [0, 1, 2, 3, 4, 5].filter(drop => dice.chance(beforeTheLastMonth[drop]!))
  if (watch === 'twice a month') attended.push(...dice.pick<readonly number[]>(twiceInTheLastMonth))
  if (watch === 'once a month') attended.push(...dice.pick<readonly number[]>(onceInTheLastMonth))
  return new Set(attended)
}

/** In the two years before, everybody is in nearly every drop. */
export const attendsSample = (dice: Dice, watch: Watch): boolean => watch === 'always' || dice.chance(0.971)
