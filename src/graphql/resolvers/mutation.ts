import { AppError } from '../../domain/errors.ts'
import { parseSha256 } from '../../domain/ingestion.ts'
import type { IngestOutcome, LedgerOutcome } from '../../domain/ingestor.ts'
import type { MutationResolvers } from '../generated.ts'
import { parseIngestionId } from '../node-id.ts'

/** Errors of a file or a command are returned in `userErrors`, not thrown. */
export const mutation: MutationResolvers = {
  async ingestAccounts(_, { input }, { ingestor }) {
    // schema.graphql has these defaults, which the generated type omits.
    const { file, wait = true, dryRun = false, strict = false } = input
    const expectedSha256 = digestArgument(input.expectedSha256)
    return ingestPayload(await ingestor.ingest({ file, wait, dryRun, strict, expectedSha256 }))
  },

  cancelIngestion: async (_, { input }, { ingestor }) =>
    commandPayload(await ingestor.cancel(parseIngestionId(input.id))),

  revertIngestion: async (_, { input }, { ingestor }) =>
    commandPayload(await ingestor.revert(parseIngestionId(input.id))),
}

function digestArgument(text: string | null | undefined): string | undefined {
  if (text == null) return undefined
  const digest = parseSha256(text)
  if (digest !== undefined) return digest
  throw new AppError('BAD_USER_INPUT', 'input.expectedSha256 is not a SHA-256. Use its 64 hex digits, or omit it.')
}

function ingestPayload({ ingestion, alreadyIngested, error }: IngestOutcome) {
  return { ingestion, alreadyIngested, userErrors: error === null ? [] : [error] }
}

function commandPayload({ ingestion, error }: LedgerOutcome) {
  return { ingestion, userErrors: error === null ? [] : [error] }
}
