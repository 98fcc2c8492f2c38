import { LAST_DAY } from './calendar.ts'
import type { Dice } from './dice.ts'

const combinations = [
  [250, 'Investment'],
  [103, 'Gaming;Investment'],
  [71, 'Gaming'],
  [179, 'Podcast;Investment'],
  [126, 'Podcast'],
  [17, 'Gaming;Education'],
  [56, 'Podcast;Gaming'],
  [48, 'Education;Investment'],
  [24, 'Podcast;Education;Investment'],
  [25, 'Podcast;Education'],
  [44, 'Podcast;Gaming;Investment'],
  [10, 'Podcast;Gaming;Education'],
  [34, 'Education'],
  [13, 'Gaming;Education;Investment'],
] as const

export const drawTags = (dice: Dice): string => dice.pick<string>(combinations)

/** Few accounts turn to something else once in their life. */
export function drawTagsOverTime(dice: Dice): (day: number) => string {
  const change = dice.between(100, LAST_DAY)
  const before = drawTags(dice)
  const after = drawTags(dice)
  return day => (day < change ? before : after)
}
