import type { Watch } from './attendance.ts'
import type { Dice } from './dice.ts'

export interface Account {
  id: string
  watch: Watch
  /** First and last day on which it can be measured. */
  from: number
  until: number
  countOn(day: number, noise: Dice): number
  tagsOn(day: number): string
}
