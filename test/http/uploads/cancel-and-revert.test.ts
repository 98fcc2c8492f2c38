import { join } from 'node:path'
import { nodeId } from '../../../src/graphql/node-id.ts'
import { acquireLock } from '../../../src/storage/sqlite/files/lock.ts'
import { Frozen } from '../../faults/support/frozen.ts'
import { parquetOf } from '../../support/parquet/columns.ts'
import { columnsOf } from '../../support/program/drops.ts'
import {
  type IngestionJson,
  type IngestPayload,
  ingestionOf,
  ingestionWhen,
  ledgerOf,
  stateOf,
  type UserErrorJson,
} from '../../support/program/ingest.ts'
import { usePrograms } from '../../support/program/programs.ts'
import type { TestServer } from '../../support/program/server.ts'
import { LARGE_ROWS, largeDrop } from '../support/large-drop.ts'
import { incomingFiles, untilIncoming, upload } from '../support/upload.ts'
import { follow } from '../support/web-socket.ts'

const programs = usePrograms()
let large: Uint8Array
let folder: string
let server: TestServer
beforeAll(async () => {
  large = await largeDrop()
  folder = await programs.folder()
  server = await programs.serve({ cwd: folder, args: ['--no-demo'] })
  await upload(server, drop(1, 5_000), { name: 'first.parquet' })
})

const drop = (account: number, count: number) =>
  parquetOf(columnsOf([{ account, count, at: '2024-05-01T00:00:00Z', categories: 'Gaming' }]))

interface Outcome {
  readonly ingestion: IngestionJson | null
  readonly userErrors: readonly UserErrorJson[]
}

async function command(name: 'cancel' | 'revert', id: string): Promise<Outcome> {
  const mutation = `mutation ($id: ID!) { outcome: ${name}Ingestion(input: {id: $id}) {
    ingestion { id status inserted error { code } } userErrors { code field message }
  } }`
  return (await server.ask<{ outcome: Outcome }>(mutation, { id })).outcome
}

const idOf = ({ ingestion }: IngestPayload) => ingestion!.id

describe('cancelIngestion', () => {
  test('of a queued file removes it, ends its subscription, and leaves no ledger entry', async () => {
    const lock = await acquireLock(join(folder, 'data', 'accounts.db'), 'write', 0)
    const running = idOf((await upload(server, drop(2, 5_000), { wait: false })).body)
    const waiting = idOf((await upload(server, drop(3, 5_000), { wait: false })).body)
    expect(await incomingFiles(folder)).toHaveLength(2)
    const followed = follow(server, waiting)
    expect(await command('cancel', waiting)).toMatchObject({ ingestion: { status: 'CANCELLED' }, userErrors: [] })
    expect((await followed).at(-1)!.state).toMatchObject({ status: 'CANCELLED' })
    await untilIncoming(folder, 1)
    expect(await ingestionOf(server, waiting)).toMatchObject({ status: 'CANCELLED' })
    lock.release()
    await ingestionWhen(server, running, ({ status }) => status === 'SUCCEEDED')
    expect((await ledgerOf(server)).map(({ id }) => id)).not.toContain(waiting)
  })

  test('of a running file rolls it back and removes the upload, which can be sent again', async () => {
    const before = await stateOf(server)
    let id = ''
    const frozen = await Frozen.halfWay(server, async () => {
      id = idOf((await upload(server, large, { wait: false })).body)
      return id
    })
    const followed = follow(server, id)
    const cancelling = command('cancel', id)
    frozen.thaw()
    expect(await cancelling).toMatchObject({
      ingestion: { id, status: 'CANCELLED', inserted: 0, error: { code: 'INGESTION_CANCELLED' } },
      userErrors: [],
    })
    expect((await followed).at(-1)!.state).toMatchObject({ status: 'CANCELLED' })
    expect(await stateOf(server)).toEqual(before)
    await untilIncoming(folder, 0)
    expect(await command('cancel', id)).toMatchObject({ userErrors: [{ code: 'NOT_CANCELLABLE' }] })
    const again = await upload(server, large)
    expect(again).toMatchObject({ status: 200, body: { alreadyIngested: false, ingestion: { rowsRead: LARGE_ROWS } } })
  })
})

describe('revertIngestion', () => {
  test('reverts only the newest ingestion, and its file can be sent again', async () => {
    const before = await stateOf(server)
    const bytes = drop(1, 6_000)
    const { body } = await upload(server, bytes, { name: 'correction.parquet' })
    expect(body.ingestion).toMatchObject({ corrected: 1 })
    const after = await stateOf(server)
    const [, previous] = await ledgerOf(server)
    expect(await command('revert', previous!.id)).toMatchObject({ userErrors: [{ code: 'NOT_LATEST_INGESTION' }] })
    expect(await stateOf(server)).toEqual(after)
    expect(await command('revert', idOf(body))).toMatchObject({ ingestion: { status: 'REVERTED' }, userErrors: [] })
    expect(await stateOf(server)).toEqual(before)
    const again = await upload(server, bytes)
    expect(again).toMatchObject({ status: 200, body: { alreadyIngested: false, ingestion: { corrected: 1 } } })
  })

  test('rejects an unknown id', async () => {
    const unknown = nodeId({ type: 'Ingestion', id: 'no such' })
    expect(await command('revert', unknown)).toMatchObject({ ingestion: null, userErrors: [{ code: 'NOT_FOUND' }] })
    const { extensions } = await server.refusal(
      'mutation { revertIngestion(input: {id: "x"}) { userErrors { code } } }',
    )
    expect(extensions.code).toBe('BAD_USER_INPUT')
  })
})
