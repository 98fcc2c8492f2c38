/** Bombs as the reading thread takes them; bombs.long.test.ts sends all of them to a running server. */
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { isUserError } from '../../src/domain/errors.ts'
import { hashFile } from '../../src/ingestion/input-file.ts'
import { readRows } from '../../src/ingestion/read-rows.ts'
import { withFolder } from '../ingestion/support/database.ts'
import { BOMBS } from './support/bombs.ts'

const LIMITS = { maxRows: 1e9, maxDecodedBytes: 2 ** 38, maxRowGroupBytes: 2 ** 30 }

interface End {
  /** The code of the refusal, or how many rows were accepted. */
  readonly end: string | number
  readonly warnings: readonly string[]
}

async function endOf(path: string, strict: boolean): Promise<End> {
  const file = await hashFile(path, 'bomb.parquet')
  let accepted = 0
  const warnings = new Set<string>()
  try {
    for await (const event of readRows({
      file,
      ingestedAt: Date.now(),
      limits: LIMITS,
      strict,
      keepAllRejected: false,
    })) {
      if (event.type === 'rows') accepted += event.batch.length
      if (event.type === 'warnings') for (const { code } of event.warnings) warnings.add(code)
    }
    return { end: accepted, warnings: [...warnings] }
  } catch (error) {
    if (!isUserError(error)) throw error
    expect(error.message.length).toBeLessThan(2_000)
    return { end: error.code, warnings: [] }
  }
}

describe.each(Object.keys(BOMBS))('%s', room => {
  const bombs = Object.entries(BOMBS[room]!).filter(([, { isHeavy }]) => !isHeavy)

  test.each(bombs)('%s', (_, { file, ends, warns }) =>
    withFolder(async folder => {
      const path = join(folder, 'bomb.parquet')
      await writeFile(path, file())
      expect(await endOf(path, false)).toEqual({ end: ends, warnings: warns ? [warns] : [] })
      expect((await endOf(path, true)).end).toBe(warns ? 'CORRUPT_PARQUET' : ends)
    }),
  )
})
