import { getNamedType, isObjectType } from 'graphql'
import type { IngestOutcome } from '../../src/domain/ingestor.ts'
import { ingestPayloadJson } from '../../src/graphql/ingest-payload.ts'
import { schema } from '../../src/graphql/schema.ts'
import { accountId, TestApi } from './support/test-api.ts'

let api: TestApi
beforeAll(async () => {
  api = await TestApi.open()
})
afterAll(() => api.close())

/** A selection of every field of a type, except connections. */
function selectionOf(typeName: string): string {
  const type = schema.getType(typeName)
  if (!isObjectType(type)) return ''
  const fields = Object.values(type.getFields()).map(field => ({ ...field, typeName: getNamedType(field.type).name }))
  const selected = fields.filter(field => !field.typeName.endsWith('Connection'))
  return `{ ${selected.map(field => `${field.name} ${selectionOf(field.typeName)}`).join(' ')} }`
}

/** Ingests a file over GraphQL, and returns its payload with the outcome that the resolver received. */
async function ingest(input: object): Promise<{ payload: unknown; outcome: IngestOutcome }> {
  const outcomes: IngestOutcome[] = []
  const ingestor = Object.create(api.ingestor, {
    ingest: {
      value: async (request: Parameters<typeof api.ingestor.ingest>[0]) => {
        const outcome = await api.ingestor.ingest(request)
        outcomes.push(outcome)
        return outcome
      },
    },
  })
  const query = `mutation ($input: IngestAccountsInput!) { ingestAccounts(input: $input) ${selectionOf('IngestAccountsPayload')} }`
  const { data, errors } = await api.ask(query, { input }, { ...api.context, ingestor })
  expect(errors).toEqual([])
  return { payload: data.ingestAccounts, outcome: outcomes[0]! }
}

test.each([
  ['a file with a rejected row', { file: 'drop.parquet' }],
  ['the same bytes again', { file: 'drop.parquet' }],
  ['a dry run', { file: 'drop.parquet', dryRun: true }],
  ['a file with another digest than expected', { file: 'drop.parquet', expectedSha256: '0'.repeat(64) }],
  ['a file that does not exist', { file: 'none.parquet' }],
])('the JSON payload of %s equals that of GraphQL', async (_, input) => {
  api.write('drop.parquet', [
    [accountId(1), '2024-11-28', 5000],
    [accountId(2), '2024-11-29', 5000],
    ['no id', '2024-11-28', 5000],
  ])
  const { payload, outcome } = await ingest(input)
  expect(JSON.parse(JSON.stringify(ingestPayloadJson(outcome, Date.now())))).toEqual(payload)
})
