import { open, rm } from 'node:fs/promises'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { AppError, type AppErrorCode, isDatabaseError, isUserError } from '../domain/errors.ts'
import type { Snapshot, Snapshots } from '../domain/snapshot.ts'
import { limitAnswerTime } from './answer-time.ts'
import { graphqlError, httpStatus } from './errors.ts'
import { fileHeaders } from './file-headers.ts'
import { goneSignal, onGone } from './gone.ts'
import { refuseForeignPages } from './origin.ts'
import type { Stopping } from './stopping.ts'

const PATH = '/snapshot.db'
const RETRY_AFTER_SECONDS = '10'

const NO_SPACE = 'The disk of the server has too little space for a copy of the database. Free some.'

const MESSAGES: Partial<Readonly<Record<AppErrorCode, string>>> = {
  SNAPSHOT_BUSY: 'The database is being copied already. Try again when that is done.',
  DATABASE_BUSY: 'Another program holds the database. Try again when it is done.',
  SNAPSHOT_NO_SPACE: NO_SPACE,
  DATABASE_FULL: NO_SPACE,
}

/**
 * Sends the whole database as one file, as of the moment of the request. One at a time, from the first byte that is
 * copied to the last that is sent.
 *
 * @param stopping ends the copying; what is being sent goes on
 */
export function serveSnapshot(app: FastifyInstance, snapshots: Snapshots, stopping: Stopping): void {
  const stop = new AbortController()
  stopping.onBegin(() => stop.abort())
  let isBusy = false
  app.route({
    method: 'GET',
    url: PATH,
    exposeHeadRoute: false,
    config: { right: 'admin' },
    onRequest: refuseForeignPages('have the database'),
    handler: async (request, reply) => {
      if (request.headers['if-none-match'] === etagOf(await snapshots.state())) return reply.code(304).send()
      if (isBusy) return refuse(request, reply, new AppError('SNAPSHOT_BUSY', 'a copy is being sent'))
      isBusy = true
      onGone(reply.raw, () => (isBusy = false))
      // Nobody else waits for the copy.
      const gone = goneSignal(reply.raw)
      try {
        return await send(reply, await snapshots.take(AbortSignal.any([gone, stop.signal])))
      } catch (error) {
        const level = gone.aborted ? 'info' : 'error'
        if (isDatabaseError(error) || isUserError(error)) return refuse(request, reply, error, level)
        throw error
      }
    },
  })
  app.route({
    method: ['HEAD', 'POST', 'PUT'],
    url: PATH,
    config: { right: 'admin' },
    handler: (_, reply) => sayGet(reply),
  })
}

async function send(reply: FastifyReply, snapshot: Snapshot): Promise<FastifyReply> {
  const file = await open(snapshot.path)
  // An open file can be read to its end without a name, and so nothing is left of it however this ends.
  await rm(snapshot.path, { force: true })
  limitAnswerTime(reply.raw)
  const stream = file.createReadStream()
  onGone(reply.raw, () => stream.destroy())
  return reply.headers(headersOf(snapshot)).send(stream)
}

function headersOf(snapshot: Snapshot): Record<string, string> {
  return {
    ...fileHeaders(snapshot, 'db'),
    'content-type': 'application/vnd.sqlite3',
    etag: etagOf(snapshot.state),
    'x-measurement-count': String(snapshot.measurementCount),
    'x-account-count': String(snapshot.accountCount),
  }
}

/** Weak: the same data can lie in a file in other ways. */
function etagOf(state: string): string {
  return `W/"${state}"`
}

/** Told in words of its own: those of the fault are for the log, and tell where things lie on this machine. */
function refuse(
  request: FastifyRequest,
  reply: FastifyReply,
  fault: AppError,
  level: 'info' | 'error' = 'error',
): FastifyReply {
  const known = MESSAGES[fault.code]
  const message = known ?? 'The database could not be copied. The log of the server says why.'
  const status = known === undefined ? 500 : httpStatus(fault.code)
  if (status !== 503) request.log[level](fault)
  else reply.header('retry-after', RETRY_AFTER_SECONDS)
  return reply.code(status).send(graphqlError(fault.code, message))
}

function sayGet(reply: FastifyReply) {
  return reply.code(405).header('allow', 'GET').send(graphqlError('METHOD_NOT_ALLOWED', 'Use GET for a snapshot.'))
}
