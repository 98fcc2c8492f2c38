import type { FastifyBaseLogger } from 'fastify'
import type { IngestOutcome } from '../../domain/ingestor.ts'

/** Writes one line for every file that has been refused or whose ingestion has ended. */
export function logIngestion(logger: FastifyBaseLogger, { ingestion, alreadyIngested, error }: IngestOutcome): void {
  if (!ingestion) {
    logger.info({ code: error?.code }, 'file refused')
    return
  }
  const { id, fileName: file, status, startedAt, finishedAt } = ingestion
  if (alreadyIngested) {
    logger.info({ ingestion: id, file }, 'file already ingested')
    return
  }
  const { rowsRead, inserted, corrected, unchanged, rejected } = ingestion
  const ms = startedAt === null || finishedAt === null ? undefined : finishedAt - startedAt
  const rows = { rowsRead, inserted, corrected, unchanged, rejected }
  logger.info({ ingestion: id, file, status, code: error?.code, ms, ...rows }, 'ingestion')
}
