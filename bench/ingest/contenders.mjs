import { copyFileSync } from 'node:fs'
import { join } from 'node:path'
import { versionOf } from './machine.mjs'
import { told } from './measure.mjs'

/*
 * Who writes the rows of a drop. Each has a `name`, what it is called in the results; `from`, the kind of file that it
 * reads; `prepare`, what is done for it outside the measured time; and `command`. `inside` is a time that its process
 * tells, `isSlow` keeps it from running often on many rows.
 */

const script = name => join(import.meta.dirname, 'trials', name)
const node = (...args) => [process.execPath, args]
const withEmptyDatabase = (database, { empty }) => copyFileSync(empty, database)
const inside = stdout => told(stdout).inside

/** The table that the peers write: of one key with ours, and with the rows' texts in place of keys to other tables. */
const PEER_TABLE = `CREATE TABLE measurement (account_id TEXT NOT NULL, measured_at INTEGER NOT NULL,
  subscriber_count INTEGER NOT NULL, categories TEXT NOT NULL, PRIMARY KEY (account_id, measured_at)) WITHOUT ROWID;`

const IMPORTED = `PRAGMA temp_store = MEMORY;
CREATE TEMP TABLE raw (account_id, subscriber_count, date, categories);
.mode csv
.import --schema temp --skip 1 CSV raw
BEGIN;
INSERT INTO measurement
  SELECT lower(trim(account_id)), unixepoch(date) * 1000, CAST(subscriber_count + 0.5 AS INTEGER), categories
  FROM raw WHERE true ORDER BY 1, 2 ON CONFLICT DO NOTHING;
COMMIT;
`

const BULK = `INSERT INTO measurement VALUES (lower(trim(:account_id)), unixepoch(:date) * 1000,
  CAST(:subscriber_count + 0.5 AS INTEGER), :categories) ON CONFLICT DO NOTHING`

export const PROGRAM = {
  key: 'program',
  name: '**account-growth**, its `ingest` command',
  from: 'parquet',
  command: (database, { parquet }, { program }) =>
    node(join(program, 'dist/main.js'), 'ingest', parquet, '--database-url', `file:${database}`),
}

export const INSIDE = {
  key: 'inside',
  name: 'its pipeline alone, in one process',
  from: 'parquet',
  prepare: withEmptyDatabase,
  command: (database, { parquet }) => node(script('inside.mjs'), database, parquet),
  inside,
}

export const CEILING = {
  key: 'ceiling',
  name: 'the ceiling: a bare loop of upserts',
  from: 'sorted rows',
  prepare: withEmptyDatabase,
  command: (database, { sorted }) => node(script('ceiling.mjs'), database, sorted),
  inside,
}

export const DUCKDB = {
  key: 'duckdb',
  name: 'DuckDB, into its own file',
  from: 'parquet',
  writesSqlite: false,
  command: (database, { parquet }) => node(script('duckdb.mjs'), database, parquet),
}

export const SQLITE_CLI = {
  key: 'sqlite3',
  name: '`sqlite3`: `.import`, then SQL',
  from: 'csv',
  isSlow: true,
  writesSqlite: true,
  version: () => versionOf('sqlite3', ['--version'])?.split(' ')[0],
  command: database => ['sqlite3', ['-bail', database]],
  input: ({ csv }) => PEER_TABLE + IMPORTED.replace('CSV', csv),
}

export const SQLITE_UTILS = {
  key: 'sqlite-utils',
  name: '`sqlite-utils bulk`',
  from: 'csv',
  isTooSlow: true,
  writesSqlite: true,
  version: () => versionOf('sqlite-utils', ['--version'])?.split(' ').at(-1),
  prepare: createPeerTable,
  command: (database, { csv }) => ['sqlite-utils', ['bulk', database, BULK, csv, '--csv', '--batch-size', '10000']],
}

export const PANDAS = {
  key: 'pandas',
  name: 'pandas: `read_csv`, `to_sql`',
  from: 'csv',
  isSlow: true,
  writesSqlite: true,
  version: () => versionOf('/usr/bin/python3', ['-c', 'import pandas; print(pandas.__version__)']),
  prepare: createPeerTable,
  command: (database, { csv }) => ['/usr/bin/python3', [script('pandas_to_sql.py'), database, csv]],
}

function createPeerTable(database, { connect }) {
  const connection = connect(database)
  connection.exec(PEER_TABLE)
  connection.close()
}
