import { readFileSync } from 'node:fs'
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { INSIDE } from './contenders.mjs'
import { measure } from './measure.mjs'
import { removeDatabase } from './trial.mjs'

/*
 * Where the pipeline's time goes: one run under V8's profiler, which costs it some time itself. A sample belongs to
 * the first of these places that is met on the way up from where it was taken.
 */

/** Of each thread: [what, the module's name without its ending, a function in it or undefined for any]. */
const PLACES = {
  'reading thread': [
    ['check pages', 'pages'],
    ['check bounds', 'statistics'],
    ['decompress', 'decompress'],
    ['decode', 'decode'],
    ['normalise', 'normaliser', 'normalise'],
    ['normalise', 'normaliser', '#batch'],
    ['hand over', 'reading-thread-entry'],
  ],
  'writing thread': [
    ['sort', 'block', 'keyOrder'],
    ['collect', 'block', 'append'],
    ['collect', 'load', '#endOfPeriod'],
    ['accounts and categories', 'keys'],
    ['write', 'upsert'],
    ['growth', 'load', '#refreshDerived'],
    ['checkpoint', 'checkpoint'],
    ['commit', 'load', 'commit'],
    ['hand over', 'reading-thread'],
  ],
}

/** What V8 tells beside places. */
const ELSEWHERE = new Map([
  ['(idle)', 'wait'],
  ['(garbage collector)', 'garbage collection'],
  ['(program)', 'other'],
])

/** @returns of each thread, seconds by what they were spent on, in the order of the way in */
export async function timeSplit(files, place, dir) {
  const profiles = await mkdtemp(join(dir, 'profile-'))
  removeDatabase(place.database)
  INSIDE.prepare(place.database, place)
  const [command, args] = INSIDE.command(place.database, files, place)
  await measure(command, ['--cpu-prof', `--cpu-prof-dir=${profiles}`, ...args], { env: place.env })
  removeDatabase(place.database)
  const found = {}
  for (const name of await readdir(profiles)) {
    const profile = JSON.parse(await readFile(join(profiles, name), 'utf8'))
    const isReader = profile.nodes.some(node => moduleOf(node) === 'reading-thread-entry')
    const thread = isReader ? 'reading thread' : 'writing thread'
    found[thread] = secondsByPlace(profile, PLACES[thread])
  }
  await rm(profiles, { recursive: true })
  return found
}

function secondsByPlace({ nodes, samples, timeDeltas }, places) {
  const parents = new Map(nodes.flatMap(node => (node.children ?? []).map(child => [child, node])))
  const placeOf = new Map(nodes.map(node => [node.id, whereIs(node, parents, places)]))
  const names = [...places.map(([what]) => what), ...ELSEWHERE.values()]
  const seconds = Object.fromEntries(names.map(name => [name, 0]))
  for (let at = 0; at < samples.length; at++) seconds[placeOf.get(samples[at])] += timeDeltas[at] / 1e6
  return seconds
}

function whereIs(node, parents, places) {
  const elsewhere = ELSEWHERE.get(node.callFrame.functionName)
  if (elsewhere) return elsewhere
  for (let at = node; at; at = parents.get(at.id)) {
    const module = moduleOf(at)
    const name = at.callFrame.functionName
    const place = places.find(
      ([, inModule, inFunction]) => inModule === module && [undefined, name].includes(inFunction),
    )
    if (place) return place[0]
  }
  return 'other'
}

/** A bundle names each module above its code. */
const MODULE = /^\/\/ (?:\S*\/)?([^/\s]+)\.[cm]?[jt]s$/

const linesOf = new Map()

function moduleOf({ callFrame: { url, lineNumber } }) {
  if (!url.startsWith('file:')) return ''
  const lines = linesOf.get(url) ?? readFileSync(fileURLToPath(url), 'utf8').split('\n')
  linesOf.set(url, lines)
  for (let line = lineNumber; line >= 0; line--) {
    const name = MODULE.exec(lines[line])?.[1]
    if (name !== undefined) return name
  }
  return ''
}
