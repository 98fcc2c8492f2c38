import { createHash } from 'node:crypto'
import { type DemoRow, isRejection, type Reason, reasons } from './row.ts'

/** What is in one file, and what becomes of it when it is ingested in its turn into an empty database. */
export interface FileManifest {
  sha256: string
  bytes: number
  rows: number
  /** Accounts with at least one valid row, and the first and last instant of the valid rows. */
  accounts: number
  firstInstant: string
  lastInstant: string
  inserted: number
  corrected: number
  unchanged: number
  rejections: Record<Reason, number>
}

export type DemoManifest = Record<DemoFile, FileManifest>

export const demoFiles = ['sample_accounts.parquet', 'add_accounts.parquet'] as const
export type DemoFile = (typeof demoFiles)[number]

export function describeFile(rows: readonly DemoRow[], bytes: Uint8Array): FileManifest {
  const valid = rows.filter(row => !isRejection(row.fate))
  const count = (fate: DemoRow['fate']) => rows.filter(row => row.fate === fate).length
  const instants = valid.map(row => row.at)
  const rejections = Object.fromEntries(reasons.map(reason => [reason, count(reason)])) as Record<Reason, number>
  return {
    sha256: createHash('sha256').update(bytes).digest('hex'),
    bytes: bytes.length,
    rows: rows.length,
    accounts: new Set(valid.map(row => row.roster)).size,
    firstInstant: new Date(instants.reduce((first, at) => Math.min(first, at))).toISOString(),
    lastInstant: new Date(instants.reduce((last, at) => Math.max(last, at))).toISOString(),
    inserted: count('inserted'),
    corrected: count('corrected'),
    unchanged: count('unchanged'),
    rejections,
  }
}
