/** Parquet files as DuckDB writes them: most types, most codecs, data pages of version 1. */
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { DuckDBConnection } from '@duckdb/node-api'

export interface DuckdbOptions {
  readonly codec?: 'uncompressed' | 'snappy' | 'gzip' | 'zstd' | 'brotli' | 'lz4_raw'
  /** V2 brings the delta encodings and BYTE_STREAM_SPLIT. */
  readonly version?: 'V1' | 'V2'
  /** A multiple of 2,048. */
  readonly rowGroupRows?: number
}

let connection: Promise<DuckDBConnection> | undefined

/** The rows of a query as a Parquet file. */
export async function duckdbParquet(query: string, options: DuckdbOptions = {}): Promise<Uint8Array> {
  const { codec = 'uncompressed', version = 'V1', rowGroupRows = 122_880 } = options
  const folder = await mkdtemp(join(tmpdir(), 'duckdb-'))
  try {
    const path = join(folder, 'written.parquet')
    connection ??= connect()
    const format = `FORMAT parquet, CODEC '${codec}', PARQUET_VERSION ${version}, ROW_GROUP_SIZE ${rowGroupRows}`
    await (await connection).run(`COPY (${query}) TO '${path}' (${format})`)
    return await readFile(path)
  } finally {
    await rm(folder, { recursive: true })
  }
}

async function connect(): Promise<DuckDBConnection> {
  // Loaded only when something is written: it is large.
  const { DuckDBInstance } = await import('@duckdb/node-api')
  const instance = await DuckDBInstance.create(':memory:', { threads: '1' })
  const opened = await instance.connect()
  await opened.run(`SET TimeZone = 'UTC'`)
  return opened
}
