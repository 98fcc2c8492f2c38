/** Bombs as the reading thread takes them; bombs.long.test.ts sends all of them to a running server. */
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { isUserError } from '../../src/domain/errors.ts'
import { hashDrop } from '../../src/ingestion/drop.ts'
import { readRows } from '../../src/ingestion/rows.ts'
import { withFolder } from '../ingestion/support/database.ts'
import { BOMBS } from './support/bombs.ts'

const LIMITS = { maxRows: 1e9, maxDecodedBytes: 2 ** 38, maxRowGroupBytes: 2 ** 30 }

/** The code of the refusal, or how many rows were accepted. */
async function endOf(path: string): Promise<string | number> {
  const file = await hashDrop(path, 'bomb.parquet')
  let accepted = 0
  try {
    for await (const event of readRows({ file, ingestedAt: Date.now(), limits: LIMITS, spellAllRejected: false })) {
      if (event.type === 'rows') accepted += event.batch.length
    }
    return accepted
  } catch (error) {
    if (!isUserError(error)) throw error
    expect(error.message.length).toBeLessThan(2_000)
    return error.code
  }
}

describe.each(Object.keys(BOMBS))('%s', room => {
  const bombs = Object.entries(BOMBS[room]!).filter(([, { isHeavy }]) => !isHeavy)

  test.each(bombs)('%s', (_, { file, ends }) =>
    withFolder(async folder => {
      const path = join(folder, 'bomb.parquet')
      await writeFile(path, file())
      expect(await endOf(path)).toBe(ends)
    }),
  )
})
