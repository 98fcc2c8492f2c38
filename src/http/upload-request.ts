import type { FastifyReply, FastifyRequest } from 'fastify'
import { AppError } from '../domain/errors.ts'
import { graphqlError } from './errors.ts'

/** What the query of an upload's address says. */
export interface UploadParameters {
  readonly name: string
  readonly wait: boolean
  readonly dryRun: boolean
  readonly strict: boolean
  readonly expectedSha256: string | null
}

const NAMES: readonly string[] = ['name', 'wait', 'dryRun', 'strict', 'expectedSha256']
const DEFAULT_FILE_NAME = 'upload.parquet'
/** What file systems allow. */
const MAX_NAME_BYTES = 255

/** @throws AppError BAD_USER_INPUT */
export function uploadParameters(url: string): UploadParameters {
  const { searchParams } = new URL(url, 'http://localhost')
  for (const name of searchParams.keys()) {
    // A misspelt dryRun must not become a load.
    if (!NAMES.includes(name))
      throw new AppError('BAD_USER_INPUT', `There is no parameter ${quote(name)}: give ${NAMES.join(', ')}.`)
    if (searchParams.getAll(name).length > 1)
      throw new AppError('BAD_USER_INPUT', `The parameter ${name} is given more than once.`)
  }
  return {
    name: fileName(searchParams.get('name') ?? ''),
    wait: flag(searchParams, 'wait', true),
    dryRun: flag(searchParams, 'dryRun', false),
    strict: flag(searchParams, 'strict', false),
    expectedSha256: searchParams.get('expectedSha256'),
  }
}

function flag(parameters: URLSearchParams, name: string, byDefault: boolean): boolean {
  const given = parameters.get(name)
  if (given === null) return byDefault
  if (given === 'true' || given === 'false') return given === 'true'
  throw new AppError('BAD_USER_INPUT', `The parameter ${name} is ${quote(given)}: give true or false.`)
}

/** The name alone, without folders and without characters that would mislead whoever reads it. */
function fileName(given: string): string {
  const base = given.split(/[/\\]/).at(-1)!
  const visible = base.replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu, '').trim()
  return visible === '' || visible === '.' || visible === '..' ? DEFAULT_FILE_NAME : cut(visible)
}

function cut(name: string): string {
  let kept = ''
  for (const character of name) {
    if (Buffer.byteLength(kept + character) > MAX_NAME_BYTES) break
    kept += character
  }
  return kept
}

function quote(text: string): string {
  return JSON.stringify(text.slice(0, 100))
}

const FORM_TYPES = /^(multipart\/form-data|application\/x-www-form-urlencoded|text\/plain)\b/i
/** What curl calls a body when it is not told what it is. */
const CURL_TYPE = /^application\/x-www-form-urlencoded$/i

/** Refuses what an HTML form can send. A body of the type that curl gives to all is taken, unless a browser sends it. */
export async function requireRawBody({ headers }: FastifyRequest, reply: FastifyReply): Promise<unknown> {
  const { 'content-type': type = '', 'content-encoding': encoding = 'identity' } = headers
  const isBrowser = headers.origin !== undefined || headers['sec-fetch-site'] !== undefined
  const isForm = FORM_TYPES.test(type) && (isBrowser || !CURL_TYPE.test(type))
  if (!isForm && encoding === 'identity') return
  const message = 'Send the file itself as the body, not compressed, as Content-Type: application/vnd.apache.parquet.'
  return reply.code(415).send(graphqlError('UNSUPPORTED_MEDIA_TYPE', message))
}
