import type { Dice } from './dice.ts'

/** Share of accounts -> logarithm (base 10) of the newest count: from a handful to more than there are people. */
const sizes = [
  [0, 0.8],
  [0.012, 3],
  [0.05, 3.6],
  [0.1, 4.1],
  [0.25, 5.1],
  [0.5, 6.4],
  [0.75, 7.7],
  [0.9, 8.6],
  [0.95, 9.1],
  [0.99, 9.8],
  [0.999, 11],
  [1, 12.5],
] as const

/** Draws the logarithm of an account's newest count. */
export function drawSize(dice: Dice): number {
  const share = dice.between(0, 1)
  const upper = sizes.findIndex(([limit]) => limit > share)
  const [lowShare, low] = sizes[upper - 1]!
  const [highShare, high] = sizes[upper]!
  return low + ((high - low) * (share - lowShare)) / (highShare - lowShare)
}
