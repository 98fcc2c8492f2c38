import { AppError } from '../domain/errors.ts'

/** Limits on the size that a file may declare, checked before any memory is allocated for it. */
export interface ResourceLimits {
  readonly maxRows: number
  /** Of the four columns, decompressed. */
  readonly maxDecodedBytes: number
  /** Of one row group's four columns, decompressed: these are in memory together. */
  readonly maxRowGroupBytes: number
}

/** The size that a file declares for its four columns. */
export interface DeclaredSize {
  readonly rows: number
  readonly bytes: number
  readonly largestRowGroupBytes: number
}

/** @throws AppError RESOURCE_LIMIT, with the limit and its setting */
export function requireWithinLimits(limits: ResourceLimits, { rows, bytes, largestRowGroupBytes }: DeclaredSize): void {
  requireAtMost(limits.maxRows, rows, 'rows', 'INGEST_MAX_ROWS')
  requireAtMost(limits.maxDecodedBytes, bytes, 'bytes of decoded data', 'INGEST_MAX_DECODED_BYTES')
  requireAtMost(limits.maxRowGroupBytes, largestRowGroupBytes, 'bytes in one row group', 'INGEST_MAX_ROW_GROUP_BYTES')
}

/** Adds up the sizes in page headers, because the sizes in a footer can be smaller. */
export class DecodedBytes {
  readonly #limits: ResourceLimits | undefined
  #total = 0
  #ofRowGroup = 0

  constructor(limits: ResourceLimits | undefined) {
    this.#limits = limits
  }

  startRowGroup(): void {
    this.#ofRowGroup = 0
  }

  /** @throws AppError RESOURCE_LIMIT, with the limit and its setting */
  add(bytes: number): void {
    this.#total += bytes
    this.#ofRowGroup += bytes
    if (!this.#limits) return
    const { maxDecodedBytes, maxRowGroupBytes } = this.#limits
    requireAtMost(maxDecodedBytes, this.#total, 'bytes of decoded data', 'INGEST_MAX_DECODED_BYTES')
    requireAtMost(maxRowGroupBytes, this.#ofRowGroup, 'bytes in one row group', 'INGEST_MAX_ROW_GROUP_BYTES')
  }
}

function requireAtMost(limit: number, found: number, what: string, setting: string): void {
  if (found <= limit) return
  const message = `The file declares ${found} ${what}, where ${limit} are allowed. Split it, or raise ${setting}.`
  throw new AppError('RESOURCE_LIMIT', message)
}
