/** The product's answers, computed by DuckDB from the Parquet files themselves. Rules: docs/rules.md. */
import { DuckDBInstance, type DuckDBValue } from '@duckdb/node-api'
import type {
  AccountFilter,
  AccountOrder,
  Bounds,
  Category,
  CategoryFilter,
  GrowthFilter,
} from '../../../src/domain/account.ts'
import type { Growth, GrowthCoverage, GrowthKind, GrowthUnknownReason } from '../../../src/domain/growth.ts'
import type { RejectionReason } from '../../../src/domain/ingestion.ts'
import {
  CATEGORIES,
  COVERAGE,
  DATASET,
  derivedTables,
  FILES,
  MACROS,
  RAW_TABLES,
  READ_FILE,
  REJECTIONS,
} from './duckdb-sql.ts'
import type { IngestionFigures, OracleAccount, OracleDataset, RejectionCounts } from './types.ts'

const MONTH_BY_DEFAULT: GrowthKind = { window: 'MONTH', baseline: 'FIRST_IN_WINDOW' }

/** A refused file has more than half of its rows rejected: it counts for nothing. */
export interface FileFigures extends IngestionFigures {
  readonly path: string
  readonly refused: boolean
}

type Row = Record<string, DuckDBValue>

/** Files are taken in the order given, one after another; a path given twice is taken twice. */
export class DuckdbOracle {
  readonly #database: DuckDBInstance
  readonly #query: (sql: string, values?: DuckDBValue[]) => Promise<Row[]>

  private constructor(database: DuckDBInstance, query: (sql: string, values?: DuckDBValue[]) => Promise<Row[]>) {
    this.#database = database
    this.#query = query
  }

  /**
   * Reads the files and applies every rule.
   *
   * @param paths Parquet files whose account_id, date and categories are VARCHAR and whose subscriber_count is numeric
   * @param now the moment of ingestion, in milliseconds
   */
  static async open(paths: readonly string[], { now }: { readonly now: number }): Promise<DuckdbOracle> {
    const database = await DuckDBInstance.create(':memory:')
    const connection = await database.connect()
    const query = async (sql: string, values: DuckDBValue[] = []) =>
      (await connection.runAndReadAll(sql, values)).getRowObjects()
    for (const sql of ["SET TimeZone = 'UTC'", ...MACROS, ...RAW_TABLES]) await query(sql)
    for (const [file, path] of paths.entries()) {
      await query('INSERT INTO drop_file VALUES ($1, $2)', [file, path])
      await query(READ_FILE, [file, path])
    }
    for (const sql of derivedTables(now)) await query(sql)
    return new DuckdbOracle(database, query)
  }

  close(): void {
    this.#database.closeSync()
  }

  /** What each file did, in the order of the files. */
  async files(): Promise<FileFigures[]> {
    const rejections = await this.#query(REJECTIONS)
    const files = await this.#query(FILES)
    return files.map(row => fileFigures(row, countsOf(rejections.filter(({ file }) => file === row.file))))
  }

  /** The whole ordered list; `kind` is the growth that comes with each account. */
  async accounts(
    filter: AccountFilter,
    order: AccountOrder,
    kind: GrowthKind = MONTH_BY_DEFAULT,
  ): Promise<OracleAccount[]> {
    const query = new AccountQuery()
    const rows = await this.#query(query.sql(filter, order, kind), query.values)
    return rows.map(row => oracleAccount(row, kind))
  }

  /** Of tracked accounts. */
  async growthCoverage(kind: GrowthKind): Promise<GrowthCoverage> {
    const [row] = await this.#query(COVERAGE, [kind.window, kind.baseline])
    return {
      known: Number(row!.known),
      noRecentMeasurement: Number(row!.no_recent_measurement),
      noBaseline: Number(row!.no_baseline),
      zeroBaseline: Number(row!.zero_baseline),
    }
  }

  async categories(): Promise<Category[]> {
    const rows = await this.#query(CATEGORIES)
    return rows.map(row => ({ name: String(row.name), accountCount: Number(row.account_count) }))
  }

  async dataset(): Promise<OracleDataset> {
    const [row] = await this.#query(DATASET)
    return {
      asOf: numberOf(row!.as_of),
      firstMeasuredAt: numberOf(row!.first_instant),
      accountCount: Number(row!.accounts),
      measurementCount: Number(row!.measurements),
    }
  }
}

/** Writes the statement for one list of accounts, and gathers its values. */
class AccountQuery {
  readonly values: DuckDBValue[] = []

  sql(filter: AccountFilter, order: AccountOrder, kind: GrowthKind): string {
    const asked = filter.growth ?? kind
    const sorted = 'growth' in order ? order.growth : kind
    return `
      SELECT
        n.account, n.count, n.instant,
        (SELECT list(name ORDER BY folded) FROM tag WHERE tag.account = n.account) AS categories,
        shown.opens, shown.from_instant, shown.from_count, shown.absolute, shown.percent, shown.reason
      FROM newest n
      ${this.#joinGrowth('shown', kind)}
      ${this.#joinGrowth('asked', asked)}
      ${this.#joinGrowth('sorted', sorted)}
      WHERE ${this.#conditions(filter).join(' AND ')}
      ORDER BY ${sortTerms(order)}`
  }

  #joinGrowth(alias: string, { window, baseline }: GrowthKind): string {
    return `JOIN growth ${alias} ON ${alias}.account = n.account
      AND ${alias}.win = ${this.#text(window)} AND ${alias}.baseline = ${this.#text(baseline)}`
  }

  #conditions({ categories, subscriberCount, measuredAt, growth }: AccountFilter): string[] {
    return [
      'true',
      ...(categories ? this.#inCategories(categories) : []),
      ...this.#bounds('n.count', subscriberCount),
      ...this.#bounds('n.instant', measuredAt),
      ...(growth ? this.#grew(growth) : []),
    ]
  }

  #inCategories({ anyOf, allOf, noneOf }: CategoryFilter): string[] {
    const conditions: string[] = []
    if (anyOf) conditions.push(`(${['false', ...anyOf.map(name => this.#has(name))].join(' OR ')})`)
    for (const name of allOf ?? []) conditions.push(this.#has(name))
    for (const name of noneOf ?? []) conditions.push(`NOT ${this.#has(name)}`)
    return conditions
  }

  #has(name: string): string {
    return `EXISTS (FROM tag WHERE tag.account = n.account AND tag.folded = fold(name_of(${this.#text(name)})))`
  }

  /** A bound on an unknown is null, which is no match. */
  #grew({ percent, absolute }: GrowthFilter): string[] {
    const bounds = [...this.#bounds('asked.percent', percent), ...this.#bounds('asked.absolute', absolute)]
    return bounds.length > 0 ? bounds : ['asked.percent IS NOT NULL']
  }

  #bounds(column: string, bounds: Bounds | null | undefined): string[] {
    const operators = { gt: '>', gte: '>=', lt: '<', lte: '<=' } as const
    const conditions: string[] = []
    for (const [name, operator] of Object.entries(operators) as [keyof Bounds, string][]) {
      const bound = bounds?.[name]
      if (bound === undefined || bound === null) continue
      this.values.push(bound)
      conditions.push(`${column} ${operator} $${this.values.length}::DOUBLE`)
    }
    return conditions
  }

  #text(value: string): string {
    this.values.push(value)
    return `$${this.values.length}::VARCHAR`
  }
}

const SORT_COLUMN = {
  SUBSCRIBER_COUNT: 'n.count',
  MEASURED_AT: 'n.instant',
  GROWTH_PERCENT: 'sorted.percent',
  GROWTH_ABSOLUTE: 'sorted.absolute',
  ACCOUNT_ID: 'n.account',
} as const

function sortTerms({ field, direction }: AccountOrder): string {
  return `${SORT_COLUMN[field]} ${direction} NULLS LAST, n.account ${direction}`
}

function oracleAccount(row: Row, kind: GrowthKind): OracleAccount {
  return {
    accountId: String(row.account),
    subscriberCount: Number(row.count),
    measuredAt: Number(row.instant),
    categories: row.categories === null ? [] : listOf(row.categories),
    growth: growthOf(row, kind),
  }
}

function growthOf(row: Row, { window, baseline }: GrowthKind): Growth {
  return {
    window,
    baseline,
    opensAt: Number(row.opens),
    from:
      row.from_instant === null
        ? null
        : { measuredAt: Number(row.from_instant), subscriberCount: Number(row.from_count) },
    to: { measuredAt: Number(row.instant), subscriberCount: Number(row.count) },
    absolute: numberOf(row.absolute),
    percent: numberOf(row.percent),
    unknownReason: row.reason as GrowthUnknownReason | null,
  }
}

function fileFigures(row: Row, rejections: RejectionCounts): FileFigures {
  return {
    path: String(row.path),
    refused: row.refused === true,
    rowsRead: Number(row.rows_read),
    inserted: Number(row.inserted),
    corrected: Number(row.corrected),
    unchanged: Number(row.unchanged),
    rejected: Number(row.rejected),
    rejections,
    accountsCreated: Number(row.created),
    firstMeasuredAt: numberOf(row.first_instant),
    lastMeasuredAt: numberOf(row.last_instant),
  }
}

function countsOf(rows: readonly Row[]): RejectionCounts {
  return Object.fromEntries(rows.map(({ reason, count }) => [reason as RejectionReason, Number(count)]))
}

function listOf(value: DuckDBValue | undefined): string[] {
  return (value as { items: readonly DuckDBValue[] }).items.map(String)
}

function numberOf(value: DuckDBValue | undefined): number | null {
  return value === null || value === undefined ? null : Number(value)
}
