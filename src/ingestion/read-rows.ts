import {
  type IngestionWarning,
  KEPT_REJECTED_ROWS,
  type RejectedBatch,
  type RejectedRow,
  type RejectionReason,
} from '../domain/ingestion.ts'
import type { MeasurementBatch } from '../domain/measurement.ts'
import { WarningLog } from '../parquet/warnings.ts'
import { decode } from './decode.ts'
import { type HashedFile, openHashedFile, requireUnchanged } from './input-file.ts'
import { inspect } from './inspect.ts'
import { Normaliser } from './normalise/normaliser.ts'
import { type DeclaredSize, DecodedBytes, type ResourceLimits, requireWithinLimits } from './resource-limits.ts'

/** The file whose rows are read, and how. Plain data, which is sent to the reading thread. */
export interface RowsRequest {
  readonly file: HashedFile
  /** The time of the ingestion in milliseconds, which limits how far ahead an instant may be. */
  readonly ingestedAt: number
  readonly limits: ResourceLimits | undefined
  /** Whether metadata that disagrees with the values refuses the file, instead of giving a warning. */
  readonly strict: boolean
  /** Whether events carry all rejected rows, or only as many as the database keeps. */
  readonly keepAllRejected: boolean
}

/** Emitted in this order: the declared size, the rows in file order, the warnings. */
export type RowsEvent =
  | { readonly type: 'declared'; readonly declared: DeclaredSize }
  | {
      readonly type: 'rows'
      readonly rowsRead: number
      readonly batch: MeasurementBatch
      readonly rejected: RejectedBatch
    }
  | { readonly type: 'warnings'; readonly warnings: readonly IngestionWarning[] }

/** Reads a file's rows, without a database. */
export type ReadRows = (request: RowsRequest) => AsyncIterable<RowsEvent>

/**
 * Opens, inspects, decodes and normalises a file.
 *
 * @throws AppError when the file cannot be ingested
 */
export async function* readRows({
  file,
  ingestedAt,
  limits,
  strict,
  keepAllRejected,
}: RowsRequest): AsyncGenerator<RowsEvent> {
  const handle = await openHashedFile(file)
  try {
    const log = new WarningLog(strict)
    const inspected = await inspect(handle, Number(file.state.size))
    if (limits) requireWithinLimits(limits, inspected.declared)
    yield { type: 'declared', declared: inspected.declared }
    const normaliser = new Normaliser(inspected.kinds, ingestedAt)
    const sample = new RejectionSample(keepAllRejected ? Number.POSITIVE_INFINITY : KEPT_REJECTED_ROWS)
    for await (const group of decode(inspected, new DecodedBytes(limits), log)) {
      for (const { batch, rejected, rowsRead } of normaliser.normalise(group)) {
        yield { type: 'rows', rowsRead, batch, rejected: sample.take(rejected) }
      }
    }
    await requireUnchanged(handle, file)
    yield { type: 'warnings', warnings: log.warnings() }
  } finally {
    await handle.close()
  }
}

/** Counts rejected rows, and keeps the first of them: a bad file may have millions. */
class RejectionSample {
  #remaining: number

  /** @param size how many rows are kept */
  constructor(size: number) {
    this.#remaining = size
  }

  take(rejected: readonly RejectedRow[]): RejectedBatch {
    const counts = new Map<RejectionReason, number>()
    for (const { reason } of rejected) counts.set(reason, (counts.get(reason) ?? 0) + 1)
    const kept = rejected.slice(0, this.#remaining)
    this.#remaining -= kept.length
    // Reads the JSON of each row, which is made only now.
    const rows = kept.map(({ rowNumber, reason, column, row }) => ({ rowNumber, reason, column, row }))
    return { counts, rows }
  }
}
