import { CEILING, DUCKDB, INSIDE, PANDAS, PROGRAM, SQLITE_CLI, SQLITE_UTILS } from './contenders.mjs'
import { filesOf, LARGE, rowsOf, SMALL } from './data.mjs'
import { megabytes, ratio, seconds, table, targets, whole } from './format.mjs'
import { timeSplit } from './profile.mjs'
import { interleave } from './trial.mjs'

const CONTENDERS = [PROGRAM, INSIDE, CEILING, DUCKDB, SQLITE_CLI, SQLITE_UTILS, PANDAS]

const LEAST_OF_CEILING = 0.45
const MOST_OF_DUCKDB = 1.5
const MOST_MEMORY = 400e6

/** The small drop into an empty database, against the ceiling and the peers. */
export function small(options, place) {
  return pipeline(SMALL, CONTENDERS, () => options.runs, options, place)
}

/** The same with the large drop, without the slowest peer, and the slow ones once. */
export function large(options, place) {
  const contenders = CONTENDERS.filter(({ isTooSlow }) => !isTooSlow)
  return pipeline(LARGE, contenders, ({ isSlow }) => (isSlow ? 1 : options.longRuns), options, place)
}

async function pipeline(drop, wanted, runsOf, { data, dir }, place) {
  const contenders = wanted.filter(({ key, version }) => {
    const isThere = !version || version() !== undefined
    if (!isThere) process.stderr.write(`${key} is not installed: left out\n`)
    return isThere
  })
  const rows = rowsOf(drop)
  const files = await filesOf(data, drop)
  const results = await interleave(contenders, files, rows, place, runsOf)
  const split = await timeSplit(files, place, dir)
  return [
    resultTable(contenders, results, rows),
    targets(verdicts(contenders, results, drop)),
    ...Object.entries(split).map(([thread, spent]) => splitTable(thread, spent)),
  ].join('\n\n')
}

function resultTable(contenders, results, rows) {
  const fastest = results.get('program').seconds
  return table(
    ['who writes', 'from', 'runs', 'whole process', '× ours', 'rows/s', 'inside', 'processor', 'peak memory', 'file'],
    contenders.map(({ key, name, from, version }) => {
      const result = results.get(key)
      return [
        version ? `${name} (${version()})` : name,
        from,
        result.runs,
        seconds(result.seconds),
        ratio(result.seconds / fastest),
        whole(rows / result.seconds),
        seconds(result.inside),
        seconds(result.cpuSeconds),
        megabytes(result.peakBytes),
        megabytes(result.bytes),
      ]
    }),
  )
}

function verdicts(contenders, results, drop) {
  const of = key => results.get(key)
  const program = of('program')
  const inside = of('ceiling').inside / of('inside').inside
  const outside = of('ceiling').seconds / program.seconds
  const duckdb = program.seconds / of('duckdb').seconds
  const least = `at least ${LEAST_OF_CEILING}`
  const peers = contenders.filter(({ writesSqlite }) => writesSqlite)
  return [
    ['pipeline against the ceiling, inside', least, ratio(inside), inside >= LEAST_OF_CEILING],
    ['pipeline against the ceiling, whole processes', least, ratio(outside), outside >= LEAST_OF_CEILING],
    ...peers.map(({ key }) => {
      const times = of(key).seconds / program.seconds
      return [`ahead of ${key}`, 'more than 1 ×', `${ratio(times)} ×`, times > 1]
    }),
    ["of DuckDB's time", `at most ${MOST_OF_DUCKDB} ×`, `${ratio(duckdb)} ×`, duckdb <= MOST_OF_DUCKDB],
    ...(drop === LARGE
      ? [
          [
            'peak memory of the ingestion process',
            'under 400 MB',
            megabytes(program.ingestion),
            program.ingestion < MOST_MEMORY,
          ],
        ]
      : []),
  ]
}

function splitTable(thread, spent) {
  const entries = Object.entries(spent).filter(([, value]) => value >= 0.005)
  const whole = entries.reduce((sum, [, value]) => sum + value, 0)
  return table(
    [`the ${thread}, profiled`, 'time', 'share'],
    entries.map(([what, value]) => [what, seconds(value), `${Math.round((value / whole) * 100)} %`]),
  )
}
