/** Damaged copies of real files: each is refused by a documented code, or exact, but for what nothing can tell. */
import { existsSync, readFileSync } from 'node:fs'
import { SEED } from '../faults/support/random.ts'
import { withFolder } from '../ingestion/support/database.ts'
import { judge } from './support/judge.ts'
import { mutated } from './support/mutations.ts'

const REAL_FILE = '../shared/data/add_accounts.parquet'
const BUNDLED = 'data/add_accounts.parquet'
const isPresent = existsSync(REAL_FILE)
if (!isPresent) console.warn(`${REAL_FILE} is absent: no copy of it is damaged`)

const COPIES = Number(process.env.DAMAGED_COPIES ?? 250)

const CODES = [
  'NOT_PARQUET',
  'CORRUPT_PARQUET',
  'ENCRYPTED_PARQUET',
  'UNSUPPORTED_PARQUET',
  'MISSING_COLUMN',
  'UNEXPECTED_COLUMN_TYPE',
  'RESOURCE_LIMIT',
]

/** Damage that moves bytes, or takes them away, is always found out. */
const ALWAYS_TOLD = ['a block that is missing', 'a block that comes twice', 'an end that is missing']

/*
 * A bit within a text or a number makes another text or number, and only a checksum could tell: neither file has those.
 * Of 300 copies each, 10 % and 28 % had other rows, seldom more than one. The bounds leave room for chance.
 */
test.each([[BUNDLED, 0.45], ...(isPresent ? [[REAL_FILE, 0.25] as const] : [])] as const)(
  `damaged copies of %s (seed ${SEED})`,
  (path, bound) =>
    withFolder(async folder => {
      const exact = await judge(folder, readFileSync(path), false)
      let others = 0
      for (const { mutation, bytes } of mutated(path, COPIES, SEED)) {
        const end = await judge(folder, bytes, false)
        if (end === exact) continue
        if (!end.startsWith('rows')) expect(CODES).toContain(end)
        else {
          expect(ALWAYS_TOLD).not.toContain(mutation)
          others++
        }
      }
      expect(others / COPIES).toBeLessThan(bound)
    }),
)
