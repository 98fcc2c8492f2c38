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

/** @throws AppError RESOURCE_LIMIT, naming the limit and its setting */
export function requireWithin(limits: DeclaredLimits, { rows, bytes, largestRowGroupBytes }: Declared): void {
  exceeds('rows', rows, limits.maxRows, 'INGEST_MAX_ROWS')
  exceeds('bytes of decoded data', bytes, limits.maxDecodedBytes, 'INGEST_MAX_DECODED_BYTES')
  exceeds('bytes in one row group', largestRowGroupBytes, limits.maxRowGroupBytes, 'INGEST_MAX_ROW_GROUP_BYTES')
}

function exceeds(what: string, found: number, limit: number, setting: string): void {
  if (found <= limit) return
  const message = `The file declares ${found} ${what}, where ${limit} are allowed. Split it, or raise ${setting}.`
  throw new AppError('RESOURCE_LIMIT', message)
}

/** Counts the decoded bytes of a file as its page headers declare them: the footer's sizes can be wrong. */
export class DecodedBytes {
  readonly #limits: DeclaredLimits | undefined
  #ofFile = 0
  #ofRowGroup = 0

  constructor(limits: DeclaredLimits | undefined) {
    this.#limits = limits
  }

  beginRowGroup(): void {
    this.#ofRowGroup = 0
  }

  /** @throws AppError RESOURCE_LIMIT, naming the limit and its setting */
  take(bytes: number): void {
    this.#ofFile += bytes
    this.#ofRowGroup += bytes
    if (this.#limits)
      requireWithin(this.#limits, { rows: 0, bytes: this.#ofFile, largestRowGroupBytes: this.#ofRowGroup })
  }
}
