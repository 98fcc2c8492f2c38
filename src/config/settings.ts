import { isIP } from 'node:net'
import { fileURLToPath } from 'node:url'
import { z } from 'zod'
import { MAX_PAGE_SIZE } from '../domain/page.ts'
import { DEFAULT_QUERY_LIMITS } from '../domain/query-limits.ts'

export const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const
export const ANYONE_MAY = ['nothing', 'read', 'ingest', 'everything'] as const
const DEFAULT_DATABASE_URL = 'file:data/accounts.db'
export const DEFAULT_DATA_DIR = 'data'

/** The origin of Apollo Sandbox when it is not embedded in the server's own page. */
const SANDBOX_ORIGIN = 'https://studio.apollographql.com'

/** Larger counts of bytes and rows would not be exact. */
const MAX_NUMBER = 10 ** 15
/** A longer timer fires at once. */
const MAX_TIMER_MS = 2 ** 31 - 1
/** In bytes this is still exact. */
const MAX_MEGABYTES = 2 ** 30

/**
 * Every setting: its name, type, default and description. The table in docs/operations.md and the command line's help
 * have the same descriptions.
 */
export const SETTINGS_SCHEMA = z.object({
  HOST: z
    .string()
    .min(1, 'must be an address to listen on, such as 127.0.0.1')
    .default('127.0.0.1')
    .describe('address to listen on'),
  PORT: z
    .string()
    .regex(/^\d{1,5}$/, 'must be a port from 0 to 65535 (0 picks a free one)')
    .transform(Number)
    .refine(port => port <= 65_535, 'must be a port from 0 to 65535 (0 picks a free one)')
    .default(4000)
    .describe('port to listen on; 0 picks a free one and prints it'),
  DATABASE_URL: z
    .string()
    .transform(parseDatabaseUrl)
    .default(pathOf(DEFAULT_DATABASE_URL))
    .describe('database file, which is created when it does not exist'),
  DATA_DIR: z
    .string()
    .min(1, 'must be a directory')
    .default(DEFAULT_DATA_DIR)
    .describe('directory where `ingestAccounts` finds files, and where uploads are kept until they are ingested'),

  INGEST_MAX_FILE_BYTES: wholeNumber(16 * 2 ** 30).describe(
    'size of a file; a larger file fails with `FILE_TOO_LARGE`',
  ),
  INGEST_MAX_ROWS: wholeNumber(1_000_000_000).describe(
    'rows that a file declares; more rows fail with `RESOURCE_LIMIT`',
  ),
  INGEST_MAX_DECODED_BYTES: wholeNumber(256 * 2 ** 30).describe(
    'decoded size of the four columns, as the file declares it; more fails with `RESOURCE_LIMIT`',
  ),
  INGEST_MAX_ROW_GROUP_BYTES: wholeNumber(2 ** 30).describe(
    'decoded size of the four columns in one row group; more fails with `RESOURCE_LIMIT`',
  ),
  INGEST_MAX_MEMORY_MB: megabytes(2048).describe(
    'heap and resident memory of the ingestion process; when it uses more, it is stopped and replaced',
  ),
  INGEST_BASE_SECONDS: seconds(60).describe(
    'deadline of a small file or a reversal; larger files get more time by their rows and bytes',
  ),
  INGEST_MAX_QUEUED: wholeNumber(100).describe('files that wait to be ingested; the next one fails with `QUEUE_FULL`'),
  LOCK_WAIT_SECONDS: seconds(60).describe(
    'time to wait for another program that writes to the database; then `DATABASE_BUSY`',
  ),

  MIN_FREE_DISK_MB: megabytes(256).describe(
    'free disk space for the database and the data directory; `/readyz` answers 503 when there is less',
  ),
  SHUTDOWN_GRACE_SECONDS: seconds(30).describe('time that running requests and ingestions get to finish at shutdown'),

  ACCESS_TOKENS: z.string().default('').describe('entries `name:role:hash`, as `npm run token` prints them'),
  ACCESS_TOKENS_FILE: z.string().min(1, 'must be a file').optional().describe('file with such entries, one a line'),
  ANYONE_MAY: z
    .enum(ANYONE_MAY, `must be one of ${ANYONE_MAY.join(', ')}`)
    .optional()
    .describe(
      'what a client without a token may do: `nothing`, `read`, `ingest` or `everything`; required without tokens when the server listens on an address other than loopback',
    ),
  ALLOWED_HOSTS: list(isHostName, 'must be host names without port, such as growth.example.org')
    .default([])
    .describe('host names that clients may use for the server, besides its own'),
  CORS_ORIGINS: z
    .union([
      z.literal('none').transform((): string[] => []),
      list(isOrigin, 'must be origins, such as https://charts.example.org, or none'),
    ])
    .default([SANDBOX_ORIGIN])
    .describe('origins of web pages that may send requests from a browser, or `none`'),
  TRUSTED_PROXIES: list(isNetwork, 'must be addresses or networks, such as 127.0.0.1 or 10.0.0.0/8')
    .default([])
    .describe('addresses and networks of proxies whose `X-Forwarded-For` is used'),
  REQUESTS_PER_MINUTE: z
    .union([z.literal('unlimited').transform(() => Number.POSITIVE_INFINITY), positiveInteger()], {
      error: 'must be a whole number above 0, or unlimited',
    })
    .optional()
    .describe(
      'requests of one client, or `unlimited`; without it 6,000, and no limit when only this machine has access',
    ),
  AUTH_FAILURES_PER_MINUTE: wholeNumber(20).describe('wrong tokens from one address'),
  SOCKETS_PER_ADDRESS: wholeNumber(100).describe('WebSockets that one address may have open'),

  QUERY_MAX_TOKENS: wholeNumber(DEFAULT_QUERY_LIMITS.maxTokens).describe(
    'tokens of a document; [limits.md](limits.md) explains this limit and the next seven',
  ),
  QUERY_MAX_DEPTH: wholeNumber(DEFAULT_QUERY_LIMITS.maxDepth).describe('levels of nested fields'),
  QUERY_MAX_ROOT_FIELDS: wholeNumber(DEFAULT_QUERY_LIMITS.maxRootFields).describe('root fields of an operation'),
  QUERY_MAX_ALIASES: wholeNumber(DEFAULT_QUERY_LIMITS.maxAliases).describe('aliased fields'),
  QUERY_MAX_DIRECTIVES: wholeNumber(DEFAULT_QUERY_LIMITS.maxDirectives).describe('directives such as `@include`'),
  QUERY_MAX_SELECTIONS: wholeNumber(DEFAULT_QUERY_LIMITS.maxSelections).describe(
    'fields and fragments, counted after fragments are expanded',
  ),
  QUERY_MAX_COST: wholeNumber(DEFAULT_QUERY_LIMITS.maxCost).describe('cost of an operation'),
  QUERY_MAX_PAGE_SIZE: wholeNumber(DEFAULT_QUERY_LIMITS.maxPageSize, MAX_PAGE_SIZE).describe(
    'largest `first` and `last`; can be lowered but not raised, because the schema states it',
  ),
  HTTP_MAX_BODY_BYTES: wholeNumber(2 ** 20).describe('size of a request body, except files sent to `/ingest`'),
  HTTP_BODY_SECONDS: seconds(30).describe(
    'time for the headers and body of a request to arrive; a file may take longer while data keeps arriving',
  ),
  HTTP_KEEP_ALIVE_SECONDS: seconds(72).describe(
    'time that an idle connection is kept open; must be longer than that of a proxy in front',
  ),
  HTTP_MAX_CONNECTIONS: wholeNumber(2_000).describe(
    'open connections, including WebSockets; further ones are closed and counted in the metrics',
  ),

  QUERY_TIMEOUT_MS: milliseconds(10_000).describe('time for a query that may read every account; then `QUERY_TIMEOUT`'),
  QUERY_MAX_MEMORY_MB: megabytes(512).describe('heap and resident memory of each reader process'),
  QUERY_MAX_PROCESSES: wholeNumber(2).describe('reader processes'),
  QUERY_MAX_QUEUED: wholeNumber(200).describe('queries that wait for a reader process; then `TOO_MANY_QUERIES`'),
  EXPORT_TIMEOUT_SECONDS: seconds(300).describe('time to write the file of an export'),
  EXPORT_MAX_FILE_MB: megabytes(1024).describe('size of an export; a larger one fails with `EXPORT_TOO_LARGE`'),
  EXPORT_MAX_FILES: wholeNumber(8).describe('exports that are written or sent at the same time'),
  RESPONSE_CACHE_BYTES: z
    .union([z.literal('0').transform(() => 0), positiveInteger()], { error: 'must be a whole number' })
    .default(64 * 2 ** 20)
    .describe('memory for cached responses; 0 switches the cache off'),

  LOG_LEVEL: z
    .enum(LOG_LEVELS, `must be one of ${LOG_LEVELS.join(', ')}`)
    .default('warn')
    .describe('`fatal`, `error`, `warn`, `info`, `debug`, `trace` or `silent`'),
  LOG_QUERIES: z
    .enum(['true', 'false'], 'must be true or false')
    .default('false')
    .describe('`true` logs the text of operations, but never their variables'),
  SLOW_QUERY_MS: milliseconds(1000).describe('a query that takes longer is logged with its name'),
})

export type Setting = keyof z.input<typeof SETTINGS_SCHEMA>

/** Every setting with its default (undefined where it has none) and its description, in Markdown. */
export const SETTINGS: ReadonlyMap<Setting, { readonly byDefault: unknown; readonly description: string }> = new Map(
  Object.entries(SETTINGS_SCHEMA.shape).map(([name, type]) => [
    name as Setting,
    { byDefault: type.parse(undefined), description: type.description ?? '' },
  ]),
)

function positiveInteger(max = MAX_NUMBER) {
  return z
    .string()
    .regex(/^0*[1-9]\d*$/, 'must be a whole number above 0')
    .transform(Number)
    .refine(value => value <= max, `must be at most ${max}`)
}

function wholeNumber(byDefault: number, max?: number) {
  return positiveInteger(max).default(byDefault)
}

function megabytes(byDefault: number) {
  return wholeNumber(byDefault, MAX_MEGABYTES)
}

function seconds(byDefault: number) {
  return wholeNumber(byDefault, Math.floor(MAX_TIMER_MS / 1000))
}

function milliseconds(byDefault: number) {
  return wholeNumber(byDefault, MAX_TIMER_MS)
}

/** Items separated by commas or white space. */
function list(isValid: (item: string) => boolean, message: string) {
  return z
    .string()
    .transform(text => text.split(/[\s,]+/).filter(item => item !== ''))
    .refine(items => items.every(isValid), message)
}

function isHostName(text: string): boolean {
  return /^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/i.test(text) || /^\[[0-9a-f:.]+\]$/i.test(text)
}

function isOrigin(text: string): boolean {
  return /^https?:/.test(text) && URL.canParse(text) && new URL(text).origin === text
}

function isNetwork(text: string): boolean {
  const [address = '', bits, ...rest] = text.split('/')
  const version = isIP(address)
  if (version === 0 || rest.length > 0) return false
  return bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= (version === 4 ? 32 : 128))
}

function parseDatabaseUrl(url: string, context: z.RefinementCtx): string {
  const path = url.startsWith('file:') ? pathOf(url) : ''
  if (path !== '') return path
  const fault = url.startsWith('file:') ? 'must name one file, without query or fragment' : 'must start with `file:`'
  context.addIssue({ code: 'custom', message: `${fault}, for example \`${DEFAULT_DATABASE_URL}\`` })
  return z.NEVER
}

/** @returns an empty string when the URL names no file, or more than a file */
function pathOf(url: string): string {
  if (/[?#]|\/$/.test(url)) return ''
  const path = url.startsWith('file://') ? absolutePathOf(url) : url.slice('file:'.length)
  return path.includes('\0') ? '' : path
}

function absolutePathOf(url: string): string {
  try {
    return fileURLToPath(url)
  } catch {
    // The URL has a host, as in file://data/accounts.db, or an encoded slash.
    return ''
  }
}
