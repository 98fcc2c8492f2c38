import { getNamedType, isObjectType } from 'graphql'
import { schema } from '../../src/graphql/schema.ts'
import { runUpload } from '../../src/graphql/upload.ts'
import { accountId, TestApi } from './support/test-api.ts'

let api: TestApi
beforeAll(async () => {
  api = await TestApi.open()
})
afterAll(() => api.close())

/** The fields of a type that need no further arguments. */
function fieldsOf(name: string): string[] {
  const type = schema.getType(name)
  if (!isObjectType(type)) throw new Error(`${name} is no object type`)
  const fields = Object.values(type.getFields())
  return fields.filter(field => !getNamedType(field.type).name.endsWith('Connection')).map(field => field.name)
}

test('the payload outside GraphQL has every field, but for the pages of rejected rows', async () => {
  api.write('drop.parquet', [
    [accountId(1), '2024-11-28', 5000],
    [accountId(2), '2024-11-28', 5000],
    ['no id', '2024-11-28', 5000],
  ])
  const answer = await runUpload(api.server, { file: 'drop.parquet' }, api.context)
  const payload = JSON.parse(JSON.stringify(answer)).data.ingestAccounts
  expect(Object.keys(payload).sort()).toEqual(fieldsOf('IngestAccountsPayload').sort())
  expect(Object.keys(payload.ingestion).sort()).toEqual(fieldsOf('Ingestion').sort())
  expect(payload.ingestion.rejections).toEqual([{ reason: 'INVALID_ACCOUNT_ID', count: 1 }])
  expect(payload.ingestion.queuedAt).toMatch(/^\d{4}-.*Z$/)
})

test('errors are those of GraphQL', async () => {
  const refused = await runUpload(api.server, { file: 'none.parquet' }, api.context)
  const [error] = JSON.parse(JSON.stringify(refused)).data.ingestAccounts.userErrors
  expect(Object.keys(error).sort()).toEqual(fieldsOf('UserError').sort())
  const wrong = await runUpload(api.server, { file: 'x', expectedSha256: 'x' }, api.context)
  expect(wrong.errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT' } }])
})
