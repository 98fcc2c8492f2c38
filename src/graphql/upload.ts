import type { ApolloServer } from '@apollo/server'
import type { FormattedExecutionResult } from 'graphql'
import type { GraphQLContext } from './context.ts'
import type { IngestAccountsInput } from './generated.ts'

/** Everything that the payload holds, but for the pages of rejected rows. */
const DOCUMENT = `mutation Upload($input: IngestAccountsInput!) {
  ingestAccounts(input: $input) {
    alreadyIngested
    ingestion {
      id fileName sha256 fileSize status dryRun queuedAt startedAt finishedAt
      rowsTotal rowsRead rowsPerSecond secondsLeft
      inserted corrected unchanged rejected rejections { reason count } accountsCreated
      firstMeasuredAt lastMeasuredAt warnings { code column message } programVersion
      error { code field message }
    }
    userErrors { code field message }
  }
}`

/** What of the payload says how a request over plain HTTP went. */
export interface UploadPayload {
  readonly ingestion: { readonly status: string } | null
  readonly userErrors: readonly { readonly code: string }[]
}

/**
 * Runs the mutation for a request that is none of GraphQL's, so that both answer alike, to the last digit.
 *
 * @param contextValue whose ingestor knows where the file is: `input.file` is but its name
 */
export async function runUpload(
  apollo: ApolloServer<GraphQLContext>,
  input: IngestAccountsInput,
  contextValue: GraphQLContext,
): Promise<FormattedExecutionResult<{ ingestAccounts: UploadPayload }>> {
  const { body } = await apollo.executeOperation<{ ingestAccounts: UploadPayload }>(
    { query: DOCUMENT, variables: { input } },
    { contextValue },
  )
  if (body.kind !== 'single') throw new Error('incremental delivery is not offered')
  return body.singleResult
}
