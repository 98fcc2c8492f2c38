/** What our decoder makes of the public's Parquet files is, value for value, what DuckDB makes of them. */
import { DuckDBInstance } from '@duckdb/node-api'
import { corpus, isCorpusPresent } from './support/corpus.ts'
import { type Both, comparableCells, decodeLeaf, openParquet } from './support/leaf-cells.ts'

const FILES = corpus().filter(({ expected }) => expected === 'decodes')
/** Of the values that DuckDB reads, at least so many are compared: a test that skips everything must not pass. */
const LEAST_COMPARED = 250_000

/** Where the files hold an instant that DuckDB cannot: the row, from 0. */
const BEYOND_DUCKDB: Readonly<Record<string, number>> = { 'data/int96_from_spark.parquet: a': 5 }

function differenceOf({ ours, theirs }: Both, where: string): string | undefined {
  if (ours.length !== theirs.length) return `${where}: ${ours.length} rows where DuckDB has ${theirs.length}`
  const printed = ours.map(cell => JSON.stringify(cell))
  const row = theirs.findIndex((cell, i) => JSON.stringify(cell) !== printed[i] && i !== BEYOND_DUCKDB[where])
  return row < 0 ? undefined : `${where}, row ${row}: ${printed[row]} where DuckDB has ${JSON.stringify(theirs[row])}`
}

;(isCorpusPresent ? describe : describe.skip)('the corpus (skipped where it is absent)', () => {
  test('decodes to the values that DuckDB reads', async () => {
    const duckdb = await (await DuckDBInstance.create(':memory:', { threads: '1' })).connect()
    const differences: string[] = []
    let compared = 0
    for (const { name, path } of FILES) {
      const file = await openParquet(path)
      for (const leaf of file.leaves) {
        const both = await comparableCells(duckdb, path, file, leaf)
        if (typeof both === 'string') continue
        const difference = differenceOf(both, `${name}: ${leaf.path.join('.')}`)
        if (difference) differences.push(difference)
        compared += both.ours.length
      }
    }
    expect(differences).toEqual([])
    expect(compared).toBeGreaterThan(LEAST_COMPARED)
    duckdb.closeSync()
  })

  const cellsOf = async (name: string, column: string) => {
    const file = await openParquet(FILES.find(found => found.name === name)!.path)
    const cells = await decodeLeaf(file, file.leaves.find(({ path }) => path.join('.') === column)!)
    return cells.map(cell => (cell instanceof Uint8Array ? Buffer.from(cell).toString('latin1') : cell))
  }

  // DuckDB reads neither the older LZ4 nor byte-split integers; these files hold the same data in two ways.
  test.each([
    ['hadoop_lz4_compressed', 'c0', 'lz4_raw_compressed', 'c0'],
    ['hadoop_lz4_compressed', 'v11', 'lz4_raw_compressed', 'v11'],
    ['non_hadoop_lz4_compressed', 'c1', 'lz4_raw_compressed', 'c1'],
    ['hadoop_lz4_compressed_larger', 'a', 'lz4_raw_compressed_larger', 'a'],
    ...['float16', 'float', 'double', 'int32', 'int64', 'flba5', 'decimal'].map(type => {
      const file = 'byte_stream_split_extended.gzip'
      return [file, `${type}_byte_stream_split`, file, `${type}_plain`]
    }),
  ])('%s %s is %s %s', async (file = '', column = '', other = '', otherColumn = '') => {
    const cells = await cellsOf(`data/${file}.parquet`, column)
    expect(cells.length).toBeGreaterThan(0)
    expect(cells).toEqual(await cellsOf(`data/${other}.parquet`, otherColumn))
  })
})
