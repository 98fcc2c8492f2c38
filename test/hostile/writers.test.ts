/** Files of writers whose metadata disagrees with their values: each is ingested with the values that DuckDB reads. */
import { existsSync, readFileSync } from 'node:fs'
import { copyFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api'
import { COLUMN_NAMES } from '../../src/ingestion/columns.ts'
import { withDatabase } from '../ingestion/support/database.ts'
import { expectSame } from '../proof/support/same.ts'
import { comparableCells, decodeLeaf, openParquet } from './support/leaf-cells.ts'

const FOLDER = '../shared/corpus/writers'
const INDEX = join(FOLDER, 'INDEX.tsv')
const isPresent = existsSync(INDEX)
if (!isPresent) console.warn(`${FOLDER} is absent: these tests are skipped`)

interface WriterFile {
  readonly name: string
  readonly rows: number
}

function writerFiles(): WriterFile[] {
  if (!isPresent) return [{ name: 'absent', rows: 0 }]
  const [, ...lines] = readFileSync(INDEX, 'utf8').trim().split('\n')
  return lines.map(line => {
    const [name = '', rows] = line.split('\t')
    return { name, rows: Number(rows) }
  })
}

/** What is out of the ordinary in these is beside the four columns. */
const WITHOUT_WARNINGS = ['20-parquet-go-0.26-empty-group-beside.parquet']

;(isPresent ? describe : describe.skip).each(writerFiles())('$name', ({ name, rows }) => {
  const path = join(FOLDER, name)
  let duckdb: DuckDBConnection

  beforeAll(async () => {
    duckdb = await (await DuckDBInstance.create(':memory:', { threads: '1' })).connect()
  })
  afterAll(() => duckdb.closeSync())

  test('has the values that DuckDB reads in each of the four columns', async () => {
    const file = await openParquet(path)
    for (const column of COLUMN_NAMES) {
      const leaf = file.leaves.find(({ path: [top] }) => top === column)!
      const both = await comparableCells(duckdb, path, file, leaf)
      if (typeof both === 'string') {
        // A column of nothing but nulls has no type that could be compared.
        expect([column, both]).toEqual(['categories', 'DuckDB has it as "NULL"'])
        expect(await decodeLeaf(file, leaf)).toEqual(new Array(rows).fill(null))
        continue
      }
      expect(both.ours).toHaveLength(rows)
      expectSame(both.ours, both.theirs)
    }
  })

  test('is ingested, and refused in strict mode if it has warnings', () =>
    withDatabase(async database => {
      const copy = join(database.folder, name)
      await copyFile(path, copy)
      const hasWarnings = !WITHOUT_WARNINGS.includes(name)
      if (hasWarnings) {
        expect(await database.ingest(copy, { strict: true })).toMatchObject({
          status: 'FAILED',
          error: { code: 'CORRUPT_PARQUET' },
          warnings: [],
        })
      }
      const ingestion = await database.ingest(copy)
      expect(ingestion).toMatchObject({ status: 'SUCCEEDED', rowsTotal: rows, rowsRead: rows })
      expect(ingestion.warnings.length > 0).toBe(hasWarnings)
      for (const { column } of ingestion.warnings) expect(COLUMN_NAMES).toContain(column)
    }))
})
