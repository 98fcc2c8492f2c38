import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64'
import { uniformInt } from 'pure-rand/distribution/uniformInt'
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus'

const SEED = 20241126

/** One independent stream of chance. Each purpose has its own, so that a change to one leaves the others alone. */
export interface Dice {
  between(low: number, high: number): number
  whole(low: number, high: number): number
  chance(probability: number): boolean
  /** Picks by weight; the weights need not add up to anything. */
  pick<T>(choices: readonly (readonly [weight: number, choice: T])[]): T
}

const streams = { accounts: 0, newcomers: 1, attendance: 2, noise: 3, dirt: 4 } as const

export function diceFor(purpose: keyof typeof streams): Dice {
  const generator = xoroshiro128plus(SEED)
  for (let jumps = 0; jumps < streams[purpose]; jumps++) generator.jump()
  const unit = () => uniformFloat64(generator)
  return {
    between: (low, high) => low + (high - low) * unit(),
    whole: (low, high) => uniformInt(generator, low, high),
    chance: probability => unit() < probability,
    pick: choices => pickByWeight(choices, unit()),
  }
}

function pickByWeight<T>(choices: readonly (readonly [number, T])[], unit: number): T {
  let left = unit * choices.reduce((sum, [weight]) => sum + weight, 0)
  for (const [weight, choice] of choices) {
    left -= weight
    if (left < 0) return choice
  }
  return choices[choices.length - 1]![1]
}

/** A version 4 UUID, in the canonical spelling. */
export function uuid(dice: Dice): string {
  const hex = (digits: number, low: number, high: number) => dice.whole(low, high).toString(16).padStart(digits, '0')
  const variant = hex(4, 0x8000, 0xbfff)
  return `${hex(8, 0, 0xffffffff)}-${hex(4, 0, 0xffff)}-4${hex(3, 0, 0xfff)}-${variant}-${hex(12, 0, 0xffffffffffff)}`
}
