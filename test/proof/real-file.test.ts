/** A file of production, through the server and over HTTP: every figure is that of both oracles. */
import { existsSync } from 'node:fs'
import { copyFile } from 'node:fs/promises'
import { join } from 'node:path'
import { DuckdbOracle, type FileFigures } from '../support/oracle/duckdb.ts'
import { type NaiveIngestion, NaiveStore } from '../support/oracle/naive.ts'
import { readDrop } from '../support/oracle/parquet.ts'
import { ALL_KINDS } from '../support/oracle/random.ts'
import { type IngestionJson, ingest } from '../support/program/ingest.ts'
import { usePrograms } from '../support/program/programs.ts'
import type { TestServer } from '../support/program/server.ts'
import { type Ask, graphqlPages } from './support/graphql-pages.ts'
import type { List } from './support/lists.ts'
import type { AskPage } from './support/pages.ts'
import { OTHER_QUESTIONS, THREE_QUESTIONS } from './support/questions.ts'
import { TIMEOUT_MS } from './support/runs.ts'
import { expectSame } from './support/same.ts'
import { backward, forward } from './support/walks.ts'

const REAL_FILE = '../shared/data/add_accounts.parquet'
const isPresent = existsSync(REAL_FILE)
if (!isPresent) console.warn(`${REAL_FILE} is absent: the server is not proved on it`)

const NOW = Date.UTC(2025, 0, 1)
const programs = usePrograms()

/** A line of the ledger as the oracles have it; the instants are text in JSON. */
function figuresOf({ rejections, firstMeasuredAt, lastMeasuredAt, ...ingestion }: IngestionJson) {
  const { rowsRead, inserted, corrected, unchanged, rejected, accountsCreated } = ingestion
  return {
    ...{ rowsRead, inserted, corrected, unchanged, rejected, accountsCreated },
    rejections: Object.fromEntries(rejections.map(({ reason, count }) => [reason, count])),
    firstMeasuredAt: instantOf(firstMeasuredAt),
    lastMeasuredAt: instantOf(lastMeasuredAt),
  }
}

function instantOf(iso: string | null): number | null {
  return iso === null ? null : Date.parse(iso)
}

interface DatasetJson {
  readonly asOf: string | null
  readonly firstMeasuredAt: string | null
  readonly accountCount: number
  readonly measurementCount: number
}

const COVERAGE = `query ($window: GrowthWindow!, $baseline: GrowthBaseline!) {
  dataset { growthCoverage(window: $window, baseline: $baseline) { known noRecentMeasurement noBaseline zeroBaseline } }
}`

;(isPresent ? describe : describe.skip)('the real file (skipped where it is absent)', () => {
  const naive = new NaiveStore()
  let duckdb: DuckdbOracle
  let server: TestServer
  let ask: Ask
  let pages: AskPage
  let ingestion: IngestionJson
  let naiveIngestion: NaiveIngestion

  beforeAll(async () => {
    const cwd = await programs.folder()
    await copyFile(REAL_FILE, join(cwd, 'data/real.parquet'))
    server = await programs.serve({ cwd })
    ask = (query, variables) => server.ask(query, variables)
    pages = graphqlPages(ask)
    ingestion = (await ingest(server, 'real.parquet')).ingestion!
    duckdb = await DuckdbOracle.open([REAL_FILE], { now: NOW })
    naiveIngestion = naive.ingest(await readDrop(REAL_FILE), { id: 'real', now: NOW })
  }, TIMEOUT_MS)

  afterAll(() => duckdb?.close())

  test('what became of its rows', async () => {
    const { id: _, rejectedRows: __, ...naively } = naiveIngestion
    const [{ path: ___, refused, ...byDuckdb }] = (await duckdb.files()) as [FileFigures]
    expect([ingestion.status, refused]).toEqual(['SUCCEEDED', false])
    expect(figuresOf(ingestion)).toEqual(naively)
    expect(figuresOf(ingestion)).toEqual(byDuckdb)
  })

  test('the dataset and the categories', async () => {
    const query = '{ dataset { asOf firstMeasuredAt accountCount measurementCount } categories { name accountCount } }'
    const { dataset, categories } = await ask<{ dataset: DatasetJson; categories: unknown }>(query, {})
    const instants = { asOf: instantOf(dataset.asOf), firstMeasuredAt: instantOf(dataset.firstMeasuredAt) }
    for (const oracle of [naive, duckdb]) {
      expect({ ...dataset, ...instants }).toEqual(await oracle.dataset())
      expect(categories).toEqual(await oracle.categories())
    }
  })

  test.each(ALL_KINDS)('growth coverage: $window $baseline', async kind => {
    const { dataset } = await ask<{ dataset: { growthCoverage: unknown } }>(COVERAGE, { ...kind })
    expect(dataset.growthCoverage).toEqual(naive.growthCoverage(kind))
    expect(dataset.growthCoverage).toEqual(await duckdb.growthCoverage(kind))
  })

  const question = (list: List) => [JSON.stringify(list.filter), list] as const

  test.each([...THREE_QUESTIONS, ...OTHER_QUESTIONS].map(question))(
    'the whole list, forward and backward: %s',
    async (_, list) => {
      const { filter, order, kind } = list
      const expected = naive.accounts(filter, order, kind)
      expectSame(await duckdb.accounts(filter, order, kind), expected)
      expectSame(await forward(pages, list, [100]), expected)
      expectSame(await backward(pages, list, [100]), expected)
    },
    TIMEOUT_MS,
  )
})
