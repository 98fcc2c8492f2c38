/** A file whose footer describes its values wrongly, as the client of each interface sees it. */
import { copyFile, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Scrape } from '../http/support/scrape.ts'
import { upload } from '../http/support/upload.ts'
import { usePrograms } from '../support/program/programs.ts'

const FIXTURE = join(import.meta.dirname, '../fixtures/accepted/wrong-sizes.parquet')
const WARNINGS = [
  { code: 'SIZE_DISAGREES', column: 'subscriber_count', message: expect.stringContaining('row group 1') },
]
const REFUSAL = { code: 'CORRUPT_PARQUET', message: expect.stringContaining('Without strict, this is a warning.') }
const INGEST = `mutation ($input: IngestAccountsInput!) {
  ingestAccounts(input: $input) {
    ingestion { status inserted warnings { code column message } }
    userErrors { code message }
  }
}`

const programs = usePrograms()

async function folderWithFile(): Promise<string> {
  const cwd = await programs.folder()
  await copyFile(FIXTURE, join(cwd, 'data/drop.parquet'))
  return cwd
}

test('GraphQL: the ingestion has the warnings, the ledger keeps them, metrics count them, strict refuses the file', async () => {
  const server = await programs.serve({ cwd: await folderWithFile(), args: ['--no-demo'] })
  expect(await server.ask(INGEST, { input: { file: 'drop.parquet', strict: true } })).toEqual({
    ingestAccounts: { ingestion: { status: 'FAILED', inserted: 0, warnings: [] }, userErrors: [REFUSAL] },
  })
  expect(await server.ask(INGEST, { input: { file: 'drop.parquet' } })).toEqual({
    ingestAccounts: { ingestion: { status: 'SUCCEEDED', inserted: 2, warnings: WARNINGS }, userErrors: [] },
  })
  expect(await server.ask('{ ingestions(first: 1) { nodes { warnings { code column message } } } }')).toEqual({
    ingestions: { nodes: [{ warnings: WARNINGS }] },
  })
  const scrape = await Scrape.of(server)
  expect(scrape.value('account_growth_ingestion_warnings_total', { code: 'SIZE_DISAGREES' })).toBe(1)
})

test('HTTP: the response has the warnings, and strict=true answers 422', async () => {
  const server = await programs.serve({ cwd: await programs.folder(), args: ['--no-demo'] })
  const bytes = await readFile(FIXTURE)
  const refused = await upload(server, bytes, { strict: true })
  expect(refused).toMatchObject({ status: 422, body: { userErrors: [REFUSAL] } })
  const taken = await upload(server, bytes, { strict: false })
  expect(taken).toMatchObject({ status: 200, body: { ingestion: { status: 'SUCCEEDED', warnings: WARNINGS } } })
})

test('command line: one line for each kind of warning, and --strict refuses the file', async () => {
  const cwd = await folderWithFile()
  const refused = await programs.run(['ingest', '--strict', 'data/drop.parquet'], { cwd })
  expect(refused.exitCode).toBe(1)
  expect(refused.stderr).toMatch(/^data\/drop\.parquet: CORRUPT_PARQUET: The file is damaged: column subscriber_count/)
  const taken = await programs.run(['ingest', 'data/drop.parquet'], { cwd })
  expect(taken.exitCode).toBe(0)
  const lines = taken.stderr.split('\n').filter(line => line.includes('warning'))
  expect(lines).toEqual([expect.stringMatching(/^drop\.parquet: warning: SIZE_DISAGREES: Column subscriber_count/)])
})
