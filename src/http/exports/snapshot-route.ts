import { open, rm } from 'node:fs/promises'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { AppError, type AppErrorCode, isDatabaseError, isUserError } from '../../domain/errors.ts'
import type { Snapshot, Snapshots } from '../../domain/snapshot.ts'
import { onResponseEnd, responseEndSignal } from '../client-disconnect.ts'
import { graphqlError, httpStatus, methodNotAllowed } from '../errors.ts'
import type { GracefulShutdown } from '../graceful-shutdown.ts'
import { rejectForeignPages } from '../origin-check.ts'
import { fileHeaders, sendFile } from './file-response.ts'

export interface SnapshotRouteOptions {
  readonly snapshots: Snapshots
  /** Cancels a snapshot that is being taken. One that is being sent continues. */
  readonly shutdown: GracefulShutdown
}

const PATH = '/snapshot.db'
const RETRY_AFTER_SECONDS = '10'

const NO_SPACE = "The server's disk has too little space for a copy of the database. Free some space."

/** Messages for clients. The errors' own messages contain paths of the server and go to the log. */
const MESSAGES: Partial<Readonly<Record<AppErrorCode, string>>> = {
  SNAPSHOT_BUSY: 'Another snapshot is in progress. Try again when it is done.',
  DATABASE_BUSY: 'Another program has locked the database. Try again when it is done.',
  SNAPSHOT_NO_SPACE: NO_SPACE,
  DATABASE_FULL: NO_SPACE,
}

/**
 * Sends a snapshot of the database at /snapshot.db, as of the moment of the request. One snapshot is in progress at a
 * time, from its first copied byte to its last sent byte.
 */
export async function snapshotRoutes(app: FastifyInstance, { snapshots, shutdown }: SnapshotRouteOptions) {
  const stop = new AbortController()
  shutdown.onStart(() => stop.abort())
  let isBusy = false
  app.route({
    method: 'GET',
    url: PATH,
    exposeHeadRoute: false,
    config: { role: 'admin' },
    onRequest: rejectForeignPages('download the database'),
    handler: async (request, reply) => {
      if (request.headers['if-none-match'] === etagOf(await snapshots.state())) return reply.code(304).send()
      if (isBusy) return sendError(request, reply, new AppError('SNAPSHOT_BUSY', 'A snapshot is being sent'))
      isBusy = true
      onResponseEnd(reply.raw, () => (isBusy = false))
      const disconnected = responseEndSignal(reply.raw)
      try {
        return await sendSnapshot(reply, await snapshots.take(AbortSignal.any([disconnected, stop.signal])))
      } catch (error) {
        const level = disconnected.aborted ? 'info' : 'error'
        if (isDatabaseError(error) || isUserError(error)) return sendError(request, reply, error, level)
        throw error
      }
    },
  })
  app.route({
    method: ['HEAD', 'POST', 'PUT'],
    url: PATH,
    config: { role: 'admin' },
    handler: (_, reply) => methodNotAllowed(reply, 'GET', 'Use GET for a snapshot.'),
  })
}

async function sendSnapshot(reply: FastifyReply, snapshot: Snapshot): Promise<FastifyReply> {
  const file = await open(snapshot.path)
  // An open file stays readable without a name, and a crash leaves nothing behind.
  await rm(snapshot.path, { force: true })
  reply.headers({
    ...fileHeaders(snapshot, 'db'),
    'content-type': 'application/vnd.sqlite3',
    etag: etagOf(snapshot.state),
    'x-measurement-count': String(snapshot.measurementCount),
    'x-account-count': String(snapshot.accountCount),
  })
  return sendFile(reply, file.createReadStream())
}

/** A weak ETag: the bytes of a copy can differ for the same data. */
function etagOf(state: string): string {
  return `W/"${state}"`
}

function sendError(
  request: FastifyRequest,
  reply: FastifyReply,
  error: AppError,
  level: 'info' | 'error' = 'error',
): FastifyReply {
  const known = MESSAGES[error.code]
  const message = known ?? "The server could not copy the database. The server's log has the reason."
  const status = known === undefined ? 500 : httpStatus(error.code)
  if (status !== 503) request.log[level](error)
  else reply.header('retry-after', RETRY_AFTER_SECONDS)
  return reply.code(status).send(graphqlError(error.code, message))
}
