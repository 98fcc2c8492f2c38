import { readFile } from 'node:fs/promises'
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api'
import type { ExportFormat } from '../../../src/domain/exporter.ts'
import type { OracleAccount } from '../../support/oracle/types.ts'

/** A row of an export as its reader sees it; instants in milliseconds. */
export interface Exported {
  readonly account_id: string
  readonly subscriber_count: number
  readonly date: number
  readonly categories: readonly string[]
  readonly growth_window: string
  readonly growth_baseline: string
  readonly growth_opens_at: number
  readonly growth_from_date: number | null
  readonly growth_from_subscriber_count: number | null
  readonly growth_absolute: number | null
  readonly growth_percent: number | null
  readonly growth_unknown_reason: string | null
}

export const TYPES = {
  account_id: 'VARCHAR',
  subscriber_count: 'BIGINT',
  date: 'TIMESTAMP WITH TIME ZONE',
  categories: 'VARCHAR[]',
  growth_window: 'VARCHAR',
  growth_baseline: 'VARCHAR',
  growth_opens_at: 'TIMESTAMP WITH TIME ZONE',
  growth_from_date: 'TIMESTAMP WITH TIME ZONE',
  growth_from_subscriber_count: 'BIGINT',
  growth_absolute: 'BIGINT',
  growth_percent: 'DOUBLE',
  growth_unknown_reason: 'VARCHAR',
} as const

/** What the oracle's account looks like in an export. */
export function exportedOf({ growth, ...account }: OracleAccount): Exported {
  return {
    account_id: account.accountId,
    subscriber_count: account.subscriberCount,
    date: account.measuredAt,
    categories: account.categories,
    growth_window: growth.window,
    growth_baseline: growth.baseline,
    growth_opens_at: growth.opensAt,
    growth_from_date: growth.from?.measuredAt ?? null,
    growth_from_subscriber_count: growth.from?.subscriberCount ?? null,
    growth_absolute: growth.absolute,
    growth_percent: growth.percent,
    growth_unknown_reason: growth.unknownReason,
  }
}

/** The rows of an export, in the order of the file, as DuckDB reads it. */
export async function readExport(path: string, format: ExportFormat): Promise<Exported[]> {
  if (format === 'ndjson') return readLines(path)
  const [source, categories] =
    format === 'parquet'
      ? [`read_parquet('${path}')`, 'categories']
      : [csvSource(path), `coalesce(string_split(categories, ';'), [])`]
  const rows = await ask<{ row: string }>(`
    SELECT to_json(exported)::VARCHAR AS row FROM (
      SELECT * REPLACE (${categories} AS categories, epoch_ms(date) AS date,
        epoch_ms(growth_opens_at) AS growth_opens_at, epoch_ms(growth_from_date) AS growth_from_date)
      FROM ${source}) exported`)
  return rows.map(({ row }) => JSON.parse(row) as Exported)
}

/** Name -> type of the columns, as DuckDB sees them. */
export async function typesOf(path: string): Promise<Record<string, string>> {
  const columns = await ask<{ column_name: string; column_type: string }>(
    `SELECT column_name, column_type FROM (DESCRIBE FROM read_parquet('${path}'))`,
  )
  return Object.fromEntries(columns.map(({ column_name, column_type }) => [column_name, column_type]))
}

function csvSource(path: string): string {
  const columns = Object.entries(TYPES).map(([name, type]) => `${name}: '${type.replace('[]', '')}'`)
  return `read_csv('${path}', header = true, quote = '"', escape = '"', columns = {${columns.join(', ')}})`
}

async function readLines(path: string): Promise<Exported[]> {
  const text = await readFile(path, 'utf8')
  return text
    .split('\n')
    .slice(0, -1)
    .map(line => {
      const row = JSON.parse(line)
      const instant = (value: string | null) => (value === null ? null : Date.parse(value))
      const { date, growth_opens_at, growth_from_date } = row
      return {
        ...row,
        date: instant(date),
        growth_opens_at: instant(growth_opens_at),
        growth_from_date: instant(growth_from_date),
      }
    })
}

let connection: Promise<DuckDBConnection> | undefined

async function ask<Row>(query: string): Promise<Row[]> {
  connection ??= DuckDBInstance.create(':memory:', { threads: '1' }).then(async instance => {
    const opened = await instance.connect()
    await opened.run(`SET TimeZone = 'UTC'`)
    return opened
  })
  return (await (await connection).runAndReadAll(query)).getRowObjects() as Row[]
}
