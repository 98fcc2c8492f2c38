import { AppError } from '../../domain/errors.ts'
import type { MutationResolvers } from '../generated.ts'

/** Whatever is wrong with the file is an answer, in `userErrors`. */
export const ingestAccounts: NonNullable<MutationResolvers['ingestAccounts']> = async (_, { input }, { ingestor }) => {
  // The schema gives each a default, which the generated type does not know.
  const { file, wait = true, dryRun = false, strict = false } = input
  const expectedSha256 = input.expectedSha256 == null ? undefined : sha256(input.expectedSha256)
  const { ingestion, alreadyIngested, error } = await ingestor.ingest({ file, wait, dryRun, strict, expectedSha256 })
  return { ingestion, alreadyIngested, userErrors: error === null ? [] : [error] }
}

function sha256(given: string): string {
  const digest = given.trim().toLowerCase()
  if (/^[0-9a-f]{64}$/.test(digest)) return digest
  throw new AppError(
    'BAD_USER_INPUT',
    'input.expectedSha256 is not a SHA-256: give its 64 hex digits, or leave it out.',
  )
}
