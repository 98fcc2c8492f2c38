import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { asyncBufferFromFile, type FileMetaData, parquetMetadataAsync, parquetReadObjects } from 'hyparquet'
import { type FileRow, type Recount, recountFile, type Stored } from './recount.ts'

const LIMIT = 10_000_000
const project = fileURLToPath(new URL('../..', import.meta.url))
const files = ['sample_accounts.parquet', 'add_accounts.parquet'] as const

interface Counted {
  bytes: Buffer
  metadata: FileMetaData
  recount: Recount
}

let folder: string
let readme: string
const counted = new Map<string, Counted>()

/** `npm run data` in a process of its own, whose clock is somewhere else. */
const generate = (name: string, zone: string) =>
  promisify(execFile)(process.execPath, ['--import', 'tsx', 'scripts/generate-data.ts', join(folder, name)], {
    cwd: project,
    env: { ...process.env, TZ: zone },
  })

async function count(name: string, stored: Stored): Promise<Counted> {
  const path = join(folder, 'first', name)
  const file = await asyncBufferFromFile(path)
  const columns = ['account_id', 'subscriber_count', 'date', 'categories']
  const rows = (await parquetReadObjects({ file, columns })) as unknown as FileRow[]
  const [bytes, metadata] = [await readFile(path), await parquetMetadataAsync(file)]
  return { bytes, metadata, recount: recountFile(rows, stored) }
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'demo-data-'))
  await Promise.all([generate('first', 'Pacific/Chatham'), generate('second', 'America/St_Johns')])
  readme = await readFile(join(project, 'data/README.md'), 'utf8')
  const stored: Stored = new Map()
  for (const name of files) counted.set(name, await count(name, stored))
})

afterAll(() => rm(folder, { recursive: true, force: true }))

/** One file's column of the table in data/README.md: label -> text, without separators and quotes. */
function readmeColumn(name: (typeof files)[number]): Record<string, string> {
  const rows = readme.split('\n').map(line => line.split('|').map(cell => cell.replaceAll(/[`,]/g, '').trim()))
  const table = rows.filter(cells => cells.length === 5)
  return Object.fromEntries(table.slice(2).map(cells => [cells[1]!, cells[files.indexOf(name) + 2]!]))
}

/** The same column as it comes out when the file itself is counted. */
function countedColumn(name: string): Record<string, string> {
  const { bytes, recount } = counted.get(name)!
  const { inserted = 0, corrected = 0, unchanged = 0 } = recount.outcomes
  const numbers = {
    rows: recount.rows,
    'accounts with a valid row': recount.accounts.size,
    rejected: recount.rows - inserted - corrected - unchanged,
    bytes: bytes.length,
    ...recount.outcomes,
  }
  return {
    ...Object.fromEntries(Object.entries(numbers).map(([label, number]) => [label, String(number)])),
    'first valid instant': new Date(Math.min(...recount.instants)).toISOString(),
    'last valid instant': new Date(Math.max(...recount.instants)).toISOString(),
    'SHA-256': createHash('sha256').update(bytes).digest('hex'),
  }
}

describe('the demo data', () => {
  test.each([...files, 'README.md'])('%s is the same byte for byte in every time zone', async name => {
    const [first, second] = await Promise.all(['first', 'second'].map(run => readFile(join(folder, run, name))))
    expect(first!.equals(second!)).toBe(true)
  })

  test('data/README.md is the page that comes with it: if not, npm run data', async () => {
    expect(readme).toBe(await readFile(join(folder, 'first/README.md'), 'utf8'))
  })

  test.each(files)('%s holds what its page says, row by row', name => {
    expect(countedColumn(name)).toEqual(readmeColumn(name))
  })

  test('has 10,000 accounts in the sample, and fits into a repository', () => {
    expect(counted.get('sample_accounts.parquet')!.recount.accounts.size).toBe(10_000)
    expect(files.reduce((sum, name) => sum + counted.get(name)!.bytes.length, 0)).toBeLessThan(LIMIT)
  })

  test('goes on after the sample and ends before 28 November 2024', () => {
    const [sample, later] = files.map(name => [...counted.get(name)!.recount.instants])
    expect(Math.min(...later!)).toBeGreaterThan(Math.max(...sample!))
    expect(Math.max(...later!)).toBeLessThan(Date.UTC(2024, 10, 28))
  })

  test.each([
    ['sample_accounts.parquet', 5],
    ['add_accounts.parquet', 1],
  ])('%s has the columns of a production drop, and %d row groups', (name, groups) => {
    const { schema, row_groups } = counted.get(name)!.metadata
    expect(row_groups).toHaveLength(groups)
    expect(schema.slice(1).map(({ name, type }) => `${name} ${type}`)).toEqual([
      'account_id BYTE_ARRAY',
      'subscriber_count DOUBLE',
      'date BYTE_ARRAY',
      'index INT64',
      'categories BYTE_ARRAY',
      '__index_level_0__ INT64',
    ])
  })
})
