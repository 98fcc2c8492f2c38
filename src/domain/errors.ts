/** Every code that a `UserError` can carry: what a person can mend. Meanings: docs/rules.md, "Refused files". */
export const ERROR_CODES = [
  'FILE_NOT_FOUND',
  'FILE_OUTSIDE_DATA_DIRECTORY',
  'NOT_A_REGULAR_FILE',
  'FILE_TOO_LARGE',
  'FILE_CHANGED',
  'CHECKSUM_MISMATCH',
  'NOT_PARQUET',
  'CORRUPT_PARQUET',
  'ENCRYPTED_PARQUET',
  'UNSUPPORTED_PARQUET',
  'MISSING_COLUMN',
  'UNEXPECTED_COLUMN_TYPE',
  'TOO_MANY_REJECTED_ROWS',
  'RESOURCE_LIMIT',
  'QUEUE_FULL',
  'INGESTION_CANCELLED',
  'INGESTION_INTERRUPTED',
  'DATABASE_FULL',
  'DATABASE_READ_ONLY',
  'DATABASE_BUSY',
  'NOT_FOUND',
  'NOT_CANCELLABLE',
  'NOT_LATEST_INGESTION',
] as const

export type ErrorCode = (typeof ERROR_CODES)[number]

const FAULTS_OF_FILES: readonly ErrorCode[] = ERROR_CODES.slice(0, ERROR_CODES.indexOf('QUEUE_FULL'))

/** Whether a code blames the file itself, so that another file may be taken. Those codes stand first in ERROR_CODES. */
export function isFaultOfFile(code: ErrorCode): boolean {
  return FAULTS_OF_FILES.includes(code)
}

/** Every code that a read can end with which the server gave up: docs/errors.md. */
export const READ_ERROR_CODES = [
  'QUERY_TIMEOUT',
  'QUERY_MEMORY_LIMIT',
  'QUERY_INTERRUPTED',
  'TOO_MANY_QUERIES',
  'EXPORT_TOO_LARGE',
] as const

export type ReadErrorCode = (typeof READ_ERROR_CODES)[number]

/** Every code that an entry of `errors` can have besides those: docs/errors.md. */
export const REQUEST_ERROR_CODES = [
  'BAD_REQUEST',
  'BAD_USER_INPUT',
  'GRAPHQL_PARSE_FAILED',
  'GRAPHQL_VALIDATION_FAILED',
  'OPERATION_RESOLUTION_FAILURE',
  'QUERY_TOO_COMPLEX',
  ...READ_ERROR_CODES,
  'PERSISTED_QUERY_NOT_FOUND',
  'UNAUTHENTICATED',
  'FORBIDDEN',
  'NOT_FOUND',
  'METHOD_NOT_ALLOWED',
  'REQUEST_TIMEOUT',
  'PAYLOAD_TOO_LARGE',
  'UNSUPPORTED_MEDIA_TYPE',
  'HEADERS_TOO_LARGE',
  'RATE_LIMITED',
  'TOO_MANY_SOCKETS',
  'TOO_MANY_SUBSCRIPTIONS',
  'SERVER_STOPPING',
  'INTERNAL_SERVER_ERROR',
] as const

export type RequestErrorCode = (typeof REQUEST_ERROR_CODES)[number]

/** A refusal in the product's words, as a client sees it. */
export interface UserError {
  readonly code: ErrorCode
  /** Path of the input field at fault, from the mutation's arguments; null when no field is. */
  readonly field: readonly string[] | null
  readonly message: string
}

/** Thrown by whatever refuses a file or a command; the message is written for the person who sent it. */
export class Refusal extends Error {
  override readonly name = 'Refusal'
  readonly code: ErrorCode
  readonly field: readonly string[] | null

  constructor(code: ErrorCode, message: string, field: readonly string[] | null = null) {
    super(message)
    this.code = code
    this.field = field
  }

  toUserError(): UserError {
    return { code: this.code, field: this.field, message: this.message }
  }
}

/** Thrown for an argument that no data could satisfy (a page of -1, a damaged cursor). Answered as `BAD_USER_INPUT`. */
export class BadArgument extends Error {
  override readonly name = 'BadArgument'
}

/** Thrown for a read that was given up to keep the server well; the message says what its sender can do. */
export class ReadGivenUp extends Error {
  override readonly name = 'ReadGivenUp'
  readonly code: ReadErrorCode

  constructor(code: ReadErrorCode, message: string) {
    super(message)
    this.code = code
  }
}
