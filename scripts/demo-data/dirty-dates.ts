import { DAY, isoOf } from './calendar.ts'
import type { Dirt } from './dirt.ts'
import type { CleanRow, DemoRow } from './row.ts'

const MINUTE = 60_000

type Change = Partial<DemoRow>

const dayText = ({ at }: CleanRow): string => isoOf(at).slice(0, 10)

const dateOnly = (row: CleanRow): Change => ({ date: dayText(row), at: Math.floor(row.at / DAY) * DAY })

const withoutSeconds = (row: CleanRow): Change => ({
  date: row.date.slice(0, 16),
  at: Math.floor(row.at / MINUTE) * MINUTE,
})

/** A part of the second before the drop, so that no row is newer than the newest drop. */
const fraction =
  (digits: string) =>
  (row: CleanRow): Change => ({
    date: `${isoOf(row.at - 1000)}.${digits}`,
    at: row.at - 1000 + Number(`${digits}00`.slice(0, 3)),
  })

/** The same instant as a clock shows it that is so many minutes ahead. */
const offset =
  (minutes: number, text: string) =>
  (row: CleanRow): Change => ({
    date: isoOf(row.at + minutes * MINUTE) + text,
  })

const validForms: readonly Dirt['variants'][] = [
  [dateOnly],
  [row => ({ date: row.date.replace('T', ' ') })],
  [withoutSeconds],
  [fraction('5'), fraction('25'), fraction('125'), fraction('000001'), fraction('123456789')],
  [row => ({ date: `${row.date}Z` })],
  [offset(120, '+02:00'), offset(330, '+05:30'), offset(0, '+00:00'), offset(765, '+12:45')],
  [offset(-480, '-08:00'), offset(-210, '-03:30'), offset(-60, '-01:00')],
  [offset(60, '+0100'), offset(-300, '-0500'), offset(570, '+0930')],
  [row => ({ date: `${row.date.replace('T', ' ')}.000+00:00` }), row => ({ date: `${row.date}.000000Z` })],
]

/** In the right form, but in no calendar. */
const impossible: Dirt['variants'] = [
  row => ({ date: `2023-02-30${row.date.slice(10)}` }),
  row => ({ date: `${row.date.slice(0, 4)}-04-31${row.date.slice(10)}` }),
  () => ({ date: '2023-02-29' }),
  row => ({ date: `${row.date.slice(0, 4)}-13${row.date.slice(7)}` }),
  row => ({ date: `${row.date.slice(0, 7)}-00` }),
  row => ({ date: `${dayText(row)}T25:10:00` }),
  row => ({ date: `${dayText(row)} 10:61` }),
]

const otherForms: Dirt['variants'] = [
  row => ({ date: `${row.date.slice(5, 7)}/${row.date.slice(8, 10)}/${row.date.slice(0, 4)}` }),
  row => ({ date: dayText(row).replaceAll('-', '') }),
  row => ({ date: String(row.at / 1000) }),
  row => ({ date: `${row.date} UTC` }),
  () => ({ date: '' }),
  () => ({ date: 'yesterday' }),
]

export const dirtyDates: readonly Dirt[] = [
  ...validForms.map(variants => ({ fate: 'inserted', variants }) as const),
  { fate: 'INVALID_TIMESTAMP', variants: [() => ({ date: null })] },
  { fate: 'INVALID_TIMESTAMP', variants: impossible },
  { fate: 'INVALID_TIMESTAMP', variants: otherForms },
  {
    fate: 'TIMESTAMP_OUT_OF_RANGE',
    variants: [() => ({ date: '2099-01-01T00:00:00' }), () => ({ date: '2099-12-31' })],
  },
  {
    fate: 'TIMESTAMP_OUT_OF_RANGE',
    variants: [() => ({ date: '1999-12-31T23:59:59' }), () => ({ date: '1970-01-01T00:00:00Z' })],
  },
]
