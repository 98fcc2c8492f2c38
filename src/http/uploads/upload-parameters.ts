import type { FastifyRequest } from 'fastify'
import { AppError } from '../../domain/errors.ts'
import { parseSha256 } from '../../domain/ingestion.ts'
import { queryParameters } from '../query-parameters.ts'

/** The query parameters of POST /ingest. */
export interface UploadParameters {
  readonly name: string
  readonly wait: boolean
  readonly dryRun: boolean
  readonly strict: boolean
  /** In lower case. */
  readonly expectedSha256: string | null
}

const NAMES: readonly string[] = ['name', 'wait', 'dryRun', 'strict', 'expectedSha256']
const DEFAULT_FILE_NAME = 'upload.parquet'
/** The limit of most file systems. */
const MAX_NAME_BYTES = 255

/** @throws AppError BAD_USER_INPUT */
export function uploadParameters(url: string): UploadParameters {
  const parameters = queryParameters(url, NAMES)
  return {
    name: safeFileName(parameters.get('name') ?? ''),
    wait: booleanParameter(parameters, 'wait', true),
    dryRun: booleanParameter(parameters, 'dryRun', false),
    strict: booleanParameter(parameters, 'strict', false),
    expectedSha256: sha256Parameter(parameters.get('expectedSha256')),
  }
}

function booleanParameter(parameters: URLSearchParams, name: string, defaultValue: boolean): boolean {
  const text = parameters.get(name)
  if (text === null) return defaultValue
  if (text === 'true' || text === 'false') return text === 'true'
  const quoted = JSON.stringify(text.slice(0, 100))
  throw new AppError('BAD_USER_INPUT', `The parameter ${name} is ${quoted}. Use true or false.`)
}

function sha256Parameter(text: string | null): string | null {
  if (text === null) return null
  const digest = parseSha256(text)
  if (digest !== undefined) return digest
  throw new AppError('BAD_USER_INPUT', 'The parameter expectedSha256 is not a SHA-256. Use its 64 hex digits.')
}

/** Returns the base name, without control and invisible characters, cut to the limit of file systems. */
function safeFileName(text: string): string {
  const base = text.split(/[/\\]/).at(-1)!
  const visible = base.replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu, '').trim()
  return visible === '' || visible === '.' || visible === '..' ? DEFAULT_FILE_NAME : truncated(visible)
}

function truncated(name: string): string {
  let kept = ''
  for (const character of name) {
    if (Buffer.byteLength(kept + character) > MAX_NAME_BYTES) break
    kept += character
  }
  return kept
}

const FORM_TYPES = /^(multipart\/form-data|application\/x-www-form-urlencoded|text\/plain)\b/i
/** The type that curl sets by default. */
const CURL_TYPE = /^application\/x-www-form-urlencoded$/i

/**
 * Rejects what an HTML form can send, because a form needs no CORS preflight, and compressed bodies. Accepts curl's
 * default type unless a browser sends it.
 */
export async function requireRawBody({ headers }: FastifyRequest): Promise<void> {
  const { 'content-type': type = '', 'content-encoding': encoding = 'identity' } = headers
  const isBrowser = headers.origin !== undefined || headers['sec-fetch-site'] !== undefined
  const isForm = FORM_TYPES.test(type) && (isBrowser || !CURL_TYPE.test(type))
  if (!isForm && encoding === 'identity') return
  const message = 'Send the file itself as the body, not compressed, as Content-Type: application/vnd.apache.parquet.'
  throw new AppError('UNSUPPORTED_MEDIA_TYPE', message)
}
