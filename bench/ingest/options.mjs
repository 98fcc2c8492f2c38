import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'

export const SECTIONS = ['small', 'large', 'history', 'latency', 'scale']

export const HELP = `node bench/ingest.mjs [options]

  --only <sections>   of ${SECTIONS.join(', ')}, separated by commas (all but scale)
  --large             the same as --only scale: 100 million rows, about 10 GB of disk
  --runs <n>          runs of each trial (5)
  --long-runs <n>     runs of each trial with 10 million rows (3), of its slowest peers one
  --program <dir>     a built checkout to measure (this one, which is built first)
  --dir <dir>         where the data is made and kept (account-growth-bench in the temporary folder)
  --no-docs           print only, and leave docs/benchmarks.md as it is
`

const REPOSITORY = resolve(import.meta.dirname, '../..')

export function readOptions(argv) {
  const { values } = parseArgs({
    args: argv,
    options: {
      only: { type: 'string', default: SECTIONS.filter(section => section !== 'scale').join(',') },
      large: { type: 'boolean', default: false },
      runs: { type: 'string', default: '5' },
      'long-runs': { type: 'string', default: '3' },
      program: { type: 'string' },
      dir: { type: 'string', default: join(tmpdir(), 'account-growth-bench') },
      'no-docs': { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  })
  const sections = values.large ? ['scale'] : values.only.split(',')
  const unknown = sections.filter(section => !SECTIONS.includes(section))
  if (unknown.length > 0) throw new Error(`no such section: ${unknown.join(', ')}`)
  return {
    help: values.help,
    sections,
    runs: Number(values.runs),
    longRuns: Number(values['long-runs']),
    program: resolve(values.program ?? REPOSITORY),
    mustBuild: values.program === undefined,
    dir: resolve(values.dir),
    docs: values['no-docs'] ? undefined : join(REPOSITORY, 'docs/benchmarks.md'),
  }
}
