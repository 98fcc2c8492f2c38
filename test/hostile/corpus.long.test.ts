/** The public's good and bad Parquet files, and its bombs, through the real supervisor. */
import { realpathSync } from 'node:fs'
import { isAlive } from '../faults/support/ended.ts'
import { expectSound } from '../faults/support/sound.ts'
import { corpus, isCorpusPresent } from './support/corpus.ts'
import { withSupervisor } from './support/supervised.ts'

/** Thirty million rows are legitimate, and take a minute: here they are too many. */
const CAPS = { maxResidentBytes: 768 * 2 ** 20, maxRows: 10_000_000 }

/** How a file without the four columns, a damaged one or a bomb may end. */
const CODES: readonly (string | undefined)[] = [
  'MISSING_COLUMN',
  'ENCRYPTED_PARQUET',
  'CORRUPT_PARQUET',
  'UNSUPPORTED_PARQUET',
  'NOT_PARQUET',
  'RESOURCE_LIMIT',
]

;(isCorpusPresent ? describe : describe.skip)('the corpus (skipped where it is absent)', () => {
  test('is refused file by file, each with its code, and does no harm', async () => {
    const pids = new Set<number>()
    await withSupervisor(CAPS, async supervised => {
      for (const { name, path } of corpus()) {
        const { error, ingestion } = await supervised.ingest(realpathSync(path))
        pids.add(supervised.pid())
        // None of them has the four columns, but for one of too many rows.
        expect([name, CODES.includes(error?.code)]).toEqual([name, true])
        expect(ingestion).toMatchObject({ status: 'FAILED', inserted: 0, error: { code: error!.code } })
      }
      expect((await supervised.reader.dataset()).measurementCount).toBe(0)
      expectSound(supervised.path)
    })
    expect([...pids].filter(isAlive)).toEqual([])
  })
})
