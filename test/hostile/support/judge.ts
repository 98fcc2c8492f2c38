import { createHash } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { isUserError } from '../../../src/domain/errors.ts'
import { hashFile } from '../../../src/ingestion/input-file.ts'
import { readRows } from '../../../src/ingestion/read-rows.ts'

const LIMITS = { maxRows: 1e9, maxDecodedBytes: 2 ** 38, maxRowGroupBytes: 2 ** 30 }
const INGESTED_AT = Date.UTC(2025, 0, 1)

/** The code of a file's refusal, or a digest of every row that it brings or has rejected. */
export async function judge(folder: string, bytes: Uint8Array, strict = false): Promise<string> {
  const path = join(folder, 'judged.parquet')
  await writeFile(path, bytes)
  const file = await hashFile(path, 'judged.parquet')
  const digest = createHash('sha256')
  try {
    for await (const event of readRows({
      file,
      ingestedAt: INGESTED_AT,
      limits: LIMITS,
      strict,
      keepAllRejected: true,
    })) {
      if (event.type !== 'rows') continue
      const { account, measuredAt, subscriberCount, categorySet, newAccountIds, newCategorySets } = event.batch
      digest.update(JSON.stringify([newAccountIds, newCategorySets, event.rejected.rows]))
      for (const column of [account, measuredAt, subscriberCount, categorySet]) digest.update(column)
    }
    return `rows ${digest.digest('hex')}`
  } catch (error) {
    if (isUserError(error)) return error.code
    throw error
  }
}
