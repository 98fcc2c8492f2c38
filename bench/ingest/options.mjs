import { helpOf, readOptions } from '../sections.mjs'

const SECTIONS = ['small', 'large', 'history', 'latency', 'scale']
const DEFAULT = SECTIONS.filter(section => section !== 'scale')

export const HELP = helpOf(
  'bench/ingest.mjs',
  SECTIONS,
  `  --large             the same as --only scale, which is left out else: 100 million rows, about 10 GB of disk
  --long-runs <n>     runs of each trial with 10 million rows (3), of its slowest peers one
`,
)

export function readIngestOptions(argv) {
  const own = { large: { type: 'boolean', default: false }, 'long-runs': { type: 'string', default: '3' } }
  const { values, sections, ...options } = readOptions(argv, own, SECTIONS)
  const chosen = values.large ? ['scale'] : values.only ? sections : DEFAULT
  return { ...options, sections: chosen, longRuns: Number(values['long-runs']) }
}
