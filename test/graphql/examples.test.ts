import { EXAMPLES } from '../../src/graphql/examples.ts'
import { accountId, TestApi } from './support/test-api.ts'

test('the examples run unchanged, starting with the ingestion of the sample file', async () => {
  const api = await TestApi.open()
  api.write('add_accounts.parquet', [
    [accountId(1), '2024-11-20', 1_000_000, 'Gaming'],
    [accountId(1), '2024-11-28', 1_500_000, 'Gaming'],
    [accountId(2), '2024-11-28', 2000, 'Podcast'],
  ])
  const { ingestAccounts } = await api.data(EXAMPLES.ingestSample)
  expect(ingestAccounts.ingestion).toMatchObject({ status: 'SUCCEEDED', rowsRead: 3, inserted: 3 })

  const { accounts: gaming } = await api.data(EXAMPLES.byCategory)
  expect(gaming).toMatchObject({ totalCount: 1, nodes: [{ accountId: accountId(1), categories: ['Gaming'] }] })

  const { accounts: large } = await api.data(EXAMPLES.aboveOneMillion)
  expect(large).toEqual({ totalCount: 1, nodes: [{ accountId: accountId(1), subscriberCount: 1_500_000 }] })

  const { accounts: grown } = await api.data(EXAMPLES.grewLastMonth)
  expect(grown.nodes[0].growth).toMatchObject({ percent: 50, from: { subscriberCount: 1_000_000 } })
  await api.close()
})
