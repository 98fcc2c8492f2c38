import { existsSync, renameSync } from 'node:fs'
import { join } from 'node:path'
import { INSIDE } from './contenders.mjs'
import { filesOf } from './data.mjs'
import { measure } from './measure.mjs'
import { removeDatabase } from './trial.mjs'

/** The database that the program makes of a drop: made once a run, to be copied by trials that begin with it. */
export async function keptDatabase(drop, data, dir, place) {
  const kept = join(dir, `${drop.name}.db`)
  if (made.has(kept) && existsSync(kept)) return kept
  const files = await filesOf(data, drop, ['parquet'])
  removeDatabase(place.database)
  INSIDE.prepare(place.database, place)
  const [command, args] = INSIDE.command(place.database, files, place)
  await measure(command, args, { env: place.env })
  removeDatabase(kept)
  renameSync(place.database, kept)
  removeDatabase(place.database)
  made.add(kept)
  return kept
}

/** Another run may have measured another program. */
const made = new Set()
