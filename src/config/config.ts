import type { z } from 'zod'
import { AppError } from '../domain/errors.ts'
import type { QueryLimits } from '../domain/query-limits.ts'
import {
  type ANYONE_MAY,
  DEFAULT_DATA_DIR,
  type LOG_LEVELS,
  SETTINGS,
  SETTINGS_SCHEMA,
  type Setting,
} from './settings.ts'

export type LogLevel = (typeof LOG_LEVELS)[number]
export type AnyoneMay = (typeof ANYONE_MAY)[number]

/** The validated settings, frozen. No other part of the program reads the environment. */
export interface Config {
  readonly host: string
  /** 0 picks a free port. */
  readonly port: number
  readonly databasePath: string
  readonly dataDirectory: string
  /** Whether database and data directory have their defaults: only then is the sample data loaded. */
  readonly hasDefaultPaths: boolean
  readonly logLevel: LogLevel
  readonly logQueries: boolean
  readonly slowQueryMs: number
  readonly minFreeDiskBytes: number
  readonly shutdownGraceSeconds: number
  /** 0 switches the cache off. */
  readonly responseCacheBytes: number
  readonly ingestion: IngestionConfig
  readonly access: AccessConfig
  readonly limits: LimitConfig
  readonly query: QueryConfig
  readonly exports: ExportConfig
}

/** Limits of an ingestion. */
export interface IngestionConfig {
  readonly maxFileBytes: number
  readonly maxRows: number
  readonly maxDecodedBytes: number
  readonly maxRowGroupBytes: number
  readonly maxMemoryBytes: number
  readonly baseSeconds: number
  readonly maxQueued: number
  readonly lockWaitSeconds: number
}

/** Access as it is configured, before the file of tokens is read. */
export interface AccessConfig {
  /** Entries `name:role:hash`. */
  readonly tokens: string
  readonly tokensFile: string | undefined
  readonly anyoneMay: AnyoneMay | undefined
  /** In lower case. */
  readonly allowedHosts: readonly string[]
  readonly corsOrigins: readonly string[]
  /** Addresses and networks such as `10.0.0.0/8`. */
  readonly trustedProxies: readonly string[]
  /** Infinity for no limit, undefined when it is not set. */
  readonly requestsPerMinute: number | undefined
  readonly authFailuresPerMinute: number
  readonly socketsPerAddress: number
}

/** Limits of one request: docs/limits.md. */
export interface LimitConfig {
  readonly query: QueryLimits
  readonly maxBodyBytes: number
  /** Time for headers and body to arrive. */
  readonly bodyMs: number
  readonly maxConnections: number
  readonly keepAliveMs: number
}

/** Limits of queries that may read every account. */
export interface QueryConfig {
  readonly timeoutMs: number
  /** Of each reader process. */
  readonly maxMemoryBytes: number
  readonly maxProcesses: number
  readonly maxQueued: number
}

/** Limits of exports; memory is limited as for queries. */
export interface ExportConfig {
  readonly timeoutMs: number
  readonly maxFileBytes: number
  /** Files that are written or sent at the same time. */
  readonly maxFiles: number
}

/**
 * Validates all settings at once.
 *
 * @param settings by name, from the environment and the command line
 * @throws AppError INVALID_CONFIGURATION, with a line for each invalid setting
 */
export function parseConfig(settings: Readonly<Partial<Record<Setting, string | undefined>>>): Config {
  const { data, error } = SETTINGS_SCHEMA.safeParse(settings)
  if (!data) {
    const lines = error.issues.map(({ path, message }) => `${path.join('.')} ${message}`)
    throw new AppError('INVALID_CONFIGURATION', lines.join('\n'))
  }
  return Object.freeze({
    host: data.HOST,
    port: data.PORT,
    databasePath: data.DATABASE_URL,
    dataDirectory: data.DATA_DIR,
    hasDefaultPaths:
      data.DATABASE_URL === SETTINGS.get('DATABASE_URL')?.byDefault && data.DATA_DIR === DEFAULT_DATA_DIR,
    logLevel: data.LOG_LEVEL,
    logQueries: data.LOG_QUERIES === 'true',
    slowQueryMs: data.SLOW_QUERY_MS,
    minFreeDiskBytes: bytes(data.MIN_FREE_DISK_MB),
    shutdownGraceSeconds: data.SHUTDOWN_GRACE_SECONDS,
    responseCacheBytes: data.RESPONSE_CACHE_BYTES,
    ingestion: ingestionConfig(data),
    access: accessConfig(data),
    limits: limitConfig(data),
    query: Object.freeze({
      timeoutMs: data.QUERY_TIMEOUT_MS,
      maxMemoryBytes: bytes(data.QUERY_MAX_MEMORY_MB),
      maxProcesses: data.QUERY_MAX_PROCESSES,
      maxQueued: data.QUERY_MAX_QUEUED,
    }),
    exports: Object.freeze({
      timeoutMs: data.EXPORT_TIMEOUT_SECONDS * 1000,
      maxFileBytes: bytes(data.EXPORT_MAX_FILE_MB),
      maxFiles: data.EXPORT_MAX_FILES,
    }),
  })
}

type Values = z.output<typeof SETTINGS_SCHEMA>

function ingestionConfig(values: Values): IngestionConfig {
  return Object.freeze({
    maxFileBytes: values.INGEST_MAX_FILE_BYTES,
    maxRows: values.INGEST_MAX_ROWS,
    maxDecodedBytes: values.INGEST_MAX_DECODED_BYTES,
    maxRowGroupBytes: values.INGEST_MAX_ROW_GROUP_BYTES,
    maxMemoryBytes: bytes(values.INGEST_MAX_MEMORY_MB),
    baseSeconds: values.INGEST_BASE_SECONDS,
    maxQueued: values.INGEST_MAX_QUEUED,
    lockWaitSeconds: values.LOCK_WAIT_SECONDS,
  })
}

function accessConfig(values: Values): AccessConfig {
  return Object.freeze({
    tokens: values.ACCESS_TOKENS,
    tokensFile: values.ACCESS_TOKENS_FILE,
    anyoneMay: values.ANYONE_MAY,
    allowedHosts: Object.freeze(values.ALLOWED_HOSTS.map(host => host.toLowerCase())),
    corsOrigins: Object.freeze(values.CORS_ORIGINS),
    trustedProxies: Object.freeze(values.TRUSTED_PROXIES),
    requestsPerMinute: values.REQUESTS_PER_MINUTE,
    authFailuresPerMinute: values.AUTH_FAILURES_PER_MINUTE,
    socketsPerAddress: values.SOCKETS_PER_ADDRESS,
  })
}

function limitConfig(values: Values): LimitConfig {
  return Object.freeze({
    query: Object.freeze({
      maxTokens: values.QUERY_MAX_TOKENS,
      maxDepth: values.QUERY_MAX_DEPTH,
      maxRootFields: values.QUERY_MAX_ROOT_FIELDS,
      maxAliases: values.QUERY_MAX_ALIASES,
      maxDirectives: values.QUERY_MAX_DIRECTIVES,
      maxSelections: values.QUERY_MAX_SELECTIONS,
      maxCost: values.QUERY_MAX_COST,
      maxPageSize: values.QUERY_MAX_PAGE_SIZE,
    }),
    maxBodyBytes: values.HTTP_MAX_BODY_BYTES,
    bodyMs: values.HTTP_BODY_SECONDS * 1000,
    keepAliveMs: values.HTTP_KEEP_ALIVE_SECONDS * 1000,
    maxConnections: values.HTTP_MAX_CONNECTIONS,
  })
}

function bytes(megabytes: number): number {
  return megabytes * 2 ** 20
}
