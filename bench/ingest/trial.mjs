import { rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { measure } from './measure.mjs'
import { driverOf, PROGRAM_VARIABLE } from './program.mjs'
import { medians } from './statistics.mjs'

/** Where trials put their databases, and what they need to know of the program under test. */
export async function arena({ dir, program }) {
  const Database = await driverOf(program)
  const place = {
    program,
    database: join(dir, 'trial.db'),
    empty: join(dir, 'empty.db'),
    env: { [PROGRAM_VARIABLE]: program },
    connect: (path, options) => new Database(path, options),
  }
  removeDatabase(place.empty)
  await measure(process.execPath, [join(import.meta.dirname, 'trials/migrate.mjs'), place.empty], { env: place.env })
  return place
}

/** One run of one contender, from nothing to its rows in a file. */
export async function runOnce(contender, files, place) {
  removeDatabase(place.database)
  contender.prepare?.(place.database, place)
  const [command, args] = contender.command(place.database, files, place)
  const { seconds, cpuSeconds, peakBytes, peaks, stdout } = await measure(command, args, {
    env: place.env,
    input: contender.input?.(files),
  })
  const bytes = statSync(place.database).size
  const ingestion = peaks.get('ingestion-process.js')
  return { seconds, cpuSeconds, peakBytes, bytes, inside: contender.inside?.(stdout), ...(ingestion && { ingestion }) }
}

/** A B C A B C …, so that whatever else the machine does falls on all alike. `runs` tells how often each comes. */
export async function interleave(contenders, files, rows, place, runsOf) {
  const results = new Map(contenders.map(contender => [contender, []]))
  const rounds = Math.max(...contenders.map(runsOf))
  for (let round = 0; round < rounds; round++) {
    for (const contender of contenders) {
      if (round >= runsOf(contender)) continue
      const result = await runOnce(contender, files, place)
      results.get(contender).push(result)
      if (round === 0) requireAll(contender, rows, place)
      process.stderr.write(`${contender.key} ${result.seconds.toFixed(2)} s\n`)
    }
  }
  removeDatabase(place.database)
  return new Map([...results].map(([{ key }, found]) => [key, { ...medians(found), runs: found.length }]))
}

/** Whoever is fast because it forgets rows is not fast. DuckDB's file is taken on trust. */
function requireAll({ key, writesSqlite = key !== 'duckdb' }, rows, { connect, database }) {
  if (!writesSqlite) return
  const connection = connect(database, { readonly: true })
  const count = connection.prepare('SELECT count(*) FROM measurement').pluck().get()
  connection.close()
  if (count !== rows) throw new Error(`${key} wrote ${count} of ${rows} rows`)
}

export function removeDatabase(path) {
  for (const suffix of ['', '-wal', '-shm', '-journal', '.wal', '.write-lock', '.server-lock']) {
    rmSync(path + suffix, { force: true })
  }
}
