import { LAST_DAY } from './calendar.ts'
import type { Dice } from './dice.ts'

/** The logarithm (base 10) of an account's followers on a day, relative to what it is on the last day. */
export type Curve = (day: number) => number

const MONTH = 30.44

/** From 0 to 1, steepest at 0. Algebraic, because engines differ in the last bits of Math.exp. */
const rise = (x: number): number => 0.5 + (0.5 * x) / Math.sqrt(1 + x * x)

/** A year's up and down between -1 and 1, drawn with two parabolas. */
function season(years: number): number {
  const phase = years - Math.floor(years)
  return phase < 0.5 ? 16 * phase * (0.5 - phase) : -16 * (phase - 0.5) * (1 - phase)
}

const endingAtZero = (curve: Curve): Curve => {
  const end = curve(LAST_DAY)
  return day => curve(day) - end
}

function steady(dice: Dice, low: number, high: number): Curve {
  const perMonth = dice.between(low, high)
  const swing = dice.between(0, 0.012)
  const phase = dice.between(0, 1)
  return endingAtZero(day => (perMonth * day) / MONTH + swing * season(day / 365.25 + phase))
}

/** Discovered, then known to everybody who will ever care: the usual S. */
function discovery(dice: Dice, earliest = -100, latest = 950, slowest = 120): Curve {
  const height = dice.between(0.4, 2.2)
  const middle = dice.between(earliest, latest)
  const width = dice.between(25, slowest)
  return endingAtZero(day => height * rise((day - middle) / width))
}

/** One clip goes round the world; a part of those who came leave again. */
function viral(dice: Dice): Curve {
  const height = dice.between(0.2, 1.1)
  const moment = dice.between(30, LAST_DAY)
  const before = steady(dice, 0, 0.008)
  const left = dice.between(0.1, 0.35)
  return endingAtZero(day => {
    const came = rise((day - moment) / 4)
    const gone = left * rise((day - moment - 120) / 50)
    return before(day) + height * (came - gone)
  })
}

export function drawCurve(dice: Dice, size: number): Curve {
  if (size > 10) return steady(dice, 0, 0.008)
  const draw = dice.pick<(dice: Dice) => Curve>([
    [40, dice => steady(dice, 0.001, 0.018)],
    [6, dice => steady(dice, 0.018, 0.065)],
    [26, dice => discovery(dice)],
    [12, dice => steady(dice, -0.001, 0.001)],
    [11, dice => steady(dice, -0.025, -0.002)],
    [7, viral],
  ])
  return draw(dice)
}

/** Who appears in the last three months is being discovered now. */
export const drawYoungCurve = (dice: Dice): Curve => discovery(dice, LAST_DAY - 120, LAST_DAY + 20, 60)
