import { landmarks } from './landmarks.ts'
import { type DemoManifest, demoFiles, type FileManifest } from './manifest.ts'
import { reasons } from './row.ts'

const grouped = (value: number): string => String(value).replace(/\B(?=(\d{3})+$)/g, ',')

type Line = [label: string, cell: (file: FileManifest) => string | number]

const lines: readonly Line[] = [
  ['rows', file => file.rows],
  ['accounts with a valid row', file => file.accounts],
  ['first valid instant', file => file.firstInstant],
  ['last valid instant', file => file.lastInstant],
  ['inserted', file => file.inserted],
  ['corrected', file => file.corrected],
  ['unchanged', file => file.unchanged],
  ['rejected', file => reasons.reduce((sum, reason) => sum + file.rejections[reason], 0)],
  ...reasons.map((reason): Line => [`\`${reason}\``, file => file.rejections[reason]]),
  ['bytes', file => file.bytes],
  ['SHA-256', file => `\`${file.sha256}\``],
]

function table(manifest: DemoManifest): string {
  const row = (cells: readonly string[]) => `| ${cells.join(' | ')} |`
  const shown = (value: string | number) => (typeof value === 'number' ? grouped(value) : value)
  const body = lines.map(([label, cell]) => row([label, ...demoFiles.map(name => shown(cell(manifest[name])))]))
  return [row(['', ...demoFiles.map(name => `\`${name}\``)]), '|---|---:|---:|', ...body].join('\n')
}

const landmarkTable = (): string =>
  ['| account | |', '|---|---|', ...landmarks.map(({ id, about }) => `| \`${id}\` | ${about} |`)].join('\n')

/** data/README.md: written with the files, so that it cannot tell anything else than they do. */
export const readmeOf = (manifest: DemoManifest): string => `# Demo data

Two invented drops of follower counts, made by \`npm run data\` (this page too): from a fixed seed, the same bytes on
every machine. Nobody real is in them.

- \`sample_accounts.parquet\`: 10,000 accounts over two years, in several row groups, oldest drop first.
- \`add_accounts.parquet\`: the three months after. Most accounts again, some for the first time, some no more; the
  drops are not in the order in which they were measured.

Both have the columns of a production drop: \`account_id\`, \`subscriber_count\` (DOUBLE, with fractions), \`date\` (text
without a zone, so UTC), \`index\` (of no use), \`categories\` (Investment, Podcast, Gaming and Education, joined by \`;\`)
and \`__index_level_0__\`. The counts follow growth curves. About one row in two hundred is dirty, each in one way: odd
but valid spellings of ids, instants and tags, rows sent twice or corrected, and rows that must be rejected
([docs/rules.md](../docs/rules.md) tells the reasons).

What becomes of the rows when the first file is ingested into an empty database, and then the second:

${table(manifest)}

Dates of the year 2099 and before 2000 are among the rejected rows, so they do not count as instants here.

## Accounts on the edge of a rule

Looked at after both files, with \`asOf\` ${manifest['add_accounts.parquet'].lastInstant}:

${landmarkTable()}
`
