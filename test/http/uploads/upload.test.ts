import { createHash } from 'node:crypto'
import { mkdir, readdir, stat, writeFile } from 'node:fs/promises'
import { connect } from 'node:net'
import { join } from 'node:path'
import { acquireLock } from '../../../src/storage/sqlite/files/lock.ts'
import { parquetOf } from '../../support/parquet/columns.ts'
import { columnsOf, type Row } from '../../support/program/drops.ts'
import { hasEnded, ingestionWhen, stateOf } from '../../support/program/ingest.ts'
import { usePrograms } from '../../support/program/programs.ts'
import type { TestServer } from '../../support/program/server.ts'
import { until } from '../../support/until.ts'
import { incomingBytes, incomingFiles, untilIncoming, upload } from '../support/upload.ts'

const MAX_FILE_BYTES = 100_000
const programs = usePrograms()
let folder: string
let server: TestServer
beforeAll(async () => {
  folder = await programs.folder()
  const env = { INGEST_MAX_FILE_BYTES: String(MAX_FILE_BYTES), INGEST_MAX_QUEUED: '2' }
  server = await programs.serve({ cwd: folder, args: ['--no-demo'], env })
})
afterEach(() => untilIncoming(folder, 0))

const rows = (count: number): Row[] => [1, 2].map(account => ({ account, count, at: '2024-05-01T00:00:00Z' }))
/** A file of two rows that no other has. */
const drop = (count: number) => parquetOf(columnsOf(rows(count)))
const lockDatabase = () => acquireLock(join(folder, 'data', 'accounts.db'), 'write', 0)

describe('POST /ingest', () => {
  test('ingests a file under its given name, and answers as the mutation does', async () => {
    const bytes = drop(5_000)
    const sha256 = createHash('sha256').update(bytes).digest('hex')
    const { status, body } = await upload(server, bytes, { name: 'drop.parquet', expectedSha256: sha256.toUpperCase() })
    expect(status).toBe(200)
    expect(body).toMatchObject({
      alreadyIngested: false,
      ingestion: { status: 'SUCCEEDED', fileName: 'drop.parquet', sha256, fileSize: bytes.length, inserted: 2 },
      userErrors: [],
    })
    const again = await upload(server, bytes, { name: 'other.parquet' })
    expect(again).toMatchObject({ status: 200, body: { ...body, alreadyIngested: true } })
  })

  test('with wait=false answers 202, and keeps the file until it is ingested', async () => {
    const lock = await lockDatabase()
    const { status, body } = await upload(server, drop(5_001), { wait: false })
    expect(status).toBe(202)
    expect(body.ingestion).toMatchObject({ fileName: 'upload.parquet' })
    const [file, ...others] = await incomingFiles(folder)
    expect(others).toEqual([])
    expect((await stat(join(folder, 'data', '.incoming', file!))).mode & 0o777).toBe(0o600)
    expect((await stat(join(folder, 'data', '.incoming'))).mode & 0o777).toBe(0o700)
    lock.release()
    await ingestionWhen(server, body.ingestion!.id, hasEnded)
    // The ledger knows of the end a moment before the server does.
    await untilIncoming(folder, 0)
  })

  test('reports the result of a dry run, after which the file can be ingested', async () => {
    const before = await stateOf(server)
    const dry = await upload(server, drop(5_002), { dryRun: true })
    expect(dry).toMatchObject({ status: 200, body: { ingestion: { status: 'SUCCEEDED', dryRun: true, corrected: 2 } } })
    expect(await stateOf(server)).toEqual(before)
    const wet = await upload(server, drop(5_002))
    expect(wet).toMatchObject({ status: 200, body: { alreadyIngested: false, ingestion: { corrected: 2 } } })
  })

  test.each<[string, number, string, Uint8Array, Record<string, string>]>([
    ['what is no Parquet', 422, 'NOT_PARQUET', Buffer.from('account_id,subscriber_count\n'), {}],
    ['nothing', 422, 'NOT_PARQUET', new Uint8Array(), {}],
    ['other bytes than expected', 422, 'CHECKSUM_MISMATCH', drop(5_003), { expectedSha256: 'a'.repeat(64) }],
  ])('rejects %s with a ledger entry', async (_, status, code, bytes, parameters) => {
    const answer = await upload(server, bytes, parameters)
    expect(answer).toMatchObject({ status, body: { ingestion: { status: 'FAILED' }, userErrors: [{ code }] } })
  })

  test('rejects a file that is too large, with or without Content-Length, without a ledger entry', async () => {
    const refusal = { ingestion: null, alreadyIngested: false, userErrors: [{ code: 'FILE_TOO_LARGE', field: null }] }
    const large = new Uint8Array(MAX_FILE_BYTES + 1)
    expect(await upload(server, large)).toMatchObject({ status: 413, body: refusal })
    const stream = new Blob([large]).stream()
    const init = { method: 'POST', body: stream, duplex: 'half' } as RequestInit
    const unsaid = await fetch(`${server.origin}/ingest`, init)
    expect([unsaid.status, await unsaid.json()]).toEqual([413, expect.objectContaining({ alreadyIngested: false })])
    const fits = await upload(server, large.subarray(1))
    expect(fits).toMatchObject({ status: 422, body: { userErrors: [{ code: 'NOT_PARQUET' }] } })
  })

  test('accepts no more files than can be queued', async () => {
    const lock = await lockDatabase()
    const taken = await Promise.all([5_004, 5_005].map(count => upload(server, drop(count), { wait: false })))
    expect(taken.map(({ status }) => status)).toEqual([202, 202])
    const refused = await upload(server, drop(5_006), { wait: false })
    expect(refused).toMatchObject({ status: 503, body: { ingestion: null, userErrors: [{ code: 'QUEUE_FULL' }] } })
    lock.release()
    for (const { body } of taken) await ingestionWhen(server, body.ingestion!.id, hasEnded)
    expect((await upload(server, drop(5_006))).status).toBe(200)
  })

  test('leaves nothing behind when the client disconnects', async () => {
    const socket = connect(server.port, '127.0.0.1')
    socket.write('POST /ingest HTTP/1.1\r\nHost: localhost\r\nContent-Length: 50000\r\n\r\nPAR1')
    await untilIncoming(folder, 1)
    socket.destroy()
    await untilIncoming(folder, 0)
    const { ingestions } = await server.ask<{ ingestions: { nodes: object[] } }>(
      '{ ingestions { nodes { fileSize } } }',
    )
    expect(ingestions.nodes).not.toContainEqual({ fileSize: 50_000 })
  })

  test('continues when the client disconnects after the last byte', async () => {
    const lock = await lockDatabase()
    const bytes = drop(5_007)
    const socket = connect(server.port, '127.0.0.1')
    socket.write(
      `POST /ingest?name=left.parquet HTTP/1.1\r\nHost: localhost\r\nContent-Length: ${bytes.length}\r\n\r\n`,
    )
    socket.write(bytes)
    await until(async () => (await incomingBytes(folder)) === bytes.length, 'the last byte to come')
    socket.destroy()
    lock.release()
    await untilIncoming(folder, 0)
    const sha256 = createHash('sha256').update(bytes).digest('hex')
    expect(await upload(server, bytes)).toMatchObject({
      status: 200,
      body: { alreadyIngested: true, ingestion: { sha256, fileName: 'left.parquet' } },
    })
  })
})

test('a start removes what a crash has left, and leaves other files alone', async () => {
  const cwd = await programs.folder()
  const first = await programs.serve({ cwd, args: ['--no-demo'] })
  const lock = await acquireLock(join(cwd, 'data', 'accounts.db'), 'write', 0)
  await upload(first, drop(6_000), { wait: false })
  expect(await incomingFiles(cwd)).toHaveLength(1)
  await first.kill()
  lock.release()
  await mkdir(join(cwd, 'data', '.incoming'), { recursive: true })
  await writeFile(join(cwd, 'data', '.incoming', 'of-another-server'), '')
  await programs.serve({ cwd, args: ['--no-demo'] })
  expect(await incomingFiles(cwd)).toEqual(['of-another-server'])
})

test('a shutdown aborts incomplete uploads, and finishes complete ones', async () => {
  const cwd = await programs.folder()
  const stopping = await programs.serve({ cwd, args: ['--no-demo'] })
  const socket = connect(stopping.port, '127.0.0.1').on('error', () => {})
  socket.write('POST /ingest HTTP/1.1\r\nHost: localhost\r\nContent-Length: 50000\r\n\r\nPAR1')
  await untilIncoming(cwd, 1)
  const { status } = await upload(stopping, drop(6_001), { wait: false })
  expect(status).toBe(202)
  await stopping.stop()
  expect(await readdir(join(cwd, 'data', '.incoming'))).toEqual([])
})
