/** Damaged copies of real files: each is refused with a documented code or read exactly, except for damage inside values. */
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

/** Damage that moves or removes bytes is always found. */
const ALWAYS_FOUND = ['a block that is missing', 'a block that comes twice', 'an end that is missing']

/*
 * A changed bit inside a text or a number makes another text or number, and only a checksum can find it: neither file has
 * page checksums. Of 800 copies, 26 % of the bundled and 18 % of the real file had other rows; in strict mode, which
 * refuses values outside the bounds of the footer, 26 % and 11 %. The limits leave room for chance.
 */
test.each([[BUNDLED, 0.4, 0.4], ...(isPresent ? [[REAL_FILE, 0.3, 0.2] as const] : [])] as const)(
  `damaged copies of %s (seed ${SEED})`,
  (path, limit, strictLimit) =>
    withFolder(async folder => {
      const exact = await judge(folder, readFileSync(path), false)
      let [others, strictOthers] = [0, 0]
      for (const { mutation, bytes } of mutated(path, COPIES, SEED)) {
        const end = await judge(folder, bytes, false)
        const strictEnd = await judge(folder, bytes, true)
        // Strict mode refuses more copies, and never decodes a copy to other rows than the default mode does.
        if (strictEnd !== end) expect(strictEnd).toBe('CORRUPT_PARQUET')
        if (end === exact) continue
        if (!end.startsWith('rows')) expect(CODES).toContain(end)
        else {
          expect(ALWAYS_FOUND).not.toContain(mutation)
          others++
          if (strictEnd === end) strictOthers++
        }
      }
      expect(others / COPIES).toBeLessThan(limit)
      expect(strictOthers / COPIES).toBeLessThan(strictLimit)
    }),
)
