import type { Account } from './account.ts'
import { drawWatch } from './attendance.ts'
import { dayOf, laterDrops } from './calendar.ts'
import { type Curve, drawCurve, drawYoungCurve } from './curves.ts'
import { type Dice, diceFor, uuid } from './dice.ts'
import { landmarkAccounts } from './landmarks.ts'
import { tenTo } from './powers.ts'
import { drawSize } from './sizes.ts'
import { drawTags, drawTagsOverTime } from './tags.ts'

const ACCOUNTS = 10_000
const NEWCOMERS = 300
const FOR_EVER = 10_000

/** How far a count is off its curve: people come and go by the hour. */
const NOISE = 0.0012

type Draw = (dice: Dice, size: number) => Curve

function drawAccount(dice: Dice, from: number, until: number, draw: Draw): Account {
  const size = drawSize(dice)
  const curve = draw(dice, size)
  return {
    id: uuid(dice),
    watch: drawWatch(dice, curve),
    from,
    until,
    countOn: (day, noise) => tenTo(size + curve(day)) * noise.between(1 - NOISE, 1 + NOISE),
    tagsOn: dice.chance(0.03) ? drawTagsOverTime(dice) : constant(drawTags(dice)),
  }
}

const constant = (tags: string) => () => tags

/** Three in four are there from the first drop on; one in thirty-three is closed before the last three months. */
function drawSampleAccount(dice: Dice): Account {
  const from = dice.chance(0.75) ? 0 : dice.between(1, 560)
  const closes = dice.chance(0.03)
  return drawAccount(dice, from, closes ? dice.between(620, 732) : FOR_EVER, drawCurve)
}

const drawNewcomer = (dice: Dice): Account =>
  drawAccount(dice, dice.between(dayOf(laterDrops[0]) - 1, dayOf(laterDrops[6])), FOR_EVER, drawYoungCurve)

/** Everybody, in the order of the roster: the column `index` is the place in it. */
export function population(): Account[] {
  const landmarks = landmarkAccounts()
  const dice = diceFor('accounts')
  const known = Array.from({ length: ACCOUNTS - landmarks.length }, () => drawSampleAccount(dice))
  const newcomerDice = diceFor('newcomers')
  const newcomers = Array.from({ length: NEWCOMERS }, () => drawNewcomer(newcomerDice))
  return [...known, ...landmarks, ...newcomers]
}
