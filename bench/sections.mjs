import { spawnSync } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { writeSection } from './ingest/docs.mjs'
import { load, machine } from './ingest/machine.mjs'
import { arena } from './ingest/trial.mjs'

const REPOSITORY = resolve(import.meta.dirname, '..')

const COMMON = {
  only: { type: 'string' },
  runs: { type: 'string', default: '5' },
  program: { type: 'string' },
  dir: { type: 'string', default: join(tmpdir(), 'account-growth-bench') },
  'no-docs': { type: 'boolean', default: false },
  help: { type: 'boolean', default: false },
}

/** What every benchmark's help says of its own and of these. */
export function helpOf(command, sections, own) {
  return `node ${command} [options]

  --only <sections>   of ${sections.join(', ')}, separated by commas
  --runs <n>          runs of each trial (5)
${own}  --program <dir>     a built checkout to measure (this one, which is built first)
  --dir <dir>         where the data is made and kept (account-growth-bench in the temporary folder)
  --no-docs           print only, and leave docs/benchmarks.md as it is
`
}

/** @param own options beside those that all benchmarks have, as `parseArgs` takes them */
export function readOptions(argv, own, sections) {
  const { values } = parseArgs({ args: argv, options: { ...COMMON, ...own } })
  const only = values.only?.split(',') ?? sections
  const unknown = only.filter(section => !sections.includes(section))
  if (unknown.length > 0) throw new Error(`no such section: ${unknown.join(', ')}`)
  return {
    values,
    help: values.help,
    sections: only,
    runs: Number(values.runs),
    program: resolve(values.program ?? REPOSITORY),
    mustBuild: values.program === undefined,
    dir: resolve(values.dir),
    docs: values['no-docs'] ? undefined : join(REPOSITORY, 'docs/benchmarks.md'),
  }
}

/** Runs the sections that are asked for, prints what they find, and writes it between the markers of the page. */
export async function runSections(name, run, { sections, docs, program, mustBuild, ...rest }) {
  if (mustBuild && spawnSync('node', [join(program, 'scripts/build.mjs')], { stdio: 'inherit' }).status !== 0) {
    throw new Error('the program cannot be built')
  }
  mkdirSync(rest.dir, { recursive: true })
  const place = await arena({ dir: rest.dir, program })
  for (const section of sections) {
    const before = load()
    const results = await run[section]({ ...rest, data: join(rest.dir, 'data') }, place)
    const text = `${await machine(program)}. Load of the machine: ${before.toFixed(1)} before, ${load().toFixed(1)} after.\n\n${results}`
    process.stdout.write(`\n${section}\n\n${text}\n`)
    if (docs) await writeSection(docs, `${name}:${section}`, text)
  }
}
