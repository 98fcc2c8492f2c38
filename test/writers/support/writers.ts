/** The Parquet writers of npm, each with the settings that change the bytes of its files. */
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parquetWriteBuffer } from 'hyparquet-writer'
import { parquetWriteBuffer as parquetWriteBuffer016 } from 'hyparquet-writer-0.16'
import { duckdbParquet } from '../../support/parquet/duckdb.ts'
import { categoriesText, type WrittenRow } from './rows.ts'

/** One way to write the rows. */
export interface Variant {
  readonly name: string
  /** Whether `categories` is a LIST of text, instead of text. */
  readonly isList: boolean
  write(rows: readonly WrittenRow[]): Promise<Uint8Array>
}

async function inFolder(write: (path: string) => unknown): Promise<Uint8Array> {
  const folder = await mkdtemp(join(tmpdir(), 'writer-'))
  try {
    const path = join(folder, 'written.parquet')
    await write(path)
    return await readFile(path)
  } finally {
    await rm(folder, { recursive: true })
  }
}

const BOTH = [false, true]

/** DuckDB: text and lists, both versions of data pages, all of its codecs, with and without dictionaries. */
function duckdbVariants(): Variant[] {
  const codecs = ['uncompressed', 'snappy', 'gzip', 'zstd', 'brotli', 'lz4_raw'] as const
  return codecs.flatMap(codec =>
    (['V1', 'V2'] as const).flatMap(version =>
      BOTH.map(isList => ({
        name: `DuckDB, ${codec}, ${version}${isList ? ', list' : ''}`,
        isList,
        write: (rows: readonly WrittenRow[]) =>
          duckdbParquet(selectOf(rows, isList), { codec, version, rowGroupRows: 2_048 }),
      })),
    ),
  )
}

function selectOf(rows: readonly WrittenRow[], isList: boolean): string {
  const values = rows.map(row => {
    const list = row.categories === null ? 'NULL' : `[${row.categories.map(name => `'${name}'`).join(', ')}]::VARCHAR[]`
    const text = categoriesText(row) === null ? 'NULL' : `'${categoriesText(row)}'`
    return `('${row.accountId}', ${row.subscriberCount}, ${row.measuredAt}, ${isList ? list : text})`
  })
  const type = isList ? 'VARCHAR[]' : 'VARCHAR'
  return `SELECT a AS account_id, c::BIGINT AS subscriber_count, make_timestamp(d::BIGINT * 1000) AS date, t::${type} AS categories
    FROM (VALUES ${values.join(', ')}) rows(a, c, d, t)`
}

/** hyparquet-writer, today's and a release whose footers declare compressed sizes as uncompressed ones. */
function hyparquetVariants(): Variant[] {
  const writers = { 'hyparquet-writer': parquetWriteBuffer, 'hyparquet-writer 0.16': parquetWriteBuffer016 }
  return Object.entries(writers).flatMap(([name, writeBuffer]) =>
    (['UNCOMPRESSED', 'SNAPPY'] as const).flatMap(codec =>
      [1_000_000, 2_000].map(pageSize => ({
        name: `${name}, ${codec}, pages of ${pageSize} bytes`,
        isList: false,
        write: async (rows: readonly WrittenRow[]) => {
          const columnData = [
            { name: 'account_id', data: rows.map(({ accountId }) => accountId), type: 'STRING' as const },
            { name: 'subscriber_count', data: rows.map(row => BigInt(row.subscriberCount)), type: 'INT64' as const },
            { name: 'date', data: rows.map(row => new Date(row.measuredAt)), type: 'TIMESTAMP' as const },
            { name: 'categories', data: rows.map(categoriesText), type: 'STRING' as const, nullable: true },
          ]
          return new Uint8Array(writeBuffer({ columnData, codec, pageSize, rowGroupSize: 1_000 }))
        },
      })),
    ),
  )
}

/** parquetjs, in its fork that is alive: data pages of both versions, its codecs, lists. */
async function parquetjsVariants(): Promise<Variant[]> {
  const parquetjs = (await import('@dsnp/parquetjs')).default
  const { ParquetSchema, ParquetWriter } = parquetjs
  return (['UNCOMPRESSED', 'SNAPPY', 'GZIP', 'BROTLI'] as const).flatMap(compression =>
    BOTH.flatMap(useDataPageV2 =>
      BOTH.map(isList => ({
        name: `parquetjs, ${compression}, V${useDataPageV2 ? 2 : 1}${isList ? ', list' : ''}`,
        isList,
        write: (rows: readonly WrittenRow[]) =>
          inFolder(async path => {
            const list = { list: { repeated: true, fields: { element: { type: 'UTF8', compression } } } }
            const schema = new ParquetSchema({
              account_id: { type: 'UTF8', compression },
              subscriber_count: { type: 'INT64', compression },
              date: { type: 'TIMESTAMP_MILLIS', compression },
              categories: isList
                ? { type: 'LIST', optional: true, fields: list }
                : { type: 'UTF8', optional: true, compression },
            } as never)
            const writer = await ParquetWriter.openFile(schema, path, { useDataPageV2, rowGroupSize: 1_000 } as never)
            for (const row of rows) {
              const elements = row.categories?.map(element => ({ element }))
              const cell = isList ? elements && { list: elements } : categoriesText(row)
              await writer.appendRow({
                account_id: row.accountId,
                subscriber_count: row.subscriberCount,
                date: new Date(row.measuredAt),
                ...(cell != null && { categories: cell }),
              })
            }
            await writer.close()
          }),
      })),
    ),
  )
}

/** Polars (parquet2, in Rust): text and lists, its codecs, statistics or none. */
async function polarsVariants(): Promise<Variant[]> {
  const codecs = ['uncompressed', 'snappy', 'gzip', 'brotli', 'zstd', 'lz4'] as const
  return codecs.flatMap(compression =>
    BOTH.map(isList => ({
      name: `Polars, ${compression}${isList ? ', list' : ''}`,
      isList,
      write: async (rows: readonly WrittenRow[]) => {
        const frame = await polarsFrame(rows, isList)
        return inFolder(path => frame.writeParquet(path, { compression } as never))
      },
    })),
  )
}

async function polarsFrame(rows: readonly WrittenRow[], isList: boolean) {
  const { default: pl } = await import('nodejs-polars')
  const categories = isList
    ? pl.Series(
        'categories',
        rows.map(row => row.categories && [...row.categories]),
        pl.List(pl.Utf8),
      )
    : pl.Series('categories', rows.map(categoriesText), pl.Utf8)
  return pl.DataFrame([
    pl.Series(
      'account_id',
      rows.map(({ accountId }) => accountId),
      pl.Utf8,
    ),
    pl.Series(
      'subscriber_count',
      rows.map(({ subscriberCount }) => subscriberCount),
      pl.Int64,
    ),
    pl.Series(
      'date',
      rows.map(row => new Date(row.measuredAt)),
      pl.Datetime('ms'),
    ),
    categories,
  ])
}

/** parquet-wasm (arrow-rs): its codecs, both writer versions, dictionaries or none. */
async function wasmVariants(): Promise<Variant[]> {
  const wasm = await import('parquet-wasm/node')
  const { Compression, Table, WriterPropertiesBuilder, WriterVersion, writeParquet } = wasm
  const codecs = ['UNCOMPRESSED', 'SNAPPY', 'GZIP', 'BROTLI', 'ZSTD', 'LZ4_RAW'] as const
  return codecs.flatMap(codec =>
    BOTH.flatMap(isV2 =>
      BOTH.flatMap(hasDictionary =>
        BOTH.map(isList => ({
          name: `parquet-wasm, ${codec}, V${isV2 ? 2 : 1}${hasDictionary ? ', dictionary' : ''}${isList ? ', list' : ''}`,
          isList,
          write: async (rows: readonly WrittenRow[]) => {
            const frame = await polarsFrame(rows, isList)
            const properties = new WriterPropertiesBuilder()
              .setCompression(Compression[codec])
              .setWriterVersion(isV2 ? WriterVersion.V2 : WriterVersion.V1)
              .setDictionaryEnabled(hasDictionary)
              .setDataPageSizeLimit(4_096)
              .setMaxRowGroupSize(1_000)
              .build()
            return writeParquet(Table.fromIPCStream(frame.writeIPCStream()), properties)
          },
        })),
      ),
    ),
  )
}

export async function variants(): Promise<Variant[]> {
  return [
    ...duckdbVariants(),
    ...hyparquetVariants(),
    ...(await parquetjsVariants()),
    ...(await polarsVariants()),
    ...(await wasmVariants()),
  ]
}
