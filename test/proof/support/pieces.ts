import { join } from 'node:path'
import { DuckDBInstance } from '@duckdb/node-api'

/** Cuts a Parquet file into so many files of consecutive rows, by another program than the one that wrote it. */
export async function cutInPieces(path: string, folder: string, count: number): Promise<string[]> {
  const database = await DuckDBInstance.create(':memory:')
  try {
    const connection = await database.connect()
    const [[rows]] = (await connection.runAndReadAll('SELECT count(*) FROM read_parquet($1)', [path])).getRows() as [
      [bigint],
    ]
    const size = Math.ceil(Number(rows) / count)
    const pieces = Array.from({ length: count }, (_, i) => join(folder, `${size}-${i}.parquet`))
    for (const [i, piece] of pieces.entries()) {
      await connection.run(
        `COPY (FROM read_parquet('${path}') LIMIT ${size} OFFSET ${i * size}) TO '${piece}' (FORMAT parquet)`,
      )
    }
    return pieces
  } finally {
    database.closeSync()
  }
}
