/** Drops with more accounts than go on a page, and with many equal counts, instants and percentages. */
import fc from 'fast-check'
import { oneWindowBefore } from '../../support/oracle/calendar.ts'
import type { DropRow } from '../../support/oracle/parquet.ts'

const ACCOUNTS = 40

/** Their order is not that of the numbers. */
function idOf(account: number): string {
  const digits = String((account * 17) % ACCOUNTS).padStart(12, '0')
  return `0c0ffee0-0000-4000-8000-${digits}`
}

const NEWEST = Date.UTC(2024, 2, 31, 10, 20, 30)
const OPENS = oneWindowBefore(NEWEST, 'MONTH')

/** From the newest on; what comes after the first decides whether growth is known. */
const INSTANTS = [NEWEST, NEWEST - 1000, NEWEST - 86_400_000, OPENS, OPENS - 1000, OPENS - 86_400_000 * 20]
const COUNTS = [0, 900, 1000, 1001, 1001, 1100, 1200, 1500, 2002, 2002, 4004, 3.38e12]
const CATEGORIES = ['Gaming', 'gaming;Podcast', 'podcast', 'Two words;Gaming', null]

function anyRow(instants: readonly number[]): fc.Arbitrary<DropRow> {
  return fc.record({
    account_id: fc.nat(ACCOUNTS - 1).map(idOf),
    date: fc.constantFrom(...instants).map(instant => new Date(instant).toISOString()),
    subscriber_count: fc.constantFrom(...COUNTS),
    categories: fc.constantFrom(...CATEGORIES),
  })
}

/** A file that everybody is in, then small ones, most of which leave the newest instant where it is. */
export const anyCrowd: fc.Arbitrary<DropRow[][]> = fc
  .tuple(
    fc.array(anyRow(INSTANTS), { minLength: 80, maxLength: 160 }),
    fc.array(
      fc.oneof(
        { weight: 3, arbitrary: anyFew([...INSTANTS.slice(1)]) },
        { weight: 1, arbitrary: anyFew([NEWEST, NEWEST + 86_400_000 * 3]) },
      ),
      { minLength: 1, maxLength: 4 },
    ),
  )
  .map(([first, later]) => [first, ...later])

function anyFew(instants: readonly number[]): fc.Arbitrary<DropRow[]> {
  return fc.array(anyRow(instants), { minLength: 1, maxLength: 12 })
}
