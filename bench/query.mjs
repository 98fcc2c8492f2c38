import { spawnSync } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { writeSection } from './ingest/docs.mjs'
import { load, machine } from './ingest/machine.mjs'
import { arena } from './ingest/trial.mjs'
import { combinations } from './query/combinations.mjs'
import { HELP, readOptions } from './query/options.mjs'
import { large, small } from './query/page.mjs'
import { walks } from './query/walks.mjs'

/* How fast questions are answered: docs/benchmarks.md. */

const RUN = { small, large, walks, combinations }

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
    if (docs) await writeSection(docs, `query:${section}`, text)
  }
}
