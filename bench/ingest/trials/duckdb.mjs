import { DuckDBInstance } from '@duckdb/node-api'

const [, , database, parquet] = process.argv
const instance = await DuckDBInstance.create(database)
const connection = await instance.connect()
await connection.run(`CREATE TABLE measurement (
  account_id UUID NOT NULL, measured_at BIGINT NOT NULL, subscriber_count BIGINT NOT NULL, categories VARCHAR NOT NULL,
  PRIMARY KEY (account_id, measured_at))`)
const { rowsChanged } = await connection.run(`INSERT INTO measurement
  SELECT trim(account_id)::UUID, epoch_ms(date::TIMESTAMP), floor(subscriber_count + 0.5)::BIGINT, categories
  FROM '${parquet}' ON CONFLICT DO NOTHING`)
await connection.run('CHECKPOINT')
connection.closeSync()
instance.closeSync()
console.log(JSON.stringify({ rows: rowsChanged }))
