import fc from 'fast-check'
import type { DropRow } from '../../support/oracle/parquet.ts'
import { anyDrops } from '../../support/oracle/random.ts'

/** Files of more rows than go into one statement. */
export const anyBigDrops: fc.Arbitrary<DropRow[][]> = fc
  .array(anyDrops, { minLength: 2, maxLength: 3 })
  .map(drops => drops.map(files => files.flat()))
