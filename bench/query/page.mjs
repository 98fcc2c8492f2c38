import { isDeepStrictEqual } from 'node:util'
import { LARGE, SMALL } from '../ingest/data.mjs'
import { ratio, table, targets, whole } from '../ingest/format.mjs'
import { keptDatabase } from '../ingest/kept.mjs'
import { medians } from '../ingest/statistics.mjs'
import { BARE, NOT_MODIFIED, OBJECTS, PEERS, PROGRAM, REPEATED } from './contenders.mjs'
import { answerOf, runOnce } from './trial.mjs'

const CONTENDERS = [BARE, OBJECTS, PROGRAM, REPEATED, NOT_MODIFIED, ...PEERS]

const LEAST_EXECUTED = 0.65
const LEAST_REPEATED = 3

/** The page from 10 thousand accounts. */
export function small(options, place) {
  return page(SMALL, options, place)
}

/** The page from 200 thousand accounts. */
export function large(options, place) {
  return page(LARGE, options, place)
}

async function page(drop, options, place) {
  const database = await keptDatabase(drop, options.data, options.dir, place)
  await requireSameAnswers(database, place)
  const found = new Map(CONTENDERS.map(({ key }) => [key, []]))
  for (let round = 0; round < options.runs; round++) {
    for (const contender of CONTENDERS) {
      const result = await runOnce(contender, database, options, place)
      found.get(contender.key).push(result)
      process.stderr.write(`${contender.key} ${whole(result.rate)}/s\n`)
    }
  }
  return report(new Map([...found].map(([key, results]) => [key, medians(results)])), options)
}

/** Whoever is fast because it answers something else is not fast. */
async function requireSameAnswers(database, place) {
  const wanted = await answerOf(BARE, database, place)
  for (const contender of CONTENDERS) {
    const found = await answerOf(contender, database, place)
    if (!isDeepStrictEqual(found, wanted)) throw new Error(`${contender.key} answers something else`)
  }
}

function report(results, { runs, seconds }) {
  const of = key => results.get(key)
  const bare = of('bare')
  const times = key => of(key).rate / bare.rate
  const rows = CONTENDERS.map(({ key, name }) => {
    const { rate, cpu, median, p99 } = of(key)
    return [name, whole(rate), ratio(rate / bare.rate), `${(cpu * 1e6).toFixed(0)} µs`, ms(median), ms(p99)]
  })
  const ahead = (key, peer) => [
    `${key === 'program' ? 'executed' : 'repeated'}, ahead of ${peer}`,
    'more than 1 ×',
    `${ratio(times(key) / times(peer))} ×`,
    times(key) > times(peer),
  ]
  return [
    `Medians of ${runs} runs of ${seconds} s, over 50 connections.`,
    table(['who answers', 'requests/s', '× bare', 'processor', 'median', 'p99'], rows),
    targets([
      ['executed', `at least ${LEAST_EXECUTED}`, ratio(times('program')), times('program') >= LEAST_EXECUTED],
      ['repeated', `at least ${LEAST_REPEATED}`, ratio(times('repeated')), times('repeated') >= LEAST_REPEATED],
      ...['yoga', 'drizzle-graphql'].map(peer => ahead('program', peer)),
      ...PEERS.map(({ key }) => ahead('repeated', key)),
    ]),
  ].join('\n\n')
}

function ms(value) {
  return `${value.toFixed(1)} ms`
}
