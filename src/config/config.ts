import { fileURLToPath } from 'node:url'
import { z } from 'zod'
import { AppError } from '../domain/errors.ts'
import { ACCESS_SETTINGS, type AccessConfig, accessConfig } from './access.ts'
import { LIMIT_SETTINGS, type LimitConfig, limitConfig } from './limits.ts'
import { aboveZero, megabytes, milliseconds, seconds, wholeNumber } from './whole-number.ts'

/** All that can be set, validated and frozen. Nothing else in the program reads the environment. */
export interface Config {
  readonly host: string
  /** 0 picks a free one. */
  readonly port: number
  readonly databasePath: string
  readonly dataDirectory: string
  readonly logLevel: LogLevel
  /** Whether the text of operations is logged. */
  readonly logQueries: boolean
  /** A query that takes longer is named in the log. */
  readonly slowQueryMs: number
  /** Whether database and data directory are the ones that `npm start` makes up: only those are filled with demo data. */
  readonly isDefaultPlace: boolean
  /** With less the server is not ready. */
  readonly minFreeDiskBytes: number
  /** How long what is under way may take to finish when the server is told to stop. */
  readonly shutdownGraceSeconds: number
  readonly ingestion: IngestionConfig
  readonly access: AccessConfig
  readonly limits: LimitConfig
  /** What answers may be kept in; 0 keeps none. */
  readonly responseCacheBytes: number
  readonly query: QueryConfig
  readonly exports: ExportConfig
}

/** What queries may use that look at every account. */
export interface QueryConfig {
  readonly timeoutMs: number
  /** Of each process that reads. */
  readonly maxMemoryBytes: number
  readonly maxProcesses: number
  readonly maxQueued: number
}

/** What an ingestion may use. */
export interface IngestionConfig {
  readonly maxFileBytes: number
  readonly maxRows: number
  readonly maxDecodedBytes: number
  readonly maxRowGroupBytes: number
  readonly maxMemoryBytes: number
  readonly baseSeconds: number
  readonly maxQueued: number
  /** How long to wait for another program that writes to the database. */
  readonly lockWaitSeconds: number
}

/** What exports may use, beside the memory of a process that reads. */
export interface ExportConfig {
  readonly timeoutMs: number
  readonly maxFileBytes: number
  /** Being written or being sent. */
  readonly maxFiles: number
}

const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const
export type LogLevel = (typeof LOG_LEVELS)[number]

const DEFAULTS = { DATABASE_URL: 'file:data/accounts.db', DATA_DIR: 'data' } as const

const SCHEMA = z.object({
  HOST: z.string().min(1, 'must be an address to listen on, such as 127.0.0.1').default('127.0.0.1'),
  PORT: z
    .string()
    .regex(/^\d{1,5}$/, 'must be a port from 0 to 65535 (0 picks a free one)')
    .transform(Number)
    .refine(port => port <= 65_535, 'must be a port from 0 to 65535 (0 picks a free one)')
    .default(4000),
  DATABASE_URL: z.string().transform(databasePath).default(databasePathOf(DEFAULTS.DATABASE_URL)),
  DATA_DIR: z.string().min(1, 'must be a directory').default(DEFAULTS.DATA_DIR),
  INGEST_MAX_FILE_BYTES: wholeNumber(16 * 2 ** 30),
  INGEST_MAX_ROWS: wholeNumber(1_000_000_000),
  INGEST_MAX_DECODED_BYTES: wholeNumber(256 * 2 ** 30),
  INGEST_MAX_ROW_GROUP_BYTES: wholeNumber(2 ** 30),
  INGEST_MAX_MEMORY_MB: megabytes(2048),
  INGEST_BASE_SECONDS: seconds(60),
  INGEST_MAX_QUEUED: wholeNumber(100),
  LOCK_WAIT_SECONDS: seconds(60),
  QUERY_TIMEOUT_MS: milliseconds(10_000),
  QUERY_MAX_MEMORY_MB: megabytes(512),
  QUERY_MAX_PROCESSES: wholeNumber(2),
  QUERY_MAX_QUEUED: wholeNumber(200),
  EXPORT_TIMEOUT_SECONDS: seconds(300),
  EXPORT_MAX_FILE_MB: megabytes(1024),
  EXPORT_MAX_FILES: wholeNumber(8),
  MIN_FREE_DISK_MB: megabytes(256),
  SHUTDOWN_GRACE_SECONDS: seconds(30),
  ...ACCESS_SETTINGS,
  ...LIMIT_SETTINGS,
  LOG_LEVEL: z.enum(LOG_LEVELS, `must be one of ${LOG_LEVELS.join(', ')}`).default('warn'),
  LOG_QUERIES: z.enum(['true', 'false'], 'must be true or false').default('false'),
  SLOW_QUERY_MS: milliseconds(1000),
  RESPONSE_CACHE_BYTES: z
    .union([z.literal('0').transform(() => 0), aboveZero()], { error: 'must be a whole number' })
    .default(64 * 2 ** 20),
})

export type Setting = keyof z.input<typeof SCHEMA>

/** Every setting, with what it is when nobody sets it. docs/operations.md lists them too. */
export const SETTINGS: ReadonlyMap<string, unknown> = new Map(
  Object.entries(SCHEMA.shape).map(([name, type]) => [name, type.parse(undefined)]),
)

/**
 * @param settings by name; a flag has been put in place of the environment's where one was given
 * @throws AppError INVALID_CONFIGURATION
 */
export function parseConfig(settings: Readonly<Partial<Record<Setting, string | undefined>>>): Config {
  const parsed = SCHEMA.safeParse(settings)
  if (!parsed.success) {
    throw new AppError(
      'INVALID_CONFIGURATION',
      parsed.error.issues.map(issue => `${issue.path.join('.')} ${issue.message}`).join('\n'),
    )
  }
  const { HOST, PORT, DATABASE_URL, DATA_DIR, LOG_LEVEL } = parsed.data
  return Object.freeze({
    host: HOST,
    port: PORT,
    databasePath: DATABASE_URL,
    dataDirectory: DATA_DIR,
    logLevel: LOG_LEVEL,
    logQueries: parsed.data.LOG_QUERIES === 'true',
    slowQueryMs: parsed.data.SLOW_QUERY_MS,
    minFreeDiskBytes: parsed.data.MIN_FREE_DISK_MB * 2 ** 20,
    shutdownGraceSeconds: parsed.data.SHUTDOWN_GRACE_SECONDS,
    ingestion: Object.freeze({
      maxFileBytes: parsed.data.INGEST_MAX_FILE_BYTES,
      maxRows: parsed.data.INGEST_MAX_ROWS,
      maxDecodedBytes: parsed.data.INGEST_MAX_DECODED_BYTES,
      maxRowGroupBytes: parsed.data.INGEST_MAX_ROW_GROUP_BYTES,
      maxMemoryBytes: parsed.data.INGEST_MAX_MEMORY_MB * 2 ** 20,
      baseSeconds: parsed.data.INGEST_BASE_SECONDS,
      maxQueued: parsed.data.INGEST_MAX_QUEUED,
      lockWaitSeconds: parsed.data.LOCK_WAIT_SECONDS,
    }),
    access: accessConfig(parsed.data),
    limits: limitConfig(parsed.data),
    responseCacheBytes: parsed.data.RESPONSE_CACHE_BYTES,
    query: Object.freeze({
      timeoutMs: parsed.data.QUERY_TIMEOUT_MS,
      maxMemoryBytes: parsed.data.QUERY_MAX_MEMORY_MB * 2 ** 20,
      maxProcesses: parsed.data.QUERY_MAX_PROCESSES,
      maxQueued: parsed.data.QUERY_MAX_QUEUED,
    }),
    exports: Object.freeze({
      timeoutMs: parsed.data.EXPORT_TIMEOUT_SECONDS * 1000,
      maxFileBytes: parsed.data.EXPORT_MAX_FILE_MB * 2 ** 20,
      maxFiles: parsed.data.EXPORT_MAX_FILES,
    }),
    isDefaultPlace: DATABASE_URL === databasePathOf(DEFAULTS.DATABASE_URL) && DATA_DIR === DEFAULTS.DATA_DIR,
  })
}

function databasePath(url: string, context: z.RefinementCtx): string {
  const scheme = /^([a-z][a-z0-9+.-]*):/i.exec(url)?.[1]
  const path = scheme === 'file' ? databasePathOf(url) : ''
  if (path !== '') return path
  const message =
    scheme === 'file'
      ? 'must name one file and nothing else'
      : scheme
        ? `has the scheme ${scheme}:, of which none but file: is supported`
        : 'has no scheme'
  context.addIssue({ code: 'custom', message: `${message}. Write it as ${DEFAULTS.DATABASE_URL}` })
  return z.NEVER
}

/** Empty when the URL names no file, or more than a file. */
function databasePathOf(url: string): string {
  if (/[?#]|\/$/.test(url)) return ''
  const path = url.startsWith('file://') ? absolutePathOf(url) : url.slice('file:'.length)
  return path.includes('\0') ? '' : path
}

function absolutePathOf(url: string): string {
  try {
    return fileURLToPath(url)
  } catch {
    // It has a host, which is how two slashes too many are read, or something odd in it.
    return ''
  }
}
