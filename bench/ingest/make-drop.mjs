import { once } from 'node:events'
import { createWriteStream } from 'node:fs'
import { rename } from 'node:fs/promises'
import { DuckDBInstance } from '@duckdb/node-api'

/*
 * Makes a drop as Parquet and, where they are wanted too, the same rows as CSV for peers that read no Parquet, and as
 * the ceiling wants them: decoded, normalised and sorted, column after column.
 */

const PERIOD_MS = 30 * 24 * 60 * 60 * 1000

const { accounts, instants, from, seed, files } = JSON.parse(process.env.BENCH_DROP)
const part = Object.fromEntries(Object.entries(files).map(([kind, path]) => [kind, `${path}.part`]))
const database = await (await DuckDBInstance.create()).connect()

const TAGS = ['Investment', 'Podcast', 'Gaming', 'Education']
const SETS = Array.from({ length: 15 }, (_, set) => TAGS.filter((_, tag) => (set + 1) & (1 << tag)).join(';'))

// Accounts come in another order at each instant. One id in 128 is in upper case, and every count has a fraction.
await database.run(`CREATE VIEW measured AS
  SELECT a, i, md5('${seed} ' || a)::UUID::VARCHAR AS id,
    TIMESTAMP '2022-09-01' + INTERVAL (i * 15) DAY + INTERVAL (i * 37) SECOND AS instant,
    1500 * power(10, hash(a) % 1000000 / 200000) * (1 + i * (hash(a + 17) % 200 - 60.0) / 20000)
      + hash(a, i) % 1000 / 1000 AS count,
    (1 + hash(a + i // 20) % 15)::INTEGER AS category_set
  FROM range(${from}, ${from + instants}) instants(i), range(${accounts}) accounts(a)`)

const SENT = `
  SELECT CASE WHEN hash(i, a) % 128 = 0 THEN upper(id) ELSE id END AS account_id,
    count::DOUBLE AS subscriber_count, strftime(instant, '%Y-%m-%dT%H:%M:%S') AS date,
    [${SETS.map(set => `'${set}'`).join(', ')}][category_set] AS categories
  FROM measured ORDER BY i, hash(a, i)`

await database.run(`COPY (${SENT}) TO '${part.parquet}' (FORMAT parquet, COMPRESSION snappy, ROW_GROUP_SIZE 122880)`)
if (part.csv) {
  await database.run(`COPY (FROM read_parquet('${part.parquet}')) TO '${part.csv}' (FORMAT csv, HEADER)`)
}
if (part.sorted) await writeSorted(part.sorted)
for (const kind of Object.keys(files)) await rename(part[kind], files[kind])

async function writeSorted(path) {
  // Half up, on the very double that the file holds.
  await database.run(`CREATE TABLE sorted AS
    SELECT (a + 1)::UINTEGER AS account, epoch_ms(instant)::DOUBLE AS measured_at,
      floor(count::DOUBLE + 0.5) AS subscriber_count, category_set::UINTEGER AS category_set
    FROM measured ORDER BY epoch_ms(instant) // ${PERIOD_MS}, a, instant`)
  const out = createWriteStream(path)
  for (const column of ['account', 'measured_at', 'subscriber_count', 'category_set']) {
    const result = await database.stream(`SELECT ${column} FROM sorted`)
    for (let chunk = await result.fetchChunk(); chunk?.rowCount > 0; chunk = await result.fetchChunk()) {
      const { items } = chunk.getColumnVector(0)
      const bytes = Buffer.from(items.buffer, items.byteOffset, chunk.rowCount * items.BYTES_PER_ELEMENT)
      if (!out.write(Buffer.from(bytes))) await once(out, 'drain')
    }
  }
  out.end()
  await once(out, 'close')
}
