import { instantTexts } from './instants.ts'
import { COLUMNS, type ColumnName, type ExportRow, INSTANT_COLUMNS } from './row.ts'

/** As RFC 4180 has it. */
const LINE_END = '\r\n'

export const CSV_HEADER = COLUMNS.join(',') + LINE_END

/** Makes what turns a row into a line of CSV: empty cells for nulls, categories joined by `;`. */
export function csvLines(): (row: ExportRow) => string {
  const instant = instantTexts()
  const cell = (name: ColumnName, value: ExportRow[ColumnName]): string => {
    if (value === null) return ''
    if (typeof value === 'number') return INSTANT_COLUMNS.includes(name) ? instant(value) : String(value)
    if (typeof value === 'string') return value
    return quoted(value.map(harmless).join(';'))
  }
  return row => COLUMNS.map(name => cell(name, row[name])).join(',') + LINE_END
}

function quoted(text: string): string {
  return /[",;\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}

/**
 * A spreadsheet takes a cell that begins like this for a formula and runs it. Names of categories come from whoever
 * writes drops, so they get an apostrophe in front; each does, since some spreadsheets split cells at `;`.
 */
export const FORMULA_SIGNS = '=+-@＝＋－＠'
const FORMULA_STARTS: readonly (string | undefined)[] = [...FORMULA_SIGNS, '\t', '\r', '\n']

function harmless(name: string): string {
  return FORMULA_STARTS.includes(name[0]) ? `'${name}` : name
}
