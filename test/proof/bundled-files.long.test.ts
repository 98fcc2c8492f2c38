/** The files that come with the product, in either order and in pieces. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { DuckdbOracle } from '../support/oracle/duckdb.ts'
import { fold } from '../support/oracle/normalise.ts'
import { ALL_KINDS } from '../support/oracle/random.ts'
import type { IngestionFigures } from '../support/oracle/types.ts'
import { EVERYTHING } from './support/answers.ts'
import { ProofDatabase } from './support/database.ts'
import { differences } from './support/differences.ts'
import { expectDuckdbAnswers } from './support/duckdb-answers.ts'
import type { List } from './support/lists.ts'
import { cutInPieces } from './support/pieces.ts'
import { ALL_GROWTHS, THREE_QUESTIONS } from './support/questions.ts'
import { brokenIn } from './support/raw-tables.ts'
import { TIMEOUT_MS } from './support/runs.ts'
import { expectSame } from './support/same.ts'
import { figuresOf } from './support/twins.ts'

const NOW = Date.UTC(2025, 0, 1)
const PROJECT = fileURLToPath(new URL('../..', import.meta.url))

/** As they are bundled: test/data has them made anew. */
const files = ['sample_accounts', 'add_accounts'].map(name => join(PROJECT, `data/${name}.parquet`)) as [string, string]
let folder: string
const databases: ProofDatabase[] = []

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'proof-bundled-'))
})

afterAll(async () => {
  for (const database of databases) await database.close()
  await rm(folder, { recursive: true, force: true })
})

/** A database with these files in it, called '0', '1' and so on, and what became of each. */
async function databaseOf(paths: readonly string[]) {
  const database = await ProofDatabase.create(tmpdir())
  databases.push(database)
  const figures = []
  for (const [i, path] of paths.entries()) {
    const { ingestion } = await database.ingest(path, { id: String(i), now: NOW })
    figures.push({ refused: ingestion.status !== 'SUCCEEDED', ...figuresOf(ingestion) })
  }
  expect(brokenIn(database.path)).toEqual([])
  return { database, figures }
}

/** A database with these files in it, which answers as DuckDB does: every figure, and these lists. */
async function likeDuckdb(paths: readonly string[], lists: readonly List[]) {
  const [duckdb, { database, figures }] = await Promise.all([DuckdbOracle.open(paths, { now: NOW }), databaseOf(paths)])
  try {
    expect((await duckdb.files()).map(({ path: _, ...rest }) => rest)).toEqual(figures)
    await expectDuckdbAnswers(database.reader, duckdb, lists)
  } finally {
    duckdb.close()
  }
  return { database, figures }
}

const SAME = { accounts: 0, measurements: 0, certainMeasurements: 0, contested: 0, certainAccounts: 0 }

/** Everything that is asked, names in lower case: their spelling is that of the file that came first. */
async function answersOf({ reader }: ProofDatabase) {
  const { lastIngestionId: _, ...dataset } = await reader.dataset()
  const categories = (await reader.categories()).map(({ name, accountCount }) => [fold(name), accountCount])
  const coverages = await Promise.all(ALL_KINDS.map(kind => reader.growthCoverage(kind)))
  const lists = THREE_QUESTIONS.map(async ({ filter, order }) => {
    const { items } = await reader.accounts(filter, order, EVERYTHING)
    return items.map(({ accountId, newest, categories }) => ({ accountId, newest, categories: categories.map(fold) }))
  })
  return { dataset, categories, coverages, lists: await Promise.all(lists) }
}

function accountsIn(figures: readonly IngestionFigures[]): number {
  return figures.reduce((sum, { accountsCreated }) => sum + accountsCreated, 0)
}

describe('the bundled files', () => {
  let inOrder: Awaited<ReturnType<typeof databaseOf>>

  test(
    'in their order',
    async () => {
      inOrder = await likeDuckdb(files, ALL_GROWTHS)
      expect(inOrder.figures[0]!.corrected).toBeGreaterThan(50)
    },
    TIMEOUT_MS,
  )

  test(
    'the later one first: nothing that is measured in one is measured in the other, so all is the same',
    async () => {
      const { database, figures } = await databaseOf([...files].reverse())
      const contested = { contestedMeasurements: 0, contestedAccounts: 0 }
      expect(differences(inOrder.database.path, database.path)).toEqual({ ...SAME, ...contested })
      expectSame(await answersOf(database), await answersOf(inOrder.database))
      expect(accountsIn(figures)).toBe(accountsIn(inOrder.figures))
      const anyOrder = figures.map(({ accountsCreated: _, ...rest }) => rest).reverse()
      expect(inOrder.figures).toMatchObject(anyOrder)
    },
    TIMEOUT_MS,
  )

  test(
    'in pieces that come in any order: of what rows contradict each other about, another may win',
    async () => {
      const [a, b, c, d] = await cutInPieces(files[0], folder, 4)
      const [e, f] = await cutInPieces(files[1], folder, 2)
      const { database } = await likeDuckdb([d!, f!, a!, e!, c!, b!], THREE_QUESTIONS)
      expect(differences(inOrder.database.path, database.path)).toMatchObject(SAME)
    },
    TIMEOUT_MS,
  )
})
