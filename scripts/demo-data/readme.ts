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

/** Returns data/README.md. It is generated with the files, so that its figures are those of the files. */
export const readmeOf = (manifest: DemoManifest): string => `# Sample data

Two Parquet files of invented follower counts. \`npm run data\` generates them, and this page, from a fixed seed: the same
bytes on every machine. No real account is in them.

- \`sample_accounts.parquet\` has 10,000 accounts over two years, in several row groups, ordered by time.
- \`add_accounts.parquet\` has the three months that follow: most of the same accounts, some new ones, and without some old
  ones. Its measurements are not ordered by time.

Both have the columns of production files: \`account_id\`, \`subscriber_count\` (DOUBLE with fractions), \`date\` (text without
a zone, so UTC), \`categories\` (Investment, Podcast, Gaming and Education, joined by \`;\`), and the unused columns \`index\`
and \`__index_level_0__\`. The counts follow growth curves. About one row in two hundred is irregular, each in one way: a
valid but unusual spelling of an id, date or category, a duplicate, a correction, or a row that must be rejected
([rules](../docs/rules.md)).

The results of ingesting the first file into an empty database, and then the second:

${table(manifest)}

Dates in 2099 and before 2000 are among the rejected rows, so they are not in the range of instants.

## Accounts at the limit of a rule

After both files, with \`asOf\` ${manifest['add_accounts.parquet'].lastInstant}:

${landmarkTable()}
`
