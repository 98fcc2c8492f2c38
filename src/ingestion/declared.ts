import { AppError } from '../domain/errors.ts'

/** Caps on what a file may claim to hold, checked before anything is allocated for it. */
export interface DeclaredLimits {
  readonly maxRows: number
  /** Of the four columns, decompressed. */
  readonly maxDecodedBytes: number
  /** Of one row group's four columns, decompressed: these are in memory together. */
  readonly maxRowGroupBytes: number
}

/** What a file claims to hold in its four columns. */
export interface Declared {
  readonly rows: number
  readonly bytes: number
  readonly largestRowGroupBytes: number
}

/** @throws AppError RESOURCE_LIMIT, with the limit and its setting */
export function requireWithin(limits: DeclaredLimits, { rows, bytes, largestRowGroupBytes }: Declared): void {
  requireAtMost(limits.maxRows, rows, 'rows', 'INGEST_MAX_ROWS')
  requireAtMost(limits.maxDecodedBytes, bytes, 'bytes of decoded data', 'INGEST_MAX_DECODED_BYTES')
  requireAtMost(limits.maxRowGroupBytes, largestRowGroupBytes, 'bytes in one row group', 'INGEST_MAX_ROW_GROUP_BYTES')
}

/** Adds up the sizes in page headers, because the sizes in a footer can be smaller. */
export class DecodedBytes {
  readonly #limits: DeclaredLimits | undefined
  #total = 0
  #ofRowGroup = 0

  constructor(limits: DeclaredLimits | undefined) {
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
