import { describe, expect, test } from '@jest/globals'
import type { ExportRow } from '../../src/exports/export-row.ts'
import { CSV_HEADER, csvFormatter } from '../../src/exports/text-formats.ts'

const ROW: ExportRow = {
  account_id: '0f8fad5b-d9cb-469f-a165-70867728950e',
  subscriber_count: 9_007_199_254_740_991,
  date: Date.UTC(2024, 7, 19, 5, 2, 45, 7),
  categories: ['Gaming', 'Podcast'],
  growth_window: 'MONTH',
  growth_baseline: 'FIRST_IN_WINDOW',
  growth_opens_at: Date.UTC(2024, 6, 19, 5, 2, 45, 7),
  growth_from_date: Date.UTC(2024, 7, 1),
  growth_from_subscriber_count: 0,
  growth_absolute: -5,
  growth_percent: 1e-7,
  growth_unknown_reason: null,
}

/** The cell of the categories. */
function categoriesCell(...categories: string[]): string {
  const line = csvFormatter()({ ...ROW, categories })
  return line.slice(line.indexOf('.007Z,') + '.007Z,'.length, line.indexOf(',MONTH'))
}

test('a row is a line of cells in the order of the header', () => {
  expect(CSV_HEADER).toBe(
    'account_id,subscriber_count,date,categories,growth_window,growth_baseline,growth_opens_at,growth_from_date,' +
      'growth_from_subscriber_count,growth_absolute,growth_percent,growth_unknown_reason\r\n',
  )
  expect(csvFormatter()(ROW)).toBe(
    '0f8fad5b-d9cb-469f-a165-70867728950e,9007199254740991,2024-08-19T05:02:45.007Z,"Gaming;Podcast",MONTH,' +
      'FIRST_IN_WINDOW,2024-07-19T05:02:45.007Z,2024-08-01T00:00:00.000Z,0,-5,1e-7,\r\n',
  )
})

test('a null is an empty cell', () => {
  const unknown = { growth_from_date: null, growth_from_subscriber_count: null, growth_absolute: null }
  const line = csvFormatter()({ ...ROW, ...unknown, growth_percent: null, growth_unknown_reason: 'NO_BASELINE' })
  expect(line).toMatch(/07Z,,,,,NO_BASELINE\r\n$/)
})

describe('categories', () => {
  test.each([
    [[], ''],
    [['Gaming'], 'Gaming'],
    [['a', 'b'], '"a;b"'],
    [['a, b'], '"a, b"'],
    [['say "hi"'], '"say ""hi"""'],
  ])('%j are quoted where they must be', (names, cell) => {
    expect(categoriesCell(...names)).toBe(cell)
  })

  test.each(['=1+1', '+1', '-1', '@SUM(A1)', '＝1+1', '＠x'])(
    '%s is escaped so that no spreadsheet runs it as a formula',
    name => {
      expect(categoriesCell(name)).toBe(`'${name}`)
      expect(categoriesCell('a', name)).toBe(`"a;'${name}"`)
    },
  )

  test('are unchanged when they only contain such a sign', () => {
    expect(categoriesCell('a=b-c@d')).toBe('a=b-c@d')
  })
})
