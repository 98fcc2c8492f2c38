import type { Account } from './account.ts'
import { attendsSample, laterAttendance } from './attendance.ts'
import { type Drop, dayOf, isoOf, laterDrops, laterDropsAsTheyArrived, sampleDrops } from './calendar.ts'
import { type Dice, diceFor } from './dice.ts'
import { dirtDealer } from './dirt-dealer.ts'
import type { CleanRow, DemoRow } from './row.ts'

/** One row in so many is dirty. */
const DIRTY = 1 / 196

/** Collects the rows of one file, drop by drop. */
function collectRows(accounts: readonly Account[], noise: Dice, dirt: Dice) {
  const rows: DemoRow[] = []
  const deal = dirtDealer()
  const isDirty = (account: Account) => rows.length > 0 && account.watch !== 'always' && dirt.chance(DIRTY)

  const measure = (account: Account, roster: number, at: Drop): CleanRow => {
    const day = dayOf(at)
    const [id, count, date, tags] = [account.id, account.countOn(day, noise), isoOf(at), account.tagsOn(day)]
    return { id, count, date, tags, roster, at, fate: 'inserted' }
  }

  /** The first drop of a file is clean, so that the ordinary spelling of every tag is the one that is seen first. */
  const addDrop = (at: Drop, attends: (account: Account, roster: number) => boolean) => {
    const day = dayOf(at)
    const drop: DemoRow[] = []
    const resent: DemoRow[] = []
    accounts.forEach((account, roster) => {
      if (day < account.from || day >= account.until || !attends(account, roster)) return
      const clean = measure(account, roster, at)
      const dealt = isDirty(account) ? deal(clean) : undefined
      drop.push(dealt && !dealt.dirt.resent ? dealt.row : clean)
      if (dealt?.dirt.resent) resent.push(dealt.row)
    })
    for (const row of [...drop, ...resent]) rows.push(row)
  }
  return { rows, addDrop }
}

/** The rows of both files, from the same dice every time. */
export function demoRows(accounts: readonly Account[]): { sample: DemoRow[]; later: DemoRow[] } {
  const attendance = diceFor('attendance')
  const noise = diceFor('noise')
  const dirt = diceFor('dirt')

  const sample = collectRows(accounts, noise, dirt)
  for (const drop of sampleDrops) sample.addDrop(drop, account => attendsSample(attendance, account.watch))

  const later = collectRows(accounts, noise, dirt)
  const attended = accounts.map(account => laterAttendance(attendance, account.watch))
  for (const number of laterDropsAsTheyArrived) {
    later.addDrop(laterDrops[number]!, (_, roster) => attended[roster]!.has(number))
  }
  return { sample: sample.rows, later: later.rows }
}
