import { instantTexts } from './instants.ts'
import type { ExportRow } from './row.ts'

/** Makes what turns a row into a line of JSON: null where nothing is known, categories as a list. */
export function jsonLines(): (row: ExportRow) => string {
  const instant = instantTexts()
  return row => {
    const texts = {
      ...row,
      date: instant(row.date),
      growth_opens_at: instant(row.growth_opens_at),
      growth_from_date: row.growth_from_date === null ? null : instant(row.growth_from_date),
    }
    return `${JSON.stringify(texts)}\n`
  }
}
