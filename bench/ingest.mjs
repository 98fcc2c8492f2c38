import { spawnSync } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { writeSection } from './ingest/docs.mjs'
import { history } from './ingest/history.mjs'
import { latency } from './ingest/latency.mjs'
import { load, machine } from './ingest/machine.mjs'
import { HELP, readOptions } from './ingest/options.mjs'
import { large, small } from './ingest/pipeline.mjs'
import { scale } from './ingest/scale.mjs'
import { arena } from './ingest/trial.mjs'

/* How fast files come in: docs/benchmarks.md. */

const RUN = { small, large, history, latency, scale }

const options = readOptions(process.argv.slice(2))
if (options.help) process.stdout.write(HELP)
else await run(options)

async function run({ sections, docs, program, mustBuild, ...rest }) {
  if (mustBuild && spawnSync('node', [join(program, 'scripts/build.mjs')], { stdio: 'inherit' }).status !== 0) {
    throw new Error('the program cannot be built')
  }
  mkdirSync(rest.dir, { recursive: true })
  const place = await arena({ dir: rest.dir, program })
  for (const section of sections) {
    const before = load()
    const results = await RUN[section]({ ...rest, data: join(rest.dir, 'data') }, place)
    const text = `${machine(program)}. Load of the machine: ${before.toFixed(1)} before, ${load().toFixed(1)} after.\n\n${results}`
    process.stdout.write(`\n${section}\n\n${text}\n`)
    if (docs) await writeSection(docs, `ingest:${section}`, text)
  }
}
