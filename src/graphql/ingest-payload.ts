import { type Ingestion, rowsPerSecond, secondsLeft } from '../domain/ingestion.ts'
import type { IngestOutcome } from '../domain/ingestor.ts'
import { nodeId } from './node-id.ts'

/**
 * Returns an `IngestAccountsPayload` for a response outside GraphQL: every field as GraphQL serializes it, except the
 * pages of `rejectedRows`.
 *
 * @param now in milliseconds
 */
export function ingestPayloadJson({ alreadyIngested, ingestion, error }: IngestOutcome, now: number) {
  return {
    alreadyIngested,
    ingestion: ingestion && ingestionJson(ingestion, now),
    userErrors: error === null ? [] : [error],
  }
}

/** Returns an `Ingestion` as GraphQL serializes it, except the pages of `rejectedRows`. */
export function ingestionJson(ingestion: Ingestion, now: number) {
  const { id, queuedAt, startedAt, finishedAt, firstMeasuredAt, lastMeasuredAt } = ingestion
  const end = finishedAt ?? now
  return {
    id: nodeId({ type: 'Ingestion', id }),
    fileName: ingestion.fileName,
    sha256: ingestion.sha256,
    fileSize: ingestion.fileSize,
    status: ingestion.status,
    dryRun: ingestion.dryRun,
    queuedAt: instant(queuedAt),
    startedAt: instant(startedAt),
    finishedAt: instant(finishedAt),
    rowsTotal: ingestion.rowsTotal,
    rowsRead: ingestion.rowsRead,
    rowsPerSecond: rowsPerSecond(ingestion, end),
    secondsLeft: secondsLeft(ingestion, end),
    inserted: ingestion.inserted,
    corrected: ingestion.corrected,
    unchanged: ingestion.unchanged,
    rejected: ingestion.rejected,
    rejections: ingestion.rejections,
    accountsCreated: ingestion.accountsCreated,
    firstMeasuredAt: instant(firstMeasuredAt),
    lastMeasuredAt: instant(lastMeasuredAt),
    warnings: ingestion.warnings,
    programVersion: ingestion.programVersion,
    error: ingestion.error,
  }
}

function instant(milliseconds: number | null): string | null {
  return milliseconds === null ? null : new Date(milliseconds).toISOString()
}
