import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'

export const SECTIONS = ['small', 'large', 'walks', 'combinations']

export const HELP = `node bench/query.mjs [options]

  --only <sections>   of ${SECTIONS.join(', ')}, separated by commas (all)
  --runs <n>          runs of each trial (5)
  --seconds <n>       how long a server is asked in each run (5)
  --program <dir>     a built checkout to measure (this one, which is built first)
  --dir <dir>         where the data is made and kept (account-growth-bench in the temporary folder)
  --no-docs           print only, and leave docs/benchmarks.md as it is
`

const REPOSITORY = resolve(import.meta.dirname, '../..')

export function readOptions(argv) {
  const { values } = parseArgs({
    args: argv,
    options: {
      only: { type: 'string', default: SECTIONS.join(',') },
      runs: { type: 'string', default: '5' },
      seconds: { type: 'string', default: '5' },
      program: { type: 'string' },
      dir: { type: 'string', default: join(tmpdir(), 'account-growth-bench') },
      'no-docs': { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  })
  const sections = values.only.split(',')
  const unknown = sections.filter(section => !SECTIONS.includes(section))
  if (unknown.length > 0) throw new Error(`no such section: ${unknown.join(', ')}`)
  return {
    help: values.help,
    sections,
    runs: Number(values.runs),
    seconds: Number(values.seconds),
    program: resolve(values.program ?? REPOSITORY),
    mustBuild: values.program === undefined,
    dir: resolve(values.dir),
    docs: values['no-docs'] ? undefined : join(REPOSITORY, 'docs/benchmarks.md'),
  }
}
