/** Codes of the API's `UserError`: failures that the caller can correct. Meanings: docs/rules.md, "Refused files". */
export const USER_ERROR_CODES = [
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

export type UserErrorCode = (typeof USER_ERROR_CODES)[number]

const FILE_ERROR_CODES: readonly AppErrorCode[] = USER_ERROR_CODES.slice(0, USER_ERROR_CODES.indexOf('QUEUE_FULL'))

/** Whether the file itself is at fault, so that another file may succeed. These codes come first in USER_ERROR_CODES. */
export function isFileErrorCode(code: AppErrorCode): boolean {
  return FILE_ERROR_CODES.includes(code)
}

/** Codes of reads that the server stopped to protect itself. Meanings: docs/errors.md. */
export const READ_ERROR_CODES = [
  'QUERY_TIMEOUT',
  'QUERY_MEMORY_LIMIT',
  'QUERY_INTERRUPTED',
  'TOO_MANY_QUERIES',
  'EXPORT_TOO_LARGE',
] as const

export type ReadErrorCode = (typeof READ_ERROR_CODES)[number]

/** Codes of an entry of `errors` in a response, besides the user error codes. Meanings: docs/errors.md. */
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

/** Codes of a database file that cannot be opened, upgraded or copied. Meanings: docs/database.md. */
export const DATABASE_ERROR_CODES = [
  'NO_DATABASE',
  'NOT_A_DATABASE',
  'FOREIGN_DATABASE',
  'DATABASE_TOO_NEW',
  'DATABASE_TOO_OLD',
  'DATABASE_DAMAGED',
  'LOCK_DAMAGED',
  'MIGRATION_FAILED',
  'SNAPSHOT_BUSY',
  'SNAPSHOT_EXISTS',
  'SNAPSHOT_IN_USE',
  'SNAPSHOT_NO_SPACE',
  'SNAPSHOT_FAILED',
] as const

export type DatabaseErrorCode = (typeof DATABASE_ERROR_CODES)[number]

export type AppErrorCode = UserErrorCode | RequestErrorCode | DatabaseErrorCode | 'INVALID_CONFIGURATION'

/** Facts that the HTTP and CLI layers need to report an error, apart from its code and message. */
export interface ErrorDetails {
  /** `UNAUTHENTICATED`: the request carries a token that the server does not know, rather than none. */
  readonly isTokenUnknown?: boolean
  /** `FORBIDDEN`: the role that the request needs. */
  readonly requiredRole?: string
  /** `RATE_LIMITED`: the state of the limit that the request exceeds. */
  readonly rateLimit?: RateLimitState
}

/** The state of one client's rate limit, as the RateLimit response headers report it. */
export interface RateLimitState {
  /** Requests allowed a minute. */
  readonly limit: number
  readonly remaining: number
  /** Seconds until all of the limit is available again. */
  readonly resetSeconds: number
  /** Seconds until one more request is allowed; 0 when it is allowed now. */
  readonly retryAfterSeconds: number
}

export interface AppErrorOptions extends ErrorOptions {
  /** Path of the input field at fault, from the mutation's arguments. */
  readonly field?: readonly string[] | null
  readonly details?: ErrorDetails
}

/**
 * The program's only error type: a failure that it expects, with a code and a message for the person who can act on it.
 * `src/http` maps codes to HTTP statuses and `src/cli` to exit codes.
 */
export class AppError<Code extends AppErrorCode = AppErrorCode> extends Error {
  override readonly name = 'AppError'
  readonly code: Code
  readonly field: readonly string[] | null
  readonly details: ErrorDetails

  constructor(code: Code, message: string, { field = null, details = {}, ...options }: AppErrorOptions = {}) {
    super(message, options)
    this.code = code
    this.field = field
    this.details = details
  }
}

export function isAppError(error: unknown): error is AppError {
  return error instanceof AppError
}

/** Whether the caller can correct the error: a `UserError` of the API. */
export function isUserError(error: unknown): error is AppError<UserErrorCode> {
  return isAppError(error) && includes(USER_ERROR_CODES, error.code)
}

/** Whether the server stopped a read to protect itself. */
export function isReadError(error: unknown): error is AppError<ReadErrorCode> {
  return isAppError(error) && includes(READ_ERROR_CODES, error.code)
}

/** Whether the database file cannot be opened, upgraded or copied. */
export function isDatabaseError(error: unknown): error is AppError<DatabaseErrorCode> {
  return isAppError(error) && includes(DATABASE_ERROR_CODES, error.code)
}

/** @returns whether `error` is an AppError with exactly this code */
export function hasCode<Code extends AppErrorCode>(error: unknown, code: Code): error is AppError<Code> {
  return isAppError(error) && error.code === code
}

function includes(codes: readonly AppErrorCode[], code: AppErrorCode): boolean {
  return codes.includes(code)
}

/** The message of an unexpected error for clients. The error itself goes to the log only. */
export const INTERNAL_ERROR_MESSAGE = 'Internal server error. The server log has the details.'

/** An error in the API's form. */
export interface UserError {
  readonly code: UserErrorCode
  /** Path of the input field at fault, from the mutation's arguments; null when no field is. */
  readonly field: readonly string[] | null
  readonly message: string
}

export function toUserError({ code, field, message }: AppError<UserErrorCode>): UserError {
  return { code, field, message }
}

/** An error as plain data, for a message to another process or thread. */
export interface SerializedError {
  readonly code: AppErrorCode
  readonly field: readonly string[] | null
  readonly message: string
  /** Of an unexpected error: for the log, never for a client. */
  readonly stack?: string | undefined
}

/** @returns an unexpected error as `INTERNAL_SERVER_ERROR` with its stack */
export function serializeError(error: unknown): SerializedError {
  if (isAppError(error)) {
    const { code, field, message } = error
    return { code, field, message, stack: code === 'INTERNAL_SERVER_ERROR' ? error.stack : undefined }
  }
  const { message, stack } = error instanceof Error ? error : new Error(String(error))
  return { code: 'INTERNAL_SERVER_ERROR', field: null, message, stack }
}

export function deserializeError({ code, field, message, stack }: SerializedError): AppError {
  const error = new AppError(code, message, { field })
  if (stack !== undefined) error.stack = stack
  return error
}
