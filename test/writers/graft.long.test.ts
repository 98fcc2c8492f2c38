/** Each fitting column of the public's Parquet files, in a file of ours: it has DuckDB's values, or a reason is named. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api'
import { isUserError } from '../../src/domain/errors.ts'
import type { ColumnName } from '../../src/ingestion/columns.ts'
import { hashFile } from '../../src/ingestion/input-file.ts'
import { readRows } from '../../src/ingestion/read-rows.ts'
import { comparableCells, openParquet } from '../hostile/support/leaf-cells.ts'
import { withFolder } from '../ingestion/support/database.ts'
import { graft, type SourceFile, sourceFile, type TopColumn, topColumns } from './support/graft.ts'

const FOLDERS = ['parquet-testing/data', 'writers', 'forms'].map(folder => join('../shared/corpus', folder))
const isPresent = FOLDERS.every(folder => existsSync(folder))
if (!isPresent) console.warn('the corpus is absent: no column of it is grafted')

/** The columns that a DuckDB type fits: docs/rules.md, "Input columns". */
const ROLES: readonly (readonly [type: RegExp, roles: readonly ColumnName[]])[] = [
  [/^(VARCHAR|BLOB)$/, ['account_id', 'date', 'subscriber_count', 'categories']],
  [/^UUID$/, ['account_id']],
  [/^U?(TINY|SMALL|BIG)?INT(EGER)?$/, ['subscriber_count', 'date']],
  [/^(FLOAT|DOUBLE|DECIMAL.*)$/, ['subscriber_count']],
  [/^(TIMESTAMP.*|DATE)$/, ['date']],
  [/^VARCHAR\[\]$/, ['categories']],
]

/** Of the grafted columns at least so many are compared: a test that skips everything must not pass. */
const LEAST_COMPARED = 250

/** DuckDB reads these files, and the rules refuse them: docs/rules.md, "Exact values". */
const REFUSED: Readonly<Record<string, RegExp>> = {
  'datapage_v1-corrupt-checksum.parquet': /does not match its checksum/,
  'rle-dict-uncompressed-corrupt-checksum.parquet': /does not match its checksum/,
}

/** Where a file holds an instant that DuckDB cannot: the row, from 0. */
const BEYOND_DUCKDB: Readonly<Record<string, number>> = { 'int96_from_spark.parquet': 5 }

/** A column of so many rows is grafted into one place only: it takes seconds. */
const MANY_ROWS = 20_000n

function rolesOf(type: string, { elements }: TopColumn): readonly ColumnName[] {
  // Bytes of a fixed length are no text, and neither is what has an annotation that DuckDB does not show.
  const leaf = elements.find(({ field_1 }) => field_1 !== undefined)!
  const isByteArray = leaf.field_1 === 6
  if (/^(VARCHAR|BLOB)/.test(type) && (!isByteArray || (type === 'BLOB' && (leaf.field_6 ?? leaf.field_10)))) return []
  return ROLES.find(([pattern]) => pattern.test(type))?.[1] ?? []
}

async function describeColumns(duckdb: DuckDBConnection, path: string): Promise<Map<string, string>> {
  try {
    const reader = await duckdb.runAndReadAll(`DESCRIBE SELECT * FROM read_parquet('${path}')`)
    return new Map(reader.getRowsJS().map(([name, type]) => [String(name), String(type)]))
  } catch {
    return new Map()
  }
}

/** The code with which the file is refused; undefined when it is read to its end. */
async function refusalOf(path: string): Promise<string | undefined> {
  const file = await hashFile(path, 'grafted.parquet')
  try {
    const request = { file, ingestedAt: Date.now(), limits: undefined, strict: false, keepAllRejected: false }
    for await (const _ of readRows(request));
    return undefined
  } catch (error) {
    if (isUserError(error)) return `${error.code}: ${error.message}`
    throw error
  }
}

async function isReadable(duckdb: DuckDBConnection, path: string, column: string): Promise<boolean> {
  try {
    await duckdb.run(`SELECT max(hash("${column}")) FROM read_parquet('${path}')`)
    return true
  } catch {
    return false
  }
}

interface Source {
  readonly name: string
  readonly path: string
  readonly file: SourceFile
}

/** The files that declare rows. */
function sources(): Source[] {
  const paths = FOLDERS.flatMap(folder => readdirSync(folder).map(name => join(folder, name)))
  return paths
    .filter(path => path.endsWith('.parquet'))
    .map(path => ({ name: basename(path), path, file: sourceFile(Uint8Array.from(readFileSync(path))) }))
    .filter(({ file }) => file.footer.field_3 > 0n)
}

;(isPresent ? test : test.skip)(
  'every fitting column of the corpus has the values that DuckDB reads (skipped where it is absent)',
  () =>
    withFolder(async folder => {
      const duckdb = await (await DuckDBInstance.create(':memory:', { threads: '1' })).connect()
      const problems: string[] = []
      let [grafts, compared] = [0, 0]
      for (const { name, path, file: source } of sources()) {
        const types = await describeColumns(duckdb, path)
        for (const column of topColumns(source)) {
          const roles = rolesOf(types.get(column.name) ?? '', column)
          for (const role of source.footer.field_3 > MANY_ROWS ? roles.slice(0, 1) : roles) {
            const where = `${name}: ${column.name} as ${role}`
            // DuckDB caches a file's metadata by its name.
            const grafted = join(folder, `${grafts++}.parquet`)
            await writeFile(grafted, graft(source, column, role))
            const refusal = await refusalOf(grafted)
            if (refusal !== undefined) {
              if (!REFUSED[name]?.test(refusal) && (await isReadable(duckdb, grafted, role))) {
                problems.push(`${where}: ${refusal}`)
              }
              continue
            }
            const file = await openParquet(grafted)
            const both = await comparableCells(duckdb, grafted, file, file.leaves[0]!)
            if (typeof both === 'string') {
              // Half floats and the encodings that DuckDB does not read are compared by other tests.
              if (!/^(half floats|DuckDB cannot read it)/.test(both)) problems.push(`${where}: ${both}`)
              continue
            }
            compared++
            const at = both.ours.findIndex(
              (cell, i) => i !== BEYOND_DUCKDB[name] && JSON.stringify(cell) !== JSON.stringify(both.theirs[i]),
            )
            if (at >= 0 || both.ours.length !== both.theirs.length) {
              problems.push(
                `${where}, row ${at}: ${JSON.stringify(both.ours[at])} where DuckDB has ${JSON.stringify(both.theirs[at])}`,
              )
            }
          }
        }
      }
      expect(problems).toEqual([])
      expect(compared).toBeGreaterThan(LEAST_COMPARED)
      duckdb.closeSync()
    }),
)
