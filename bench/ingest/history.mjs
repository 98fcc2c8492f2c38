import { copyFileSync } from 'node:fs'
import { join } from 'node:path'
import { filesOf, LARGE, NEXT } from './data.mjs'
import { megabytes, ratio, seconds, table, targets } from './format.mjs'
import { keptDatabase } from './kept.mjs'
import { measure, told } from './measure.mjs'
import { median } from './statistics.mjs'
import { removeDatabase } from './trial.mjs'

/** A drop of new instants into the large database and into an empty one. */
export async function history({ dir, data, runs }, place) {
  const { parquet } = await filesOf(data, NEXT)
  const before = { empty: place.empty, large: await keptDatabase(LARGE, data, dir, place) }
  const found = { empty: [], large: [] }
  for (let round = 0; round < runs; round++) {
    for (const [name, database] of Object.entries(before)) {
      removeDatabase(place.database)
      copyFileSync(database, place.database)
      const script = join(import.meta.dirname, 'trials/history.mjs')
      const { stdout } = await measure(process.execPath, [script, place.database, parquet], { env: place.env })
      found[name].push(told(stdout))
    }
  }
  removeDatabase(place.database)
  return report(found, runs)
}

const STEPS = {
  accounts: 'accounts looked up or created',
  measurements: '**measurements: sort, write, commit**',
  growth: 'growth refreshed, shown apart',
}

function report(found, runs) {
  const of = (database, step, field) => median(found[database].map(result => result[step][field]))
  const rows = Object.entries(STEPS).flatMap(([step, name]) =>
    [
      ['', 'seconds', seconds],
      [', log', 'bytes', megabytes],
      [', checkpoint', 'checkpoint', seconds],
    ].map(([what, field, show]) => {
      const [empty, large] = [of('empty', step, field), of('large', step, field)]
      return [name + what, show(empty), show(large), ratio(large / empty)]
    }),
  )
  const time = of('large', 'measurements', 'seconds') / of('empty', 'measurements', 'seconds')
  const log = of('large', 'measurements', 'bytes') / of('empty', 'measurements', 'bytes')
  return [
    `Medians of ${runs} runs.`,
    table(['step', 'into an empty database', 'into 10 million rows', 'ratio'], rows),
    targets([
      ['time to write the measurements', 'at most 1.5 ×', `${ratio(time)} ×`, time <= 1.5],
      ['log bytes of the measurements', 'at most 1.5 ×', `${ratio(log)} ×`, log <= 1.5],
    ]),
  ].join('\n\n')
}
