import { COLUMNS, type ColumnName, type ExportRow, INSTANT_COLUMNS } from './export-row.ts'

/* CSV and newline-delimited JSON, one line a row. */

/** The line ending of RFC 4180. */
const CSV_LINE_END = '\r\n'

export const CSV_HEADER = COLUMNS.join(',') + CSV_LINE_END

/**
 * Returns a function that formats rows as lines of CSV. Nulls are empty cells, instants RFC 3339 in UTC, and categories are
 * joined with `;`.
 */
export function csvFormatter(): (row: ExportRow) => string {
  const formatInstant = instantFormatter()
  const cell = (name: ColumnName, value: ExportRow[ColumnName]): string => {
    if (value === null) return ''
    if (typeof value === 'number') return INSTANT_COLUMNS.includes(name) ? formatInstant(value) : String(value)
    if (typeof value === 'string') return value
    return quote(value.map(escapeFormula).join(';'))
  }
  return row => COLUMNS.map(name => cell(name, row[name])).join(',') + CSV_LINE_END
}

/** Also quotes cells with `;`, which some spreadsheets take for a delimiter. */
function quote(cell: string): string {
  return /[",;\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell
}

/** A spreadsheet runs a cell that begins with one of these as a formula. */
export const FORMULA_SIGNS = '=+-@＝＋－＠'
const FORMULA_STARTS: readonly (string | undefined)[] = [...FORMULA_SIGNS, '\t', '\r', '\n']

/** Escapes every category and not only the cell, because some spreadsheets split cells at `;`. */
function escapeFormula(category: string): string {
  return FORMULA_STARTS.includes(category[0]) ? `'${category}` : category
}

/** Returns a function that formats rows as lines of JSON, with categories as an array and instants as RFC 3339 in UTC. */
export function jsonFormatter(): (row: ExportRow) => string {
  const formatInstant = instantFormatter()
  return row => {
    const formatted = {
      ...row,
      date: formatInstant(row.date),
      growth_opens_at: formatInstant(row.growth_opens_at),
      growth_from_date: row.growth_from_date === null ? null : formatInstant(row.growth_from_date),
    }
    return `${JSON.stringify(formatted)}\n`
  }
}

/** Bounds the memory of an export in which nearly every account has an instant of its own. */
const MAX_MEMOISED = 10_000

/** Returns a memoised formatter: an export has few distinct instants, each many times. */
function instantFormatter(): (instant: number) => string {
  const memo = new Map<number, string>()
  return instant => {
    const known = memo.get(instant)
    if (known !== undefined) return known
    const text = new Date(instant).toISOString()
    if (memo.size === MAX_MEMOISED) memo.clear()
    memo.set(instant, text)
    return text
  }
}
