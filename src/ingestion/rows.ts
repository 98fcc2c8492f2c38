import {
  type IngestionWarning,
  KEPT_REJECTED_ROWS,
  type RejectedBatch,
  type RejectedRow,
  type RejectionReason,
} from '../domain/ingestion.ts'
import type { MeasurementBatch } from '../domain/measurement.ts'
import { WarningLog } from '../parquet/warnings.ts'
import { type Declared, type DeclaredLimits, DecodedBytes, requireWithin } from './declared.ts'
import { decode } from './decode.ts'
import { type HashedFile, openHashed, requireUnchanged } from './drop.ts'
import { inspect } from './inspect.ts'
import { Normaliser } from './normalise/rows.ts'

/** Which file's rows are wanted, and how. Plain data: it crosses to the reading thread. */
export interface RowsRequest {
  readonly file: HashedFile
  /** The moment of ingestion, which limits how far ahead an instant may lie. */
  readonly ingestedAt: number
  readonly limits: DeclaredLimits | undefined
  /** Whether metadata that disagrees with the values refuses the file, instead of giving a warning. */
  readonly strict: boolean
  /** Whether all rejected rows are spelled out, or only as many as the database keeps. */
  readonly spellAllRejected: boolean
}

/** First what the file declares, then its rows in file order, then its warnings. */
export type RowsEvent =
  | { readonly type: 'declared'; readonly declared: Declared }
  | {
      readonly type: 'rows'
      readonly rowsRead: number
      readonly batch: MeasurementBatch
      readonly rejected: RejectedBatch
    }
  | { readonly type: 'warnings'; readonly warnings: readonly IngestionWarning[] }

/** Reads a file's rows: the part of the way in that knows no database. */
export type ReadRows = (request: RowsRequest) => AsyncIterable<RowsEvent>

/**
 * Opens, inspects, decodes and normalises a file.
 *
 * @throws AppError with the reason why the file cannot be taken
 */
export async function* readRows({
  file,
  ingestedAt,
  limits,
  strict,
  spellAllRejected,
}: RowsRequest): AsyncGenerator<RowsEvent> {
  const handle = await openHashed(file)
  try {
    const log = new WarningLog(strict)
    const inspected = await inspect(handle, Number(file.state.size))
    if (limits) requireWithin(limits, inspected.declared)
    yield { type: 'declared', declared: inspected.declared }
    const normaliser = new Normaliser(inspected.kinds, ingestedAt)
    const speller = new Speller(spellAllRejected ? Number.POSITIVE_INFINITY : KEPT_REJECTED_ROWS)
    for await (const group of decode(inspected, new DecodedBytes(limits), log)) {
      for (const { batch, rejected, rowsRead } of normaliser.normalise(group)) {
        yield { type: 'rows', rowsRead, batch, rejected: speller.spell(rejected) }
      }
    }
    await requireUnchanged(handle, file)
    yield { type: 'warnings', warnings: log.warnings() }
  } finally {
    await handle.close()
  }
}

/** Counts rejected rows, and spells out the first of them: a bad file may have millions. */
class Speller {
  #left: number

  constructor(wanted: number) {
    this.#left = wanted
  }

  spell(rejected: readonly RejectedRow[]): RejectedBatch {
    const counts = new Map<RejectionReason, number>()
    for (const { reason } of rejected) counts.set(reason, (counts.get(reason) ?? 0) + 1)
    const wanted = rejected.slice(0, this.#left)
    this.#left -= wanted.length
    const rows = wanted.map(({ rowNumber, reason, column, row }) => ({ rowNumber, reason, column, row }))
    return { counts, rows }
  }
}
