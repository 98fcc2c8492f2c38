import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { isUserError, toUserError } from '../../domain/errors.ts'
import type { IngestOutcome, Ingestor, IngestRequest } from '../../domain/ingestor.ts'
import { ingestPayloadJson } from '../../graphql/ingest-payload.ts'
import { httpStatus, methodNotAllowed } from '../errors.ts'
import { rejectForeignPages } from '../origin-check.ts'
import { requireRawBody, type UploadParameters, uploadParameters } from './upload-parameters.ts'
import type { StoredUpload, UploadStore } from './upload-store.ts'

export interface UploadRouteOptions {
  readonly ingestor: Ingestor
  readonly uploads: UploadStore
}

const PATH = '/ingest'
/** A client that sends less in half a minute is disconnected. */
const MIN_BYTES_PER_WINDOW = 64 * 1024

/** Receives files at POST /ingest. Checks a request by its headers before it reads or asks for the body. */
export async function uploadRoutes(app: FastifyInstance, options: UploadRouteOptions): Promise<void> {
  delayContinue(app)
  app.removeAllContentTypeParsers()
  // The handler reads the body.
  app.addContentTypeParser('*', (_request, _body, done) => done(null))
  app.route({
    method: 'POST',
    url: PATH,
    config: { role: 'ingest', minBodyBytesPerWindow: MIN_BYTES_PER_WINDOW },
    onRequest: [rejectForeignPages('upload files'), requireRawBody],
    handler: (request, reply) => upload(options, request, reply),
  })
  app.route({
    method: ['GET', 'PUT'],
    url: PATH,
    exposeHeadRoute: false,
    config: { role: 'ingest' },
    handler: (_, reply) => methodNotAllowed(reply, 'POST', USE_POST),
  })
}

const USE_POST = "Upload a file with POST: curl --data-binary @drop.parquet 'http://…/ingest?name=drop.parquet'"

async function upload({ ingestor, uploads }: UploadRouteOptions, request: FastifyRequest, reply: FastifyReply) {
  const parameters = uploadParameters(request.url)
  const receive = async () => {
    uploads.requireRoom(Number(request.headers['content-length'] ?? 0))
    if (request.headers.expect !== undefined) reply.raw.writeContinue()
    return uploads.store(request.raw, parameters.name)
  }
  const outcome = await ingestUpload(ingestor, receive, parameters)
  return reply.code(statusOf(outcome)).send(ingestPayloadJson(outcome, Date.now()))
}

function statusOf({ ingestion, error }: IngestOutcome): number {
  if (error) return httpStatus(error.code)
  return ingestion?.status === 'QUEUED' || ingestion?.status === 'RUNNING' ? 202 : 200
}

async function ingestUpload(
  ingestor: Ingestor,
  receive: () => Promise<StoredUpload>,
  { wait, dryRun, strict, expectedSha256 }: UploadParameters,
): Promise<IngestOutcome> {
  let file: StoredUpload
  try {
    file = await receive()
  } catch (error) {
    if (isUserError(error)) return { ingestion: null, alreadyIngested: false, error: toUserError(error) }
    throw error
  }
  return ingestStored(ingestor, file, { wait, dryRun, strict, expectedSha256: expectedSha256 ?? undefined })
}

/** Removes the file when its ingestion has ended, which can be after the response. */
async function ingestStored(
  ingestor: Ingestor,
  file: StoredUpload,
  options: Omit<IngestRequest, 'file'>,
): Promise<IngestOutcome> {
  let states: AsyncIterable<unknown> | undefined
  try {
    const outcome = await ingestor.ingest({ ...options, file })
    states = outcome.ingestion ? ingestor.watch(outcome.ingestion.id) : undefined
    return outcome
  } finally {
    if (states) void drain(states).finally(file.remove)
    else await file.remove()
  }
}

async function drain(states: AsyncIterable<unknown>): Promise<void> {
  for await (const _ of states);
}

/**
 * Leaves "100 Continue" of an upload to its handler, so that a client that waits for it does not send a file that the
 * server will reject. Other requests get it at once.
 */
function delayContinue(app: FastifyInstance): void {
  app.server.on('checkContinue', (request, response) => {
    if (!/^\/ingest\/?(\?|$)/.test(request.url ?? '')) response.writeContinue()
    app.server.emit('request', request, response)
  })
}
