import { answerWhen } from '../until.ts'
import type { TestServer } from './server.ts'

export interface UserErrorJson {
  readonly code: string
  readonly field: readonly string[] | null
  readonly message: string
}

export interface IngestionJson {
  readonly id: string
  readonly fileName: string
  readonly sha256: string
  readonly status: 'QUEUED' | 'RUNNING' | 'SUCCEEDED' | 'FAILED' | 'CANCELLED' | 'REVERTED'
  readonly rowsTotal: number | null
  readonly rowsRead: number
  readonly inserted: number
  readonly corrected: number
  readonly unchanged: number
  readonly rejected: number
  readonly rejections: readonly { readonly reason: string; readonly count: number }[]
  readonly accountsCreated: number
  readonly firstMeasuredAt: string | null
  readonly lastMeasuredAt: string | null
  readonly error: UserErrorJson | null
}

export interface IngestPayload {
  readonly alreadyIngested: boolean
  readonly ingestion: IngestionJson | null
  readonly userErrors: readonly UserErrorJson[]
}

const INGESTION = `
  id fileName sha256 status rowsTotal rowsRead inserted corrected unchanged rejected rejections { reason count }
  accountsCreated firstMeasuredAt lastMeasuredAt error { code field message }`

export const INGEST = `mutation Ingest($input: IngestAccountsInput!) {
  ingestAccounts(input: $input) {
    alreadyIngested
    ingestion { ${INGESTION} }
    userErrors { code field message }
  }
}`

export interface IngestInput {
  readonly wait?: boolean
  readonly expectedSha256?: string
}

export async function ingest(server: TestServer, file: string, input: IngestInput = {}): Promise<IngestPayload> {
  const { ingestAccounts } = await server.ask<{ ingestAccounts: IngestPayload }>(INGEST, { input: { file, ...input } })
  return ingestAccounts
}

export async function ingestionOf(server: TestServer, id: string): Promise<IngestionJson | null> {
  const query = `query ($id: ID!) { ingestion(id: $id) { ${INGESTION} } }`
  return (await server.ask<{ ingestion: IngestionJson | null }>(query, { id })).ingestion
}

/** The ledger, newest first. */
export async function ledgerOf(server: TestServer): Promise<readonly IngestionJson[]> {
  const query = `{ ingestions(first: 100) { nodes { ${INGESTION} } } }`
  return (await server.ask<{ ingestions: { nodes: IngestionJson[] } }>(query)).ingestions.nodes
}

/** Whatever an ingestion can change, but for the ledger. */
export async function stateOf(server: TestServer): Promise<unknown> {
  return server.ask(`{
    dataset { asOf firstMeasuredAt accountCount measurementCount lastIngestion { id } growthCoverage { known } }
    categories { name accountCount }
    accounts(first: 100) { totalCount nodes { accountId subscriberCount categories growth { percent } } }
  }`)
}

/** Asks for an ingestion again and again until it is as wanted. */
export async function ingestionWhen(
  server: TestServer,
  id: string,
  isWanted: (ingestion: IngestionJson) => boolean,
): Promise<IngestionJson> {
  const isThere = (ingestion: IngestionJson | null) => ingestion !== null && isWanted(ingestion)
  return (await answerWhen(() => ingestionOf(server, id), isThere, 'an ingestion as wanted'))!
}

export function hasEnded({ status }: IngestionJson): boolean {
  return status !== 'QUEUED' && status !== 'RUNNING'
}

export function isUnderWay({ status, rowsRead }: IngestionJson): boolean {
  return status === 'RUNNING' && rowsRead > 0
}
