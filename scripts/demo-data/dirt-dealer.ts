import type { Dirt } from './dirt.ts'
import { dirtyCounts } from './dirty-counts.ts'
import { dirtyDates } from './dirty-dates.ts'
import { dirtyIds } from './dirty-ids.ts'
import { dirtyTags } from './dirty-tags.ts'
import { resentRows } from './resent-rows.ts'
import type { CleanRow, DemoRow } from './row.ts'

const allDirt: readonly Dirt[] = [...dirtyIds, ...dirtyDates, ...dirtyCounts, ...dirtyTags, ...resentRows]

/** Deals out the ways to be dirty in turn. */
export function dirtDealer(): (row: CleanRow) => { dirt: Dirt; row: DemoRow } {
  let turn = 0
  return row => {
    const dirt = allDirt[turn % allDirt.length]!
    const round = Math.floor(turn / allDirt.length)
    const variant = dirt.variants[round % dirt.variants.length]!
    turn++
    return { dirt, row: { ...row, ...variant(row), fate: dirt.fate } }
  }
}
