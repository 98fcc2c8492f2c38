import { helpOf, readOptions } from '../sections.mjs'

const SECTIONS = ['small', 'large', 'walks', 'combinations']

export const HELP = helpOf(
  'bench/query.mjs',
  SECTIONS,
  `  --seconds <n>       how long a server is asked in each run (5)
`,
)

export function readQueryOptions(argv) {
  const { values, ...options } = readOptions(argv, { seconds: { type: 'string', default: '5' } }, SECTIONS)
  return { ...options, seconds: Number(values.seconds) }
}
