import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { DATABASE_ERROR_CODES } from '../../src/domain/errors.ts'
import { RULES } from '../../src/storage/sqlite/check/rules.ts'
import type { Connection } from '../../src/storage/sqlite/connection/connection.ts'
import { Database } from '../../src/storage/sqlite/connection/driver.ts'
import { provideDemoData } from '../support/demo-data.ts'
import { usePrograms } from '../support/program/programs.ts'

const programs = usePrograms()
const PAGE = readFileSync(new URL('../../docs/database.md', import.meta.url), 'utf8')

/** Each query with the answer that is printed below it. */
const QUERIES = [...PAGE.matchAll(/^```sql\n([\s\S]*?)^```\n\n```csv\n([\s\S]*?)^```$/gm)].map(([, sql, csv]) => ({
  sql: sql!,
  csv: csv!,
}))

let database: Connection

beforeAll(async () => {
  const cwd = await programs.folder()
  await provideDemoData(join(cwd, 'data'))
  await programs.run(['ingest', 'data/sample_accounts.parquet'], { cwd })
  database = new Database(join(cwd, 'data/accounts.db'), { readonly: true })
})
afterAll(() => database.close())

test('every query has its answer', () => {
  expect(QUERIES).toHaveLength(PAGE.match(/^```sql$/gm)!.length)
})

test.each(QUERIES)('$sql', ({ sql, csv }) => {
  const statement = database.prepare(sql).raw()
  const rows = [statement.columns().map(({ name }) => name), ...(statement.all() as unknown[][])]
  expect(rows.map(row => `${row.map(cell).join()}\n`).join('')).toBe(csv)
})

test('the columns of the views are those that the page names', () => {
  const columnsOf = (view: string) =>
    database
      .prepare(`SELECT * FROM ${view}`)
      .columns()
      .map(({ name }) => name)
  const windows = ['week', 'month', 'quarter', 'year'].map(window => `${window}_growth_percent`)
  const growth = [...windows, ...windows.map(name => `${name}_at_window_start`)]
  expect(columnsOf('accounts')).toEqual(['account_id', 'categories', 'subscriber_count', 'measured_at', ...growth])
  const named = /^`measurements` has (.*)\.$/m.exec(PAGE)![1]!.match(/\w+(?=`)/g)
  expect(columnsOf('measurements')).toEqual(named)
})

/** The first two cells of each row of the table with these words at its head. */
function tableOf(head: string): [string, string][] {
  const lines = PAGE.slice(PAGE.indexOf(head)).split('\n')
  const end = lines.findIndex(line => !line.startsWith('|'))
  return lines.slice(2, end).map(line =>
    line
      .split('|')
      .slice(1, 3)
      .map(text => text.trim()),
  ) as [string, string][]
}

test('every finding of a check is listed in its words, with what mends it', () => {
  const documented = Object.entries(RULES).map(([name, { says }]) => [`\`${name}\``, says])
  expect(tableOf('| finding')).toEqual(documented)
  for (const [name, { kind }] of Object.entries(RULES)) {
    expect(PAGE).toMatch(new RegExp(`\\| \`${name}\` .*\\| ${kind === 'derived' ? '`--repair`' : 'a copy'} +\\|`))
  }
})

test('every code is listed', () => {
  expect(tableOf('| code').map(([code]) => code)).toEqual(DATABASE_ERROR_CODES.map(code => `\`${code}\``))
})

function cell(value: unknown): string {
  const text = String(value)
  return /[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}
